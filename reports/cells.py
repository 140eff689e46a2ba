"""Counts in cells, tables and breakdowns: as they were counted, and as they may leave the school (``disclosure``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from reports.suppression import Key, Reason

Line = list[tuple[Key, "Cell"]]
NO_LABEL: Key = frozenset()

REASONS: Mapping[Reason, str] = {
    Reason.PRIMARY: gettext_noop("Hidden: this cell is about one to four families."),
    Reason.COMPLEMENTARY: gettext_noop("Hidden: with this number a smaller group could be worked out."),
    Reason.TOGETHER: gettext_noop("Hidden: this number is about one to four families, or would tell one that is."),
    Reason.WITHHELD: gettext_noop("This table is not shown: its groups are too small."),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """``n`` of ``N``; without N it is a plain count."""

    n: int
    N: int | None = None

    def __post_init__(self) -> None:
        if self.n < 0 or (self.N is not None and self.n > self.N):
            raise ValueError(f"{self.n} of {self.N} is not a count.")


@dataclass(frozen=True, slots=True)
class Shown:
    n: int
    N: int | None = None


@dataclass(frozen=True, slots=True)
class Hidden:
    """A cell that does not leave; ``message`` is the gettext msgid that tells the reader why."""

    reason: Reason

    @property
    def message(self) -> str:
        return REASONS[self.reason]


ProtectedCell = Shown | Hidden


@dataclass(frozen=True, slots=True)
class Table:
    """Two dimensions with their margins; totals are sums, both of n and of N.

    Tables of one release share a cell when it is about the same labels of the same dimensions, so a dimension has the
    same name in each of them ("school", "language").
    """

    rows: Sequence[str]
    columns: Sequence[str]
    cells: Sequence[Sequence[Cell]]
    row_totals: Sequence[Cell]
    column_totals: Sequence[Cell]
    total: Cell
    row_dimension: str = "row"
    column_dimension: str = "column"

    def grid(self) -> list[Line]:
        """All cells with their keys, the totals as last column and last row."""
        values = [[*row, total] for row, total in zip(self.cells, self.row_totals, strict=True)]
        values.append([*self.column_totals, self.total])
        rows = [key_of(self.row_dimension, row) for row in self.rows] + [NO_LABEL]
        columns = [key_of(self.column_dimension, column) for column in self.columns] + [NO_LABEL]
        return [
            [(row | column, cell) for column, cell in zip(columns, line, strict=True)]
            for row, line in zip(rows, values, strict=True)
        ]

    def lines(self) -> Iterator[Line]:
        grid = self.grid()
        yield from grid
        yield from ([line[place] for line in grid] for place in range(len(self.columns) + 1))


def counts(rows: Sequence[str], columns: Sequence[str], numbers: Sequence[Sequence[int]], *dimensions: str) -> Table:
    """A table of plain counts, with the totals that are their sums; ``dimensions`` are those of rows and columns."""
    row_dimension, column_dimension = dimensions
    return Table(
        rows=rows,
        columns=columns,
        cells=[[Cell(number) for number in line] for line in numbers],
        row_totals=[Cell(sum(line)) for line in numbers],
        column_totals=[Cell(sum(line[place] for line in numbers)) for place in range(len(columns))],
        total=Cell(sum(map(sum, numbers))),
        row_dimension=row_dimension,
        column_dimension=column_dimension,
    )


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One dimension with its total. ``overlapping``: a member may stand in several groups (a family with children in
    two schools), so the groups sum to more than the total; the protection then assumes that their sum is known too.
    ``known_sums`` names groups whose sum another figure tells."""

    groups: Mapping[str, Cell]
    total: Cell
    dimension: str = "row"
    overlapping: bool = False
    known_sums: Sequence[Sequence[str]] = ()

    def lines(self) -> Iterator[Line]:
        line: Line = [(key_of(self.dimension, name), cell) for name, cell in self.groups.items()]
        if self.overlapping:
            yield [*line, (self.known_sum, sum_of(list(self.groups.values())))]
            yield [(NO_LABEL, self.total)]
        else:
            yield [*line, (NO_LABEL, self.total)]
        for names, key in zip(self.known_sums, self._sum_keys, strict=True):
            cells = [self.groups[name] for name in names]
            yield [*((key_of(self.dimension, name), self.groups[name]) for name in names), (key, sum_of(cells))]

    @property
    def known_sum(self) -> Key:
        return key_of(self.dimension, "*")

    @property
    def _sum_keys(self) -> list[Key]:
        return [key_of(self.dimension, f"*{number}") for number, _ in enumerate(self.known_sums)]

    @property
    def known(self) -> set[Key]:
        """What readers know whatever is hidden here."""
        return {*([self.known_sum] if self.overlapping else []), *self._sum_keys}


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    rows: Sequence[str]
    columns: Sequence[str]
    cells: tuple[tuple[ProtectedCell, ...], ...]
    row_totals: tuple[ProtectedCell, ...]
    column_totals: tuple[ProtectedCell, ...]
    total: ProtectedCell

    @property
    def hidden(self) -> Counter[Reason]:
        """How many cells and totals are hidden, by reason."""
        every = [cell for row in self.cells for cell in row]
        return _count_reasons([*every, *self.row_totals, *self.column_totals, self.total])


def sum_of(cells: Sequence[Cell]) -> Cell:
    sizes = [cell.N for cell in cells if cell.N is not None]
    return Cell(sum(cell.n for cell in cells), sum(sizes) if len(sizes) == len(cells) else None)


def key_of(dimension: str, label: str) -> Key:
    return frozenset({(dimension, label)})


def _count_reasons(cells: Iterable[ProtectedCell]) -> Counter[Reason]:
    return Counter(cell.reason for cell in cells if isinstance(cell, Hidden))
