"""Measurements as colleagues see them: opened, followed, closed, and what came of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports import measuring
from reports.forms_measurements import ExtendForm, ReviewForm, WaveForm, usual_last_day
from reports.measuring import results
from reports.models import FreeAnswer, MeasurementWave
from reports.models.measurements import FLOOR
from reports.views.sheets import HELPERS, READERS, reads, visible_wave
from schools import clock
from schools.access import (
    chosen_school,
    get_editable_or_404,
    member_of_staff,
    staff_required,
)
from schools.models import Role, School
from schools.pagelanguage import page_lives_at
from schools.scope import scope_of

#: Who opens and closes a measurement.
LEADERS = (Role.HEAD, Role.JOINT_CLB)
ON_A_PAGE = 20


@staff_required(*HELPERS)
@require_safe
def measurement_list(request: HttpRequest) -> HttpResponse:
    """All measurements, the latest first, each with how many answered; for who only helps, those that want help."""
    may_read = reads(request)
    rows = MeasurementWave.objects.visible_to(request.user).select_related("school", "box")
    if not may_read:
        rows = rows.running().filter(audience=MeasurementWave.Audience.PARENTS)
    page = Paginator(rows.order_by("-opens_on", "school__name", "audience", "pk"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "lines": results.lines_of(list(page.object_list), member_of_staff(request)),
        "may_open": _leads(request),
        "may_read": may_read,
    }
    return render(request, "reports/measurement_list.html", context)


@staff_required(*LEADERS)
@require_http_methods(["GET", "HEAD", "POST"])
def measurement_new(request: HttpRequest) -> HttpResponse:
    """Open one: whom, which, until when."""
    schools = list(_schools(request))
    school = chosen_school(request, schools)
    form = WaveForm(request.POST or None)
    if school and request.method == "POST" and form.is_valid():
        try:
            wave = measuring.open_wave(school=school, by=member_of_staff(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if wave.is_for_team:
                messages.success(request, _("The measurement is open. The team gets a mail within the hour."))
            else:
                messages.success(
                    request, _("The measurement is open. Now ask the parents: look at the notice, send it.")
                )
            return redirect("measurement_detail", pk=wave.pk)
    context = {"form": form, "school": school, "schools": schools}
    return render(request, "reports/measurement_new.html", context, status=422 if form.errors else 200)


@staff_required(*READERS)
@require_safe
def measurement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How many answered; once it is closed what they said, and what was written, after it was read."""
    return _detail(request, visible_wave(request, pk))


@staff_required(*LEADERS)
@require_POST
def measurement_extend(request: HttpRequest, pk: int) -> HttpResponse:
    wave, form = _editable(request, pk), ExtendForm(request.POST)
    if not form.is_valid():
        return _detail(request, wave, form)
    try:
        day, by = form.cleaned_data["closes_on"], member_of_staff(request)
        says_other_day = measuring.extend_wave(wave=wave, closes_on=day, by=by)
    except ValidationError as error:
        form.add_error(None, error)
        return _detail(request, wave, form)
    messages.success(request, _("The last day is another one now."))
    if says_other_day:
        words = _("The notice for parents says the old day, so nobody is reminded. Send the new one below.")
        if wave.notice and not wave.notice.was_sent:
            words = _("The notice to parents has not left yet.")  # it waited for its hour, and is a draft now
        messages.warning(request, words)
    return redirect("measurement_detail", pk=pk)


