"""The only place that counts: every number on a screen, in a file and in a report comes from ``compute``.

figure = compute("I01", FigureScope(project=project, viewer=user), Period(first, last), by="school")
shown = figure.protected(for_outsiders=scope.is_for_outsiders())
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Count, F, IntegerField, Value

from reports import kept, ladder_counts
from reports.disclosure import FLOOR, Cell
from reports.figure_firsts import grouped
from reports.figure_queries import Counted, moments, population
from reports.figure_result import Figure, Months, ShownFigure, within
from reports.figure_scope import FigureScope, Period
from reports.figure_specials import SPECIALS
from reports.indicators import Indicator, indicator
from reports.notice_queries import ALL_SOURCES
from reports.statistics import median, rounded

__all__ = [
    "INHERENT", "Figure", "FigureScope", "LoggingTime", "Period", "ShownFigure", "compute", "contacts_by_kind",
    "families_by_rung", "kept_counts", "logging_time", "published", "within",
]  # fmt: skip

#: Breakdowns that an indicator always has, because it is about nothing else.
INHERENT = {"I23": "language_group", "I24": "window", "I29": "activity"}
#: What the dashboard draws beside the indicators, by the names under which it is kept.
_LADDER, _KINDS = "ladder", "kinds"


def compute(code: str, scope: FigureScope, period: Period, by: str = "") -> Figure:
    """Count one indicator. ValueError for a breakdown that it does not have; one or two queries, however many schools.

    The result is not protected: whatever leaves passes ``Figure.protected`` first, or comes from ``published``.
    """
    definition = indicator(code)
    by = INHERENT.get(definition.code, by)
    if by not in ("", "month", *definition.breakdowns):
        raise ValueError(f"{definition.code} has no breakdown by {by}.")
    counted = kept.remembered(scope, _name(definition, by), period, partial(_figure_of, definition, period, by))
    figure: Figure = counted.value
    return replace(figure, counted_at=counted.at) if counted.at else figure


def kept_counts(
    codes: Iterable[str], period: Period, *, breakdowns: bool = True
) -> Iterator[tuple[str, Callable[[FigureScope], Any]]]:
    """The names under which figures are kept and what counts each: of the indicators, then what the dashboard draws."""
    for code in codes:
        definition = indicator(code)
        ways = ("", *definition.breakdowns) if breakdowns else ("",)
        for by in dict.fromkeys(INHERENT.get(code, way) for way in ways):
            yield _name(definition, by), partial(_figure_of, definition, period, by)
    if breakdowns:
        yield _LADDER, partial(_rungs, period)
        yield _KINDS, partial(_kinds, period)


def _name(definition: Indicator, by: str) -> str:
    return f"{definition.code}.{definition.version}.{by}"


def _figure_of(definition: Indicator, period: Period, by: str, scope: FigureScope) -> Figure:
    if definition.code in SPECIALS:
        return SPECIALS[definition.code](definition, scope, period, by)
    return _count(definition, scope, period, by)


def published(code: str, scope: FigureScope, period: Period, by: str = "") -> ShownFigure:
    """The figure as the scope's viewer may read it."""
    return compute(code, scope, period, by).protected(scope.is_for_outsiders())


def families_by_rung(scope: FigureScope, period: Period) -> dict[str, Cell]:
    """How many families stand on each rung of the reach ladder at the end of the period; one query."""
    found: dict[str, Cell] = kept.remembered(scope, _LADDER, period, partial(_rungs, period)).value
    return found


def _rungs(period: Period, scope: FigureScope) -> dict[str, Cell]:
    families = population(scope, period).values("family_id")
    found = ladder_counts.families_by_rung(families, period.first, period.last, schools=scope.school_ids())
    return {str(rung.value): Cell(number) for rung, number in found.items()}


def contacts_by_kind(scope: FigureScope, period: Period) -> dict[str, dict[date, int]]:
    """Contacts that took place, by kind and month; one query."""
    found: dict[str, dict[date, int]] = kept.remembered(scope, _KINDS, period, partial(_kinds, period)).value
    return found


def _kinds(period: Period, scope: FigureScope) -> dict[str, dict[date, int]]:
    rows = moments(scope, period).filter(is_reach=True).order_by()
    found: dict[str, dict[date, int]] = {}
    for kind, month, number in rows.values_list("kind", "held_month").annotate(n=Count("pk")):
        found.setdefault(kind, {})[month] = number
    return found


class LoggingTime(NamedTuple):
    """What noting one talk costs: the median, in whole seconds, of this many talks."""

    seconds: int
    talks: int


def logging_time(scope: FigureScope, period: Period) -> LoggingTime | None:
    """What the pages of the quick log measured, for all who wrote together; one query. None with fewer than five
    talks or five writers: it is about the work, never about who was slow."""
    found: LoggingTime | None = kept.remembered(scope, "logging", period, partial(_logging, period)).value
    return found


def _logging(period: Period, scope: FigureScope) -> LoggingTime | None:
    measured = moments(scope, period).filter(seconds_to_log__isnull=False).order_by()
    found = list(measured.values_list("seconds_to_log", "recorded_by_id"))
    middle = median(seconds for seconds, _writer in found if seconds is not None)
    if middle is None or len({writer for _seconds, writer in found}) < FLOOR:
        return None
    return LoggingTime(int(rounded(Fraction(middle))), len(found))


