"""Which chapters a report for a fund has."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reports import evaluation
from reports.forms_outline import OutlineForm
from schools.access import member_of_staff, staff_required
from schools.models import Project, Role
from schools.scope import scope_of


@staff_required(Role.JOINT_CLB)
@require_http_methods(["GET", "HEAD", "POST"])
def report_outline(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the chapters for the fund of a project in another order, rename them, leave some out or add own ones."""
    mine = Project.objects.filter(pk__in=scope_of(request.user).joint_projects).select_related("year")
    project = get_object_or_404(mine, pk=pk)
    outline, by = evaluation.outline_of(project), member_of_staff(request)
    if "forget" in request.POST:
        evaluation.forget_outline(project=project, by=by)
        messages.success(request, _("The next draft has the chapters of the plan again."))
        return redirect("report_outline", pk)
    edition = outline.edition if outline else 0
    form = OutlineForm(request.POST or None, entries=evaluation.entries_of(outline), edition=edition)
    if form.is_valid():
        try:
            evaluation.save_outline(
                project=project, entries=form.entries(), edition=form.cleaned_data["edition"], by=by
            )
        except evaluation.ReportError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. The next draft for this fund has these chapters."))
            return redirect("report_outline", pk)
    context = {"project": project, "outline": outline, "form": form, "rows": list(form.rows())}
    return render(request, "reports/report_outline.html", context, status=422 if form.is_bound else 200)
