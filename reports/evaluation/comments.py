"""Comments on chapters: threads that are open or resolved, by those who work on the report. No text of the report."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from reports.evaluation.errors import ReportError
from reports.evaluation.states import OpenPoint
from reports.models import EvaluationReport, ReportChapter, ReportComment, ReportState
from reports.publication import findings_in
from schools import audit, clock
from schools.models import User

#: A chapter with more threads is talked about at a table.
MOST_THREADS = 50
MOST_ANSWERS = 50
_SHORT = 60


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its answers, the oldest first."""

    start: ReportComment
    answers: list[ReportComment]

    @property
    def is_open(self) -> bool:
        return self.start.resolved_at is None


def threads_of(chapter: ReportChapter) -> list[Thread]:
    """The threads of a chapter in the order in which they began; two queries."""
    rows = ReportComment.objects.filter(chapter=chapter).select_related("written_by", "resolved_by")
    answers: dict[int, list[ReportComment]] = {}
    for row in rows.filter(answers__isnull=False):
        answers.setdefault(row.answers_id or 0, []).append(row)
    return [Thread(row, answers.get(row.pk, [])) for row in rows.filter(answers__isnull=True)]


def open_comments(report: EvaluationReport) -> list[OpenPoint]:
    """A point for each thread that nobody resolved; one query."""
    rows = ReportComment.objects.filter(chapter__report=report, answers__isnull=True, resolved_at__isnull=True)
    return [
        OpenPoint(
            row.chapter.number,
            row.chapter.title,
            _("%(name)s: “%(words)s”") % {"name": row.written_by.full_name, "words": Truncator(row.text).chars(_SHORT)},
            is_comment=True,
        )
        for row in rows.select_related("chapter", "written_by").order_by("chapter__number", "pk")
    ]


@transaction.atomic
def add_comment(*, chapter: ReportChapter, text: str, by: User, answers: int | None = None) -> ReportComment:
    """Begin a thread on a chapter, or answer in one. Refused with a name, an address or a number of a family in it."""
    _still_open(chapter.report)
    if found := findings_in({"": text}, staff=False):
        raise ReportError(_("This was not kept: %(why)s Say it without.") % {"why": found[0].why})
    start = None
    if answers is not None:
        start = ReportComment.objects.filter(chapter=chapter, answers__isnull=True, pk=answers).first()
        if start is None:
            raise ReportError(_("The comment that you answered is not there any more."))
    ReportChapter.objects.select_for_update(of=("self",), no_key=True).get(pk=chapter.pk)
    told = ReportComment.objects.filter(chapter=chapter, answers=start)
    last = told.order_by("-pk").first()
    if last is not None and (last.written_by_id, last.text, last.resolved_by_id) == (by.pk, text, None):
        return last  # sent twice
    if told.count() >= (MOST_ANSWERS if start else MOST_THREADS):
        raise ReportError(_("There is much to say here already. Talk about it, and resolve what is done."))
    comment = ReportComment.objects.create(
        chapter=chapter, answers=start, text=text, written_by=by, written_at=clock.now()
    )
    audit.record(actor=by, verb="comment", target=chapter.report, chapter=chapter.number)
    return comment


@transaction.atomic
def resolve_comment(*, report: EvaluationReport, comment: int, is_resolved: bool, by: User) -> ReportComment:
    """Say that a thread is done, or open it again; who and when stay with it. The second of two says nothing new."""
    _still_open(report)
    start = ReportComment.objects.filter(chapter__report=report, answers__isnull=True, pk=comment)
    changes = (
        {"resolved_at": clock.now(), "resolved_by": by} if is_resolved else {"resolved_at": None, "resolved_by": None}
    )
    changed = start.filter(resolved_at__isnull=is_resolved).update(**changes)
    row = start.select_related("chapter").first()
    if row is None:
        raise ReportError(_("That comment is not there any more."))
    if changed:
        verb = "resolve" if is_resolved else "reopen"
        audit.record(actor=by, verb=verb, target=report, chapter=row.chapter.number)
    return row


def _still_open(report: EvaluationReport) -> None:
    if report.state == ReportState.SUBMITTED:
        raise ReportError(_("This report was submitted. What was said about it stays as it is."))
