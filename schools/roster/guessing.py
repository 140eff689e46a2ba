"""Which column of a spreadsheet holds what: by the school's word, a preset, the header's name, or what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from schools.roster import limits
from schools.roster.contacts import is_power, read_email, read_phone
from schools.roster.dates import looks_like_date, read_date
from schools.roster.fields import FIELDS, field_named, nearest_field
from schools.roster.headers import nearest, plain
from schools.roster.lines import Line
from schools.roster.never import NEVER_WORDS, is_never, without_national_numbers


class Reason(StrEnum):
    """Why a column is read as it is."""

    MAPPING = "mapping"
    PRESET = "preset"
    NAME = "name"
    CONTENT = "content"
    #: A slip of the pen, shown but not read.
    NEAR = "near"
    NEVER = "never"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Column:
    position: int
    header: str
    field: str = ""
    reason: Reason = Reason.UNKNOWN

    @property
    def is_read(self) -> bool:
        return bool(self.field) and self.reason not in (Reason.NEAR, Reason.NEVER)


#: Several columns of these are read together.
TOGETHER = re.compile(r".*\.(?:email|phone)")
_CLASS = re.compile(r"[KLkl]?\d\s?[A-Za-z]{0,3}")
_CONTENT: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("guardian1.email", read_email),
    ("pupil.birth_date", lambda text: looks_like_date(text) and read_date(text)),
    ("class.name", _CLASS.fullmatch),
    ("guardian1.phone", lambda text: not is_power(text) and len(text) > 7 and read_phone(text)),
)
_ENOUGH = 0.8
#: Headers that say of whom they are, and fields that only a row of a pupil has.
_OWNED = re.compile("lpv|ouder|voogd|guardian|parent|contact(?!taal|lang)|moeder|vader|mother|father")
_OF_PUPILS = frozenset(("class.name", "pupil.birth_date", "pupil.full_name"))
_ABOUT_GUARDIANS = re.compile("ouder|voogd|guardian|parent|contact|lpv|verantwoordelijk")


def find_header(lines: Sequence[Line], known: frozenset[str], label: str) -> int:
    """The position of the header among the first lines: where most cells are names of columns. -1: there is none."""
    best, best_score = -1, 1
    for position, line in enumerate(lines[: limits.TITLE_ROWS]):
        score = sum(_is_header(cell, known, label) for cell in line.cells if cell)
        if score > best_score:
            best, best_score = position, score
    return best


def _is_header(cell: str, known: frozenset[str], label: str) -> bool:
    if len(cell) > 60:
        return False
    return plain(cell) in known or bool(field_named(cell)) or bool(field_named(cell, True)) or is_never(cell)


def map_columns(
    headers: Sequence[str], sample: Sequence[Line], label: str, said: Mapping[str, str], preset: Mapping[str, str]
) -> list[Column]:
    """``said`` by the school and ``preset`` both go from header to field. What may never be read is never read."""
    said = {plain(header): field for header, field in said.items()}
    preset = {plain(header): field for header, field in preset.items()}
    about_guardians = is_about_guardians(headers, label)
    columns = [
        _by_words(position, header.strip(), said, preset, about_guardians) for position, header in enumerate(headers)
    ]
    taken = {column.field for column in columns if column.is_read}
    for position, column in enumerate(columns):
        if column.reason in (Reason.UNKNOWN, Reason.NEAR) and plain(column.header) not in said:
            columns[position] = _by_content(column, sample, taken)
    return columns


def is_about_guardians(headers: Sequence[str], label: str) -> bool:
    """Whether a sheet has a row for each guardian rather than for each pupil."""
    names = [plain(header) for header in headers]
    if any(_OWNED.search(name) or field_named(name) in _OF_PUPILS for name in names):
        return False
    says_relation = any(name in ("relatie", "relation", "relatietype", "verwantschap") for name in names)
    return says_relation or bool(_ABOUT_GUARDIANS.search(plain(label)))


def _by_words(
    position: int, header: str, said: Mapping[str, str], preset: Mapping[str, str], about_guardians: bool
) -> Column:
    name = plain(header)
    if is_never(header) or (name not in said and name not in preset and nearest(header, NEVER_WORDS)):
        return Column(position, header, "", Reason.NEVER)
    if name in said:
        return Column(position, header, said[name] if said[name] in FIELDS else "", Reason.MAPPING)
    if name in preset:
        return Column(position, header, preset[name] if preset[name] in FIELDS else "", Reason.PRESET)
    if field := field_named(header, about_guardians):
        return Column(position, header, field, Reason.NAME)
    if field := nearest_field(header):
        return Column(position, header, field, Reason.NEAR)
    return Column(position, header)


def _by_content(column: Column, sample: Sequence[Line], taken: set[str]) -> Column:
    values = [line.cells[column.position].strip() for line in sample if column.position < len(line.cells)]
    values = [value for value in values if value]
    if not values:
        return column
    if _share(values, lambda text: without_national_numbers(text) is not None) >= 0.5:
        return Column(column.position, column.header, "", Reason.NEVER)
    if column.reason is Reason.NEAR:
        return column
    for field, fits in _CONTENT:
        if field not in taken and len(values) >= 2 and _share(values, fits) >= _ENOUGH:
            taken.add(field)
            return Column(column.position, column.header, field, Reason.CONTENT)
    return column


def _share(values: Sequence[str], fits: Callable[[str], object]) -> float:
    return sum(bool(fits(value)) for value in values) / len(values)
