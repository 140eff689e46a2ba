"""What to reach: the targets of a project and its schools, who agreed with them, and what they were before."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports.forms_targets import TalkForm, TargetForm
from reports.indicators import INDICATORS, Indicator
from reports.models import Target
from reports.ownproject import chosen_project, project_tabs, projects_of, schools_of
from reports.targetlines import ShownAim, aims_of, lines_of
from reports.targets import CODES, confirm, newest, note_agreement, set_target
from reports.views.tabs import TARGET_READERS, figure_tabs
from schools.access import member_of_staff, staff_required
from schools.arriving import row_number
from schools.models import Project, Role, School
from schools.scope import scope_of


@staff_required(*TARGET_READERS)
@require_safe
def target_list(request: HttpRequest) -> HttpResponse:
    """Each indicator with the project's target and those of schools; a head agrees here with one tap."""
    projects, tabs = projects_of(request.user), figure_tabs(request, "target_list")
    project = chosen_project(request, projects)
    if project is None:
        of_school = bool(scope_of(request.user).led_schools)
        return render(request, "reports/target_list.html", {"project": None, "tabs": tabs, "is_of_school": of_school})
    lines = lines_of(project, schools_of(project), request.user)
    shown = {line.indicator.code for line in lines}
    context = {
        "tabs": tabs,
        "project": project,
        "projects": project_tabs(projects, project),
        "lines": lines,
        "others": [INDICATORS[code] for code in CODES if code not in shown],
        "may_set": _may_set(request, project),
    }
    return render(request, "reports/target_list.html", context)


@staff_required(*TARGET_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def target_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: its targets with their history; the joint worker sets the next one and notes who agreed."""
    project = chosen_project(request, projects_of(request.user))
    if project is None or code not in CODES:
        raise Http404
    indicator, schools = INDICATORS[code], schools_of(project)
    may_set = _may_set(request, project)
    if request.method == "POST" and not may_set:
        raise Http404
    aims = aims_of(project, schools, request.user, code)
    chosen = _chosen(request, schools)
    form = _form(request, project, indicator, schools, aims, chosen) if may_set else None
    talk = _talk(request, aims) if may_set else None
    if request.method == "POST":
        done = _set(request, project, code, form) if "talk" not in request.POST else _noted(request, aims, talk)
        if done:
            return redirect(_address(project, code))
    context = {
        "project": project,
        "indicator": indicator,
        "aims": aims[::-1],
        "form": form,
        "talk": talk,
        "back": f"{reverse('target_list')}?project={project.pk}",
    }
    return render(request, "reports/target_detail.html", context, status=422 if request.method == "POST" else 200)


@staff_required(Role.HEAD)
@require_POST
def target_agree(request: HttpRequest, pk: int) -> HttpResponse:
    """A head agrees with a target for the own school."""
    target = get_object_or_404(Target.objects.visible_to(request.user).select_related("project", "school"), pk=pk)
    try:
        agreed = confirm(target=target, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        if not agreed:
            raise Http404
        names = ", ".join(row.school.name for row in agreed)
        messages.success(request, _("Noted: %(school)s agrees with this target.") % {"school": names})
    return redirect(f"{reverse('target_list')}?project={target.project_id}")


def _may_set(request: HttpRequest, project: Project) -> bool:
    return project.pk in scope_of(request.user).joint_projects


def _address(project: Project, code: str) -> str:
    return f"{reverse('target_detail', args=[code])}?project={project.pk}"


def _chosen(request: HttpRequest, schools: list[School]) -> School | None:
    number = row_number(request.GET.get("school", ""))
    return next((one for one in schools if one.pk == number), None)


def _form(
    request: HttpRequest,
    project: Project,
    indicator: Indicator,
    schools: list[School],
    aims: list[ShownAim],
    chosen: School | None,
) -> TargetForm:
    mine = [aim.target for aim in aims if aim.target.school_id == (chosen.pk if chosen else None)]
    data = request.POST if request.method == "POST" and "talk" not in request.POST else None
    return TargetForm(
        data,
        project=project,
        indicator=indicator,
        schools=schools,
        present=mine[-1] if mine else None,
        latest=newest(project, indicator.code),
        chosen=chosen,
    )


def _talk(request: HttpRequest, aims: list[ShownAim]) -> dict[str, Any] | None:
    """A form for each target that holds and with which somebody is still to agree, the project's first; filled in the
    one that was posted."""
    waiting = [aim for aim in aims if aim.is_current and aim.open]
    wanted = row_number(request.POST.get("talk", "")) if request.method == "POST" else None
    forms = [
        (aim, TalkForm(request.POST if aim.target.pk == wanted else None, target=aim.target, schools=aim.open))
        for aim in sorted(waiting, key=lambda one: (one.target.school_id is not None, one.target.pk))
    ]
    return {"forms": forms} if forms else None


def _set(request: HttpRequest, project: Project, code: str, form: TargetForm | None) -> bool:
    if form is None or not form.is_valid():
        return False
    try:
        set_target(project=project, aim=form.aim(code), seen=form.cleaned_data["seen"], by=member_of_staff(request))
    except ValidationError as error:
        form.add_error(None, error)
        latest = newest(project, code)
        form.look_again(latest)
        return False
    messages.success(request, _("The target is kept, and what it was before stays in the history."))
    return True


def _noted(request: HttpRequest, aims: list[ShownAim], talk: dict[str, Any] | None) -> bool:
    for aim, form in (talk or {"forms": ()})["forms"]:
        if not form.is_bound:
            continue
        if not form.is_valid():
            return False
        try:
            note_agreement(
                target=aim.target,
                schools=form.chosen(),
                agreed_on=form.cleaned_data["agreed_on"],
                by=member_of_staff(request),
            )
        except ValidationError as error:
            form.add_error(None, error)
            return False
        messages.success(request, _("Noted who agreed, and when."))
        return True
    messages.warning(request, _("This target was replaced meanwhile, or all schools agreed already."))
    return True
