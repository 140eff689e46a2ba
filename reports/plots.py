"""The dashboard's charts: each with its table, its note, and why cells are held back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, gettext_noop

from reports import statistics
from reports.audience import FigureRequest
from reports.cells import counts as counted
from reports.charts import Chart, Series, Tone, svg
from reports.disclosure import (
    Cell,
    Hidden,
    ProtectedCell,
    Shown,
    Table,
    explanations,
    protect_breakdown,
    protect_cell,
    protect_inside,
)
from reports.figure_links import Links, linked
from reports.figure_lists import ALL, CONTACTS, HIT, KIND_GROUPS, LADDER
from reports.figures import ShownFigure, compute
from reports.holding import Sum
from reports.reach import LABELS, Rung
from reports.releases import counts_shown
from reports.samecounts import AT_HOME, BY_MONTH, TALKS, of_month
from reports.wording import label_of, percent, rate_drawn, rates_drawn
from schools import languages
from schools.days import month_letter

#: What stands in a chart where a cell is hidden, for whatever reason.
GAP = statistics.NO_FIGURE
#: Sums of rungs that other figures tell: all families, and those spoken with.
_ALL, _SPOKEN = "*", "*spoken"
#: Of more groups than these a chart of the dashboard shows only the last ones.
MOST_GROUPS, LAST_GROUPS = 40, 20
KINDS: tuple[tuple[str, Tone, str], ...] = (
    (gettext_noop("At school"), "leaf", "op-school"),
    (gettext_noop("By phone or in writing"), "sky", "op-afstand"),
    (gettext_noop("At home"), "blossom", "thuis"),
    (gettext_noop("Group moments"), "sun", "samen"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A chart as the page shows it; ``picture`` is empty where there is nothing to draw."""

    title: str
    picture: str
    columns: list[dict[str, Any]]
    rows: list[list[str]]
    note: str = ""
    held_back: list[str] = field(default_factory=list)
    url: str = ""


def curve(shown: Mapping[str, ShownFigure], url: str, links: Links) -> Plot:
    """Reach and two-way contact, cumulated by month."""
    title = gettext("Families reached since the start, by month")
    tones: tuple[Tone, Tone] = ("leaf", "blossom")
    months = [_month(day) for day, _ in shown["I01"].months]
    series = [
        rates_drawn(figure.definition.name, [cell for _, cell in figure.months], tone)
        for figure, tone in zip(shown.values(), tones, strict=True)
    ]
    rows = [
        [month, *(_of_month(figure, place, links) for figure in shown.values())] for place, month in enumerate(months)
    ]
    cells = [cell for figure in shown.values() for _, cell in figure.months]
    return Plot(
        title=title,
        picture=_draw(Chart("lines", title, months, series, unit="%", max=100, gap=GAP)),
        columns=_columns(gettext("Month"), *(one.label for one in series)),
        rows=rows,
        held_back=explanations(cells),
        url=url,
    )


def monthly(shown: ShownFigure, title: str, url: str, links: Links, note: str = "") -> Plot:
    """The share of each month, of a figure whose units each belong to one."""
    months = [_month(day) for day, _ in shown.months]
    series = [rates_drawn(shown.definition.name, [cell for _, cell in shown.months])]
    return Plot(
        title=title,
        picture=_draw(Chart("lines", title, months, series, unit="%", max=100, gap=GAP) if months else None),
        columns=_columns(gettext("Month"), shown.definition.name),
        rows=[[month, _of_month(shown, place, links)] for place, month in enumerate(months)],
        note=note,
        held_back=explanations(cell for _, cell in shown.months),
        url=url,
    )


