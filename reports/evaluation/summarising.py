"""The worker's own sentences for the page that the fund gets, in one language."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from reports.evaluation.errors import ReportError
from reports.evaluation.states import return_to_draft
from reports.models import EvaluationReport, ReportSummary
from schools import audit
from schools.models import User


class SummaryChangedError(ReportError):
    """Somebody else saved these sentences meanwhile. ``theirs`` is what stands there now; nothing was lost."""

    def __init__(self, theirs: ReportSummary) -> None:
        super().__init__(_("Somebody else saved these sentences while you were writing. Both are kept below."))
        self.theirs = theirs


def own_sentences(report: EvaluationReport, language: str) -> ReportSummary:
    """What was written in that language; an unsaved row where nobody wrote yet."""
    found = ReportSummary.objects.filter(report=report, language=language).first()
    return found or ReportSummary(report=report, language=language)


@transaction.atomic
def save_summary(
    *, report: EvaluationReport, language: str, sentences: dict[str, str], edition: int, by: User
) -> ReportSummary:
    """Save the sentences over ``edition``, unless they stand there already. As every edit it returns the report to
    DRAFT."""
    row, _made = ReportSummary.objects.get_or_create(report=report, language=language)
    saved = ReportSummary.objects.filter(pk=row.pk, edition=edition).update(**sentences, edition=edition + 1)
    if not saved:
        now = ReportSummary.objects.get(pk=row.pk)
        if all(getattr(now, part) == words for part, words in sentences.items()):
            return now
        raise SummaryChangedError(now)
    return_to_draft(report.pk, by)
    audit.record(actor=by, verb="edit", target=report, summary=language, edition=edition + 1)
    row.refresh_from_db()
    return row
