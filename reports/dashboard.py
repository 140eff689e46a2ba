"""The home row: each figure with its baseline, its target and its months."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from reports import statistics
from reports.audience import FigureRequest
from reports.charts import sparkline
from reports.disclosure import Hidden, Shown
from reports.figures import Figure, FigureScope, ShownFigure, compute, within
from reports.indicators import HOME, INDICATORS, Unit
from reports.models import Target
from reports.targets import in_force, target_for
from reports.wording import goal, headline, percent, span, why_hidden

#: Figures for which a school sees the project's mean beside its own.
COMPARED = ("I01", "I02", "I06", "I17")


def home_figures(asked: FigureRequest) -> dict[str, ShownFigure]:
    """The six figures of the home row, as this reader may see them."""
    counted = {code: compute(code, asked.scope, asked.period) for code in HOME if code != "I01"}
    return {code: (counted.get(code) or _reach(counted["I23"])).protected(asked.is_outsider) for code in HOME}


def _reach(gap: Figure) -> Figure:
    """I01 from I23, which counts the same families by language group: one query for both."""
    return replace(gap, definition=INDICATORS["I01"], by="", rows={}, lines={})


def home_stats(
    asked: FigureRequest, shown: Mapping[str, ShownFigure], means: FigureScope | None
) -> list[dict[str, Any]]:
    """The parameters of the stat component for each figure of the home row."""
    held = in_force(asked.project, asked.period.last)
    return [_stat(asked, figure, target_for(held, code, asked.school), means) for code, figure in shown.items()]


def _stat(asked: FigureRequest, shown: ShownFigure, target: Target | None, means: FigureScope | None) -> dict[str, Any]:
    code = shown.definition.code
    before = baseline_of(asked, shown)
    notes = [span(asked.period)]
    if target is not None:
        notes.append(target_in_words(target, shown.definition.unit))
    if code == "I23" and not shown.is_hidden:
        notes.append(_both_lines(shown))
    if code == "I13" and isinstance(shown.total, Shown):
        notes.append(gettext("within three school days: %(value)s") % {"value": percent(shown.total)})
    if means is not None and code in COMPARED:
        notes.append(_mean(code, means, asked))
    with_counts = isinstance(shown.total, Shown) and code != "I23"
    return {
        "label": shown.definition.name,
        "value": headline(shown),
        "numerator": shown.total.n if with_counts and isinstance(shown.total, Shown) else "",
        "denominator": shown.total.N if with_counts and isinstance(shown.total, Shown) else "",
        "period": " · ".join(notes),
        "change": _change(shown, before),
        "change_tone": "plain",
        "chart": _spark(shown),
        "url": "?".join(filter(None, [reverse("indicator_detail", args=[code]), asked.query])),
        "suppressed": why_hidden(shown),
    }


def target_in_words(target: Target, unit: Unit) -> str:
    """The target beside its figure; a school's own is named so."""
    words = gettext("target of the school: %(value)s") if target.school_id else gettext("target: %(value)s")
    return words % {"value": goal(unit, target.value or Decimal(0))}


def baseline_of(asked: FigureRequest, shown: ShownFigure) -> ShownFigure | None:
    """The same figure for September and October; None when another part of the year was asked for. Outside the school
    it is left out when one of its months is hidden, since the months could be worked out with it."""
    if asked.term != "jaar" or asked.period.last <= asked.baseline.last:
        return None
    window = set(asked.baseline.months())
    if asked.is_outsider and any(isinstance(cell, Hidden) for day, cell in shown.months if day in window):
        return None
    figure = shown.figure
    if figure.is_cumulative or not figure.months:
        before = compute(figure.definition.code, asked.scope, asked.baseline)
    else:
        before = within(figure, asked.baseline)
    protected = before.protected(asked.is_outsider)
    return None if protected.is_hidden else protected


def _change(shown: ShownFigure, before: ShownFigure | None) -> str:
    if before is None or shown.is_hidden or before.value() is None:
        return ""
    if shown.definition.unit != "%":
        return gettext("Baseline: %(value)s") % {"value": headline(before)}
    now, then = shown.figure.total, before.figure.total
    points = statistics.points_between((then.n, then.N or 0), (now.n, now.N or 0))
    text = statistics.format_points(points, statistics.rate_decimals(now.N or 0, then.N or 0))
    return gettext("%(change)s pp since the baseline (%(value)s)") % {"change": text, "value": headline(before)}


def _both_lines(shown: ShownFigure) -> str:
    return gettext("Dutch at home %(dutch)s, another language %(other)s, ratio %(ratio)s") % {
        "dutch": percent(shown.rows["nl"]),
        "other": percent(shown.rows["other"]),
        "ratio": statistics.format_ratio(shown.ratio),
    }


def _mean(code: str, means: FigureScope, asked: FigureRequest) -> str:
    """The project's mean of the same months; a school never sees another school."""
    mean = compute(code, means, asked.period).protected(for_outsiders=True)
    return gettext("all schools of the project: %(value)s") % {"value": percent(mean.total)}


def _spark(shown: ShownFigure) -> str:
    values = _by_month(shown)
    return sparkline(values) if sum(value is not None for value in values) > 1 else ""


def _by_month(shown: ShownFigure) -> list[float | None]:
    figure = shown.figure
    if figure.definition.code == "I23":
        return _gaps(shown)
    if figure.definition.code == "I13":
        return [] if shown.is_protected else _medians(figure)
    rates = [
        None if isinstance(cell, Hidden) or not cell.N else statistics.rate(cell.n, cell.N) for _, cell in shown.months
    ]
    return [None if rate is None else float(rate) for rate in rates]


def _gaps(shown: ShownFigure) -> list[float | None]:
    if not {"nl", "other"} <= set(shown.lines):
        return []
    pairs = zip(shown.lines["other"], shown.lines["nl"], strict=True)
    gaps = [statistics.points_between((low.n, low.N or 0), (high.n, high.N or 0)) for (_, low), (_, high) in pairs]
    return [None if gap is None else float(gap) for gap in gaps]


def _medians(figure: Figure) -> list[float | None]:
    medians = [statistics.median(values) for values in figure.values_by.values()]
    return [None if value is None or value == math.inf else value for value in medians]