@staff_required(*LEADERS)
@require_POST
def measurement_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close it before its last day. It cannot be opened again once there are results."""
    try:
        has_results = measuring.close_wave(wave=_editable(request, pk), by=member_of_staff(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        words = _("Closed. These are the results.") if has_results else _("Closed. What came in is erased, unread.")
        messages.success(request, words)
    return redirect("measurement_detail", pk=pk)


@staff_required(*LEADERS)
@require_POST
def measurement_announce(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice to all parents, which its author looks at and sends."""
    try:
        notice = measuring.draft_invitation(wave=_editable(request, pk), by=member_of_staff(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("measurement_detail", pk=pk)
    return redirect("notice_edit", pk=notice.pk)


@staff_required(Role.JOINT_CLB)
@require_http_methods(["GET", "HEAD", "POST"])
def measurement_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Free answers, read by the joint worker before anybody else."""
    wave = _reviewed(request, pk)
    wrong: ReviewForm | None = None
    answers = FreeAnswer.objects.filter(wave=wave).order_by(F("reviewed_by").asc(nulls_first=True), "state", "pk")
    if request.method == "POST":
        number = _uuid(request.POST.get("answer", ""))
        row = answers.filter(pk=number).first() if number else None
        wrong = _settled(request, row) if row else None
        if wrong is None:
            return redirect(request.get_full_path())
    page = Paginator(answers.exclude(original=""), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "wave": wave,
        "page": page,
        "lines": [
            {"answer": row, "form": wrong if wrong and wrong.prefix == str(row.pk) else ReviewForm(answer=row)}
            for row in page.object_list
        ],
    }
    return render(request, "reports/measurement_review.html", context, status=422 if wrong else 200)


def _settled(request: HttpRequest, row: FreeAnswer) -> ReviewForm | None:
    """Release or withhold it; the form again where its words will not do."""
    form, by = ReviewForm(request.POST, answer=row), member_of_staff(request)
    if "withhold" in request.POST:
        measuring.withhold(answer=row, by=by)
        messages.success(request, _("Withheld. Nobody else reads it."))
        return None
    if not form.is_valid():
        return form
    try:
        measuring.release(answer=row, words=form.cleaned_data["words"], by=by)
    except ValidationError as error:
        form.add_error("words", error)
        return form
    messages.success(request, _("Released. The school reads your words."))
    return None


def _detail(request: HttpRequest, wave: MeasurementWave, extend: ExtendForm | None = None) -> HttpResponse:
    page_lives_at(request, "measurement_detail", wave.pk)
    may_lead = _leads(request) and MeasurementWave.objects.editable_by(request.user).filter(pk=wave.pk).exists()
    response, before = results.response_of(wave), results.baseline_of(wave)
    written = FreeAnswer.objects.filter(wave=wave)
    context: dict[str, Any] = {
        "wave": wave,
        "response": response,
        "floor": FLOOR,
        "before": before,
        "agreement": results.agreement(wave, before),
        "leaves_out": results.leaves_out(wave),
        "columns": results.columns(before),
        "plots": results.plots_of(wave),
        "released": list(written.filter(state=FreeAnswer.State.RELEASED)),
        "waiting": written.filter(state=FreeAnswer.State.WAITING).count(),
        "may_lead": may_lead,
        "may_ask_again": may_lead and wave.project.includes(clock.today()),
        "may_review": MeasurementWave.objects.reviewed_by(request.user).filter(pk=wave.pk).exists(),
        "is_asked": results.is_asked(wave, member_of_staff(request)),
        "extend": extend or ExtendForm(initial={"closes_on": usual_last_day()}),
        "notice_is_out": bool(wave.notice and wave.notice.was_sent and not wave.notice.was_stopped),
    }
    return render(request, "reports/measurement_detail.html", context, status=422 if extend else 200)


def _leads(request: HttpRequest) -> bool:
    return bool(scope_of(request.user).roles & {*LEADERS})


def _schools(request: HttpRequest) -> Any:
    """Schools for which the user may open one."""
    scope = scope_of(request.user)
    heads = [row.school_id for row in scope.assignments if row.role == Role.HEAD]
    rows = School.objects.visible_to(request.user)
    if not scope.joint_projects:
        rows = rows.filter(pk__in=[pk for pk in heads if pk])
    return rows.order_by("name")


def _editable(request: HttpRequest, pk: int) -> MeasurementWave:
    rows = MeasurementWave.objects.select_related("school", "project__year", "notice")
    wave: MeasurementWave = get_editable_or_404(rows, request.user, pk=pk)
    return wave


def _reviewed(request: HttpRequest, pk: int) -> MeasurementWave:
    rows = MeasurementWave.objects.reviewed_by(request.user).select_related("school", "project__year")
    return get_object_or_404(rows, pk=pk)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
