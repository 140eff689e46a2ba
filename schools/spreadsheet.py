"""Lists and figures as a file for a spreadsheet: every cell harmless, and who made it when in the last line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from schools import clock

#: What a workbook is called on the wire.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A cell that begins so would be computed by a spreadsheet (CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\u2212", "\uff1d", "\uff0b", "\uff0d", "\uff20")
#: Less than nothing, and no more than that: "−23", "−1 234,50", "−8 %". Nothing in it computes.
_NEGATIVE = re.compile(r"[-\u2212](\d{1,3}(?:[ .\u00a0\u202f]\d{3})+|\d+)([.,]\d+)?([ \u00a0]?%)?")
#: What a sheet's name cannot hold.
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")


def harmless(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula; a negative number stays one, with the minus that
    spreadsheets know."""
    text = str(value)
    if _NEGATIVE.fullmatch(text):
        return f"-{text[1:]}"
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]], made_by: str) -> str:
    """Semicolons and a byte order mark, as the spreadsheets of Belgium expect; the watermark is the last line."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in [head, *rows]:
        writer.writerow([harmless(cell) for cell in row])
    writer.writerow([harmless(made_by_line(made_by))])
    return f"\ufeff{text.getvalue()}"


def as_xlsx(head: Sequence[str], rows: Iterable[Sequence[object]], made_by: str, title: str) -> bytes:
    """The same as a workbook. Every cell is text, so that nothing in it is computed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(NOT_IN_TITLES.sub(" ", title)[:31] or None)
    sheet.freeze_panes = "A2"

    def texts(row: Sequence[object], *, bold: bool = False) -> list[Any]:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub(" ", str(value)))
            cell.data_type = "s"
            cell.font = Font(bold=bold)
            cells.append(cell)
        return cells

    sheet.append(texts(head, bold=True))
    for row in rows:
        sheet.append(texts(row))
    sheet.append(texts([made_by_line(made_by)]))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def made_by_line(person: str) -> str:
    """Who took a file along, and when."""
    moment = clock.now().astimezone(clock.BRUSSELS)
    return gettext("Made by %(person)s on %(moment)s.") % {"person": person, "moment": f"{moment:%Y-%m-%d %H:%M}"}
