"""Figures become runs: immutable rows with a checksum, to which the report's numbers, tables and charts are bound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reports.chapters import CHAPTERS, COMPARED, SENTENCES
from reports.evaluation.counting import Counting, Windows
from reports.evaluation.tables import BUILDERS
from reports.figure_runs import unsaved_run
from reports.figures import Period
from reports.indicators import INDICATORS
from reports.models import ChapterBlock, EvaluationReport, FigureRun, ReportChapter
from reports.releases import tell_with
from schools import clock
from schools.models import Project, User

#: Runs that texts name are kept with the annexes, where all of them are listed.
SHEET_CHAPTER = 15


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a report that one run fills."""

    chapter: int
    form: str
    code: str
    window: str
    caption: str


def slots() -> Iterator[Slot]:
    """Every figure, table and chart of the plan, chapter by chapter, in order."""
    for chapter in CHAPTERS:
        for block in chapter.blocks:
            yield Slot(chapter.number, block.form, block.code, "year", block.caption)
        if chapter.number == SHEET_CHAPTER:
            for code in SENTENCES:
                windows = ("year", "baseline", "end") if code in COMPARED else ("year",)
                yield from (Slot(chapter.number, ChapterBlock.Form.SENTENCE, code, window, "") for window in windows)


def counting_for(project: Project) -> Counting:
    return Counting(project, Windows.of(project, clock.today()))


def result_of(counting: Counting, code: str, window: str) -> dict[str, Any]:
    """What a run holds: a headline for an indicator, else a table, a chart or cards, always protected."""
    if code in INDICATORS:
        return counting.headline(code, window)
    return BUILDERS[code](counting)


def new_run(counting: Counting, slot: Slot, as_of: datetime, by: User | None) -> FigureRun:
    """The unsaved run of a slot."""
    definition = INDICATORS.get(slot.code)
    period: Period = counting.windows.period(slot.code, slot.window)
    result = result_of(counting, slot.code, slot.window)
    parameters = {"window": slot.window, "readers": "outside the school", "schools": "pilot and adopting schools"}
    return unsaved_run(
        project=counting.project,
        indicator=slot.code,
        version=definition.version if definition else 1,
        breakdown="" if definition else "report",
        period=period,
        parameters=parameters,
        result=result,
        as_of=as_of,
        by=by,
    )


def bind_all(report: EvaluationReport, by: User | None) -> None:
    """Count everything and bind it to the chapters' blocks; blocks that stand already get the new runs. What belongs
    to a chapter that this report leaves out hangs on its first page, where nothing of it is printed: texts can name it.
    """
    counting, as_of = counting_for(report.project), clock.now()
    wanted = list(slots())
    runs = FigureRun.objects.bulk_create([new_run(counting, slot, as_of, by) for slot in wanted])
    counting.remember(_counted_for(report), as_of)
    chapters = {chapter.plan: chapter for chapter in report.chapters.all()}
    standing = {(block.chapter_id, block.position): block for block in blocks_of(report)}
    fresh, changed = [], []
    for place, (slot, run) in enumerate(zip(wanted, runs, strict=True)):
        chapter = chapters.get(slot.chapter, chapters[0])
        if block := standing.get((chapter.pk, place)):
            block.run = run
            changed.append(block)
        else:
            fresh.append(ChapterBlock(chapter=chapter, position=place, form=slot.form, run=run, caption=slot.caption))
    ChapterBlock.objects.bulk_create(fresh)
    ChapterBlock.objects.bulk_update(changed, ["run"])


def tell(report: EvaluationReport) -> None:
    """The report leaves the house with the figures that its draft was last bound to."""
    tell_with(_counted_for(report), report.project)


def _counted_for(report: EvaluationReport) -> dict[str, Any]:
    return {"release": f"{report.kind} {report.version}"}


def blocks_of(report: EvaluationReport) -> list[ChapterBlock]:
    """All blocks of a report with their runs, in order; one query."""
    rows = ChapterBlock.objects.filter(chapter__in=ReportChapter.objects.filter(report=report))
    return list(rows.select_related("run", "chapter").order_by("chapter__number", "position"))
