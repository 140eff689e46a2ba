"""Every figure of a report, counted once: protected for readers outside the school, and put into words.

A report leaves the house, so nothing here is ever shown unprotected. The words are Dutch, as the report is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.utils.translation import gettext, override

from reports import statistics
from reports.disclosure import Hidden, ProtectedCell, Reason, Shown
from reports.figures import FigureScope, Period, ShownFigure, compute
from reports.indicators import indicator
from reports.releases import Releases
from reports.wording import decimals_of_gap
from schools.models import Project

LANGUAGE = "nl"
NOT_SHOWN = "niet getoond"
NO_BREAK = "\u00a0"
#: Where the name of an indicator is that of all its steps, and its total that of one.
_TOTAL_SAYS = {"I31": "Gezinnen met een actieve rol: wie hielp of meedacht"}
GROUP_NAMES = {"nl": "Nederlands", "other": "Andere thuistaal", "unknown": "Niet bekend"}
ACTIVITIES = {
    "CONTACT": "contact met gezinnen",
    "PREPARATION": "voorbereiding",
    "COACHING": "coaching van het team",
    "ADMINISTRATION": "administratie",
    "TRAVEL": "verplaatsing",
}
#: Rounds of parent–teacher meetings fall outside September and October: their year is cut in two at new year.
_BY_HALVES = "I06"


@dataclass(frozen=True, slots=True)
class Windows:
    """The three periods of a report: ``year`` until now, ``baseline``, and the last one of the same length."""

    year: Period
    baseline: Period
    end: Period
    first_half: Period
    second_half: Period

    @classmethod
    def of(cls, project: Project, today: date) -> Windows:
        year = Period.of_whole_months(project, today)
        baseline = Period.baseline(project)
        months = list(year.months())
        last_two = Period(months[-2] if len(months) > 1 else months[-1], year.last)
        end = last_two if last_two.first > baseline.last else Period(months[-1], year.last)
        new_year = date(year.first.year + 1, 1, 1)
        first_half = Period(year.first, min(year.last, new_year - timedelta(days=1)))
        # Until a month of the new year is over there is no second half: a day before it holds no round.
        second_half = Period(new_year, max(new_year, year.last))
        return cls(year, baseline, end, first_half, second_half)

    def period(self, code: str, window: str) -> Period:
        """The days over which an indicator is counted in ``window``: year, baseline or end."""
        if code == _BY_HALVES and window != "year":
            return self.first_half if window == "baseline" else self.second_half
        period: Period = getattr(self, window)
        return period


@dataclass
class Counting:
    """The figures of one report at one moment. Each is counted when it is first asked for."""

    project: Project
    windows: Windows
    _known: dict[tuple[str, str, str], ShownFigure] = field(default_factory=dict)
    _parts: dict[tuple[str, Period], Releases] = field(default_factory=dict)

    def figure(self, code: str, window: str = "year", by: str = "") -> ShownFigure:
        key = (code, window, by)
        if key not in self._known:
            scope = FigureScope(project=self.project)
            counted = compute(code, scope, self.windows.period(code, window), by)
            protected = counted.protected(for_outsiders=True)
            if window != "year" and self._tells_a_month(code, window):
                protected = _left_out(protected)
            else:
                protected = self._releases(code, window).beside(protected)
            self._known[key] = protected
        return self._known[key]

    def _tells_a_month(self, code: str, window: str) -> bool:
        """Whether a part of the year tells a month that is hidden in it, to whoever reads the others of that part. Of a
        curve the baseline tells the point at its end, and so how many are new since the one before."""
        period, year = self.windows.period(code, window), self.figure(code)
        if period == self.windows.year:
            return False
        if year.figure.is_cumulative:
            return window == "baseline" and _tells_new(year, max(period.months()))
        wanted = set(period.months())
        return any(isinstance(cell, Hidden) for day, cell in year.months if day in wanted)

    @cached_property
    def releases(self) -> Releases:
        """What the city and the fund were told of this year."""
        return Releases.of(self.project, self.windows.year)

    def _releases(self, code: str, window: str) -> Releases:
        """What reports told of this part of the year: a next version, or the evaluation after an interim report, stands
        beside them."""
        if window == "year":
            return self.releases
        period = self.windows.period(code, window)
        if (window, period) not in self._parts:
            self._parts[window, period] = Releases.of(self.project, period, part=window)
        return self._parts[window, period]

    def remember(self, mark: dict[str, str], as_of: datetime) -> None:
        """Keep under this mark what was counted here and reads otherwise than before."""
        for one in (self.releases, *self._parts.values()):
            one.remember(mark, as_of)

    def headline(self, code: str, window: str = "year") -> dict[str, Any]:
        """One figure as a report stores and prints it: text, n, N, and the number behind the text (None: hidden)."""
        return headline(self.figure(code, window))


def _tells_new(shown: ShownFigure, month: date) -> bool:
    """Whether a hidden point of a curve tells of one to four families new since the shown one before."""
    if not isinstance(dict(shown.months).get(month), Hidden):
        return False
    before = [cell.n for day, cell in shown.months if day < month and isinstance(cell, Shown)]
    return 0 < dict(shown.figure.months)[month].n - (before or [0])[-1] < shown.definition.minimum


def _left_out(shown: ShownFigure) -> ShownFigure:
    """The figure with nothing told of it."""
    hidden = Hidden(Reason.COMPLEMENTARY)
    months = tuple((day, hidden) for day, _ in shown.months)
    return replace(
        shown,
        total=hidden,
        rows=dict.fromkeys(shown.rows, hidden),
        months=months,
        also=dict.fromkeys(shown.also, hidden),
    )


def headline(shown: ShownFigure) -> dict[str, Any]:
    value = shown.value()
    number = None if value is None or value == math.inf else float(value)
    told = {"text": _in_words(shown, value), "number": number, "unit": shown.definition.unit, **cell(shown.total)}
    return {**told, "decimals": decimals_of_gap(shown)} if shown.definition.unit == "pp" else told


def cell(found: ProtectedCell | None) -> dict[str, Any]:
    """A protected cell as JSON: n, N and the share as text, or why it is hidden."""
    if found is None:
        return {"n": None, "N": None, "share": statistics.NO_FIGURE}
    if isinstance(found, Hidden):
        return {"n": None, "N": None, "share": NOT_SHOWN, "hidden": str(found.reason)}
    size = found.N
    return {"n": found.n, "N": size, "share": percent(found.n, size) if size else statistics.NO_FIGURE}


def percent(n: int, size: int) -> str:
    """A rate as the report prints it, in Dutch: "65 %", "91,7 %"."""
    return f"{statistics.format_rate(n, size, decimal_mark=',')}{NO_BREAK}%"


def name_of(code: str, *, of_total: bool = False) -> str:
    """The indicator's name in the language of the report; ``of_total``: where its total stands alone."""
    if of_total and code in _TOTAL_SAYS:
        return _TOTAL_SAYS[code]
    with override(LANGUAGE):
        return indicator(code).name


