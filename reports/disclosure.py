"""Nothing leaves the school with a group of one to four in it: the door every published figure passes.

A cell is hidden when n, N or N − n is 1 to 4 (rulings 11), and so are as many others as it takes that no hidden count
can be worked out from totals or from other cells. What exactly is promised, and against whom, stands in
``suppression``; two readings beside each other are for ``holding``. Zero may be shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from django.utils.translation import ngettext

from reports.cells import (
    NO_LABEL,
    REASONS,
    Breakdown,
    Cell,
    Hidden,
    Line,
    ProtectedCell,
    ProtectedTable,
    Shown,
    Table,
    key_of,
    sum_of,
)
from reports.sharing import NothingLeft, hidden_groups
from reports.suppression import Counts, Equation, Key, Reason, suppress

__all__ = [
    "REASONS", "Breakdown", "Cell", "Hidden", "ProtectedCell", "ProtectedTable", "Reason",
    "Shown", "Table", "explanations", "protect", "protect_breakdown", "protect_cell", "protect_groups",
    "protect_inside",
]  # fmt: skip

#: No setting: the rule (rulings 11), the fund's readers and the sentences here all say "one to four".
FLOOR = 5
#: A total is worth more to a reader than a cell: hidden last.
MARGIN_WEIGHT, TOTAL_WEIGHT = 10_000, 100_000


def protect_cell(cell: Cell, floor: int = FLOOR) -> ProtectedCell:
    """One figure that stands alone, like a total beside a breakdown."""
    small = (0 < value < floor for value in (cell.n, cell.N, None if cell.N is None else cell.N - cell.n) if value)
    return Hidden(Reason.PRIMARY) if any(small) else Shown(cell.n, cell.N)


def protect(table: Table, floor: int = FLOOR) -> ProtectedTable:
    """The table as it may leave. Raises ValueError when the totals are not the sums of the cells."""
    return _protected_table(table, _Leaving(table, floor))


def protect_inside(
    table: Table,
    floor: int = FLOOR,
    *,
    also_known: Iterable[tuple[str, str]] = (),
    known_sums: Iterable[tuple[Sequence[str], str]] = (),
) -> ProtectedTable:
    """The cells of a table as they may leave beside totals that readers know or can know, whether these are shown or
    not. ``also_known`` are cells, by row and column, that another figure shows: they hide nothing here. ``known_sums``
    are rows whose sum in a column another figure tells."""
    known = {key for line in table.grid() for key, _ in line if len(key) < 2}
    for row, column in also_known:
        known.add(key_of(table.row_dimension, row) | key_of(table.column_dimension, column))
    beside = list(_sums_in(table, known_sums))
    known.update(line[-1][0] for line in beside)
    return _protected_table(table, _Leaving(table, floor, known=known, beside=beside))


def _sums_in(table: Table, known_sums: Iterable[tuple[Sequence[str], str]]) -> Iterator[Line]:
    """The rows of a column and their sum, as a line of the table."""
    for rows, column in known_sums:
        place = table.columns.index(column)
        keys = {row: key_of(table.row_dimension, row) | key_of(table.column_dimension, column) for row in rows}
        line = [(key, table.cells[table.rows.index(row)][place]) for row, key in keys.items()]
        yield [*line, (frozenset().union(*keys.values()), sum_of([cell for _, cell in line]))]


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
    leaving = _Leaving(breakdown, floor, known={NO_LABEL})
    return {name: leaving[key_of(breakdown.dimension, name)] for name in groups}


def protect_groups(
    groups: Mapping[str, Cell],
    total: Cell,
    *,
    overlapping: bool = False,
    floor: int = FLOOR,
    known_sizes: Sequence[Collection[str]] = (),
    of_rest: bool = False,
) -> dict[str, ProtectedCell]:
    """The groups of a figure as they may leave beside other figures of the same units (``sharing``). ``known_sizes``
    are groups whose size together is told elsewhere; ``of_rest``: the others count N − n."""
    if any(cell.N is None for cell in (*groups.values(), total)):
        return protect_breakdown(groups, total, overlapping=overlapping, floor=floor)
    if not overlapping and sum_of(list(groups.values())) != total and groups:
        raise ValueError(f"The total {total} is not the sum of its parts.")
    sizes = {name: Cell((cell.N or 0) - cell.n * of_rest) for name, cell in groups.items()}
    together = {tuple(sorted(names)): Cell(sum(sizes[name].n for name in names)) for names in known_sizes}
    told = [names for names, cell in together.items() if isinstance(protect_cell(cell, floor), Shown)]
    most = total.n if overlapping else None
    try:
        hidden = hidden_groups(groups, floor, known_sizes=told, of_rest=of_rest, most=most)
    except NothingLeft:
        return dict.fromkeys(groups, Hidden(Reason.WITHHELD))
    return {name: Hidden(Reason.TOGETHER) if name in hidden else Shown(cell.n, cell.N) for name, cell in groups.items()}


def explanations(cells: Iterable[object]) -> list[str]:
    """Why cells are hidden: one sentence per reason for under the table, in the reader's language."""
    hidden = Counter(cell.reason for cell in cells if isinstance(cell, Hidden))
    sentences = {
        Reason.PRIMARY: ngettext(
            "%(count)d cell is hidden because it is about one to four families.",
            "%(count)d cells are hidden because they are about one to four families.",
            hidden[Reason.PRIMARY],
        ),
        Reason.COMPLEMENTARY: ngettext(
            "%(count)d more cell is hidden because a smaller group could be worked out with it.",
            "%(count)d more cells are hidden because a smaller group could be worked out with them.",
            hidden[Reason.COMPLEMENTARY],
        )
        if hidden[Reason.PRIMARY]
        else ngettext(
            "%(count)d cell is hidden because a smaller group could be worked out with it.",
            "%(count)d cells are hidden because a smaller group could be worked out with them.",
            hidden[Reason.COMPLEMENTARY],
        ),
        Reason.TOGETHER: ngettext(
            "%(count)d cell is hidden: it is about one to four families, or with it such a group could be worked out.",
            "%(count)d cells are hidden: some are about one to four families, and with the others those could be "
            "worked out.",
            hidden[Reason.TOGETHER],
        ),
        Reason.WITHHELD: ngettext(
            "%(count)d cell is not shown because the groups of this table are too small.",
            "%(count)d cells are not shown because the groups of this table are too small.",
            hidden[Reason.WITHHELD],
        ),
    }
    return [text % {"count": hidden[reason]} for reason, text in sentences.items() if hidden[reason]]


