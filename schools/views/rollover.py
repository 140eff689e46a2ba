"""Into the next school year: a plan to look at and change, one button, and a week to come back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from schools.access import chosen_school, member_of_staff, schools_run_by, staff_required
from schools.forms_rollover import mark_of, read_choices, wrong_name
from schools.models import Enrolment, Role, Rollover, School
from schools.rollover import Choices, Plan, plan_rollover, years_to_change
from schools.services import gone_into, roll_over, undo_rollover, undoable

SCHOOLS_SHOWN = 200
_MAY = (Role.HEAD, Role.OFFICE, Role.ADMIN)


@staff_required(*_MAY)
@require_http_methods(["GET", "HEAD", "POST"])
def school_rollover(request: HttpRequest) -> HttpResponse:
    """The plan by what was filled in; it is carried out once that very plan was looked at."""
    schools = list(schools_run_by(request.user).order_by("name")[:SCHOOLS_SHOWN])
    school = chosen_school(request, schools)
    last = undoable(school) if school else None
    context: dict[str, Any] = {"school": school, "schools": schools, "undoable": last}
    context["gone_into"] = last.to_year if last else None
    years = years_to_change(school) if school else None
    if school is None or years is None:
        context["nobody_yet"] = school is not None and not Enrolment.objects.filter(school=school).exists()
        context["lists_url"] = reverse("roster_list")
        return render(request, "schools/rollover.html", context)
    if gone_into(school, years[1]):
        if request.method == "POST":
            messages.warning(request, _("This school is in that school year already."))
            return redirect(address(school))
        context["gone_into"] = years[1]
        return render(request, "schools/rollover.html", context)
    choices = read_choices(request.POST) if request.method == "POST" else Choices()
    problem = wrong_name(choices)
    by = member_of_staff(request)
    plan = plan_rollover(school=school, from_year=years[0], to_year=years[1], choices=choices, by=by)
    if request.POST.get("act") == "go" and not problem:
        problem = _why_not_yet(request, plan, choices)
        if not problem:
            return redirect(address(school))
    is_first = request.method != "POST"
    context |= {
        "plan": plan,
        "mark": "" if is_first or problem else mark_of(choices),
        "problem": problem,
        "basis": plan.basis,
    }
    return render(request, "schools/rollover.html", context, status=422 if problem else 200)


@staff_required(*_MAY)
@require_POST
def rollover_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Back into the school year that was."""
    rows = Rollover.objects.filter(school__in=schools_run_by(request.user).values("pk"))
    row = get_object_or_404(rows.select_related("school"), pk=pk)
    try:
        undo_rollover(rollover=row, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Taken back: the school is in its old school year again."))
    return redirect(address(row.school))


def address(school: School) -> str:
    return f"{reverse('school_rollover')}?school={school.pk}"


def _why_not_yet(request: HttpRequest, plan: Plan, choices: Choices) -> str:
    """ "" once the plan was carried out, else why it was not."""
    if request.POST.get("mark") != mark_of(choices):
        return _("You changed something after you looked. Look at the plan once more, then press again.")
    if request.POST.get("basis") != plan.basis:
        return _("Something changed in the meantime. Look at the plan once more.")
    try:
        roll_over(plan=plan, choices=choices, by=member_of_staff(request))
    except ValidationError as error:
        return " ".join(error.messages)
    messages.success(
        request,
        _("Done: the classes of %(year)s are there, and %(number)d pupils have their place in them.")
        % {"year": plan.to_year, "number": plan.moving},
    )
    return ""