def texts_of(code: str) -> dict[str, str]:
    """Label, meaning, numerator and denominator in the language of the report."""
    with override(LANGUAGE):
        return {key: gettext(text) for key, text in indicator(code).words.items()}


def points(value: Fraction | None, decimals: int = 0) -> str:
    """A difference in percentage points: "+6 procentpunt", "−3,3 procentpunt"."""
    text = statistics.format_points(value, decimals, decimal_mark=",")
    return text if value is None else f"{text}{NO_BREAK}procentpunt"


def _in_words(shown: ShownFigure, value: Fraction | float | None) -> str:
    if shown.is_hidden:
        return NOT_SHOWN
    if value is None:
        return statistics.NO_FIGURE
    unit = shown.definition.unit
    if unit == "%":
        return str(cell(shown.total)["share"])
    if unit == "school days":
        return school_days(value)
    if unit == "contacts":
        return f"{_number(value)}{NO_BREAK}{'contact' if value == 1 else 'contacten'}"
    if unit == "pp":
        number = statistics.format_number(Fraction(value), decimals_of_gap(shown), decimal_mark=",")
        return f"{number}{NO_BREAK}procentpunt"
    return f"{_number(value)}{NO_BREAK}uur"


def school_days(value: Fraction | float) -> str:
    """A median of waiting times in words."""
    if value == math.inf:
        return "langer dan de periode"
    return f"{_number(value)}{NO_BREAK}{'schooldag' if value == 1 else 'schooldagen'}"


def _number(value: Fraction | float) -> str:
    exact = Fraction(value)
    return statistics.format_number(exact, 0 if exact.denominator == 1 else 1, decimal_mark=",")
