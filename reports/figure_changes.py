"""The change of reach between the baseline and the last two months, at the same schools."""

from __future__ import annotations

from dataclasses import replace

from reports.disclosure import Cell, Hidden
from reports.figure_queries import moments, population
from reports.figure_result import Figure
from reports.figure_scope import FigureScope, Period
from reports.indicators import Indicator

Windows = tuple[Period, Period]
#: Which row lies inside which: who was there both times is among who was there.
INSIDE = {"start_both": "start", "end_both": "end"}


def change(definition: Indicator, scope: FigureScope, period: Period, by: str) -> Figure:
    """Reach (I01) in both windows: of all families, of those who were there both times, and at comparison schools."""
    windows = period.start_and_end()
    if windows is None:
        return Figure(definition=definition, period=period, by=by, total=Cell(0, 0), ends=("start", "end"))
    rows = _rows(scope, windows)
    if scope.project and not (scope.school or scope.schools or scope.classes or scope.comparison):
        compared = _rows(replace(scope, comparison=True), windows)
        rows |= {f"{key}_compared": compared[key] for key in ("start", "end") if compared["start"].N}
    return Figure(
        definition=definition,
        period=period,
        by=by,
        total=rows["end"],
        rows=rows,
        ends=("start", "end"),
        inside=INSIDE,
        fragile=frozenset({"start", "start_both"}) if _tells_a_month(scope, period, windows[0]) else frozenset(),
    )


def there_both(scope: FigureScope, windows: Windows) -> set[int]:
    """Families who were there in both windows."""
    first, last = (met_in(scope, window)[0] for window in windows)
    return first & last


def _rows(scope: FigureScope, windows: Windows) -> dict[str, Cell]:
    there, met = zip(*(met_in(scope, window) for window in windows), strict=True)
    both = there[0] & there[1]
    cells = {}
    for key, families, found in zip(("start", "end"), there, met, strict=True):
        cells[key] = Cell(len(families & found), len(families))
        cells[f"{key}_both"] = Cell(len(both & found), len(both))
    return cells


def met_in(scope: FigureScope, window: Period) -> tuple[set[int], set[int]]:
    """Who was there, and with whom a contact took place."""
    there = population(scope, window).order_by().values_list("family_id", flat=True)
    met = moments(scope, window).filter(is_reach=True).order_by().values_list("family_id", flat=True)
    return set(there.distinct()), set(met.distinct())


def _tells_a_month(scope: FigureScope, period: Period, baseline: Period) -> bool:
    """Whether readers outside the school could work out a hidden month of the curve of I01 with the baseline."""
    from reports.figures import compute

    curve = compute("I01", scope, period).protected(for_outsiders=True).months
    window = set(baseline.months())
    return any(isinstance(cell, Hidden) for month, cell in curve if month in window)
