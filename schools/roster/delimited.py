"""Text files with separators: which one, and their lines."""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from schools.roster import limits
from schools.roster.encodings import text_lines
from schools.roster.findings import Findings, unreadable
from schools.roster.lines import Line, Table
from schools.roster.rows import Place

_SEPARATORS = (";", ",", "\t", "|")
_SAMPLE = 40
#: More line breaks than this in one cell: a quotation mark was not closed.
_BREAKS = 15


def delimited_table(stream: BinaryIO, label: str, findings: Findings, separator: str = "") -> Table:
    """``separator`` is found out when it is not given."""
    place = Place(label)
    lines = text_lines(stream, place, findings)
    sample = list(itertools.islice(lines, _SAMPLE))
    first = sample[0].strip().strip('"').lower() if sample else ""
    skipped = 0
    if first.startswith("sep=") and len(first) <= 5:  # Excel's own line
        separator, skipped = sample.pop(0).strip().strip('"')[4:] or "\t", 1
    separator = separator or _separator(sample)
    return Table(label, _lines(itertools.chain(sample, lines), separator, place, findings, skipped))


def _separator(sample: list[str]) -> str:
    """The one that cuts most lines into the same number of cells, and more than one."""
    best, best_score = _SEPARATORS[0], 0.0
    for separator in _SEPARATORS:
        try:
            widths = Counter(len(row) for row in csv.reader(sample, delimiter=separator) if any(row))
        except csv.Error:
            continue
        if not widths:
            continue
        width, times = widths.most_common(1)[0]
        score = (width - 1) * times / widths.total()
        if score > best_score:
            best, best_score = separator, score
    return best


def _lines(lines: Iterator[str], separator: str, place: Place, findings: Findings, skipped: int) -> Iterator[Line]:
    reader = csv.reader(lines, delimiter=separator)
    number = skipped
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise unreadable("quote_open", Place(place.file, number)) from error
        if any(cell.count("\n") > _BREAKS for cell in cells if len(cell) > _BREAKS):
            raise unreadable("quote_open", Place(place.file, number))
        if number > limits.ROWS:
            raise unreadable("too_many_rows", place, limit=limits.ROWS)
        if len(cells) > limits.COLUMNS:
            cells = _within(cells, Place(place.file, number), findings)
        yield Line(number, cells)


def _within(cells: list[str], place: Place, findings: Findings) -> list[str]:
    """Columns that are only commas at the end of a row do no harm."""
    if any(cell.strip() for cell in cells[limits.COLUMNS :]):
        raise unreadable("too_many_columns", place, limit=limits.COLUMNS)
    return cells[: limits.COLUMNS]
