"""Figures to take along: the same protected cells as on the page, with what they mean, who took them and when."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.formats import get_format
from django.utils.translation import gettext as _
from openpyxl import Workbook

from reports.disclosure import Hidden, ProtectedCell
from reports.figure_table import medians_beside, table_of
from reports.figures import ShownFigure
from reports.indicators import INDICATORS, Indicator
from reports.render.document import BRAND
from reports.render.sheets import write_sheet
from reports.statistics import rounded
from reports.wording import COST, counted_beside, headline, span
from schools import clock
from schools.spreadsheet import XLSX, as_csv, made_by_line

#: What n and N of a difference are of.
_REACH = "I01"


@dataclass(frozen=True, slots=True)
class FigureFile:
    """Figures of one place and period, for the person who takes them along."""

    place: str
    figures: Sequence[ShownFigure]
    taken_by: str

    def csv(self) -> bytes:
        """The table of the one figure."""
        (shown,) = self.figures
        table = table_of(shown)
        title = [f"{shown.definition.code} {shown.definition.name}", span(shown.figure.period)]
        rows = [table.head, *table.rows, *([note] for note in table.notes)]
        return as_csv(title, rows, self.taken_by).encode()

    def xlsx(self) -> bytes:
        """A sheet for each figure with numbers as numbers, one of what the indicators mean, and the watermark."""
        book, mark = Workbook(write_only=True), str(get_format("DECIMAL_SEPARATOR"))
        book.properties.title, book.properties.creator = self.place, BRAND
        if len(self.figures) > 1:
            lines = [_line(shown) for shown in self.figures]
            head = [_("Indicator"), _("What it says"), _("Value"), "n", "N", _("From"), _("To"), _("What n of N says")]
            write_sheet(book, _("Figures"), self.place, head, lines, made_by_line(self.taken_by), mark=mark)
        for shown in self.figures:
            if len(self.figures) == 1 or shown.rows or shown.figure.amounts:
                table = table_of(shown)
                caption = f"{shown.definition.name} · {self.place} · {span(shown.figure.period)}"
                notes = " ".join([*table.notes, made_by_line(self.taken_by)])
                write_sheet(book, shown.definition.code, caption, table.head, table.rows, notes, mark=mark)
        write_sheet(
            book,
            _("Definitions"),
            _("What the figures mean"),
            [_("Indicator"), _("What it says"), _("Meaning"), _("Numerator"), _("Denominator"), _("Version")],
            [_meaning(shown.definition) for shown in self.figures],
        )
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    def json(self) -> bytes:
        """For programs: counts and the reasons of hidden cells, no words to parse."""
        told = {
            "place": self.place,
            "taken_by": self.taken_by,
            "taken_at": clock.now().isoformat(timespec="seconds"),
            "figures": [described(shown) for shown in self.figures],
        }
        return json.dumps(told, ensure_ascii=False, indent=2).encode()


#: What a page offers, by the word in its address: media type, and how the file is made.
FORMATS: dict[str, tuple[str, Callable[[FigureFile], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", FigureFile.csv),
    "xlsx": (XLSX, FigureFile.xlsx),
    "json": ("application/json", FigureFile.json),
}


def described(shown: ShownFigure) -> dict[str, Any]:
    """A figure as its reader may see it, for programs."""
    period, response = shown.figure.period, shown.response()
    return {
        "code": shown.definition.code,
        "version": shown.definition.version,
        "label": shown.definition.name,
        "unit": shown.definition.unit,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "value": headline(shown),
        "total": _cell(shown.total),
        "also": {name: _cell(cell) for name, cell in shown.also.items()},
        "by": shown.figure.by,
        "rows": {label: _cell(cell) for label, cell in shown.rows.items()},
        "medians": {label: _rounded(value) for label, value in medians_beside(shown).items()},
        "spread": _spread(shown),
        "means": {name: _rounded(mean, 2 if name == COST else 1) for name, mean in shown.means().items()},
        "response": None if response is None else _cell(response),
        "months": {f"{day:%Y-%m}": _cell(cell) for day, cell in shown.months},
        "hours": {activity: float(hours) for activity, hours in shown.figure.amounts.items()},
        "protected": shown.is_protected,
    }


def _spread(shown: ShownFigure) -> dict[str, float | None]:
    """The quantiles that the page tells: of families the middle half, of questions how long nine in ten took."""
    if shown.spread is None:
        return {}
    outer = ("first_quartile", "third_quartile") if shown.definition.unit == "contacts" else ("ninetieth",)
    return {name: _rounded(getattr(shown.spread, name)) for name in ("median", *outer)}


def _rounded(value: float | Fraction, decimals: int = 1) -> float | None:
    """As the page says it, for exact means tell the sums behind them; None for a question without an answer."""
    return None if value == math.inf else float(rounded(Fraction(value), decimals))


def _cell(cell: ProtectedCell) -> dict[str, Any]:
    if isinstance(cell, Hidden):
        return {"n": None, "N": None, "hidden": str(cell.reason.value)}
    return {"n": cell.n, "N": cell.N}


def _line(shown: ShownFigure) -> list[object]:
    total, period = shown.total, shown.figure.period
    counts = ["", ""] if isinstance(total, Hidden) else [total.n, total.N if total.N is not None else ""]
    value = _(total.message) if isinstance(total, Hidden) else headline(shown)
    days = [period.first.isoformat(), period.last.isoformat()]
    code = shown.definition.code
    beside = INDICATORS[_REACH].name if shown.definition.unit == "pp" else counted_beside(code)
    return [code, shown.definition.name, value, *counts, *days, beside]


def _meaning(one: Indicator) -> list[object]:
    return [one.code, one.name, *(one.words[key] for key in ("meaning", "numerator", "denominator")), one.version]