def groups(shown: ShownFigure, title: str, note: str, url: str, links: Links) -> Plot:
    """One bar per group of a breakdown; of very many, such as the schools of a province, those furthest behind."""
    held_back = explanations(shown.rows.values())
    if len(shown.rows) > MOST_GROUPS:
        rates = {key: rate_drawn(cell) for key, cell in shown.rows.items()}
        behind = sorted(rates, key=lambda key: (rates[key] is None, rates[key] or 0))
        shown = replace(shown, rows={key: shown.rows[key] for key in behind[:LAST_GROUPS]})
        few = gettext("These %(number)d are furthest behind; the others stand on the page of this figure.")
        note = f"{note} {few % {'number': LAST_GROUPS}}".strip()
    labels = {key: label_of(shown.figure.by, key) for key in shown.rows}
    series = [rates_drawn(shown.definition.name, shown.rows.values())]
    chart = Chart("hbars", title, list(labels.values()), series, unit="%", max=100, gap=GAP) if labels else None
    return Plot(
        title=title,
        picture=_draw(chart),
        columns=_columns(gettext("Group"), shown.definition.name),
        rows=_rows(shown, links),
        note=note,
        held_back=held_back,
        url=url,
    )


def two_lines(shown: ShownFigure, title: str, note: str, url: str, links: Links) -> Plot:
    """Reach by month of both language groups: the gap is what lies between the lines."""
    wanted: list[tuple[str, Tone]] = [("nl", "leaf"), ("other", "blossom")]
    lines = [(key, tone, shown.lines[key]) for key, tone in wanted if key in shown.lines]
    months = [_month(day) for day, _ in lines[0][2]] if lines else []
    series = [
        rates_drawn(label_of("language_group", key), [Shown(cell.n, cell.N) for _, cell in line], tone)
        for key, tone, line in lines
    ]
    return Plot(
        title=title,
        picture=_draw(Chart("lines", title, months, series, unit="%", max=100) if lines else None),
        columns=_columns(gettext("Group"), shown.definition.name),
        rows=_rows(shown, links),
        note=note,
        url=url,
    )


def kinds(counts: Mapping[str, Mapping[date, int]], asked: FigureRequest, links: Links) -> Plot:
    """Contacts that took place, by kind and month."""
    title = gettext("Contacts by kind and month")
    months = list(asked.period.months())
    numbers = [
        [sum(counts.get(kind, {}).get(month, 0) for kind in KIND_GROUPS[key]) for month in months]
        for _, _, key in KINDS
    ]
    table = counted([label for label, _, _ in KINDS], [f"{month}" for month in months], numbers, "kind", "month")
    cells = _told_by_month(table, asked) if asked.is_outsider else table.cells
    names = [_month(month) for month in months]
    series = [
        Series(gettext(label), [None if isinstance(cell, Hidden) else cell.n for cell in line], tone)
        for (label, tone, _), line in zip(KINDS, cells, strict=True)
    ]
    return Plot(
        title=title,
        picture=_draw(Chart("lines", title, names, series, gap=GAP)),
        columns=_columns(gettext("Month"), *(one.label for one in series)),
        rows=[
            [
                name,
                *(
                    linked(_number(line[place]), links.to(CONTACTS, group=key, month=months[place]))
                    for (_, _, key), line in zip(KINDS, cells, strict=True)
                ),
            ]
            for place, name in enumerate(names)
        ],
        held_back=explanations(cell for line in cells for cell in line),
    )


def ladder(counts: Mapping[str, Cell], asked: FigureRequest, links: Links) -> Plot:
    """How many families stand on each rung."""
    title = gettext("How far families are reached")
    shown: Mapping[str, Any] = _rungs_for_outsiders(counts, asked) if asked.is_outsider else counts
    labels = [gettext(LABELS[rung]) for rung in Rung]
    values = [None if isinstance(cell, Hidden) else cell.n for cell in shown.values()]
    chart = Chart("ladder", title, labels, [Series(gettext("Families"), values)], gap=GAP)
    return Plot(
        title=title,
        picture=_draw(chart),
        columns=_columns(gettext("Step"), gettext("Families")),
        rows=[
            [label, linked(_number(cell), links.to(LADDER, group=key))]
            for label, (key, cell) in zip(labels, shown.items(), strict=True)
        ],
        note=gettext("Each family stands on the highest step that it reached in this period."),
        held_back=explanations(shown.values()),
    )


