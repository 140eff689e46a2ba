"""Two periods beside each other: what was, what is, and the change. Nobody knows its cause, so it is no effect.

Inside the schools both periods are counted. Readers outside get the earlier one only from what is published anyway, the
months of the year or the kept grid of the year before: what they read tells nothing that they could not add up before.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext

from reports import statistics
from reports.audience import BEGIN, YEAR, YEAR_BEFORE, FigureRequest, Other
from reports.disclosure import Hidden, ProtectedCell, Shown
from reports.figure_table import FigureTable
from reports.figures import Period, ShownFigure, compute, within
from reports.frozen_year import frozen_months
from reports.holding import is_little_between
from reports.releases import shown as told
from reports.wording import (
    NO_BREAK,
    contacts,
    counted_beside,
    decimals_of_gap,
    headline,
    in_hours,
    in_number,
    in_points,
    label_of,
    percent,
    school_days,
    span,
    why_hidden,
)
from schools import clock

#: Is itself the change between two windows.
_CHANGES = "I24"


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A figure of an earlier period as its reader may see it; ``figure`` is None where only its total is known."""

    period: Period
    total: ProtectedCell
    figure: ShownFigure | None = None
    rows: Mapping[str, ProtectedCell] = field(default_factory=dict)

    @classmethod
    def of(cls, shown: ShownFigure) -> Earlier:
        return cls(period=shown.figure.period, total=shown.total, figure=shown, rows=shown.rows)

    @property
    def words(self) -> str:
        return headline(self.figure) if self.figure else percent(self.total)


def earlier_of(asked: FigureRequest, shown: ShownFigure, other: Other | None) -> Earlier | None:
    """The figure in the other period; None where there is none, or where this reader may not have it."""
    definition = shown.definition
    if other is None or definition.code == _CHANGES:
        return None
    if other.is_kept and other.scope.project:
        return _of_months(frozen_months(other.scope.project, definition), other.period, shown)
    if asked.is_outsider and (definition.unit == "%" or other.key != BEGIN):
        return _of_months(_published_months(other, shown), other.period, shown)
    if other.key == BEGIN and asked.term == YEAR and (asked.is_outsider or not shown.figure.by):
        before = baseline_of(asked, shown)
        return Earlier.of(before) if before else None
    return Earlier.of(compute(definition.code, other.scope, other.period, shown.figure.by).protected(False))


def baseline_of(asked: FigureRequest, shown: ShownFigure) -> ShownFigure | None:
    """The same figure for September and October; None when another part of the year was asked for. Outside the school
    it is left out when one of its months is hidden, since the months could be worked out with it, and when few families
    lie between it and the year."""
    if asked.term != YEAR or asked.period.last <= asked.baseline.last:
        return None
    window = set(asked.baseline.months())
    if asked.is_outsider and any(isinstance(cell, Hidden) for day, cell in shown.months if day in window):
        return None
    figure = shown.figure
    if figure.is_cumulative or not figure.months:
        before = compute(figure.definition.code, asked.scope, asked.baseline)
    else:
        before = within(figure, asked.baseline)
    (protected,) = told([before], asked.scope, asked.is_outsider, part="baseline")
    tells = asked.is_outsider and any(is_little_between(*pair) for pair in _shown_pairs(protected, shown))
    return None if protected.is_hidden or tells else protected


def home_baseline(asked: FigureRequest, shown: ShownFigure) -> Earlier | None:
    """What a figure of the home row stands beside: the chosen period, else September and October of the whole year."""
    begin = next((one for one in asked.others if one.key == BEGIN), None) if asked.term == YEAR else None
    return earlier_of(asked, shown, asked.other or begin)


def change_between(before: Earlier, shown: ShownFigure) -> str:
    """The change in the figure's own unit: "+6 pp", "−1,5 school days"; empty where there is none to tell."""
    if shown.is_hidden or isinstance(before.total, Hidden):
        return ""
    unit = shown.definition.unit
    if unit == "%" or before.figure is None:
        return _points(before.total, shown.total)
    then, now = before.figure.value(), shown.value()
    if then is None or now is None or math.inf in (then, now):
        return ""
    difference = Fraction(now) - Fraction(then)
    if unit == "pp":
        return in_points(difference, min(decimals_of_gap(before.figure), decimals_of_gap(shown)))
    number = f"+{in_number(difference)}" if difference > 0 else in_number(difference)
    if unit == "school days":
        return school_days(number)
    if unit == "contacts":
        return contacts(number)
    return in_hours(number)


def comparison(asked: FigureRequest, shown: ShownFigure) -> FigureTable | None:
    """Both periods of one figure, group by group; None without another period."""
    if asked.other is None:
        return None
    before = earlier_of(asked, shown, asked.other)
    if before is None:
        return FigureTable([], [], [_why_not(shown)])
    by, share = shown.figure.by, counted_beside(shown.definition.code)
    keys = [key for key in shown.rows if key in before.rows] if by != "month" else []
    is_of_parts = bool(keys) and shown.figure.is_of_parts
    pairs = [(label_of(by, key), before.rows[key], shown.rows[key]) for key in keys]
    if share and not is_of_parts:  # the groups stand under what their shares are of
        pairs.insert(0, (share, before.total, shown.total))
    elif not is_of_parts:
        pairs.append((gettext("Total"), before.total, shown.total))
    rows = [[label, *_cells(*pair)] for label, *pair in pairs]
    if share and before.figure is not None:
        rows.insert(0, [shown.definition.name, *_values(before, shown)])
    return FigureTable(_head(gettext("Group")), rows, _notes([before]))


