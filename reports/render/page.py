"""The document's blocks as HTML. Every word is escaped; the only markup is ours."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import override

from reports.charts import Chart, Series, svg, table
from reports.richtext import Block, Run
from schools.languages import MASTER

#: A table with more rows is folded on the screen: on a telephone each row is a card.
LONG_TABLE = 20
_HEADINGS = {"h2": "h3", "h3": "h4"}


def chapters_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Number, title, HTML and number of words of each chapter, for the template."""
    with override(MASTER):
        return [
            {
                "number": chapter["number"],
                "title": chapter["title"],
                "html": html_of(chapter["blocks"]),
                "words": words_in(chapter["blocks"]),
            }
            for chapter in document["chapters"]
        ]


def words_in(blocks: list[Block]) -> int:
    """How many words somebody wrote: tables, charts, cards and what the portal says between them do not count."""
    own = [block for block in blocks if not block.get("made")]
    written = [runs for block in own for runs in (block.get("runs", []), *_items(block))]
    return sum(len("".join(run["text"] for run in runs).split()) for runs in written)


def _items(block: Block) -> list[list[Run]]:
    return block["items"] if block["type"] in ("ul", "ol") else []


def html_of(blocks: list[Block]) -> SafeString:
    """The blocks one after the other; raises KeyError for a type that does not exist."""
    return format_html_join("\n", "{}", ((_html(block),) for block in blocks))


def _html(block: Block) -> SafeString:
    kind = block["type"]
    if kind == "pagebreak":  # of paper
        return SafeString("")
    if kind in ("p", *_HEADINGS):
        tag = _HEADINGS.get(kind, kind)
        return format_html("<{}>{}</{}>", tag, _runs(block["runs"]), tag)
    if kind in ("ul", "ol"):
        items = format_html_join("", "<li>{}</li>", ((_runs(item),) for item in block["items"]))
        start = format_html(' start="{}"', block["start"]) if "start" in block else ""
        return format_html("<{}{}>{}</{}>", kind, start, items, kind)
    return {"quote": _quote, "table": _table, "chart": _chart, "figures": _cards}[kind](block)


def _runs(runs: list[Run]) -> SafeString:
    return format_html_join("", "{}", ((_run(run),) for run in runs))


def _run(run: Run) -> SafeString:
    words = format_html("{}", run["text"])
    if "ref" in run:
        shown = '<strong class="text-leaf nowrap">{}</strong> <small class="muted">{}</small>'
        return format_html(shown, words, run["ref"])
    if run.get("unknown"):
        return format_html("<mark>{}</mark>", words)
    if run.get("bold"):
        words = format_html("<strong>{}</strong>", words)
    return format_html("<em>{}</em>", words) if run.get("italic") else words


def _quote(block: Block) -> SafeString:
    return format_html("<blockquote><p>{}</p></blockquote>", _runs(block["runs"]))


def _table(block: Block) -> SafeString:
    columns = [{"label": column["label"], "numeric": column.get("align") == "right"} for column in block["columns"]]
    context = {"caption": block["caption"], "columns": columns, "rows": block["rows"]}
    made = render_to_string("components/table.html", context)
    note = _small(block.get("note", ""))
    if len(block["rows"]) > LONG_TABLE:
        folded = '<details class="disclosure"><summary>{}</summary><div class="report-table">{}{}</div></details>'
        return format_html(folded, f"{block['caption']} ({len(block['rows'])} rijen)", made, note)
    return format_html('<div class="report-table">{}{}</div>', made, note)


def _small(words: str) -> SafeString | str:
    return format_html('<p class="small muted">{}</p>', words) if words else ""


def _chart(block: Block) -> SafeString:
    chart = chart_of(block)
    words = table(chart)
    columns = [{"label": head, "numeric": place > 0} for place, head in enumerate(words.head)]
    context = {"caption": chart.title, "caption_hidden": True, "columns": columns, "rows": words.rows}
    summary = "Dezelfde cijfers als tabel"
    return format_html(
        '<figure class="chart"><figcaption>{}</figcaption>{}'
        '<div class="chart-window" tabindex="0" role="group" aria-label="{}">{}</div>{}'
        '<details class="disclosure chart-table"><summary>{}</summary>{}</details></figure>',
        chart.title,
        _small(chart.subtitle),
        chart.title,
        svg(chart, "ltr"),
        _small(chart.note),
        summary,
        render_to_string("components/table.html", context),
    )


def _cards(block: Block) -> SafeString:
    # The indicator's code stands on the card, so that a reader finds it again in the annex.
    items = format_html_join(
        "",
        '<li class="stat"><span class="stat-label">{}</span><strong class="stat-value">{}</strong>'
        '<span class="stat-notes">{}</span></li>',
        (
            (card["label"], card["value"], " · ".join(word for word in (card["detail"], card["ref"]) if word))
            for card in block["items"]
        ),
    )
    return format_html('<ul class="stats plain-list">{}</ul>', items)


def chart_of(block: Block) -> Chart:
    """The chart that was stored, to be drawn again."""
    series = [
        Series(one["label"], [_number(value) for value in one["values"]], one["tone"], one.get("words", ()))
        for one in block["series"]
    ]
    return Chart(
        kind=block["kind"],
        title=block["title"],
        subtitle=block["subtitle"],
        x=block["x"],
        series=series,
        unit=block["unit"],
        max=block["max"],
        note=block["note"],
        alt=block["alt"],
        gap=block["gap"],
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(Fraction(str(value)))
