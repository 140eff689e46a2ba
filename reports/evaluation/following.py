"""An application goes with its evaluation: what was frozen anew after it was begun is told, and taken over."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from reports.evaluation.application import STARTS_FROM, starts_from
from reports.evaluation.binding import blocks_of
from reports.evaluation.errors import ReportError
from reports.evaluation.states import return_to_draft
from reports.evaluation.wishes import bind_wishes
from reports.evaluation.writing import save_chapter
from reports.models import ChapterBlock, EvaluationReport, FrozenReport, ReportKind, ReportState
from schools import audit
from schools.models import User


def evaluation_since(report: EvaluationReport) -> FrozenReport | None:
    """The evaluation as it is frozen now, where that is another one than this application tells of; None for other
    reports, and while the evaluation is being edited."""
    if report.kind != ReportKind.APPLICATION or report.state == ReportState.SUBMITTED:
        return None
    evaluations = EvaluationReport.objects.filter(project=report.project_id, kind=ReportKind.FINAL)
    newest = evaluations.exclude(state=ReportState.DRAFT).order_by("-version").first()
    frozen = newest.frozen.select_related("report").defer("content", "pdf").first() if newest else None
    if newest is None or frozen is None:
        return None
    said = next((row["text"] for row in report.identification if row["label"] == STARTS_FROM), None)
    own = {block.run_id for block in _taken_over(report)}
    is_same = own == {block.run_id for block in blocks_of(newest)} and said in (None, starts_from(frozen))
    return None if is_same else frozen


@transaction.atomic
def follow_evaluation(report: EvaluationReport, by: User) -> None:
    """Tell of the evaluation as it is frozen now: its figures, its checksum, and the tables beside what is asked. As
    every edit it returns the application to DRAFT."""
    now = EvaluationReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    frozen = evaluation_since(now)
    if frozen is None:
        raise ReportError(_("The figures of this application are those of the evaluation as it is frozen."))
    return_to_draft(now.pk, by, source=frozen.report)
    first = now.chapters.get(number=0)
    known = {block.position: block for block in _taken_over(now)}
    for place, block in enumerate(blocks_of(frozen.report)):
        row = known.get(place) or ChapterBlock(chapter=first, position=place)
        row.form, row.run, row.caption = block.form, block.run, block.caption
        row.save()
    lines = first.text.splitlines()
    sheet = [f"{STARTS_FROM}: {starts_from(frozen)}" if line.startswith(f"{STARTS_FROM}:") else line for line in lines]
    save_chapter(chapter=first, text="\n".join(sheet), edition=first.edition, by=by)
    bind_wishes(EvaluationReport.objects.select_related("project__year").get(pk=now.pk), by)
    audit.record(actor=by, verb="refresh", target=report)


def _taken_over(report: EvaluationReport) -> list[ChapterBlock]:
    """The blocks that came from the evaluation; those of what is asked stand in chapters of their own."""
    return [block for block in blocks_of(report) if block.chapter.number == 0]
