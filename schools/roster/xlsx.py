"""Workbooks of Excel (Office Open XML), streamed: values as they were last computed, never a formula.

Read here and not by a library because none tells value and formula in one pass with bounded memory: one that fills the
rectangle between the first and the last cell needs 10 GB for a workbook of 1 KB.
"""

from __future__ import annotations

import itertools
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schools.roster import limits
from schools.roster.archives import Archive
from schools.roster.findings import Findings, unreadable
from schools.roster.lines import Line, Table
from schools.roster.markup import Handler, attribute, read_markup
from schools.roster.rows import Place
from schools.roster.xlsx_parts import Elements, Rows, SharedTexts, Style, Styles, Workbook

#: Relations, sheets and formats of a workbook; LibreOffice and Excel keep to a third of it.
_FEW = 200_000


def is_xlsx(archive: Archive) -> bool:
    return "[Content_Types].xml" in archive.names and any(name.startswith("xl/") for name in archive.names)


def xlsx_tables(archive: Archive, findings: Findings) -> Iterator[Table]:
    """The visible sheets, each to be read before the next."""
    book = _Book(archive)
    sheets = book.sheets()
    if len(sheets) > limits.SHEETS:
        raise unreadable("too_many_sheets", Place(archive.name), limit=limits.SHEETS)
    for sheet in sheets:
        if sheet.is_hidden:
            findings.note("sheet_hidden", Place(sheet.name))
        elif sheet.member in archive.names:
            yield Table(sheet.name, book.lines(sheet))
        else:
            findings.error("workbook_broken", Place(sheet.name))


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    member: str
    is_hidden: bool


class _Book:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._main = next(iter(self._targets("_rels/.rels", "", "officeDocument").values()), "xl/workbook.xml")
        if self._main not in archive.names:
            raise unreadable("workbook_broken", Place(archive.name))
        self._folder = posixpath.dirname(self._main)
        self._relations = f"{self._folder}/_rels/{posixpath.basename(self._main)}.rels"
        self._texts: list[str] | None = None
        self._styles: list[Style] = []
        self._is_1904 = False

    def sheets(self) -> list[_Sheet]:
        targets = self._targets(self._relations, self._folder, "worksheet")
        workbook = Workbook()
        entries = self._all(self._main, workbook)
        self._is_1904 = workbook.is_1904
        found = []
        for number, entry in enumerate(entries, 1):
            if (key := attribute(entry, "id")) in targets:
                name = attribute(entry, "name")[:60] or str(number)
                found.append(_Sheet(name, targets[key], attribute(entry, "state") not in ("", "visible")))
        return found

    def lines(self, sheet: _Sheet) -> Iterator[Line]:
        if self._texts is None:
            self._texts = self._all(self._part("sharedStrings"), SharedTexts(), limits.SHARED_TEXTS)
            self._styles = self._all(self._part("styles"), Styles())
        place = Place(sheet.name)
        with self._archive.open(sheet.member) as stream:
            yield from read_markup(stream, Rows(place, self._texts, self._styles, self._is_1904), place)

    def _part(self, kind: str) -> str:
        return next(iter(self._targets(self._relations, self._folder, kind).values()), "")

    def _targets(self, member: str, folder: str, kind: str) -> dict[str, str]:
        """Members of one kind by the number that a file of relations gives them."""
        found = {}
        for entry in self._all(member, Elements("Relationship")):
            if attribute(entry, "Type").endswith(f"/{kind}"):
                path = posixpath.normpath(posixpath.join("/", folder, attribute(entry, "Target")))
                found[attribute(entry, "Id")] = path.lstrip("/")
        return found

    def _all(self, member: str, handler: Handler, most: int = _FEW) -> list[Any]:
        if member not in self._archive.names:
            return []
        place = Place(self._archive.name)
        with self._archive.open(member) as stream:
            found = list(itertools.islice(read_markup(stream, handler, place), most + 1))
        if len(found) > most:
            raise unreadable("workbook_unsafe", place)
        return found
