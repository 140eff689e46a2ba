"""The evaluation as files to take along: frozen byte for byte, or the draft of this moment."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reports import evaluation
from reports.models import EvaluationReport, ReportKind
from reports.render.word import DOCX
from reports.render.workbook import tables_of
from schools.access import get_visible_or_404, staff_required
from schools.models import Role
from schools.spreadsheet import XLSX

READERS = (Role.JOINT_CLB, Role.CLB_DIRECTOR, Role.COORDINATOR)

_NAMES = {
    ReportKind.INTERIM: "tussentijds-verslag", ReportKind.FINAL: "eindevaluatie", ReportKind.APPLICATION: "aanvraag",
}  # fmt: skip


@staff_required(*READERS)
@require_safe
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The frozen file byte for byte, or the draft set at this moment."""
    report = visible_report(request, pk)
    return report_file(report, evaluation.pdf_of(report), "pdf", "application/pdf", shown=True)


@staff_required(*READERS)
@require_safe
def report_workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """Every table as a workbook: the frozen file byte for byte, or the draft's of this moment."""
    report = visible_report(request, pk)
    return report_file(report, evaluation.workbook_for(report), "xlsx", XLSX)


@staff_required(*READERS)
@require_safe
def report_word(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a Word document: the frozen file byte for byte, or the draft of this moment."""
    report = visible_report(request, pk)
    return report_file(report, evaluation.word_for(report), "docx", DOCX)


@staff_required(*READERS)
@require_safe
def report_tables(request: HttpRequest, pk: int) -> HttpResponse:
    """Every table as CSV, in one ZIP."""
    report = visible_report(request, pk)
    return report_file(report, tables_of(evaluation.content_of(report)), "zip", "application/zip")


def report_file(
    report: EvaluationReport, content: bytes, ending: str, kind: str, *, shown: bool = False
) -> HttpResponse:
    """A file of the report, called by kind, year and version."""
    name = _NAMES[ReportKind(report.kind)]
    name = f"{name}-{report.project.year.starts_on.year}-v{report.version}.{ending}"
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}"'
    return response


def visible_report(request: HttpRequest, pk: int) -> EvaluationReport:
    """The report, if the reader may see it in its state."""
    rows = EvaluationReport.objects.select_related("project__year", "edited_by")
    report: EvaluationReport = get_visible_or_404(rows, request.user, pk=pk)
    return report
