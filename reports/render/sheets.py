"""A sheet of a workbook: words stay words, and what is shown as a number can be counted with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

#: By decimal mark: "1 234", "12,5" and "−3" as a report writes them, perhaps with a percent sign.
_NUMBERS = {
    mark: re.compile(
        rf"(?P<sign>[-+\u2212]?)(?P<whole>\d{{1,3}}(?:[ {thousands}\u00a0\u202f]\d{{3}})+|\d+)"
        rf"(?:[{mark}](?P<part>\d+))?(?P<share>[ \u00a0]?%)?"
    )
    for mark, thousands in ((",", "."), (".", ","))
}
_WIDEST = 60


def write_sheet(
    book: Workbook,
    name: str,
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[object]],
    note: str = "",
    *,
    mark: str = ",",
) -> None:
    """Caption, head, rows and note. Words are never computed: a cell is a number or text. ``mark`` is that of the
    decimals in the words: the comma of a report, or that of the reader's language."""
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A3"
    for place, width in enumerate(_widths([head, *rows]), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_cell(sheet, caption, Font(bold=True, size=13))])
    sheet.append([_cell(sheet, word, Font(bold=True)) for word in head])
    for row in rows:
        sheet.append([_cell(sheet, value, mark=mark) for value in row])
    if note:
        sheet.append([])
        sheet.append([_cell(sheet, note, Font(italic=True))])


def _widths(rows: Sequence[Sequence[object]]) -> list[int]:
    most = max(len(row) for row in rows)
    lengths = [max((len(str(row[place])) for row in rows if place < len(row)), default=0) for place in range(most)]
    return [min(max(length + 2, 10), _WIDEST) for length in lengths]


def _cell(sheet: Any, value: object, font: Font | None = None, mark: str = ",") -> Any:
    """A number where the report shows one and nothing else, else text."""
    number, shape = (value, "0") if isinstance(value, int) else number_in(str(value), mark)
    if number is not None:
        cell = WriteOnlyCell(sheet, value=number)
        cell.number_format = shape
        return cell
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub(" ", str(value)))
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=len(str(value)) > _WIDEST, vertical="top")
    if font:
        cell.font = font
    return cell


def number_in(words: str, mark: str = ",") -> tuple[float | None, str]:
    """The number that these words are, and how a spreadsheet shows it; (None, "") where they are more than a number."""
    found = _NUMBERS[mark].fullmatch(words.strip())
    if found is None:
        return None, ""
    digits = re.sub(r"\D", "", found["whole"])
    if len(digits) > 1 and digits.startswith("0"):
        return None, ""  # a code, not a number
    part = found["part"] or ""
    value = float(f"{digits}.{part or 0}") * (-1 if found["sign"] in ("-", "\u2212") else 1)
    decimals = f".{'0' * len(part)}" if part else ""
    if found["share"]:
        return round(value / 100, len(part) + 2), f"0{decimals}%"
    return value if part else int(value), f"#,##0{decimals}"
