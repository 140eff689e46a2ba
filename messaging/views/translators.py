"""The translators' own pages: what is asked, and the work itself. They see words and marks, never a family."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging import services
from messaging.forms_translations import IN_ORDER, HandInForm
from messaging.models import RequestStatus, TranslationRequest, VoiceRequest
from messaging.sealednotice import Words
from messaging.translators import languages_of
from messaging.translatorwork import Work
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.models import Role

ROWS_ON_A_PAGE = 25


@staff_required(Role.TRANSLATOR)
@require_safe
def translation_queue(request: HttpRequest) -> HttpResponse:
    """What is asked in the translator's languages and what they took."""
    done = request.GET.get("wat") == "klaar"
    rows = TranslationRequest.objects.visible_to(request.user).select_related("notice")
    rows = rows.filter(status=RequestStatus.DONE).order_by("-handed_in_at") if done else rows.running()
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    codes = languages_of(request.user)
    asked = VoiceRequest.objects.visible_to(request.user).select_related("recording")
    voices = asked.filter(done_by=request.user.pk).order_by("-done_at", "-pk") if done else asked.waiting()
    context = {
        "page": page,
        "rows": page.object_list,
        "done": done,
        "tabs": [
            {"label": _("To do"), "url": reverse("translation_queue"), "current": not done},
            {"label": _("Handed in"), "url": f"{reverse('translation_queue')}?wat=klaar", "current": done},
        ],
        "codes": codes,
        "voices": list(voices[:ROWS_ON_A_PAGE]),
    }
    return render(request, "messaging/translation_queue.html", context)


@staff_required(Role.TRANSLATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def translation_work(request: HttpRequest, pk: int) -> HttpResponse:
    """The Dutch with its marks, and the translator's words beside it."""
    if why := _why_gone(request, pk):
        return _gone(request, why)
    asked = _asked(request, pk)
    if request.method != "POST" and asked.status == RequestStatus.WITHDRAWN:
        messages.warning(request, _("Somebody else has taken this translation, or it is no longer needed."))
        return redirect("translation_queue")
    work = Work(asked)
    form = work.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _handed_in(request, asked, form):
        messages.success(request, _("Thank you. The translation is handed in."))
        return redirect("translation_queue")
    is_mine = asked.status == RequestStatus.ACCEPTED and asked.translator_id == request.user.pk
    context: dict[str, Any] = {
        "asked": asked,
        "work": work,
        "form": form,
        "pairs": work.pairs(form),
        "is_mine": is_mine,
    }
    return render(request, "messaging/translation_work.html", context, status=422 if form.is_bound else 200)


@staff_required(Role.TRANSLATOR)
@require_POST
def translation_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it on."""
    if why := _why_gone(request, pk):
        return _gone(request, why)
    asked = _asked(request, pk)
    try:
        services.accept_request(request=asked, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("translation_queue")
    return redirect("translation_work", pk)


@staff_required(Role.TRANSLATOR)
@require_POST
def translation_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave it to somebody else."""
    if why := _why_gone(request, pk):
        return _gone(request, why)
    try:
        services.give_back(request=_asked(request, pk), by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Somebody else can take it now."))
    return redirect("translation_queue")


def _asked(request: HttpRequest, pk: int) -> TranslationRequest:
    rows = TranslationRequest.objects.select_related("notice__school", "notice__author")
    asked: TranslationRequest = get_visible_or_404(rows, request.user, pk=pk)
    return asked


def _why_gone(request: HttpRequest, pk: int) -> str:
    """Why what was asked of this translator is not theirs to do any more; nothing while it is. A request goes with its
    notice, and of two who press at once one takes it."""
    rows = TranslationRequest.objects.filter(pk=pk)
    if not rows.exists():
        return _("The school threw this notice away: no translation is needed any more.")
    if rows.visible_to(request.user).exists() or not rows.asked_of(request.user).exists():
        return ""
    return _("Somebody else has taken this translation, or it is no longer needed.")


def _gone(request: HttpRequest, why: str) -> HttpResponse:
    """The page of the work may stand open: what was typed there comes back."""
    fields = Words.of_fields(request.POST).as_fields()
    if typed := [fields[name] for name in IN_ORDER if fields[name].strip()]:
        return render(request, "messaging/translation_gone.html", {"typed": typed, "why": why}, status=410)
    messages.warning(request, why)
    return redirect("translation_queue")


def _handed_in(request: HttpRequest, asked: TranslationRequest, form: HandInForm) -> bool:
    """Whether it is in; else the form says why, and the page shows the Dutch of today. Who hands in what nobody holds,
    having given it back in another tab, takes it with it."""
    by = member_of_staff(request)
    try:
        if asked.status == RequestStatus.OPEN:
            services.accept_request(request=asked, by=by)
            asked.refresh_from_db()
        services.hand_in(request=asked, by=by, words=form.words(), is_native=form.cleaned_data["is_native"])
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                form.add_error(name if name in form.fields else None, errors)
        else:
            form.add_error(None, error)
            services.follow_dutch(request=asked, by=by)
        return False
    return True
