"""Lines of cells, whatever kind of file they stood in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from schools.roster.rows import Place


@dataclass(slots=True)
class Line:
    """One row as it stands. ``computed`` are the positions of cells whose value a formula made."""

    number: int
    cells: list[str]
    computed: tuple[int, ...] = ()


@dataclass(slots=True)
class Table:
    """A sheet or a text file. ``lines`` is read once, from the top; it raises ``Unreadable`` where the file breaks."""

    label: str
    lines: Iterator[Line] = field(repr=False)

    def place(self, row: int = 0, column: str = "") -> Place:
        return Place(self.label, row, column)
