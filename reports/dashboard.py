"""The home row: each figure with its baseline, its target and its months."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from reports import statistics
from reports.audience import BEGIN, YEAR, FigureRequest
from reports.charts import sparkline
from reports.charts.canvas import runs
from reports.comparing import change_between, home_baseline
from reports.disclosure import Hidden, Shown
from reports.figure_links import Links
from reports.figure_lists import ALL, HIT
from reports.figures import Figure, FigureScope, Period, ShownFigure, compute
from reports.indicators import HOME, INDICATORS, Unit
from reports.models import Target
from reports.releases import shown as told
from reports.targets import in_force, target_for
from reports.wording import counted_beside, goal, headline, percent, span, why_hidden
from schools import clock
from schools.marks import colon

#: What the n and N of the home row are numbers of.
_COUNTED = {
    "I01": gettext_noop("families"),
    "I02": gettext_noop("families"),
    "I06": gettext_noop("meetings"),
    "I13": gettext_noop("questions"),
    "I17": gettext_noop("contacts"),
}
#: Figures for which a school sees the project's mean beside its own.
COMPARED = ("I01", "I02", "I06", "I17")


def home_figures(asked: FigureRequest) -> dict[str, ShownFigure]:
    """The six figures of the home row, as this reader may see them."""
    counted = {code: compute(code, asked.scope, asked.period) for code in HOME if code != "I01"}
    figures = [counted.get(code) or _reach(counted["I23"]) for code in HOME]
    return dict(zip(HOME, told(figures, asked.scope, asked.is_outsider), strict=True))


def _reach(gap: Figure) -> Figure:
    """I01 from I23, which counts the same families by language group: one query for both."""
    return replace(gap, definition=INDICATORS["I01"], by="", rows={}, lines={})


def counts_nobody(shown: ShownFigure) -> bool:
    """No family was at these schools in the period."""
    return isinstance(shown.total, Shown) and shown.total.N == 0


def home_stats(
    asked: FigureRequest, shown: Mapping[str, ShownFigure], means: FigureScope | None
) -> list[dict[str, Any]]:
    """The parameters of the stat component for each figure of the home row."""
    held = in_force(asked.project, asked.period.last)
    links, beside = Links(asked), _means(asked, means)
    return [
        _stat(asked, figure, target_for(held, code, asked.school), beside.get(code, ""), links)
        for code, figure in shown.items()
    ]


def _stat(asked: FigureRequest, shown: ShownFigure, target: Target | None, mean: str, links: Links) -> dict[str, Any]:
    code = shown.definition.code
    notes = [span(asked.period)]
    if target is not None:
        notes.append(target_in_words(target, shown.definition.unit))
    if code == "I23" and not shown.is_hidden:
        notes.append(_both_lines(shown))
    if code == "I13" and isinstance(shown.total, Shown):
        notes.append(gettext("within three school days: %(value)s") % {"value": percent(shown.total)})
    if mean:
        notes.append(gettext("all schools of the project: %(value)s") % {"value": mean})
    with_counts = isinstance(shown.total, Shown) and code != "I23"
    return {
        "label": shown.definition.name,
        "value": headline(shown),
        "numerator": shown.total.n if with_counts and isinstance(shown.total, Shown) else "",
        "denominator": shown.total.N if with_counts and isinstance(shown.total, Shown) else "",
        "counted": gettext(_COUNTED[code]) if with_counts else "",
        "numerator_url": links.to(code, HIT),
        "denominator_url": links.to(code, ALL),
        "period": " · ".join(notes),
        "change": _change(asked, shown),
        "change_tone": "plain",
        "chart": _spark(shown),
        "url": "?".join(filter(None, [reverse("indicator_detail", args=[code]), asked.query])),
        "suppressed": why_hidden(shown),
    }


def target_in_words(target: Target, unit: Unit) -> str:
    """The target beside its figure; a school's own is named so."""
    words = gettext("target of the school: %(value)s") if target.school_id else gettext("target: %(value)s")
    return words % {"value": goal(unit, target.value or Decimal(0))}


def _change(asked: FigureRequest, shown: ShownFigure) -> str:
    before = home_baseline(asked, shown)
    if before is None or shown.is_hidden or isinstance(before.total, Hidden):
        return ""
    # of published months, the families of the whole year are the denominator: that is not the evaluation's baseline
    is_baseline = before.figure is not None and (asked.other is None or asked.other.key == BEGIN)
    words: dict[str, str] = {"value": before.words, "period": span(before.period)}
    if shown.definition.unit == "%" and before.total.N:
        words["value"] += f", {_sizes(before.total, of_year=before.figure is None and shown.figure.is_cumulative)}"
    if shown.definition.unit != "%" and before.figure:
        return (gettext("Baseline: %(value)s") if is_baseline else gettext("%(period)s: %(value)s")) % words
    words["change"] = change_between(before, shown)
    if words["change"] in ("", statistics.NO_FIGURE):
        return ""
    if (share := counted_beside(shown.definition.code)) and before.figure is None:
        words["change"] = f"{share}{colon()} {words['change']}"
    if is_baseline:
        return gettext("%(change)s since the baseline of %(period)s (%(value)s)") % words
    return gettext("%(change)s since %(period)s (%(value)s)") % words


def _sizes(before: Shown, *, of_year: bool) -> str:
    """Of how many the earlier share is; published months of a curve count on the families of the whole year."""
    sizes = f"{before.n} / {before.N}"
    return gettext("%(sizes)s families of the whole year") % {"sizes": sizes} if of_year else sizes


def _both_lines(shown: ShownFigure) -> str:
    return gettext("Dutch at home %(dutch)s, another language %(other)s, ratio %(ratio)s") % {
        "dutch": percent(shown.rows["nl"]),
        "other": percent(shown.rows["other"]),
        "ratio": statistics.format_ratio(shown.ratio),
    }


def _means(asked: FigureRequest, scope: FigureScope | None) -> dict[str, str]:
    """The project's means beside those of a school, which reads them as everybody outside the other schools does: of
    whole months, and of no part of the year."""
    today = clock.today()
    if scope is None or scope.project is None or asked.term != YEAR or not Period.has_whole_month(scope.project, today):
        return {}
    period = Period.of_whole_months(scope.project, today)
    means = told([compute(code, scope, period) for code in COMPARED], scope, for_outsiders=True)
    return {mean.definition.code: f"{percent(mean.total)} ({span(period)})" for mean in means}


def _spark(shown: ShownFigure) -> str:
    """Nothing where no month follows another that is shown: single dots say nothing."""
    values = _by_month(shown)
    return sparkline(values) if any(len(run) > 1 for run in runs(values)) else ""


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