def _told_by_month(table: Table, asked: FigureRequest) -> list[list[ProtectedCell]]:
    """A month that is told stays so while one to four contacts are noted later."""
    months = [date.fromisoformat(column) for column in table.columns]
    flat = {
        of_month(kind, month): cell
        for kind, line in zip(table.rows, _protected_by_month(table, asked), strict=True)
        for month, cell in zip(months, line, strict=True)
    }
    *talks, _moments = table.rows
    for place, month in enumerate(months):
        flat[of_month(TALKS, month)] = protect_cell(Cell(sum(line[place].n for line in table.cells[:-1])))
    sums = [Sum([of_month(kind, month) for kind in talks], of_month(TALKS, month)) for month in months]
    told = counts_shown(BY_MONTH, flat, asked.scope, asked.period, sums)
    return [[told[of_month(kind, month)] for month in months] for kind in table.rows]


def _protected_by_month(table: Table, asked: FigureRequest) -> list[Sequence[ProtectedCell]]:
    """I11 tells how many talks there were in a month, all but the group moments, and of each kind in the year; I10 the
    home visits of a month. So none of these hides a cell, and a small one needs another beside it among the talks."""
    *talks, together = table.cells
    apart = counted(table.rows[:-1], table.columns, [[cell.n for cell in line] for line in talks], "kind", "month")
    protected = protect_inside(apart)
    if any(isinstance(cell, Hidden) for cell in protected.cells[table.rows.index(AT_HOME)]):
        visits = compute("I10", asked.scope, asked.period).protected(for_outsiders=True)
        told_there = [(AT_HOME, f"{month}") for month, cell in visits.months if isinstance(cell, Shown)]
        protected = protect_inside(apart, also_known=told_there)
    moments = protect_breakdown(dict(zip(table.columns, together, strict=True)), table.row_totals[-1])
    return [*protected.cells, list(moments.values())]


def _rungs_for_outsiders(counts: Mapping[str, Cell], asked: FigureRequest) -> dict[str, ProtectedCell]:
    """I02 counts those who were spoken with, understood or not, and I31 those of whom no sign came back: unless these
    are hidden themselves, readers know both sums, and I01 tells how many families there are."""
    spoken = [str(Rung.SPOKEN.value), str(Rung.UNDERSTOOD.value)]
    silent = [str(rung.value) for rung in (Rung.NOT_TRIED, Rung.TRIED, Rung.HANDED_OVER)]
    total, known, no_sign = (Cell(sum(counts[rung].n for rung in rungs)) for rungs in (counts, spoken, silent))
    is_told = isinstance(protect_cell(known), Shown)
    known_sums = [
        rungs for rungs, sum_ in ((spoken, known), (silent, no_sign)) if isinstance(protect_cell(sum_), Shown)
    ]
    shown = protect_breakdown(counts, total, known_sums=known_sums)
    sums = [Sum(list(counts), _ALL), *([Sum(spoken, _SPOKEN)] if is_told else [])]
    beside = {_ALL: Shown(total.n), _SPOKEN: Shown(known.n)}
    now = counts_shown("rung", {**shown, **beside}, asked.scope, asked.period, sums)
    return {rung: now[rung] for rung in counts}


def _rows(shown: ShownFigure, links: Links) -> list[list[str]]:
    """A row for each group, its counts open their lists."""
    by, code = shown.figure.by, shown.definition.code
    return [
        [label_of(by, key), _with_counts(cell, *(links.to(code, part, by=by, group=key) for part in (HIT, ALL)))]
        for key, cell in shown.rows.items()
    ]


def _of_month(shown: ShownFigure, place: int, links: Links) -> str:
    month, cell = shown.months[place]
    return _with_counts(cell, *(links.to(shown.definition.code, part, month=month) for part in (HIT, ALL)))


def _with_counts(cell: ProtectedCell, hit_url: str, all_url: str) -> str:
    if isinstance(cell, Hidden):
        return gettext(cell.message)
    counts = percent(cell), linked(str(cell.n), hit_url), linked(str(cell.N), all_url)
    return format_html("<span>{} ({} / {})</span>", *counts)


def _number(cell: Any) -> str:
    return gettext(cell.message) if isinstance(cell, Hidden) else str(cell.n)


def _columns(first: str, *others: str) -> list[dict[str, Any]]:
    return [{"label": first}, *({"label": label, "numeric": True} for label in others)]


def _draw(chart: Chart | None) -> str:
    return svg(chart, languages.direction(get_language() or "nl")) if chart else ""


def _month(day: date) -> str:
    return date_format(day, month_letter())
