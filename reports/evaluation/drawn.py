"""The charts of a report, drawn from protected figures only; ``{"chart": …}``, as a run stores them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import override

from reports.charts import Chart, Series, Tone
from reports.disclosure import Hidden, ProtectedCell, Shown
from reports.evaluation.counting import GROUP_NAMES, LANGUAGE, Counting, name_of
from reports.wording import rates_drawn

MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_HIDDEN_POINT = (
    "Een maand zonder punt is niet getoond: uit het verschil zou een groep van één tot vier gezinnen blijken."
)
#: Compared as shares on one axis; the others have units of their own.
_SHARES = ("I01", "I02", "I06", "I17")


def reach_chart(counting: Counting) -> dict[str, Any]:
    """F1: families reached and spoken with, cumulative by month."""
    reached, spoken = counting.figure("I01", by="month"), counting.figure("I02", by="month")
    chart = Chart(
        kind="lines",
        title="Bereik in de loop van het jaar",
        subtitle="Gezinnen met een contact en met een gesprek in twee richtingen, opgeteld sinds het begin",
        x=[MONTHS[day.month - 1] for day, _ in reached.months],
        series=[
            _rates("contact", [found for _, found in reached.months], "leaf"),
            _rates("gesprek", [found for _, found in spoken.months], "sky"),
        ],
        unit="%",
        max=100,
        note=_HIDDEN_POINT if any(isinstance(found, Hidden) for _, found in (*reached.months, *spoken.months)) else "",
        gap="–",
    )
    return _drawn(chart)


def before_after(counting: Counting) -> dict[str, Any]:
    """F2: a dumbbell per indicator that is a share."""
    ends = {window: [counting.figure(code, window).total for code in _SHARES] for window in ("baseline", "end")}
    chart = Chart(
        kind="dumbbell",
        title="Van nulmeting naar laatste meting",
        x=[name_of(code) for code in _SHARES],
        series=[_rates("nulmeting", ends["baseline"], "sun"), _rates("laatste meting", ends["end"], "leaf")],
        unit="%",
        max=100,
        gap="–",
    )
    return _drawn(chart)


def language_gap(counting: Counting) -> dict[str, Any]:
    """F3: the reach of both groups of home language, baseline and last."""
    groups = ("nl", "other")
    rows = {window: counting.figure("I01", window, "language_group").rows for window in ("baseline", "end")}
    ends = {window: [found.get(group, Shown(0, 0)) for group in groups] for window, found in rows.items()}
    chart = Chart(
        kind="dumbbell",
        title="Bereik per thuistaal: nulmeting en laatste meting",
        x=[GROUP_NAMES[group] for group in groups],
        series=[_rates("nulmeting", ends["baseline"], "sun"), _rates("laatste meting", ends["end"], "leaf")],
        unit="%",
        max=100,
        gap="–",
    )
    return _drawn(chart)


def _rates(label: str, cells: Iterable[ProtectedCell], tone: Tone) -> Series:
    with override(LANGUAGE):
        return rates_drawn(label, cells, tone)


def _drawn(chart: Chart) -> dict[str, Any]:
    with override(LANGUAGE):
        return {"chart": chart.as_content(LANGUAGE)}