class _Leaving:
    """The cells of a table or breakdown, and which of them may not leave."""

    def __init__(
        self,
        part: Table | Breakdown,
        floor: int,
        known: Set[Key] = frozenset(),
        beside: Sequence[Line] = (),
    ) -> None:
        lines = [*part.lines(), *beside]
        self.cells: dict[Key, Cell] = {key: cell for line in lines for key, cell in line}
        self.known = known | part.known if isinstance(part, Breakdown) else known
        if len({cell.N is None for cell in self.cells.values()}) > 1:
            raise ValueError("A table holds either rates or plain counts.")
        counts = {key: self._counts(key, cell) for key, cell in self.cells.items()}
        if isinstance(part, Breakdown) and part.overlapping:
            keys = (key_of(part.dimension, name) for name in part.groups)
            counts |= {key: replace(counts[key], ceiling=part.total.n) for key in keys}
        self._reasons = suppress(counts, (_equation(line) for line in lines if len(line) > 1), floor)

    def __getitem__(self, key: Key) -> ProtectedCell:
        if key in self._reasons:
            return Hidden(self._reasons[key])
        return Shown(self.cells[key].n, self.cells[key].N)

    def _counts(self, key: Key, cell: Cell) -> Counts:
        weight = (TOTAL_WEIGHT, MARGIN_WEIGHT, 0)[min(len(key), 2)]
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


def _equation(line: Line) -> Equation:
    """The line as signed parts that sum to zero; its last cell is the total of the others."""
    *parts, (total_key, total) = line
    if sum_of([cell for _, cell in parts]) != total:
        raise ValueError(f"The total {total} is not the sum of its parts.")
    return (*((key, 1) for key, _ in parts), (total_key, -1))
