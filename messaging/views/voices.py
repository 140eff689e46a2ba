"""Voices: asked by colleagues, lent by volunteers and translators, who see the words and no family."""

from __future__ import annotations

import logging

from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from messaging import services
from messaging.models import Notice, NoticeTemplate, VoiceRequest
from messaging.views.owndrafts import own_draft_or_404
from messaging.views.recordings import recording_form, with_microphone
from messaging.voicework import VoiceWork
from schools.access import FAMILY_WORKERS, get_editable_or_404, get_visible_or_404, member_of_staff, staff_required
from schools.arriving import row_number
from schools.models import Role, School
from schools.models.places import SchoolQuerySet
from schools.scope import scope_of

logger = logging.getLogger(__name__)


@staff_required(*FAMILY_WORKERS)
@require_POST
def voice_ask(request: HttpRequest) -> HttpResponse:
    """Ask for an own draft, or for a template of a school where one works, to be read aloud."""
    by, code, context = (
        member_of_staff(request),
        request.POST.get("language", ""),
        request.POST.get("context", "")[:300],
    )
    if "notice" in request.POST:
        rows = Notice.objects.select_related("school")
        notice = own_draft_or_404(request, row_number(request.POST["notice"]) or 0, rows)
        school, text, there = notice.school, {"notice": notice}, reverse("notice_recordings", args=[notice.pk])
    else:
        places = School.objects.filter(pk__in=SchoolQuerySet.ids_of_any_place(scope_of(request.user)))
        school = get_object_or_404(places, pk=row_number(request.POST.get("school", "")))
        template = get_object_or_404(NoticeTemplate.objects.ready(), slug=request.POST.get("template", ""))
        text, there = {"template": template}, reverse("template_voice_desk", args=[template.slug])
    try:
        services.ask_voice(school=school, language=code, by=by, context=context, **text)  # type: ignore[arg-type]
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Asked. Who knows this language finds it on the own page."))
    return redirect(f"{there}?school={school.pk}&stem={code}")


@staff_required(*FAMILY_WORKERS)
@require_POST
def voice_unask(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request back: the own one, or that of who had the draft, or works here no more."""
    asked = get_editable_or_404(VoiceRequest.objects, request.user, pk=pk)
    try:
        services.withdraw_voice_request(request=asked, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("The request is taken back."))
    return redirect("notice_recordings", asked.notice_id) if asked.notice_id else redirect("template_voices")


@csp_update({"media-src": ["blob:"]})
@staff_required(Role.TRANSLATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def voice_work(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one text aloud; what was recorded already may be taken back."""
    rows = VoiceRequest.objects.select_related("notice__school", "notice__author", "template", "recording")
    if not rows.filter(pk=pk).exists():
        messages.warning(request, _("This request was taken back: nobody has to read it aloud any more."))
        return redirect("translation_queue")
    asked: VoiceRequest | None = rows.visible_to(request.user).filter(pk=pk).first()
    if asked is None:
        get_object_or_404(VoiceRequest.objects.asked_of(request.user), pk=pk)
        messages.warning(request, _("Somebody else has read this aloud already, or it is no longer needed."))
        return redirect("translation_queue")
    if asked.done_at:
        return render(request, "messaging/voice_done.html", {"asked": asked})
    desk = VoiceWork(asked)
    if desk.text is None:
        raise Http404
    form = recording_form(request, desk.code)
    if request.method == "POST" and form.is_valid():
        facts, by = form.cleaned_data, member_of_staff(request)
        try:
            services.lend_voice(request=asked, by=by, sound=facts["sound"], speaker=facts["speaker"])
        except ValidationError as error:
            form.add_error("sound", error)
        except OSError:
            logger.exception("The voice of request %s could not be kept", pk)
            form.add_error("sound", _("The file could not be kept: the portal's disk may be full. Try again later."))
        else:
            messages.success(request, _("Thank you. Whoever gets this text can hear you."))
            return redirect("translation_queue")
    return with_microphone(request, "messaging/voice_work.html", {"asked": asked, "desk": desk, "form": form})


@staff_required(Role.TRANSLATOR)
@require_POST
def voice_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody hears one's own voice any more."""
    rows = VoiceRequest.objects.filter(done_by=request.user.pk).select_related(
        "recording__notice", "recording__template"
    )
    services.take_voice_back(request=get_visible_or_404(rows, request.user, pk=pk), by=member_of_staff(request))
    messages.success(request, _("The recording is removed. Nobody can hear it any more."))
    return redirect("translation_queue")
