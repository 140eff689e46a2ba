"""From a number to the list behind it, for who may read rows at all."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html

from reports.audience import FigureRequest
from reports.disclosure import Hidden
from reports.figure_lists import ALL, HIT, Which, has_list
from reports.figures import ShownFigure


class Links:
    """Addresses of lists; empty ones for readers outside the schools, and where no list stands behind a number."""

    def __init__(self, asked: FigureRequest) -> None:
        self.opens = not asked.is_outsider
        self.chosen = {name: value for name, value in QueryDict(asked.query).items() if name != "naast"}

    def to(self, code: str, part: str = HIT, *, by: str = "", group: str = "", month: date | None = None) -> str:
        if by == "month":
            by, group, month = "", "", date.fromisoformat(f"{group}-01")
        if not self.opens or not has_list(code, Which(part=part, by=by, group=group)):
            return ""
        shown_part, shown_month = "" if part == HIT else part, f"{month:%Y-%m}" if month else ""
        return self._address(code, deel=shown_part, per=by, groep=group, maand=shown_month)

    def since(self, code: str, key: str, day: date) -> str:
        """To what changed a figure since a day."""
        return self._address(code, deel=key, sinds=day.isoformat()) if self.opens else ""

    def _address(self, code: str, **named: str) -> str:
        query = urlencode(self.chosen | {name: value for name, value in named.items() if value})
        return "?".join(filter(None, [reverse("figure_list", args=[code]), query]))


def linked(text: str, url: str) -> str:
    """A number as a link to its list; a nought opens none."""
    return format_html('<a href="{}">{}</a>', url, text) if url and text.isdigit() and text != "0" else text


def linked_rows(rows: list[list[str]], shown: ShownFigure, links: Links) -> list[list[str]]:
    """The rows of a figure's table with n and N as links: those of the groups in order, then the total."""
    figure = shown.figure
    if figure.amounts:
        return rows
    code = shown.definition.code
    found: list[list[Any]] = []
    for key, row in zip([*shown.rows, ""], rows, strict=False):
        cell = shown.rows.get(key, shown.total)
        urls = ["", ""]
        if not isinstance(cell, Hidden):
            by = figure.by if key else ""
            urls = [links.to(code, part, by=by, group=key) for part in (HIT, ALL)]
        label, share, *counts = row
        found.append([label, share, *map(linked, counts[:2], urls), *counts[2:]])
    return found
