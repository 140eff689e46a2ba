"""Nothing leaves the school with a group of one to four in it: the door every published figure passes.

A cell is hidden when n, N or N − n is 1 to 4 (rulings 11), and so are as many others as it takes that no hidden count
can be worked out from totals, from other cells or from another table of the same release. What exactly is promised,
and against whom, stands in ``suppression``. Zero may be shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from django.utils.translation import gettext_noop, ngettext

from reports.suppression import Counts, Equation, Key, LinkedTable, Reason, suppress

__all__ = [
    "REASONS", "Breakdown", "Cell", "Hidden", "ProtectedBreakdown", "ProtectedCell", "ProtectedTable", "Reason",
    "Shown", "Table", "explanations", "protect", "protect_breakdown", "protect_cell",
    "protect_release",
]  # fmt: skip

#: No setting: the rule (rulings 11), the fund's readers and the sentences here all say "one to four".
FLOOR = 5
#: A total is worth more to a reader than a cell: hidden last.
MARGIN_WEIGHT, TOTAL_WEIGHT = 10_000, 100_000

Line = list[tuple[Key, "Cell"]]
NO_LABEL: Key = frozenset()

REASONS: Mapping[Reason, str] = {
    Reason.PRIMARY: gettext_noop("Hidden: this cell is about one to four families."),
    Reason.COMPLEMENTARY: gettext_noop("Hidden: with this number a smaller group could be worked out."),
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
        rows = [_label(self.row_dimension, row) for row in self.rows] + [NO_LABEL]
        columns = [_label(self.column_dimension, column) for column in self.columns] + [NO_LABEL]
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
        line: Line = [(_label(self.dimension, name), cell) for name, cell in self.groups.items()]
        if self.overlapping:
            yield [*line, (self.known_sum, _sum(list(self.groups.values())))]
            yield [(NO_LABEL, self.total)]
        else:
            yield [*line, (NO_LABEL, self.total)]
        for names, key in zip(self.known_sums, self._sum_keys, strict=True):
            cells = [self.groups[name] for name in names]
            yield [*((_label(self.dimension, name), self.groups[name]) for name in names), (key, _sum(cells))]

    @property
    def known_sum(self) -> Key:
        return _label(self.dimension, "*")

    @property
    def _sum_keys(self) -> list[Key]:
        return [_label(self.dimension, f"*{number}") for number, _ in enumerate(self.known_sums)]

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


@dataclass(frozen=True, slots=True)
class ProtectedBreakdown:
    groups: dict[str, ProtectedCell]
    total: ProtectedCell

    @property
    def hidden(self) -> Counter[Reason]:
        return _count_reasons([*self.groups.values(), self.total])


def protect_cell(cell: Cell, floor: int = FLOOR) -> ProtectedCell:
    """One figure that stands alone, like a total beside a breakdown."""
    small = (0 < value < floor for value in (cell.n, cell.N, None if cell.N is None else cell.N - cell.n) if value)
    return Hidden(Reason.PRIMARY) if any(small) else Shown(cell.n, cell.N)


def protect(table: Table, floor: int = FLOOR) -> ProtectedTable:
    """The table as it may leave. Raises ValueError when the totals are not the sums of the cells."""
    return _protected_table(table, _Leaving([table], floor))


def protect_inside(table: Table, floor: int = FLOOR, *, also_known: Iterable[tuple[str, str]] = ()) -> ProtectedTable:
    """The cells of a table as they may leave beside totals that readers know or can know, whether these are shown or
    not. ``also_known`` are cells, by row and column, that another figure shows: they hide nothing here."""
    known = {key for line in table.grid() for key, _ in line if len(key) < 2}
    for row, column in also_known:
        known.add(_label(table.row_dimension, row) | _label(table.column_dimension, column))
    return _protected_table(table, _Leaving([table], floor, known=known))


def protect_breakdown(
    groups: Mapping[str, Cell],
    total: Cell,
    *,
    overlapping: bool = False,
    floor: int = FLOOR,
    known_sums: Sequence[Sequence[str]] = (),
) -> dict[str, ProtectedCell]:
    """The groups as they may leave beside a total that readers know or can know (``protect_cell`` says whether it
    may be shown), and beside ``known_sums`` of some of them that another figure tells."""
    if not groups:
        return {}
    breakdown = Breakdown(groups, total, overlapping=overlapping, known_sums=known_sums)
    return _protected_breakdown(breakdown, _Leaving([breakdown], floor, known={NO_LABEL})).groups


def protect_release(
    release: Sequence[Table | Breakdown], floor: int = FLOOR
) -> list[ProtectedTable | ProtectedBreakdown]:
    """Tables over the same population, protected together: a cell that two of them show is hidden in both or none.

    Raises ValueError when totals are not sums or when two tables disagree about a cell they share.
    """
    leaving = _Leaving(release, floor)
    return [
        _protected_table(part, leaving) if isinstance(part, Table) else _protected_breakdown(part, leaving)
        for part in release
    ]


def explanations(hidden: Mapping[Reason, int]) -> list[str]:
    """One sentence per reason for under the table, in the reader's language."""
    sentences = {
        Reason.PRIMARY: ngettext(
            "%(count)d cell is hidden because it is about one to four families.",
            "%(count)d cells are hidden because they are about one to four families.",
            hidden.get(Reason.PRIMARY, 0),
        ),
        Reason.COMPLEMENTARY: ngettext(
            "%(count)d more cell is hidden because a smaller group could be worked out with it.",
            "%(count)d more cells are hidden because a smaller group could be worked out with them.",
            hidden.get(Reason.COMPLEMENTARY, 0),
        ),
        Reason.WITHHELD: ngettext(
            "%(count)d cell is not shown because the groups of this table are too small.",
            "%(count)d cells are not shown because the groups of this table are too small.",
            hidden.get(Reason.WITHHELD, 0),
        ),
    }
    return [text % {"count": hidden[reason]} for reason, text in sentences.items() if hidden.get(reason)]


