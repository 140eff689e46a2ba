"""Counting a draft again: its figures, and what its sheet says of them."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from reports.evaluation.amountlines import amounts_of, with_amounts
from reports.evaluation.binding import bind_all
from reports.evaluation.errors import ReportError
from reports.evaluation.writing import save_chapter
from reports.models import EvaluationReport, ReportKind, ReportState
from schools import audit, clock
from schools.models import User


@transaction.atomic
def refresh_figures(report: EvaluationReport, by: User) -> None:
    """Count every figure again and bind the draft to the new runs; the old runs stay. Whoever freezes it meanwhile
    waits, and is then told that it was edited: what is frozen and what is bound are never two things."""
    if report.kind == ReportKind.APPLICATION:
        raise ReportError(_("The figures of an application are those of the evaluation from which it was started."))
    draft = EvaluationReport.objects.filter(pk=report.pk, state=ReportState.DRAFT)
    if not draft.update(edited_at=clock.now(), edited_by=by):
        raise ReportError(_("The figures of a frozen report do not change. Edit a chapter to return it to a draft."))
    before = amounts_of(report)
    bind_all(report, by)
    sheet = report.chapters.get(number=0)
    if (text := with_amounts(sheet.text, before, amounts_of(report))) != sheet.text:
        save_chapter(chapter=sheet, text=text, edition=sheet.edition, by=by)
    audit.record(actor=by, verb="refresh", target=report)
