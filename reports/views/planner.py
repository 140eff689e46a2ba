"""The year planner: the school's own, those of the joint worker's schools, and how far it is taken over."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports.forms_planner import SkipForm, StepForm
from reports.models import PlannedStep, SchoolPlan
from reports.ownproject import chosen_project, project_tabs, projects_of
from reports.planner.dates import planned_year
from reports.planner.lines import current_plan, materials_of, months_of, progress_of_plans, words_of
from reports.planner.places import planning_schools
from reports.planner.planning import may_plan, start_plan
from reports.planner.spread import by_card, by_network
from reports.planner.working import change_step, finish_step, reopen_step, skip_step, take_step
from reports.scans import owners
from reports.views.tabs import PLANNERS, playbook_tabs
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.arriving import back_address
from schools.models import Role, School
from schools.scope import scope_of


@staff_required(*PLANNERS, Role.COORDINATOR)
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """The joint worker's schools with their progress, adoption by network for the coordinator; who works at one school
    comes to its plan at once."""
    scope, schools = scope_of(request.user), planning_schools(request.user)
    if len(schools) == 1 and not scope.joint_projects | scope.coordinated_projects:
        return redirect("plan_school", schools[0].pk)
    projects = projects_of(request.user)
    project = chosen_project(request, projects)
    plans = {plan.school_id: plan for plan in SchoolPlan.objects.filter(school__in=schools, year=planned_year())}
    far = progress_of_plans(list(plans.values()))
    sees_networks = bool(project and scope.joint_projects | scope.coordinated_projects)
    heads, cards = by_card(project) if project and sees_networks else ([], [])
    context = {
        "tabs": playbook_tabs(request, "plan_list"),
        "project": project,
        "projects": project_tabs(projects, project) if sees_networks else [],
        "schools": [(one, far[plans[one.pk].pk] if one.pk in plans else None) for one in schools],
        "networks": by_network(project) if project and sees_networks else [],
        "heads": heads,
        "cards": cards,
    }
    return render(request, "reports/plan_list.html", context)


@staff_required(*PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_school(request: HttpRequest, pk: int) -> HttpResponse:
    """One school's year: its months with their steps. A post begins the plan."""
    school, by = _school(request, pk), member_of_staff(request)
    if request.method == "POST":
        return _begin(request, school)
    plan = current_plan(school)
    only_mine = request.GET.get("van") == "mij"
    months = months_of(plan, by, only_mine=only_mine) if plan else []
    context = {
        "tabs": playbook_tabs(request, "plan_list"),
        "school": school,
        "plan": plan,
        "year": planned_year(),
        "months": [month for month in months if not month.is_finished],
        "finished": [month for month in months if month.is_finished],
        "progress": progress_of_plans([plan])[plan.pk] if plan else None,
        "whose": [
            {"label": _("Everybody’s"), "url": "?", "current": not only_mine},
            {"label": _("Mine"), "url": "?van=mij", "current": only_mine},
        ],
        "may_begin": may_plan(school, by),
        "is_joint": bool(scope_of(by).joint_projects),
    }
    return render(request, "reports/plan_school.html", context)


@staff_required(*PLANNERS)
@require_safe
def plan_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan as tables for the wall of the teachers' room, without what is left out."""
    school = _school(request, pk)
    plan = current_plan(school)
    months = months_of(plan, member_of_staff(request), with_skipped=False) if plan else []
    return render(request, "reports/plan_print.html", {"school": school, "plan": plan, "months": months})


@staff_required(*PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_step(request: HttpRequest, pk: int) -> HttpResponse:
    """One step: what it needs, whose it is, when; and why it is left out."""
    step, by = _step(request, pk), member_of_staff(request)
    skips = "skip-reason" in request.POST
    form = StepForm(
        request.POST if request.method == "POST" and not skips else None, step=step, people=owners(step.plan.school)
    )
    skip = SkipForm(request.POST if skips else None)
    if form.is_bound and form.is_valid() and _changed(request, form, step):
        return redirect("plan_step", step.pk)
    if skip.is_bound and skip.is_valid() and _skipped(request, skip, step):
        return _to_plan(step)
    context = {
        "step": step,
        "words": words_of(step.step),
        "materials": materials_of(step.step, by),
        "may_change": PlannedStep.objects.editable_by(by).filter(pk=step.pk).exists(),
        "form": form,
        "skip": skip,
    }
    return render(request, "reports/plan_step.html", context, status=422 if request.method == "POST" else 200)


@staff_required(*PLANNERS)
@require_POST
def plan_step_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a step, do it, or open it again."""
    step, by = _step(request, pk), member_of_staff(request)
    does, words = {
        "take": (take_step, _("This step is yours now.")),
        "open": (reopen_step, _("This step is to do again.")),
    }.get(request.POST.get("what", ""), (finish_step, _("Done, and it stays in the plan.")))
    try:
        does(step=step, by=by)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, words)
    return redirect(back_address(request, _place_in_plan(step)))


def _begin(request: HttpRequest, school: School) -> HttpResponse:
    year = planned_year()
    if year is None:
        messages.warning(request, _("There is no school year yet. It is laid tonight by itself."))
        return redirect("plan_school", school.pk)
    try:
        start_plan(school=school, year=year, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("The plan is there. Look at whose each step is, and pass on what is not yours."))
    return redirect("plan_school", school.pk)


def _school(request: HttpRequest, pk: int) -> School:
    return get_object_or_404(School.objects.filter(pk__in=[one.pk for one in planning_schools(request.user)]), pk=pk)


def _step(request: HttpRequest, pk: int) -> PlannedStep:
    rows = PlannedStep.objects.select_related("plan__school", "plan__year", "step", "owner", "settled_by")
    found: PlannedStep = get_visible_or_404(rows, request.user, pk=pk)
    return found


def _to_plan(step: PlannedStep) -> HttpResponse:
    """Back to the place of the step in the plan."""
    return redirect(_place_in_plan(step))


def _place_in_plan(step: PlannedStep) -> str:
    return f"{reverse('plan_school', args=[step.plan.school_id])}#stap-{step.pk}"


def _changed(request: HttpRequest, form: StepForm, step: PlannedStep) -> bool:
    try:
        change_step(
            step=step, owner=form.chosen_owner(), due_on=form.cleaned_data["due_on"], by=member_of_staff(request)
        )
    except ValidationError as error:
        return _refused(form, error)
    messages.success(request, _("The step is changed."))
    return True


def _skipped(request: HttpRequest, form: SkipForm, step: PlannedStep) -> bool:
    try:
        skip_step(step=step, reason=form.cleaned_data["reason"], by=member_of_staff(request))
    except ValidationError as error:
        return _refused(form, error)
    messages.success(request, _("Left out this year, and the reason stays with it."))
    return True


def _refused(form: Form, error: ValidationError) -> bool:
    form.add_error(None, error)
    return False
