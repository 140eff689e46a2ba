"""The voices of a notice: recorded in the page or chosen as a file, heard, confirmed, taken away."""

from __future__ import annotations

import logging
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging import services
from messaging.forms_recordings import RecordingForm
from messaging.models import Notice, Recording
from messaging.recordingdesk import NoticeDesk
from messaging.titles import with_titles
from messaging.views.owndrafts import own_draft_or_404
from messaging.views.playing import sounding
from messaging.voicework import asking
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required

logger = logging.getLogger(__name__)

#: A page that records may ask for the microphone and play what it has just recorded; no other page may.
MICROPHONE = "camera=(), geolocation=(), microphone=(self), payment=()"


@csp_update({"media-src": ["blob:"]})
@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_recordings(request: HttpRequest, pk: int) -> HttpResponse:
    """An own draft read aloud, in one language after the other."""
    notice = own_draft_or_404(request, pk, with_titles(Notice.objects.all()))
    desk = NoticeDesk(notice, request.GET.get("stem", "") or request.POST.get("language", ""))
    form = recording_form(request, desk.code)
    if request.method == "POST" and form.is_valid():
        try:
            services.record_notice(notice=notice, by=member_of_staff(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error("sound", error)
        except OSError:
            logger.exception("A recording of notice %s could not be kept", pk)
            form.add_error("sound", _("The file could not be kept: the portal's disk may be full. Try again later."))
        else:
            messages.success(request, _("The recording goes with the notice."))
            return redirect(_desk_url(pk, form.cleaned_data["language"]))
    context = {
        "notice": notice,
        "desk": desk,
        "form": form,
        "ask": asking(desk, notice.school, request.user, notice=notice),
    }
    return with_microphone(request, "messaging/notice_recordings.html", context)


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_recording_use(request: HttpRequest, pk: int, recording: int) -> HttpResponse:
    """Let the voice of its template go with an own draft."""
    notice = own_draft_or_404(request, pk)
    row = get_object_or_404(Recording.objects.shelf_of(request.user), pk=recording)
    try:
        services.use_general(notice=notice, recording=row, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("The recording goes with the notice."))
    return redirect(_desk_url(pk, row.language))


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_recording_confirm(request: HttpRequest, pk: int, recording: int) -> HttpResponse:
    """The text of an own draft changed, and the voice still says it."""
    notice = own_draft_or_404(request, pk)
    row = get_object_or_404(notice.recordings.select_related("notice"), pk=recording)
    try:
        services.confirm_recording(recording=row, by=member_of_staff(request))
    except ValidationError as error:  # it left a moment ago
        messages.warning(request, " ".join(error.messages))
        return redirect("notice_detail", pk)
    messages.success(request, _("Noted: the recording is still right."))
    return redirect(_desk_url(pk, row.language))


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_recording_remove(request: HttpRequest, pk: int, recording: int) -> HttpResponse:
    """Take a voice away, also after the notice was sent."""
    notice = get_visible_or_404(Notice.objects.all(), request.user, pk=pk)
    rows = Recording.objects.removable_by(request.user).filter(notice=notice)
    row = get_object_or_404(rows.select_related("notice"), pk=recording)
    services.remove_recording(recording=row, by=member_of_staff(request))
    messages.success(request, _("The recording is removed. Nobody can hear it any more."))
    if notice.is_draft and notice.author_id == request.user.pk:
        return redirect(_desk_url(pk, row.language))
    return redirect("notice_detail", pk)


@staff_required(*FAMILY_WORKERS)
@require_safe
def notice_recording(request: HttpRequest, pk: int, recording: int) -> HttpResponseBase:
    """A voice of a notice, for the staff who may see the notice."""
    notice = get_visible_or_404(Notice.objects.all(), request.user, pk=pk)
    return sounding(request, get_object_or_404(notice.recordings, pk=recording))


def with_microphone(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page that records, with its form."""
    response = render(request, template, context, status=422 if context["form"].is_bound else 200)
    response.headers["Permissions-Policy"] = MICROPHONE
    return response


def recording_form(request: HttpRequest, code: str) -> RecordingForm:
    """The form at one language, with what was sent."""
    is_too_big = getattr(request, "is_upload_too_big", False)
    return RecordingForm(request.POST or None, request.FILES or None, initial={"language": code}, is_too_big=is_too_big)


def _desk_url(pk: int, code: str) -> str:
    return f"{reverse('notice_recordings', args=[pk])}?stem={code}"
