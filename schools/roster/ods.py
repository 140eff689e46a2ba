"""Workbooks of LibreOffice (OpenDocument), streamed: values as they were last computed, never a formula."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

from schools.roster import limits
from schools.roster.archives import Archive
from schools.roster.cellgrid import Grid
from schools.roster.findings import unreadable
from schools.roster.lines import Line, Table
from schools.roster.markup import LOCAL, Handler, attribute, number_text, read_markup
from schools.roster.rows import Place

_CONTENT = "content.xml"


def is_ods(archive: Archive) -> bool:
    return _CONTENT in archive.names and "mimetype" in archive.names


def ods_tables(archive: Archive) -> Iterator[Table]:
    """The sheets, each to be read before the next."""
    _look_at(archive)
    with archive.open(_CONTENT) as stream:
        rows = read_markup(stream, _Rows(Place(archive.name)), Place(archive.name))
        for number, (sheet, found) in enumerate(itertools.groupby(rows, key=lambda row: row.sheet)):
            if number >= limits.SHEETS:
                raise unreadable("too_many_sheets", Place(archive.name), limit=limits.SHEETS)
            yield Table(sheet, (row.line for row in found))


def _look_at(archive: Archive) -> None:
    """What the file says of itself: a text document, or one with a password."""
    with archive.open("mimetype") as stream:
        kind = stream.read(200)
    if b"spreadsheet" not in kind:
        raise unreadable("is_document", Place(archive.name))
    if "META-INF/manifest.xml" in archive.names:
        with archive.open("META-INF/manifest.xml") as stream:
            if b"encryption-data" in stream.read(limits.MEGABYTE):
                raise unreadable("zip_encrypted", Place(archive.name))


class _Row(NamedTuple):
    sheet: str
    line: Line


class _Rows(Handler):
    """The filled rows of all sheets, in order."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._grid = Grid(place)
        self._place = place
        self._sheet = ""
        self._sheets = self._number = self._position = self._times = self._row_times = 0
        self._cell: dict[str, str] = {}
        self._parts: list[str] = []
        self._in_cell = self._in_text = False
        self._aside = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = LOCAL[name]
        if name == "table":
            self._sheets += 1
            self._sheet = attribute(attributes, "name")[:60] or str(self._sheets)
            self._number = 0
        elif name == "table-row":
            self._row_times = _times(attributes, "number-rows-repeated")
            self._position = 0
        elif name in ("table-cell", "covered-table-cell"):
            self._cell, self._parts, self._in_cell = attributes, [], True
            self._times = _times(attributes, "number-columns-repeated")
        elif name == "annotation":
            self._aside += 1
        elif self._in_cell and not self._aside:
            self._inside(name, attributes)

    def _inside(self, name: str, attributes: dict[str, str]) -> None:
        if name == "p":
            if self._parts:
                self._parts.append("\n")
            self._in_text = True
        elif name == "s":
            self._parts.append(" " * min(_times(attributes, "c"), limits.CELL))
        elif name in ("tab", "line-break"):
            self._parts.append(" ")

    def end(self, name: str) -> None:
        name = LOCAL[name]
        if name in ("table-cell", "covered-table-cell"):
            self._put()
        elif name == "table-row":
            self._take()
        elif name == "annotation":
            self._aside = max(self._aside - 1, 0)
        elif name == "p" and not self._aside:
            self._in_text = False

    def text(self, text: str) -> None:
        if self._in_text and not self._aside and len(self._parts) <= limits.CELL:
            self._parts.append(text)

    def _put(self) -> None:
        computed = bool(attribute(self._cell, "formula"))
        self._grid.put(self._position, self._value(), computed=computed, times=self._times)
        self._position += self._times
        self._in_cell = self._in_text = False

    def _take(self) -> None:
        """A filled row that is repeated is as many rows; an empty one is only a distance."""
        first = self._number + 1
        self._number += self._row_times
        line = self._grid.take(first)
        if line is None:
            return
        if self._number > limits.ROWS:
            raise unreadable("too_many_rows", self._place, limit=limits.ROWS)
        for number in range(first, self._number + 1):
            self.ready.append(_Row(self._sheet, Line(number, line.cells, line.computed)))

    def _value(self) -> str:
        shown = "".join(self._parts)
        kind = attribute(self._cell, "value-type")
        if kind == "date":
            return attribute(self._cell, "date-value")[:10] or shown
        if kind in ("float", "percentage", "currency"):
            value = number_text(attribute(self._cell, "value"))
            digits = "".join(letter for letter in shown if letter.isdigit())
            return shown if shown.startswith("0") and digits.lstrip("0") == value else value or shown
        return shown or attribute(self._cell, "string-value")


def _times(attributes: dict[str, str], name: str) -> int:
    text = attribute(attributes, name)
    return max(int(text), 1) if text.isdecimal() and len(text) < 10 else 1
