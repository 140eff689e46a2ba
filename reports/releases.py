"""What readers outside the schools were told, and what they are told now beside it (``holding``).

What they are shown of the running year is remembered as runs, each with the cells as they stood on the page. The next
reading is laid beside the newest of them. A report counts with what was told, and is told itself once it is signed:
then the city reads it.

told, = shown([compute("I01", scope, period, "school")], scope, for_outsiders=True)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import Max

from reports.disclosure import Cell, Hidden, ProtectedCell, Reason, Shown
from reports.figure_result import Figure, ShownFigure
from reports.figure_runs import cells_in, content_of, unsaved_run
from reports.figure_scope import FigureScope, Period
from reports.holding import Known, Sum, is_little_between, kept_back
from reports.indicators import INDICATORS
from reports.models import FigureRun
from reports.samecounts import NO_INDICATOR, TOTAL, Name, Place, counting_with, known_of, told_by, turned
from schools import clock
from schools.models import Project

#: The mark of these runs among the others of a project.
TOLD = {"release": "told"}
#: Parts of the year that reports tell beside the whole of it.
PARTS = ("baseline", "end")
#: I23 counts the families of I01, so what one tells the other one tells too.
_COUNTED_AS = {"I23": "I01"}
#: Means of which the sum is one of families.
_OF_FAMILIES = frozenset({"per_gathering"})
#: Of rows that divide the units among them: all of these, beside the rows.
_WHOLE: Place = ("whole", "")


def shown(figures: Sequence[Figure], scope: FigureScope, for_outsiders: bool, *, part: str = "") -> list[ShownFigure]:
    """The figures as this reader may see them beside all that readers outside were told of the year, or of one of its
    ``PARTS``; what these see is remembered. At most four queries, whatever is asked, and none for a reader inside."""
    found = [figure.protected(for_outsiders) for figure in figures]
    if not for_outsiders or not _is_of_project(scope) or not found:
        return found
    releases = Releases.of(scope.project, found[0].figure.period, [_code(one) for one in found], part=part)
    told = [releases.beside(one) for one in found]
    releases.remember(TOLD)
    return told


def counts_shown(
    name: str,
    cells: Mapping[str, ProtectedCell],
    scope: FigureScope,
    period: Period,
    sums: Sequence[Sum[str]] = (),
) -> dict[str, ProtectedCell]:
    """The same for counts that are no indicator."""
    if not _is_of_project(scope):
        return dict(cells)
    releases = Releases.of(scope.project, period, [NO_INDICATOR])
    told = releases.counts_beside(name, cells, sums)
    releases.remember(TOLD)
    return told


@dataclass
class Releases:
    """What was told of a project since the first day of a period, and what is to be remembered."""

    project: Project
    period: Period
    part: str
    _before: dict[tuple[str, int, str], FigureRun]
    _fresh: dict[tuple[str, int, str], dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, project: Project | None, period: Period, codes: Iterable[str] | None = None, *, part: str = ""
    ) -> Releases:
        """The newest of each indicator and breakdown, of these or of all indicators, in the year or in one of
        ``PARTS``; one query."""
        if project is None:
            raise ValueError("Readers outside the schools read about projects.")
        runs = FigureRun.objects.filter(project=project, parameters=_of_part(TOLD, part), period_from=period.first)
        if codes is not None:
            runs = runs.filter(indicator__in=counting_with({*codes}))
        newest = runs.order_by().values("indicator", "version", "breakdown").annotate(newest=Max("pk"))
        found = FigureRun.objects.filter(pk__in=newest.values("newest")).order_by("pk")
        return cls(project, period, part, {(run.indicator, run.version, run.breakdown): run for run in found})

    @cached_property
    def _known(self) -> dict[Name, int]:
        """All counts that were told, each as it was told last; what is hidden since, as it was told before that."""
        runs = [
            (code, by, run.result)
            for (code, version, by), run in self._before.items()
            if code == NO_INDICATOR or version == INDICATORS[code].version
        ]
        return {
            name: number
            for is_hidden in (True, False)
            for code, by, result in runs
            for name, number in told_by(code, by, cells_in(result, is_hidden=is_hidden))
        }

    def beside(self, one: ShownFigure) -> ShownFigure:
        """A protected figure as it may be told beside all that figures of the same units told."""
        code, by = _code(one), one.figure.by
        now = _cells_of(one)
        before = self._before_of(code, by, now)
        whole, known = _divided(one, before)
        told = kept_back(before | known, turned(code, now) | whole, _sums(one, now), one.definition.minimum)
        now, means = turned(code, {place: told[place] for place in now}), self._means_beside(one, code)
        before, now = before | self._before_of(code, by, means), now | means
        if (last := _end_of_curve(one)) is not None:
            now[last] = now[TOTAL]
        self._note((code, one.definition.version, by), content_of(now, turned(code, _told_before(before))))
        return _with_cells(one, now)

    def _means_beside(self, one: ShownFigure, code: str) -> dict[Place, ProtectedCell]:
        """Means of families, each with how many it is of: as they were told, while one to four more came in or left.
        One that is hidden now is remembered as it was told."""
        found: dict[Place, ProtectedCell] = {}
        shown = one.means().keys()
        for name in _OF_FAMILIES & one.figure.means.keys():
            number, of = one.figure.means[name]
            before, now = known_of(code, one.figure.by, ("means", name), self._known), Shown(int(number), of)
            told = None if before is None or before.n is None else Shown(before.n, before.N)
            is_little = told is not None and is_little_between(Shown(told.n), Shown(now.n))
            if name in shown:
                found["means", name] = told if told and is_little else now
            elif told:
                found["means", name] = Hidden(Reason.COMPLEMENTARY)
        return found

    def counts_beside(
        self, name: str, cells: Mapping[str, ProtectedCell], sums: Sequence[Sum[str]]
    ) -> dict[str, ProtectedCell]:
        found: dict[Place, ProtectedCell] = {("rows", label): cell for label, cell in cells.items()}
        before = self._before_of(NO_INDICATOR, name, found)
        told = kept_back({label: known for (_, label), known in before.items()}, cells, sums)
        now: dict[Place, ProtectedCell] = {("rows", label): cell for label, cell in told.items()}
        self._note((NO_INDICATOR, 1, name), content_of(now, _told_before(before)))
        return told

    def _before_of(self, code: str, by: str, cells: Iterable[Place]) -> dict[Place, Known]:
        found = {place: known_of(code, by, place, self._known) for place in cells}
        return {place: known for place, known in found.items() if known is not None}

    def remember(self, mark: dict[str, Any], as_of: datetime | None = None) -> None:
        """Keep what was told and reads otherwise than before; one statement, or none."""
        runs = [
            unsaved_run(
                project=self.project,
                indicator=code,
                version=version,
                breakdown=by,
                period=self.period,
                parameters=_of_part(mark, self.part),
                result=result,
                as_of=as_of or clock.now(),
            )
            for (code, version, by), result in self._fresh.items()
        ]
        if runs:
            FigureRun.objects.bulk_create(runs, batch_size=200)

    def _note(self, key: tuple[str, int, str], content: dict[str, Any]) -> None:
        before = self._before.get(key)
        if before is None or before.result != content:
            self._fresh[key] = content


@transaction.atomic
def tell_with(mark: dict[str, Any], project: Project) -> None:
    """What was counted under that mark leaves the house now. What was read since it was counted stays the newest of
    what is known."""
    runs = FigureRun.objects.filter(project=project)
    counted = {part: runs.filter(parameters=_of_part(mark, part)) for part in ("", *PARTS)}
    moments = [found.aggregate(last=Max("as_of"))["last"] for found in counted.values()]
    last = max((one for one in moments if one is not None), default=None)
    if last is None:
        return
    for part, found in counted.items():
        read = runs.filter(parameters=_of_part(TOLD, part), as_of__gt=last).order_by("pk")
        since = {(run.indicator, run.version, run.breakdown, run.period_from): run for run in read}
        FigureRun.objects.bulk_create(
            unsaved_run(
                project=project,
                indicator=run.indicator,
                version=run.version,
                breakdown=run.breakdown,
                period=Period(run.period_from, run.period_to),
                parameters=_of_part(TOLD, part),
                result=run.result,
                as_of=clock.now(),
            )
            for run in (*found.filter(as_of=last).order_by("pk"), *since.values())
        )


def _of_part(mark: dict[str, Any], part: str) -> dict[str, Any]:
    return {**mark, "of": part} if part else mark


def _is_of_project(scope: FigureScope) -> bool:
    return scope.project is not None and not (scope.school or scope.schools or scope.classes or scope.comparison)


def _code(one: ShownFigure) -> str:
    return _COUNTED_AS.get(one.definition.code, one.definition.code)


def _cells_of(one: ShownFigure) -> dict[Place, ProtectedCell]:
    cells: dict[Place, ProtectedCell] = {TOTAL: one.total}
    if one.figure.by != "month":
        cells |= {("rows", label): cell for label, cell in one.rows.items()}
    cells |= {("months", f"{day:%Y-%m}"): cell for day, cell in one.months}
    return cells | {("also", label): cell for label, cell in one.also.items()}


def _sums(one: ShownFigure, cells: Mapping[Place, ProtectedCell]) -> list[Sum[Place]]:
    """Groups that add up to the total. Months of the past grow only where somebody notes later what took place; of
    many, nobody can say in which."""
    figure = one.figure
    adds_up = bool(figure.rows) and not (figure.is_overlapping or figure.inside or figure.by == "month")
    rows = [place for place in cells if place[0] == "rows"]
    return [Sum(rows, _WHOLE if figure.is_of_parts else TOTAL, figure.is_of_parts)] if adds_up else []


def _divided(one: ShownFigure, before: Mapping[Place, Known]) -> tuple[dict[Place, ProtectedCell], dict[Place, Known]]:
    """The whole of rows that divide it, now and as it was told: their n add up to the N that each of them has."""
    if not one.figure.is_of_parts:
        return {}, {}
    rows = len(one.rows)
    size = next(iter(one.figure.parts.values())).N or 0
    told = next((known.N for place, known in before.items() if place[0] == "rows" and known.N is not None), None)
    return {_WHOLE: Shown(size, size * rows)}, {} if told is None else {_WHOLE: Known(told, told * rows)}


def _end_of_curve(one: ShownFigure) -> Place | None:
    """The last month of a curve, where it is the total too: told as that, and remembered as it was told."""
    figure = one.figure
    if not one.months or not figure.is_cumulative or figure.months[-1][1] != figure.total:
        return None
    return "months", f"{one.months[-1][0]:%Y-%m}"


def _with_cells(one: ShownFigure, cells: Mapping[Place, ProtectedCell]) -> ShownFigure:
    """The figure with these cells, also behind what is computed of it."""
    figure, total = one.figure, cells[TOTAL]
    months = tuple((day, cells["months", f"{day:%Y-%m}"]) for day, _ in one.months)
    if figure.by == "month":
        rows = {f"{day:%Y-%m}": cell for day, cell in months}
    else:
        rows = {label: cells["rows", label] for label in one.rows}
    known = _counted(figure.total, total)
    means = {name: (value, known.n if of == figure.total.n else of) for name, (value, of) in figure.means.items()}
    means |= {
        label: (cell.n, cell.N or 0)
        for (part, label), cell in cells.items()
        if part == "means" and isinstance(cell, Shown)
    }
    counted = {label: _counted(cell, rows.get(label)) for label, cell in figure.rows.items()}
    parts = counted if figure.is_of_parts else figure.parts
    behind = replace(figure, total=known, rows=counted, parts=parts, means=means)
    also = {label: cells["also", label] for label in one.also}
    kept = frozenset(label for label, cell in rows.items() if cell != one.rows.get(label, cell))
    return replace(one, figure=behind, total=total, rows=rows, months=months, also=also, kept_back=kept)


def _counted(cell: Cell, told: ProtectedCell | None) -> Cell:
    return Cell(told.n, told.N) if isinstance(told, Shown) else cell


def _told_before(known: Mapping[Place, Known]) -> dict[Place, ProtectedCell]:
    return {
        place: Shown(one.n, one.N if one.left is None else one.n + one.left)
        for place, one in known.items()
        if one.n is not None
    }
