"""The public spreadsheet of pupils' traits by school, read by what its headers say: its columns and names wander.

AGODI publishes one for each school year (domain 5.4). Title rows stand above the header; a school has a row for nursery
and one for primary, which are added up; a trait stands as a number of pupils, a per cent or both. Nothing here knows a
database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

from reports.forms_amounts import as_typed
from schools.calendar import first_year_of
from schools.roster.findings import Findings, unreadable
from schools.roster.lines import Line, Table
from schools.roster.rows import Place
from schools.roster.sources import Format, opened

TRAITS = ("home_language", "mother_education", "allowance", "neighbourhood")
#: The words by which a column is known; the first that fits. Each tuple must be there as a whole.
_WORDS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("oki", (("oki",), ("onderwijskansarmoede",), ("kansarmoede",))),
    ("home_language", (("thuistaal",), ("gezinstaal",), ("tnn",))),
    ("mother_education", (("opleiding",),)),
    ("allowance", (("toelage",), ("toeslag",))),
    ("neighbourhood", (("buurt",),)),
    ("name", (("naam",),)),
    ("counted_on", (("datum",), ("telmoment",))),
    ("year", (("schooljaar",),)),
    ("number", (("instellingsnummer",), ("schoolnummer",), ("instelling",), ("inst", "nr"), ("instnr",))),
    ("pupils", (("aantal", "lln"), ("aantal", "leerlingen"), ("totaal", "lln"), ("totaal", "leerlingen"))),
)
_PER_CENT = ("%", "percent", "procent", "perc", "aandeel", "ratio")
#: Digits before the point of a number that is read; that of a school has six.
_MOST_DIGITS = 8
#: Rows that are read while somebody waits; all of Flanders has a quarter of them.
_MOST_ROWS = 20_000
#: Pupils above which a row is about no school.
_MOST_PUPILS = 20_000
#: Rows from the top among which the header is looked for.
_HEADER_WITHIN = 40
_YEAR = re.compile(r"(20\d\d)\s*[-–_/]\s*(?:20)?(\d\d)")
_PLAIN = re.compile(r"\d+\.\d+")
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d")


@dataclass(slots=True)
class Found:
    """One school in one year, as the file adds up. Shares are per cents; None where the file does not say."""

    number: int
    first_year: int
    counted_on: date | None
    pupils: int
    home_language: Decimal | None = None
    mother_education: Decimal | None = None
    allowance: Decimal | None = None
    neighbourhood: Decimal | None = None
    oki: Decimal | None = None


@dataclass(slots=True)
class Reading:
    """What was read: ``columns`` are header → what it was taken for, ``unknown`` headers nobody knew, ``skipped`` the
    numbers of rows that could not be read."""

    schools: list[Found] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    needs_year: bool = False


@dataclass(slots=True)
class _Column:
    """``is_part``: per cents as a workbook keeps them, 35 % as 0.35; seen where no value of the column is above 1."""

    name: str
    is_share: bool
    is_part: bool = False


def read_profiles(path: Path, *, name: str, first_year: int | None = None) -> Reading:
    """The schools in a CSV, XLSX or ODS file. ``first_year`` is the school year where the file does not say it. Raises
    ``schools.roster.findings.Unreadable`` for what is no table."""
    reading = Reading()
    asked = first_year or year_in(name)
    with opened(path, name) as source:
        plain = source.format in (Format.XLSX, Format.ODS)
        for table in source.tables(Findings()):
            _read(_dotless(table) if plain else table, reading, asked)
    return reading


def _dotless(table: Table) -> Table:
    """A workbook writes its numbers with a dot: 1.275 is no thousand there."""

    def lines() -> Iterator[Line]:
        for line in table.lines:
            line.cells = [cell.replace(".", ",") if _PLAIN.fullmatch(cell) else cell for cell in line.cells]
            yield line

    return Table(table.label, lines())


def year_in(text: str) -> int | None:
    """The first year of a school year that is written somewhere: 2025 for "2025-2026"."""
    found = _YEAR.search(text)
    return int(found[1]) if found and (int(found[1]) + 1) % 100 == int(found[2]) else None


def meaning_of(header: str) -> tuple[str, bool]:
    """What a header says, "" when nobody knows, and whether it is a per cent."""
    plain = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode().lower()
    is_share = any(word in plain for word in _PER_CENT)
    for name, choices in _WORDS:
        if any(all(word in plain for word in words) for words in choices):
            return name, is_share
    return "", is_share


def _read(table: Table, reading: Reading, asked: int | None) -> None:
    """Add one sheet, when it has a header that says which school and at least one trait."""
    columns: dict[int, _Column] = {}
    lines: list[Line] = []
    title = asked
    for line in table.lines:
        if columns:
            if len(lines) == _MOST_ROWS:
                raise unreadable("too_many_rows", Place(table.label), limit=_MOST_ROWS)
            lines.append(line)
            continue
        title = title or year_in(" ".join(line.cells))
        if line.number > _HEADER_WITHIN:
            return
        columns = _header(line, reading)
    for at, column in columns.items():
        values = [value for line in lines if (value := _number(_at(line, at))) is not None]
        column.is_part = column.is_share and bool(values) and max(values) <= 1
    _add(lines, columns, reading, title)


def _add(lines: list[Line], columns: dict[int, _Column], reading: Reading, title: int | None) -> None:
    """The rows under a header, added up by school and year."""
    rows: dict[tuple[int, int], list[dict[str, Decimal]]] = {}
    days: dict[tuple[int, int], date | None] = {}
    for line in lines:
        cells = {column.name: _at(line, at) for at, column in columns.items() if not column.is_share}
        number, pupils = _whole(cells.get("number", "")), _whole(cells.get("pupils", ""))
        if number is None:
            continue
        day = _day(cells.get("counted_on", ""))
        year = year_in(cells.get("year", "")) or (first_year_of(day) if day else None) or title
        if year is None:
            reading.needs_year = True
        elif pupils is None or pupils > _MOST_PUPILS:
            reading.skipped.append(line.number)
        else:
            key = (number, year)
            rows.setdefault(key, []).append({"pupils": Decimal(pupils), **_traits(line, columns, Decimal(pupils))})
            days[key] = day or days.get(key)
    for (number, year), parts in rows.items():
        reading.schools.append(_together(number, year, days[number, year], parts))


def _header(line: Line, reading: Reading) -> dict[int, _Column]:
    """The columns of a line that is the header; empty for another line."""
    found: dict[int, _Column] = {}
    names: dict[str, str] = {}
    unknown: list[str] = []
    for at, cell in enumerate(line.cells):
        name, is_share = meaning_of(cell)
        if not cell.strip():
            continue
        if not name or name in [column.name for column in found.values() if column.is_share == is_share]:
            unknown.append(cell.strip())
            continue
        found[at] = _Column(name, is_share)
        names[cell.strip()] = name
    known = {column.name for column in found.values()}
    if not {"number", "pupils"} <= known or not known & {*TRAITS, "oki"}:
        return {}
    reading.columns |= names
    reading.unknown += unknown
    return found


def _traits(line: Line, columns: dict[int, _Column], pupils: Decimal) -> dict[str, Decimal]:
    """The per cents of a row; of a trait that stands twice the number of pupils is taken, which is exact."""
    found: dict[str, Decimal] = {}
    for at, column in sorted(columns.items(), key=lambda item: not item[1].is_share):
        value = _number(_at(line, at))
        if column.name not in (*TRAITS, "oki") or value is None or value < 0:
            continue
        if column.name == "oki":
            found["oki"] = value
        elif column.is_share:
            found[column.name] = value * 100 if column.is_part else value
        elif value <= pupils:
            found[column.name] = value * 100 / pupils
    return {name: value for name, value in found.items() if value <= (4 if name == "oki" else 100)}


def _together(number: int, year: int, day: date | None, parts: list[dict[str, Decimal]]) -> Found:
    """The rows of a school, each weighing as many pupils as it has. What one of them does not say nobody says."""
    pupils = sum((part["pupils"] for part in parts), Decimal(0))

    def mean(name: str, places: str) -> Decimal | None:
        if any(name not in part for part in parts):
            return None
        total = sum((part[name] * part["pupils"] for part in parts), Decimal(0))
        return (total / pupils).quantize(Decimal(places), ROUND_HALF_UP)

    shares = {name: mean(name, "0.1") for name in TRAITS}
    oki = mean("oki", "0.01")
    known = [mean(name, "0.0001") for name in TRAITS]
    if oki is None and all(value is not None for value in known):
        oki = (sum((value for value in known if value is not None), Decimal(0)) / 100).quantize(Decimal("0.01"))
    return Found(number, year, day, int(pupils), oki=oki, **shares)


def _at(line: Line, place: int) -> str:
    return line.cells[place] if place < len(line.cells) else ""


def _number(text: str) -> Decimal | None:
    """None for "<5", a dash and words, and for what no school has: 1E99999999 would take minutes to write out."""
    with suppress(InvalidOperation):
        value = Decimal(as_typed(text))
        return value if value.is_finite() and value.adjusted() < _MOST_DIGITS else None
    return None


def _whole(text: str) -> int | None:
    value = _number(text)
    return int(value) if value is not None and value == value.to_integral_value() and value > 0 else None


def _day(text: str) -> date | None:
    for form in _DAYS:
        with suppress(ValueError):
            return datetime.strptime(text.strip()[:10], form).date()
    return None


def wanted_only(found: Iterable[Found], numbers: Iterable[int]) -> Iterator[Found]:
    """Those of the schools with these official numbers; the others of Flanders are not looked at further."""
    known = set(numbers)
    return (one for one in found if one.number in known)