def home_comparison(asked: FigureRequest, shown: Mapping[str, ShownFigure]) -> FigureTable | None:
    """The figures of the home row in both periods; None without another period."""
    if asked.other is None:
        return None
    found = {code: earlier_of(asked, figure, asked.other) for code, figure in shown.items()}
    rows = [[_named(found[code], figure), *_home_cells(found[code], figure)] for code, figure in shown.items()]
    return FigureTable(_head(gettext("Figure")), rows, _notes(one for one in found.values() if one))


def _named(before: Earlier | None, shown: ShownFigure) -> str:
    """The figure, or of a median only the share beside it, where no more is known of the other period."""
    share = counted_beside(shown.definition.code) if before and before.figure is None else ""
    return f"{shown.definition.name} · {share}" if share else shown.definition.name


def _home_cells(before: Earlier | None, shown: ShownFigure) -> list[str]:
    if before is None:
        return [gettext("not shown"), "", _now(shown), "", ""]
    if shown.definition.unit == "%" or before.figure is None:
        return _cells(before.total, shown.total)
    return _values(before, shown)


def _values(before: Earlier, shown: ShownFigure) -> list[str]:
    """Both headlines and the change, of a figure that has no margin."""
    return [before.words, "", _now(shown), "", change_between(before, shown)]


def _now(shown: ShownFigure) -> str:
    return why_hidden(shown) or headline(shown)


def spans(asked: FigureRequest) -> str:
    """Which two periods stand beside each other."""
    if asked.other is None:
        return ""
    return gettext("%(earlier)s, beside %(now)s") % {"earlier": span(asked.other.period), "now": span(asked.period)}


def _published_months(other: Other, shown: ShownFigure) -> dict[date, ProtectedCell]:
    """The months as this reader gets them anyway: of the same year, or of the whole year before as it was told then, so
    that nobody finds who was forgotten since."""
    if other.key != YEAR_BEFORE or other.scope.project is None:
        return dict(shown.months)
    year = Period.of_whole_months(other.scope.project, clock.today())
    (before,) = told([compute(shown.definition.code, other.scope, year)], other.scope, for_outsiders=True)
    return dict(before.months)


def _of_months(months: Mapping[date, ProtectedCell], window: Period, shown: ShownFigure) -> Earlier | None:
    """The window's total from shown months alone. A curve tells it where the window begins with the curve."""
    wanted = list(window.months())
    if shown.definition.unit not in ("%", "school days"):
        return None
    if shown.figure.is_cumulative:
        last = months.get(wanted[-1])
        known = isinstance(last, Shown) and min(months) == wanted[0]
        return Earlier(period=window, total=last) if known and last else None
    cells = [months.get(month) for month in wanted]
    parts = [cell for cell in cells if isinstance(cell, Shown)]
    if len(parts) < len(cells):
        return None
    return Earlier(period=window, total=Shown(sum(one.n for one in parts), sum(one.N or 0 for one in parts)))


def _shown_pairs(before: ShownFigure, now: ShownFigure) -> list[tuple[Shown, Shown]]:
    """The same cell in both, where both are shown."""
    pairs = [(before.total, now.total), *((before.rows[key], now.rows[key]) for key in before.rows if key in now.rows)]
    return [(first, last) for first, last in pairs if isinstance(first, Shown) and isinstance(last, Shown)]


def _cells(before: ProtectedCell, now: ProtectedCell) -> list[str]:
    return [_with_counts(before), _interval(before), _with_counts(now), _interval(now), _points(before, now)]


def _with_counts(cell: ProtectedCell) -> str:
    if isinstance(cell, Hidden):
        return gettext(cell.message)
    return f"{percent(cell)} ({cell.n} / {cell.N})" if cell.N else percent(cell)


def _interval(cell: ProtectedCell) -> str:
    """Wilson's 95 % interval, with the decimals of the share."""
    if isinstance(cell, Hidden) or not cell.N:
        return ""
    low, high = statistics.wilson_interval(cell.n, cell.N)
    decimals = statistics.rate_decimals(cell.N)
    ends = (statistics.format_number(Fraction(100 * end), decimals) for end in (low, high))
    return f"{'–'.join(ends)}{NO_BREAK}%"


def _points(before: ProtectedCell, now: ProtectedCell) -> str:
    if isinstance(before, Hidden) or isinstance(now, Hidden):
        return ""
    points = statistics.points_between((before.n, before.N or 0), (now.n, now.N or 0))
    if points is None:
        return statistics.NO_FIGURE
    text = statistics.format_points(points, statistics.rate_decimals(now.N or 0, before.N or 0))
    return f"{text}{NO_BREAK}pp"


def _head(first: str) -> list[str]:
    return [
        first,
        gettext("Earlier"),
        gettext("Margin, earlier"),
        gettext("Now"),
        gettext("Margin, now"),
        gettext("The change"),
    ]


def _notes(earlier: Iterable[Earlier]) -> list[str]:
    notes = [gettext("This is a change, not an effect: nobody can tell from these numbers what caused it.")]
    notes.append(gettext("The margin is the interval of Wilson, which holds the true share 95 times in 100."))
    if any(one.figure is None for one in earlier):
        notes.append(gettext("The earlier number is made of published months, and is about all families of its year."))
    return notes


def _why_not(shown: ShownFigure) -> str:
    if shown.definition.code == _CHANGES:
        return gettext("This figure is a change between two periods itself.")
    return gettext("The earlier number is not shown: it is not published, or would tell a small group.")
