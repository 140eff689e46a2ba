"""The application for next year: started from a frozen evaluation, and what it asks for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reports import evaluation
from reports.forms_application import WishesForm
from reports.models import EvaluationReport, ReportKind
from reports.nextyear import next_of
from reports.views.ownreports import own_report_or_404
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.models import Role
from schools.scope import scope_of


@staff_required(Role.JOINT_CLB)
@require_POST
def application_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the application with what this evaluation says."""
    mine = EvaluationReport.objects.filter(project_id__in=scope_of(request.user).joint_projects)
    source = get_visible_or_404(mine.select_related("project__year"), request.user, pk=pk)
    try:
        report = evaluation.start_application(source=source, by=member_of_staff(request))
    except evaluation.ReportError as error:
        messages.error(request, str(error))
        return redirect("report_detail", pk=pk)
    messages.success(request, _("The application is begun. Its figures are those of the evaluation."))
    return redirect("report_detail", pk=report.pk)


@staff_required(Role.JOINT_CLB)
@require_http_methods(["GET", "HEAD", "POST"])
def application_wishes(request: HttpRequest, pk: int) -> HttpResponse:
    """Goals and amounts for next year; the tables of the application follow."""
    rows = EvaluationReport.objects.filter(kind=ReportKind.APPLICATION).select_related("project__year")
    report = own_report_or_404(request, pk, rows)
    form = WishesForm(request.POST or None, report=report)
    if form.is_valid():
        try:
            evaluation.save_wishes(
                report=report,
                goals=form.goals(),
                asked=form.asked(),
                edition=form.cleaned_data["edition"],
                by=member_of_staff(request),
            )
        except evaluation.ReportError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. The tables of the application follow."))
            return redirect("report_detail", pk=report.pk)
    context = {"report": report, "form": form, "fresh": next_of(report.project)}
    return render(request, "reports/application_wishes.html", context, status=422 if form.is_bound else 200)
