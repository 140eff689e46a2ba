"""One sheet or text file with a header: its columns, and its rows by field."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schools.roster import limits
from schools.roster.fields import GUARDIANS
from schools.roster.findings import Findings
from schools.roster.guessing import TOGETHER, Column, Reason, find_header, map_columns
from schools.roster.headers import plain
from schools.roster.lines import Line, Table
from schools.roster.presets import Preset, recognised
from schools.roster.rows import Place
from schools.roster.tidying import is_tidy, tidy


@dataclass(frozen=True, slots=True)
class Record:
    """A row by field; ``headers`` says under which header a field stood."""

    place: Place
    cells: dict[str, str]
    headers: Mapping[str, str]
    #: Fields of each guardian for which the sheet has columns: ``{1: {"phone": "guardian1.phone"}}``.
    guardians: Mapping[int, Mapping[str, str]]

    def __getitem__(self, field: str) -> str:
        return self.cells.get(field, "")

    def at(self, field: str) -> Place:
        return Place(self.place.file, self.place.row, self.headers.get(field, ""))


@dataclass(slots=True)
class Sheet:
    """A table whose header was found. ``sample`` are its first rows; ``lines`` all of them, to be read once."""

    table: Table
    header: Line
    titles: int
    columns: list[Column]
    preset: Preset | None
    sample: list[Line]
    lines: Iterator[Line]

    @property
    def headers(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for column in self.columns:
            if column.is_read:
                found.setdefault(column.field, column.header)
        return found


def open_sheet(table: Table, said: Mapping[str, str], preset: Preset | None) -> Sheet | None:
    """The sheet, or None when it holds nothing. Without any header its first line is taken for one. Where nobody said
    how to read it, a shipped preset is used whose signs it bears."""
    top = [line for line in itertools.islice(table.lines, limits.TITLE_ROWS * 2) if any(map(str.strip, line.cells))]
    if not top:
        return None
    known = frozenset(plain(header) for header in (*said, *(preset.columns if preset else ())))
    position = find_header(top, known, table.label)
    titles = max(position, 0)
    header, rest = top[titles], top[titles + 1 :]
    sample = [*rest, *itertools.islice(table.lines, max(limits.SAMPLE - len(rest), 0))]
    headers = [cell.strip()[:200] for cell in header.cells]
    preset = preset or recognised(headers)
    columns = map_columns(headers, sample, table.label, said, preset.columns if preset else {})
    return Sheet(table, header, titles, columns, preset, sample, itertools.chain(sample, table.lines))


def records(sheet: Sheet, findings: Findings) -> Iterator[Record]:
    """The rows that hold somebody; what was left out, and why, is among the findings."""
    _say_columns(sheet, findings)
    read = _columns_that_are_read(sheet, findings)
    width, headers = len(sheet.header.cells), sheet.headers
    guardians = _guardians(headers)
    computed: Counter[str] = Counter()
    header_cells = [cell.strip() for cell in sheet.header.cells]
    for line in sheet.lines:
        filled = sum(1 for cell in line.cells if cell and not cell.isspace())
        if not filled:
            continue
        place = sheet.table.place(line.number)
        if len(line.cells) > width and any(map(str.strip, line.cells[width:])):
            findings.error("row_too_long", place, expected=width, found=len(line.cells))
            continue
        if filled == 1 and len(read) > 2:
            findings.note("row_left_out", place)
            continue
        if [cell.strip() for cell in line.cells] == header_cells:
            findings.note("header_again", place)
            continue
        for position in line.computed:
            computed[header_cells[position] if position < width else ""] += 1
        yield Record(place, _cells(read, line, sheet.table, findings), headers, guardians)
    for header, count in computed.items():
        findings.note("computed", sheet.table.place(0, header), count=count)


def _guardians(headers: Mapping[str, str]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for slot in range(1, GUARDIANS + 1):
        prefix = f"guardian{slot}."
        if fields := {name.removeprefix(prefix): name for name in headers if name.startswith(prefix)}:
            found[slot] = fields
    return found


def _cells(read: list[Column], line: Line, table: Table, findings: Findings) -> dict[str, str]:
    cells: dict[str, str] = {}
    for column in read:
        if column.position < len(line.cells) and (text := line.cells[column.position]):
            if not is_tidy(text):
                place = Place(table.label, line.number, column.header)
                text = tidy(text, place, findings, may_be_phone=column.field.endswith(".phone"))
            if text:
                before = cells.get(column.field)
                cells[column.field] = f"{before};{text}" if before else text
    return cells


def _columns_that_are_read(sheet: Sheet, findings: Findings) -> list[Column]:
    """Each field once, unless its columns are read together."""
    found: dict[str, Column] = {}
    more = []
    for column in sheet.columns:
        if not column.is_read:
            continue
        if column.field not in found:
            found[column.field] = column
        elif TOGETHER.fullmatch(column.field):
            more.append(column)
        else:
            where = sheet.table.place(sheet.header.number, column.header)
            findings.warning("column_twice", where, other=found[column.field].header)
    return [*found.values(), *more]


def _say_columns(sheet: Sheet, findings: Findings) -> None:
    if sheet.titles:
        findings.note("title_rows", sheet.table.place(), count=sheet.titles, row=sheet.header.number)
    for column in sheet.columns:
        place = sheet.table.place(sheet.header.number, column.header)
        if column.reason is Reason.NEVER:
            findings.note("never_field", place)
        elif column.reason is Reason.CONTENT:
            findings.note("by_content", place, field=column.field)
        elif column.reason is Reason.NEAR:
            findings.warning("header_slip", place, expected=column.field)
        elif column.reason is Reason.UNKNOWN and column.header:
            findings.note("unknown_column", place)
        elif column.reason in (Reason.UNKNOWN, Reason.NAME) and not column.header and _is_filled(sheet, column):
            findings.warning("no_header", place, number=column.position + 1)


def _is_filled(sheet: Sheet, column: Column) -> bool:
    return any(column.position < len(line.cells) and line.cells[column.position].strip() for line in sheet.sample)
