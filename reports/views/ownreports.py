"""A report that its writer edits, and what becomes of a page that still shows it after it was handed in."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from reports import evaluation
from reports.models import EvaluationReport
from schools.access import Past, get_editable_or_404


def own_report_or_404(
    request: HttpRequest, pk: int, rows: QuerySet[EvaluationReport] | None = None
) -> EvaluationReport:
    """A report out of ``rows`` that somebody may write in. One that was fixed or handed in meanwhile leads to its page,
    which says so; 404 for anybody else's, and for what a page saves by itself."""
    known = EvaluationReport.objects.visible_to(request.user) if rows is None else rows
    try:
        report: EvaluationReport = get_editable_or_404(known, request.user, pk=pk)
    except Http404:
        theirs = known.visible_to(request.user).written_by(request.user)  # type: ignore[attr-defined]
        own = theirs.filter(pk=pk).first()
        words = evaluation.why_closed(own) if own and "X-Autosave" not in request.headers else ""
        if not words:
            raise
        raise Past(words, to=reverse("report_detail", args=[pk])) from None
    return report
