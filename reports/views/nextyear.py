"""A project goes into its next year."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reports.forms_nextyear import NextYearForm
from reports.nextyear import is_undoable, next_of, start_next_year, undo_next_year, year_after
from schools.access import member_of_staff, staff_required
from schools.models import Project, Role
from schools.scope import scope_of


@staff_required(Role.JOINT_CLB, Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def project_next_year(request: HttpRequest, pk: int) -> HttpResponse:
    """Goals, posts and the day of the report, filled in with this year's; one button, and one back within a week."""
    scope = scope_of(request.user)
    mine = Project.objects.filter(pk__in=scope.joint_projects | scope.coordinated_projects)
    project = get_object_or_404(mine.select_related("year"), pk=pk)
    fresh = next_of(project)
    if request.method == "POST" and "undo" in request.POST:
        _take_back(request, fresh)
        return redirect("project_next_year", pk)
    if fresh is not None:
        if request.method == "POST":
            messages.warning(request, _("This project has its next year already."))
            return redirect("project_next_year", pk)
        context = {"project": project, "fresh": fresh, "undoable": is_undoable(fresh)}
        return render(request, "reports/next_year.html", context)
    form = NextYearForm(request.POST or None, project=project, by=member_of_staff(request))
    if form.is_valid() and _started(request, project, form):
        return redirect("project_next_year", pk)
    context = {"project": project, "form": form, "year": year_after(project)}
    return render(request, "reports/next_year.html", context, status=422 if form.is_bound else 200)


def _started(request: HttpRequest, project: Project, form: NextYearForm) -> bool:
    try:
        fresh = start_next_year(
            project=project,
            by=member_of_staff(request),
            goals=form.goals(),
            report_due_on=form.cleaned_data["report_due_on"],
            posts=form.cleaned_data["posts"],
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("%(project)s is there, with its goals and its baseline.") % {"project": fresh})
    return True


def _take_back(request: HttpRequest, fresh: Project | None) -> None:
    if fresh is None:
        messages.info(request, _("This was taken back already."))
        return
    try:
        undo_next_year(project=fresh, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Taken back: the next project year is gone."))
