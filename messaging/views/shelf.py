"""The voices of templates, for all notices of a school: which there are, recorded, heard, taken away."""

from __future__ import annotations

import logging
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging import services
from messaging.models import NoticeTemplate, Recording
from messaging.recordingdesk import TemplateDesk
from messaging.views.playing import sounding
from messaging.views.recordings import recording_form, with_microphone
from messaging.voicework import asking
from schools.access import FAMILY_WORKERS, member_of_staff, staff_required
from schools.arriving import row_number
from schools.models import School
from schools.models.places import SchoolQuerySet
from schools.scope import scope_of

logger = logging.getLogger(__name__)


@staff_required(*FAMILY_WORKERS)
@require_safe
def template_voices(request: HttpRequest) -> HttpResponse:
    """Every template, with the languages in which it is read aloud at the schools where one works."""
    known: dict[tuple[int, int | None], list[str]] = {}
    shelf = Recording.objects.shelf_of(request.user).order_by("language")
    for school, template, code in shelf.values_list("school_id", "template_id", "language"):
        known.setdefault((school, template), []).append(code)
    templates = list(NoticeTemplate.objects.ready())
    places = [
        {
            "school": school,
            "rows": [{"template": one, "codes": known.get((school.pk, one.pk), [])} for one in templates],
        }
        for school in _schools(request)
    ]
    return render(request, "messaging/template_voices.html", {"places": places})


@csp_update({"media-src": ["blob:"]})
@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def template_voice_desk(request: HttpRequest, slug: str) -> HttpResponse:
    """A template read aloud for one school, in one language after the other."""
    template = get_object_or_404(NoticeTemplate.objects.ready(), slug=slug)
    asked = request.GET.get("school", "")
    school = get_object_or_404(_schools(request), pk=row_number(asked)) if asked else _schools(request).first()
    if school is None:
        return redirect("template_voices")
    desk = TemplateDesk(template, school, request.GET.get("stem", "") or request.POST.get("language", ""))
    form = recording_form(request, desk.code)
    if request.method == "POST" and form.is_valid():
        by = member_of_staff(request)
        try:
            services.record_template(template=template, school=school, by=by, **form.cleaned_data)
        except OSError:
            logger.exception("A recording of template %s could not be kept", slug)
            form.add_error("sound", _("The file could not be kept: the portal's disk may be full. Try again later."))
        else:
            messages.success(request, _("Recorded. Notices that use this text can take it along."))
            return redirect(f"{reverse('template_voice_desk', args=[slug])}?{_query(school)}stem={desk.code}")
    context: dict[str, Any] = {"template": template, "school": school, "desk": desk, "form": form}
    context |= {"desk_query": _query(school), "ask": asking(desk, school, request.user, template=template)}
    return with_microphone(request, "messaging/template_voice_desk.html", context)


@staff_required(*FAMILY_WORKERS)
@require_safe
def template_recording(request: HttpRequest, slug: str, recording: int) -> HttpResponseBase:
    """A voice of a template at one's own school."""
    rows = Recording.objects.shelf_of(request.user).filter(template__slug=slug)
    return sounding(request, get_object_or_404(rows, pk=recording))


@staff_required(*FAMILY_WORKERS)
@require_POST
def template_recording_remove(request: HttpRequest, slug: str, recording: int) -> HttpResponse:
    """Take a voice away, from every notice that took it over too."""
    rows = Recording.objects.removable_by(request.user).filter(notice=None, template__slug=slug)
    row = get_object_or_404(rows.select_related("template", "school"), pk=recording)
    services.remove_recording(recording=row, by=member_of_staff(request))
    messages.success(request, _("The recording is removed. Nobody can hear it any more."))
    return redirect(f"{reverse('template_voice_desk', args=[slug])}?{_query(row.school)}stem={row.language}")


def _schools(request: HttpRequest) -> Any:
    return School.objects.filter(pk__in=SchoolQuerySet.ids_of_any_place(scope_of(request.user))).order_by("name", "pk")


def _query(school: School) -> str:
    return f"school={school.pk}&"
