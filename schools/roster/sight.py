"""What a file looks like before anybody decides how it is read: for the screen on which a school says it."""

from __future__ import annotations

from dataclasses import dataclass, field

from schools.roster.cleaning import clean
from schools.roster.guessing import Column, Reason
from schools.roster.never import without_national_numbers
from schools.roster.presets import Preset
from schools.roster.rows import Finding
from schools.roster.sheets import Sheet
from schools.roster.sources import Format

_EXAMPLES = 5
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """``field`` is the guess and ``reason`` why. A column that is never read (``Reason.NEVER``) has no examples."""

    header: str
    field: str
    reason: Reason
    examples: tuple[str, ...] = ()

    @property
    def is_dropped(self) -> bool:
        return self.reason is Reason.NEVER


@dataclass(frozen=True, slots=True)
class SeenSheet:
    """``header_row`` as a spreadsheet numbers it; ``titles`` are the rows above it that were skipped."""

    label: str
    header_row: int
    titles: int
    columns: tuple[SeenColumn, ...]


@dataclass(slots=True)
class Sight:
    """``preset`` is the shipped one whose headers these are, if any. A OneRoster package has no sheets to map."""

    format: Format
    sheets: list[SeenSheet] = field(default_factory=list)
    preset: Preset | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def needs_mapping(self) -> bool:
        return self.format is not Format.ONEROSTER


def seen(sheet: Sheet) -> SeenSheet:
    columns = tuple(_column(column, sheet) for column in sheet.columns if column.header or _examples(column, sheet))
    return SeenSheet(sheet.table.label, sheet.header.number, sheet.titles, columns)


def _column(column: Column, sheet: Sheet) -> SeenColumn:
    examples = () if column.reason is Reason.NEVER else _examples(column, sheet)
    return SeenColumn(column.header, column.field, column.reason, examples)


def _examples(column: Column, sheet: Sheet) -> tuple[str, ...]:
    """The first different values; national numbers that strayed into the column are not among them."""
    found: dict[str, None] = {}
    for line in sheet.sample:
        if column.position >= len(line.cells) or len(found) == _EXAMPLES:
            continue
        text = clean(line.cells[column.position][: 2 * _LONGEST])
        text = text if (rest := without_national_numbers(text)) is None else rest
        if text:
            found.setdefault(text[:_LONGEST])
    return tuple(found)