class _Leaving:
    """The cells of a release, and which of them may not leave."""

    def __init__(self, release: Sequence[Table | Breakdown], floor: int, known: Set[Key] = frozenset()) -> None:
        self.cells: dict[Key, Cell] = {}
        self.known = set(known)
        tables = [self._linked(part) for part in release]
        if len({cell.N is None for cell in self.cells.values()}) > 1:
            raise ValueError("A release holds either rates or plain counts.")
        counts = {key: self._counts(key, cell) for key, cell in self.cells.items()}
        for part in release:
            if isinstance(part, Breakdown) and part.overlapping:
                keys = (_label(part.dimension, name) for name in part.groups)
                counts |= {key: replace(counts[key], ceiling=part.total.n) for key in keys}
        self._reasons = suppress(counts, tables, floor)

    def __getitem__(self, key: Key) -> ProtectedCell:
        if key in self._reasons:
            return Hidden(self._reasons[key])
        return Shown(self.cells[key].n, self.cells[key].N)

    def _linked(self, part: Table | Breakdown) -> LinkedTable:
        lines = list(part.lines())
        for key, cell in (entry for line in lines for entry in line):
            if self.cells.setdefault(key, cell) != cell:
                raise ValueError(f"Two tables disagree about {set(key)}: {self.cells[key]} and {cell}.")
        if isinstance(part, Breakdown):
            self.known |= part.known
        equations = tuple(_equation(line) for line in lines if len(line) > 1)
        return LinkedTable(frozenset(key for line in lines for key, _ in line), equations)

    def _counts(self, key: Key, cell: Cell) -> Counts:
        weight = (TOTAL_WEIGHT, MARGIN_WEIGHT, 0)[len(key)]
        return Counts(cell.n, None if cell.N is None else cell.N - cell.n, weight, known=key in self.known)


def _protected_table(table: Table, leaving: _Leaving) -> ProtectedTable:
    grid = [tuple(leaving[key] for key, _ in line) for line in table.grid()]
    return ProtectedTable(
        rows=table.rows,
        columns=table.columns,
        cells=tuple(line[:-1] for line in grid[:-1]),
        row_totals=tuple(line[-1] for line in grid[:-1]),
        column_totals=grid[-1][:-1],
        total=grid[-1][-1],
    )


def _protected_breakdown(breakdown: Breakdown, leaving: _Leaving) -> ProtectedBreakdown:
    groups = {name: leaving[_label(breakdown.dimension, name)] for name in breakdown.groups}
    return ProtectedBreakdown(groups, leaving[NO_LABEL])


def _equation(line: Line) -> Equation:
    """The line as signed parts that sum to zero; its last cell is the total of the others."""
    *parts, (total_key, total) = line
    if _sum([cell for _, cell in parts]) != total:
        raise ValueError(f"The total {total} is not the sum of its parts.")
    return (*((key, 1) for key, _ in parts), (total_key, -1))


def _sum(cells: Sequence[Cell]) -> Cell:
    sizes = [cell.N for cell in cells if cell.N is not None]
    return Cell(sum(cell.n for cell in cells), sum(sizes) if len(sizes) == len(cells) else None)


def _label(dimension: str, label: str) -> Key:
    return frozenset({(dimension, label)})


def _count_reasons(cells: Iterable[ProtectedCell]) -> Counter[Reason]:
    return Counter(cell.reason for cell in cells if isinstance(cell, Hidden))
