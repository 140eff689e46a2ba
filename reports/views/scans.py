"""How easy a school makes it for parents: measured by the school itself, compared, and acted upon."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports.accessibility import THEMES
from reports.forms_scans import ActionForm, ScanForm
from reports.models import AccessScan, ScanAction
from reports.ownproject import chosen_project, project_tabs, projects_of, schools_of
from reports.scanlines import action_lines, scan_lines, table_of, themes_in_words
from reports.scans import (
    correct_scan,
    keep_scan,
    latest_two,
    mean_scores,
    owners,
    plan_action,
    scanned_schools,
    settle_action,
)
from reports.views.tabs import SCAN_READERS, figure_tabs
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.arriving import row_number
from schools.models import Role, School
from schools.scope import scope_of

KEEPERS = (Role.HEAD, Role.JOINT_CLB)
#: Measurements that a school chooses from.
SCANS_SHOWN = 40


@staff_required(*SCAN_READERS)
@require_safe
def scan_list(request: HttpRequest) -> HttpResponse:
    """The joint worker reads each school by theme, the coordinator the mean; a head comes to the own school at once."""
    scope, schools = scope_of(request.user), scanned_schools(request.user)
    if len(schools) == 1 and not scope.joint_projects | scope.coordinated_projects:
        return redirect("scan_school", schools[0].pk)
    projects = projects_of(request.user)
    project = chosen_project(request, projects)
    pairs = latest_two({one.pk: one for one in (*schools, *(schools_of(project) if project else ()))}.values())
    taking_part = {one.pk for one in schools_of(project)} if project else set()
    means = mean_scores([pair for pk, pair in pairs.items() if pk in taking_part])
    context = {
        "tabs": figure_tabs(request, "scan_list"),
        "project": project,
        "projects": project_tabs(projects, project),
        "schools": table_of(schools, pairs),
        "heads": [theme.name for theme in THEMES],
        "means": themes_in_words(means) if means else [],
        "number": sum(pairs[pk][0] is not None for pk in taking_part),
    }
    return render(request, "reports/scan_list.html", context)


@staff_required(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def scan_school(request: HttpRequest, pk: int) -> HttpResponse:
    """One school: the chosen measurement by theme and point beside the one before it, and its actions."""
    school = _school(request, pk)
    scans = list(AccessScan.objects.visible_to(request.user).filter(school=school)[:SCANS_SHOWN])
    wanted = row_number(request.GET.get("meting", ""))
    place = next((place for place, scan in enumerate(scans) if scan.pk == wanted), 0)
    now, before = (scans[at] if at < len(scans) else None for at in (place, place + 1))
    form = ActionForm(request.POST or None, people=owners(school), latest=now)
    if form.is_bound and form.is_valid() and _planned(request, school, form):
        return redirect("scan_school", school.pk)
    context = {
        "tabs": figure_tabs(request, "scan_list"),
        "school": school,
        "scans": scans,
        "now": now,
        "before": before,
        "is_newest": place == 0,
        "themes": scan_lines(now, before),
        "actions": action_lines(ScanAction.objects.visible_to(request.user).filter(school=school)),
        "form": form,
        "back": reverse("scan_list") if scope_of(request.user).joint_projects else "",
    }
    return render(request, "reports/scan_school.html", context, status=422 if request.method == "POST" else 200)


@staff_required(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def scan_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole checklist on one page; it is kept whole or not at all."""
    school = _school(request, pk)
    former = latest_two([school])[school.pk][0]
    form = ScanForm(request.POST or None, former=former)
    if form.is_bound and form.is_valid() and _kept(request, form, school, None):
        return redirect("scan_school", school.pk)
    context = {"school": school, "form": form, "back": reverse("scan_school", args=[school.pk])}
    return render(request, "reports/scan_new.html", context, status=422 if request.method == "POST" else 200)


@staff_required(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def scan_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest measurement of a school, filled in, to put right what was answered by mistake."""
    rows = AccessScan.objects.select_related("school")
    scan = get_visible_or_404(rows, request.user, pk=pk)
    newest, former = latest_two([scan.school])[scan.school_id]
    if newest is None or newest.pk != scan.pk:
        messages.warning(request, _("Only the newest measurement can be put right."))
        return redirect("scan_school", scan.school_id)
    form = ScanForm(request.POST or None, corrects=newest, former=former)
    if form.is_bound and form.is_valid() and _kept(request, form, scan.school, scan):
        return redirect("scan_school", scan.school_id)
    back = reverse("scan_school", args=[scan.school_id])
    context = {"school": scan.school, "form": form, "corrects": scan, "back": back}
    return render(request, "reports/scan_new.html", context, status=422 if request.method == "POST" else 200)


@staff_required(*KEEPERS)
@require_POST
def scan_action_done(request: HttpRequest, pk: int) -> HttpResponse:
    """An action is done, or open again."""
    action = get_visible_or_404(ScanAction.objects, request.user, pk=pk)
    is_done = "open" not in request.POST
    settle_action(action=action, is_done=is_done, by=member_of_staff(request))
    messages.success(request, _("Done, and it stays in the list.") if is_done else _("This action is open again."))
    return redirect("scan_school", action.school_id)


def _school(request: HttpRequest, pk: int) -> School:
    return get_object_or_404(School.objects.filter(pk__in=[one.pk for one in scanned_schools(request.user)]), pk=pk)


def _kept(request: HttpRequest, form: ScanForm, school: School, corrects: AccessScan | None) -> bool:
    day, answers, by = form.cleaned_data["measured_on"], form.answers(), member_of_staff(request)
    try:
        if corrects:
            correct_scan(scan=corrects, measured_on=day, answers=answers, by=by)
        else:
            key = form.cleaned_data["client_id"]
            keep_scan(school=school, measured_on=day, answers=answers, client_id=key, by=by)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("The measurement is kept. Choose below what you will do about it."))
    return True


def _planned(request: HttpRequest, school: School, form: ActionForm) -> bool:
    try:
        plan_action(school=school, plan=form.plan(), by=member_of_staff(request))
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("The action stands in the list."))
    return True
