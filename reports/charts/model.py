"""What a chart says, apart from how it is drawn: series over categories, its unit, and the sentence for who cannot see.

Values are rounded by whoever counts them (``reports.statistics``); None is a value that may not be shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any, Literal, NamedTuple

from django.utils.translation import get_language, gettext, ngettext

from reports.statistics import format_number

Kind = Literal["bars", "hbars", "lines", "dumbbell", "ladder"]
Tone = Literal["leaf", "blossom", "sun", "sky"]

#: What stands where a value may not be shown.
GAP = "<5"
NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class Series:
    """One value per entry of ``Chart.x``; None where it is suppressed. ``words`` stand at the marks in place of the
    numbers, where these do not say how many decimals they carry: "66,0 %" is not "66 %"."""

    label: str
    values: Sequence[float | None]
    tone: Tone = "leaf"
    words: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """``max`` ends the value axis (None: just above the highest value); ``alt`` replaces the generated description.

    dumbbell takes two series (before, after); ladder takes one, whose bars each begin where the one before ended.
    ``gap`` is written in place of a suppressed value: "<5" only where that is true of every one of them.
    """

    kind: Kind
    title: str
    x: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    subtitle: str = ""
    max: float | None = None
    note: str = ""
    alt: str = ""
    gap: str = GAP

    def __post_init__(self) -> None:
        if not self.x or not self.series or any(len(one.values) != len(self.x) for one in self.series):
            raise ValueError("A chart has one value, or None, per series for each of its categories.")
        if any(one.words and len(one.words) != len(self.x) for one in self.series):
            raise ValueError("A series has words for each of its values, or none.")
        wanted = {"dumbbell": 2, "ladder": 1}.get(self.kind, len(self.series))
        if len(self.series) != wanted:
            raise ValueError(f"A {self.kind} chart takes {wanted} series.")
        values = [value for one in self.series for value in one.values if value is not None]
        if any(not 0 <= value < inf for value in values) or (self.max is not None and self.max <= 0):
            raise ValueError("A chart shows values from zero up, on an axis that ends above zero.")

    def as_content(self, language: str | None = None) -> dict[str, Any]:
        """The chart as JSON for typst; ``language`` is the reader's (default: the active one)."""
        return {
            "kind": self.kind,
            "title": self.title,
            "subtitle": self.subtitle,
            "unit": self.unit,
            "x": list(self.x),
            "series": [
                {
                    "label": one.label,
                    "values": [_plain(value) for value in one.values],
                    "tone": one.tone,
                    **({"words": list(one.words)} if one.words else {}),
                }
                for one in self.series
            ],
            "max": _plain(top(self)),
            "note": self.note,
            "alt": describe(self),
            "gap": self.gap,
            "language": language or get_language() or "nl",
        }


class ChartTable(NamedTuple):
    """The chart in words: a head and one row of texts per category."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table(chart: Chart) -> ChartTable:
    """The rows for the table beside the chart; the first column is the category and has no head of its own."""
    rows = ((category, *(figure(one, place, chart) for one in chart.series)) for place, category in enumerate(chart.x))
    return ChartTable(("", *(one.label for one in chart.series)), tuple(rows))


def figure(series: Series, place: int, chart: Chart) -> str:
    """A value as the reader sees it: "65 %", "2,5", or the mark of a gap. Units other than % stand on the axis."""
    value = series.values[place]
    if value is None:
        return chart.gap
    return series.words[place] if series.words else on_axis(value, chart)


def on_axis(value: float, chart: Chart) -> str:
    """A number as the axis says it, or a mark without words of its own."""
    text = format_number(Fraction(value), 0 if float(value).is_integer() else 1)
    return f"{text}{NO_BREAK}%" if chart.unit == "%" else text


def top(chart: Chart) -> float:
    """Where the value axis ends: ``chart.max``, else a round number that holds every value; 1 at least.

    A ladder ends at the sum of its rungs: everybody.
    """
    if chart.max is not None:
        return chart.max
    shown = [value for one in chart.series for value in one.values if value is not None]
    if chart.kind == "ladder":
        return max(sum(shown), 1)
    highest = max(*shown, 1) if shown else 1
    step = tick_step(highest)
    return step * -(-highest // step)


def tick_step(highest: float) -> float:
    """The distance of the ticks that divides 0 to ``highest`` in two to five: 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** len(str(int(highest)))
    steps = (power / 10.0**down * factor for down in range(4, -1, -1) for factor in (1, 2, 2.5, 5))
    return next(step for step in steps if highest / step <= 5 and (step >= 1 or highest < 1) and step * 2 % 1 == 0)


def describe(chart: Chart) -> str:
    """The main finding in sentences: from first to last over time, from before to after, else highest and lowest."""
    if chart.alt:
        return chart.alt
    sentences = _changes(chart) if chart.kind == "dumbbell" else [_finding(chart, one) for one in chart.series]
    hidden = sum(value is None for one in chart.series for value in one.values)
    if hidden:
        text = ngettext("%(count)d value is not shown.", "%(count)d values are not shown.", hidden)
        sentences.append(text % {"count": hidden})
    return " ".join(sentence for sentence in sentences if sentence)


def _finding(chart: Chart, series: Series) -> str:
    shown = [(value, place) for place, value in enumerate(series.values) if value is not None]
    if not shown:
        return ""
    if chart.kind == "ladder":
        rungs = ", ".join(f"{chart.x[place]} {figure(series, place, chart)}" for _, place in shown)
        return gettext("%(label)s, step by step: %(rungs)s.") % {"label": series.label, "rungs": rungs}
    words = {"label": series.label}
    ends = {"low": min(shown, key=_value), "high": max(shown, key=_value), "first": shown[0], "last": shown[-1]}
    for name, (_, place) in ends.items():
        words |= {name: figure(series, place, chart), f"{name}_at": chart.x[place]}
    if len(shown) == 1:
        return gettext("%(label)s: %(first)s (%(first_at)s).") % words
    if chart.kind == "lines":
        return (
            gettext(
                "%(label)s: from %(first)s (%(first_at)s) to %(last)s (%(last_at)s); "
                "lowest %(low)s (%(low_at)s), highest %(high)s (%(high_at)s)."
            )
            % words
        )
    return gettext("%(label)s: highest %(high)s (%(high_at)s), lowest %(low)s (%(low_at)s).") % words


def _changes(chart: Chart) -> list[str]:
    before, after = chart.series
    return [
        gettext("%(place)s: from %(before)s (%(before_label)s) to %(after)s (%(after_label)s).")
        % {
            "place": place,
            "before": figure(before, row, chart),
            "before_label": before.label,
            "after": figure(after, row, chart),
            "after_label": after.label,
        }
        for row, place in enumerate(chart.x)
    ]


def _value(point: tuple[float, int]) -> float:
    return point[0]


def _plain(value: float | None) -> float | int | None:
    """A JSON number: whole where it is whole."""
    if value is None:
        return None
    return int(value) if float(value).is_integer() else float(value)
