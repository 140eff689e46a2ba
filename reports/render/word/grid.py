"""A table for Word: head row marked and repeated, a name for who cannot see it, columns wide enough."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from reports.render.word.parts import paragraph, w
from reports.richtext import Run

#: Between the margins of A4, in twentieths of a point.
TEXT_WIDTH = 9184
STYLE = "Verslagtabel"
#: A letter of a table, and the space beside a cell's words.
_LETTER, _BOLD, _AROUND = 105, 125, 240
#: Beyond so many letters a cell is folded.
_LONG = 55
_BREAKS = re.compile(r"[ \n]")

Cell = str | Run | int | None


def words_of(cell: Cell) -> str:
    """A cell as it reads; what is not known is a dash."""
    if cell is None:
        return "–"
    return str(cell["text"]) if isinstance(cell, dict) else str(cell)


def widths(rows: Sequence[Sequence[Cell]]) -> list[int]:
    """A width for each column: its longest word at least, then what is left in proportion to what it would like."""
    columns = [[words_of(row[place]) for row in rows] for place in range(len(rows[0]))]
    words = [(_BOLD * _longest(column[0]), _LETTER * max(map(_longest, column))) for column in columns]
    least = [_AROUND + max(pair) for pair in words]
    wished = [
        max(low, _AROUND + _LETTER * min(max(map(len, column)), _LONG))
        for low, column in zip(least, columns, strict=True)
    ]
    if sum(least) >= TEXT_WIDTH:
        return _shared(least)
    if sum(wished) <= TEXT_WIDTH:
        return _shared(wished)
    part = (TEXT_WIDTH - sum(least)) / (sum(wished) - sum(least))
    return _shared([low + (wish - low) * part for low, wish in zip(least, wished, strict=True)])


def _longest(cell: str) -> int:
    """The letters of a cell's longest word."""
    return max(map(len, _BREAKS.split(cell)))


def _shared(wanted: Sequence[float]) -> list[int]:
    found = [int(TEXT_WIDTH * one / sum(wanted)) for one in wanted]
    return [*found[:-1], TEXT_WIDTH - sum(found[:-1])]


def grid(
    head: Sequence[str], rows: Sequence[Sequence[Cell]], *, name: str, numeric: frozenset[int] = frozenset(),
    first_is_head: bool = False, height: int = 0,
) -> Any:  # fmt: skip
    """The table. ``numeric`` columns stand at the right; ``height`` is that of each row, where people write by hand."""
    each = widths([head, *rows])
    shown = 0x0620 + 0x0080 * first_is_head
    made = w(
        "tbl",
        w(
            "tblPr",
            w("tblStyle", val=STYLE),
            w("tblW", w=TEXT_WIDTH, type="dxa"),
            w("tblLayout", type="fixed"),
            w("tblLook", val=f"{shown:04X}", firstRow=1, lastRow=0, firstColumn=int(first_is_head), lastColumn=0,
              noHBand=1, noVBand=1),
            w("tblCaption", val=name[:250]),
        ),
        w("tblGrid", *(w("gridCol", w=width) for width in each)),
        _row(head, each, numeric, "Tabelkop", w("cantSplit"), w("tblHeader")),
    )  # fmt: skip
    for row in rows:
        tall = w("trHeight", val=height, hRule="atLeast") if height else None
        made.append(_row(row, each, numeric, "Tabeltekst", w("cantSplit"), tall))
    return made


def _row(cells: Sequence[Cell], each: Sequence[int], numeric: frozenset[int], style: str, *properties: Any) -> Any:
    return w(
        "tr",
        w("trPr", *properties),
        *(
            w("tc", w("tcPr", w("tcW", w=width, type="dxa")), _words(cell, style, place in numeric))
            for place, (cell, width) in enumerate(zip(cells, each, strict=True))
        ),
    )


def _words(cell: Cell, style: str, is_number: bool) -> Any:
    return paragraph(style, [cell if isinstance(cell, dict) else words_of(cell)], right=is_number)