def _count(definition: Indicator, scope: FigureScope, period: Period, by: str) -> Figure:
    counted = ALL_SOURCES[definition.code](scope, period, by)
    is_overlapping = by in counted.overlapping
    if by in ("", "month"):
        cells = _cells(counted, None)
        return _beside(_figure(definition, period, by, counted, cells), counted)
    if not is_overlapping:
        return _beside(_figure(definition, period, by, counted, _cells(counted, counted.dimensions[by])), counted)
    whole = ALL_SOURCES[definition.code](scope, period, "")
    figure = _beside(_figure(definition, period, "", whole, _cells(whole, None)), whole)
    rows = _sums(_cells(counted, counted.dimensions[by], with_months=False))
    return Figure(
        definition=definition,
        period=period,
        total=figure.total,
        by=by,
        rows={label: found.total for label, found in rows.items()},
        months=figure.months,
        also=figure.also,
        is_cumulative=counted.is_cumulative,
        is_overlapping=True,
    )


def _beside(figure: Figure, counted: Counted) -> Figure:
    """The figure with what nobody can place beside it, of all units: one query for each."""
    if not counted.apart:
        return figure
    numbers = {name: rows.values(counted.unit).distinct().count() for name, rows in counted.apart.items()}
    cells = {name: Cell(number, (figure.total.N or 0) + number) for name, number in numbers.items()}
    return replace(figure, also={**figure.also, **cells})


class _Tally:
    """Counts of one group while they are added up: all of it, by month, and the second numerators."""

    def __init__(self) -> None:
        self.total = Cell(0, 0)
        self.months: dict[date | None, Cell] = {}
        self.also: dict[str, Cell] = {}

    def add(self, month: date | None, cell: Cell, also: dict[str, int]) -> None:
        self.total = _plus(self.total, cell)
        self.months[month] = _plus(self.months.get(month, Cell(0, 0)), cell)
        for name, number in also.items():
            self.also[name] = _plus(self.also.get(name, Cell(0, 0)), Cell(number, cell.N))


_Row = tuple[str, date | None, Cell, dict[str, int]]


def _cells(counted: Counted, dimension: Any, *, with_months: bool = True) -> list[_Row]:
    """(group, month, cell, second numerators): one query, grouped by the database."""
    has_month = bool(counted.month) and with_months
    rows = counted.rows.annotate(group_key=Value("") if dimension is None else dimension)
    if counted.firsts:
        firsts = counted.firsts
        who = rows.values("group_key", unit=F(counted.unit), place=firsts.place)
        found = grouped(who, firsts.rows, with_months=has_month, wants_none=firsts.wants_none)
        return [(group, month, Cell(n, size), {}) for group, month, n, size in found]
    rows = rows.annotate(group_month=F(counted.month) if has_month else Value(None, output_field=IntegerField()))
    numbers = {"n": Count(counted.unit, distinct=True, filter=counted.hit)}
    numbers |= {f"n_{name}": Count(counted.unit, distinct=True, filter=hit) for name, hit in counted.also.items()}
    cells = rows.values("group_key", "group_month").annotate(size=Count(counted.unit, distinct=True), **numbers)
    return [
        (
            str(row["group_key"]),
            _day(row["group_month"]),
            Cell(row["n"], row["size"]),
            {name: row[f"n_{name}"] for name in counted.also},
        )
        for row in cells.order_by("group_key")
    ]


def _sums(rows: Iterable[_Row]) -> dict[str, _Tally]:
    found: dict[str, _Tally] = {}
    for group, month, cell, also in rows:
        found.setdefault(group, _Tally()).add(month, cell, also)
    return found


def _figure(definition: Indicator, period: Period, by: str, counted: Counted, rows: list[_Row]) -> Figure:
    """A figure from cells whose groups do not overlap: the total is their sum."""
    whole = _Tally()
    for _, month, cell, also in rows:
        whole.add(month, cell, also)
    groups = _sums(rows) if by not in ("", "month") else {}
    months = _series(whole, period, counted) if counted.month else []
    return Figure(
        definition=definition,
        period=period,
        total=whole.total,
        by=by,
        rows={f"{day:%Y-%m}": cell for day, cell in months} if by == "month" else _totals(groups, definition),
        months=months,
        lines={label: _series(tally, period, counted) for label, tally in groups.items()} if counted.month else {},
        also={name: whole.also.get(name, Cell(0, 0)) for name in counted.also},
        sizes_together=[here for labels in counted.together.get(by, ()) if (here := groups.keys() & {*labels})],
        are_rests=counted.are_rests and by in counted.together,
        is_cumulative=counted.is_cumulative,
    )


def _totals(groups: dict[str, _Tally], definition: Indicator) -> dict[str, Cell]:
    found = {label: tally.total for label, tally in groups.items()}
    if definition.code == "I23":
        return {label: found.get(label, Cell(0, 0)) for label in ("nl", "other", "unknown")}
    return found


def _series(tally: _Tally, period: Period, counted: Counted) -> Months:
    """The tally's months in order, empty ones included; cumulated over the whole group when that is what counts."""
    months = list(period.months())
    if not counted.is_cumulative:
        return [(month, tally.months.get(month, Cell(0, 0))) for month in months]
    series, reached = [], 0
    for month in months:
        reached += tally.months.get(month, Cell(0, 0)).n
        series.append((month, Cell(reached, tally.total.N)))
    return series


def _plus(one: Cell, other: Cell) -> Cell:
    return Cell(one.n + other.n, (one.N or 0) + (other.N or 0))


def _day(value: date | datetime | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value
