"""Before sending: look, try it on oneself, then send now or let it leave later."""

from __future__ import annotations

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from messaging import services
from messaging.attachments import staff_lines
from messaging.checking import Check
from messaging.forms_translations import ChoicesForm
from messaging.mailpictures import shown_in_a_page
from messaging.models import Notice
from messaging.plainpage import of_notice
from messaging.previews import WORDS, Preview, preview_of
from messaging.recordingdesk import staff_voices
from messaging.rendering import preview_mail
from messaging.services.letters import preview_letter
from messaging.texts import has_no_words
from messaging.titles import with_titles
from messaging.views.letters import printable_by
from messaging.views.owndrafts import own_draft_or_404
from schools import languages
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required
from schools.languages import MASTER
from schools.pagelanguage import page_lives_at

CHANNEL_ICONS = {"mail": "mail", "sms": "smartphone", "brief": "printer", "pagina": "monitor"}


@staff_required(*FAMILY_WORKERS)
@require_safe
def notice_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Who gets it, in which language, by which way, what it costs, and how it looks."""
    notice = get_visible_or_404(with_titles(Notice.objects.all()), request.user, pk=pk)
    if notice.was_sent:
        return redirect("notice_detail", pk)
    if notice.is_draft and has_no_words(notice):
        return redirect("notice_words", pk)
    return _page(request, Check(notice, member_of_staff(request)))


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_languages(request: HttpRequest, pk: int) -> HttpResponse:
    """What families get in whose language there is no text to send."""
    notice = own_draft_or_404(request, pk, with_titles(Notice.objects.all()))
    check = Check(notice, member_of_staff(request))
    form = ChoicesForm(request.POST, rows=check.missing)
    if not form.is_valid():
        check.choices_form = form
        page_lives_at(request, "notice_check", pk)
        return _page(request, check, status=422)
    try:
        services.choose_languages(
            notice=notice, choices=form.choices(), wait_until=form.cleaned_data["wait_until"], by=check.by
        )
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Saved for this notice."))
    return redirect("notice_check", pk)


def _page(request: HttpRequest, check: Check, *, status: int = 200) -> HttpResponse:
    notice = check.notice
    code, word = request.GET.get("tekst", MASTER), request.GET.get("weg", "pagina")
    preview = preview_of(notice, code, word, request.user) or preview_of(notice, MASTER, "pagina", request.user)
    context = {
        "notice": notice,
        "check": check,
        "attachments": staff_lines(notice),
        "voices": staff_voices(notice),
        "plain": of_notice(notice, check.texts[MASTER]),
    }
    context |= _shown(preview) | _tabs(notice, check, preview) if preview else {}
    return render(request, "messaging/notice_check.html", context, status=status)


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it now, also before the hour it waits for. A second tap on the button changes nothing."""
    notice = get_visible_or_404(Notice.objects.filter(author=request.user.pk), request.user, pk=pk)
    if notice.was_sent:
        messages.info(request, _("This notice was already sent. Nobody gets it twice."))
        return redirect("notice_detail", pk)
    try:
        planned = services.publish_notice(notice=notice, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("notice_check", pk)
    if not settings.UNDO_SECONDS:  # else the page says what happened, with the button to undo
        words = ngettext(
            "The notice is on its way to %(count)d parent.", "The notice is on its way to %(count)d parents.", planned
        )
        messages.success(request, words % {"count": planned})
    return redirect("notice_detail", pk)


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an own draft leave at its hour."""
    notice = own_draft_or_404(request, pk)
    try:
        services.schedule_notice(notice=notice, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    return redirect("notice_check", pk)


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_unschedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an own notice that waits for its hour back to a draft."""
    notice = get_visible_or_404(Notice.objects.filter(author=request.user.pk), request.user, pk=pk)
    try:
        services.unschedule_notice(notice=notice, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("notice_detail", pk)
    messages.success(request, _("The notice is a draft again. It does not leave by itself."))
    return redirect("notice_check", pk)


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail an own draft to oneself."""
    notice = own_draft_or_404(request, pk, Notice.objects.select_related("school", "author"))
    user = member_of_staff(request)
    try:
        services.send_trial(notice=notice, by=user, codes=request.POST.getlist("taal"))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("The test is on its way to %(address)s.") % {"address": user.email})
    return redirect("notice_check", pk)


@staff_required(*FAMILY_WORKERS)
@require_safe
def notice_preview(request: HttpRequest, pk: int, language: str, channel: str) -> HttpResponseBase:
    """How it looks in one language by one channel: the mail alone in its sandbox, the letter as PDF, or a page."""
    notice = get_visible_or_404(with_titles(Notice.objects.all()), request.user, pk=pk)
    preview = preview_of(notice, language, channel, request.user)
    if preview is None or (channel != "pagina" and not _holds_all(request.user, notice)):
        raise Http404
    if channel == "mail":
        return _mail(request, preview)
    if channel == "brief":
        return HttpResponse(
            preview_letter(notice, language),
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="brief-{pk}-{language}.pdf"'},
        )
    return render(request, "messaging/notice_preview.html", {"notice": notice} | _shown(preview))


def _mail(request: HttpRequest, preview: Preview) -> HttpResponseBase:
    """The mail's own HTML: it brings its styles, and may do nothing at all."""

    @xframe_options_sameorigin
    @csp(
        {
            "default-src": [NONE],
            "style-src": [UNSAFE_INLINE],
            "img-src": [SELF, "data:"],
            "frame-ancestors": [SELF],
            "sandbox": True,
        }
    )
    def framed(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(shown_in_a_page(preview_mail(preview.notice, preview.text.language).html))

    return framed(request)


def _holds_all(user: object, notice: Notice) -> bool:
    """Mails and letters name a child of the whole audience: not for a class teacher who sees one class of it."""
    own = notice.author_id == getattr(user, "pk", None) and not notice.was_sent
    return own or printable_by(user).filter(pk=notice.pk).exists()


def _shown(preview: Preview) -> dict[str, Any]:
    return {"preview": preview, "entry": preview.language, "word": preview.word}


def _tabs(notice: Notice, check: Check, preview: Preview) -> dict[str, Any]:
    here = reverse("notice_check", args=[notice.pk])
    chosen, word = preview.text.language, preview.word

    def url(code: str, way: str) -> str:
        return f"{here}?tekst={code}&weg={way}#voorbeeld"

    names = {"mail": _("E-mail"), "sms": _("Text message"), "brief": _("Letter"), "pagina": _("Page")}
    return {
        "language_tabs": [
            {
                "label": languages.language(code).own_name,
                "url": url(code, word),
                "current": code == chosen,
                "code": code,
            }
            for code in check.codes_to_show
        ],
        "channel_tabs": [
            {"label": names[way], "url": url(chosen, way), "current": way == word, "icon": CHANNEL_ICONS[way]}
            for way in WORDS
        ],
    }
