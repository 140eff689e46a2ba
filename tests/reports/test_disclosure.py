"""Small groups stay unknown: to who reads the table, adds up, subtracts, and lays other tables beside it."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.disclosure import (
    Cell,
    Hidden,
    ProtectedCell,
    ProtectedTable,
    Reason,
    Shown,
    Table,
    explanations,
    protect,
    protect_breakdown,
    protect_cell,
)
from tests.reports.attacker import Attacker, Name, Sum, possible_pairs

ENOUGH = 4
THOROUGH = settings(max_examples=350, deadline=None, suppress_health_check=[HealthCheck.too_slow])
COUNT = st.one_of(st.integers(0, 6), st.integers(0, 25))


def table_of(counts: Sequence[Sequence[int]], rows: str = "school", columns: str = "language") -> Table:
    return Table(
        rows=[f"{rows}{place}" for place in range(len(counts))],
        columns=[f"{columns}{place}" for place in range(len(counts[0]))],
        cells=[[Cell(count) for count in line] for line in counts],
        row_totals=[Cell(sum(line)) for line in counts],
        column_totals=[Cell(sum(column)) for column in zip(*counts, strict=True)],
        total=Cell(sum(map(sum, counts))),
        row_dimension=rows,
        column_dimension=columns,
    )


def published_of(table: ProtectedTable) -> tuple[dict[Name, ProtectedCell], list[Sum]]:
    """The printed table as a reader's notes: cells by name, and what adds up to what."""
    cells: dict[Name, ProtectedCell] = {(): table.total}
    sums: list[Sum] = [
        (tuple((row,) for row in table.rows), ()),
        (tuple((column,) for column in table.columns), ()),
    ]
    for row, line, total in zip(table.rows, table.cells, table.row_totals, strict=True):
        cells[row,] = total
        cells |= {(row, column): cell for column, cell in zip(table.columns, line, strict=True)}
        sums.append((tuple((row, column) for column in table.columns), (row,)))
    for column, total in zip(table.columns, table.column_totals, strict=True):
        cells[column,] = total
        sums.append((tuple((row, column) for row in table.rows), (column,)))
    return cells, sums


def assert_nothing_leaks(cells: dict[Name, ProtectedCell], sums: list[Sum], most: int) -> None:
    attacker = Attacker(cells, sums, most)
    for name, cell in cells.items():
        if isinstance(cell, Shown):
            assert cell.n not in range(1, 5)
        elif cell.reason is Reason.PRIMARY:
            assert len(attacker.possible_values(name, ENOUGH)) == ENOUGH, (name, cells)


def grids(rows: int, columns: int) -> st.SearchStrategy[list[list[int]]]:
    return st.lists(st.lists(COUNT, min_size=columns, max_size=columns), min_size=rows, max_size=rows)


def test_the_worked_example_hides_unknown_and_one_more() -> None:
    groups = {"nl": Cell(18, 24), "other": Cell(7, 14), "unknown": Cell(1, 2)}

    assert protect_breakdown(groups, Cell(26, 40)) == {
        "nl": Shown(18, 24),
        "other": Hidden(Reason.COMPLEMENTARY),
        "unknown": Hidden(Reason.PRIMARY),
    }


@pytest.mark.parametrize(
    ("cell", "hidden"),
    [
        (Cell(0, 40), False), (Cell(40, 40), False), (Cell(5, 10), False), (Cell(0, 0), False), (Cell(0), False),
        (Cell(4, 40), True), (Cell(36, 40), True), (Cell(0, 3), True), (Cell(22, 24), True), (Cell(1), True),
    ],
)  # fmt: skip
def test_a_figure_alone_is_hidden_when_n_or_the_rest_is_one_to_four(cell: Cell, hidden: bool) -> None:
    assert isinstance(protect_cell(cell), Hidden) is hidden


def test_a_table_without_small_cells_is_shown_whole() -> None:
    shown = protect(table_of([[10, 0], [7, 30]]))

    assert shown.cells == ((Shown(10), Shown(0)), (Shown(7), Shown(30)))
    assert not shown.hidden


def test_one_small_cell_takes_three_others_with_it_and_the_totals_stay() -> None:
    shown = protect(table_of([[3, 20, 30], [25, 40, 50], [60, 70, 80]]))

    assert shown.hidden == {Reason.PRIMARY: 1, Reason.COMPLEMENTARY: 3}
    assert all(isinstance(total, Shown) for total in (*shown.row_totals, *shown.column_totals, shown.total))


def test_two_small_groups_that_sum_to_two_need_a_third() -> None:
    groups = protect_breakdown({"a": Cell(1), "b": Cell(1), "c": Cell(30), "d": Cell(50)}, Cell(82))

    assert [name for name, cell in groups.items() if isinstance(cell, Hidden)] == ["a", "b", "c"]


def test_a_population_that_is_small_itself_is_withheld_without_a_hint() -> None:
    groups = protect_breakdown({"a": Cell(3), "b": Cell(1), "c": Cell(0)}, Cell(4))

    assert set(groups.values()) == {Hidden(Reason.WITHHELD)}


def test_a_small_total_of_a_table_is_hidden() -> None:
    assert isinstance(protect(table_of([[30, 2], [30, 0]])).column_totals[1], Hidden)


def test_groups_that_overlap_are_protected_as_if_their_sum_were_known() -> None:
    schools = {"a": Cell(18, 24), "b": Cell(7, 14), "c": Cell(1, 2)}

    with pytest.raises(ValueError, match="not the sum"):
        protect_breakdown(schools, Cell(25, 38))
    shown = protect_breakdown(schools, Cell(25, 38), overlapping=True)
    assert [isinstance(cell, Hidden) for cell in shown.values()] == [False, True, True]


def test_a_sum_that_another_figure_tells_hides_nothing() -> None:
    """Families on the rungs of the reach ladder, where I02 tells those on the last two together."""
    rungs = {"tried": Cell(0), "handed over": Cell(3), "opened": Cell(300), "spoken": Cell(57), "understood": Cell(270)}
    total = Cell(630)
    alone = protect_breakdown(rungs, total)
    assert {name for name, cell in alone.items() if isinstance(cell, Hidden)} == {"handed over", "spoken"}
    shown = protect_breakdown(rungs, total, known_sums=[("spoken", "understood")])
    assert {name for name, cell in shown.items() if isinstance(cell, Hidden)} == {"handed over", "opened"}


def test_a_total_that_is_not_a_sum_is_refused() -> None:
    with pytest.raises(ValueError, match="not the sum"):
        protect(Table(["r"], ["c"], [[Cell(5)]], [Cell(5)], [Cell(6)], Cell(5)))


def test_rates_beside_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="either rates or plain counts"):
        protect_breakdown({"a": Cell(10, 20), "b": Cell(5)}, Cell(15))


@pytest.mark.parametrize(("n", "N"), [(-1, None), (3, 2)])
def test_an_impossible_count_is_refused(n: int, N: int | None) -> None:
    with pytest.raises(ValueError, match="not a count"):
        Cell(n, N)


def test_the_reader_is_told_how_many_cells_are_hidden_and_why() -> None:
    sentences = explanations([*map(Hidden, (Reason.PRIMARY, Reason.PRIMARY, Reason.COMPLEMENTARY)), Shown(7)])

    assert len(sentences) == 2
    assert sentences[0].startswith("2 ")
    assert Hidden(Reason.WITHHELD).message.startswith("This table is not shown")


def test_cells_that_are_hidden_alone_are_not_said_to_be_more() -> None:
    (alone,) = explanations([*map(Hidden, (Reason.COMPLEMENTARY, Reason.COMPLEMENTARY)), Shown(7)])
    assert alone.startswith("2 cel")


@THOROUGH
@given(st.one_of(grids(2, 2), grids(2, 3), grids(3, 3)))
def test_nobody_narrows_a_small_cell_of_a_table(counts: list[list[int]]) -> None:
    cells, sums = published_of(protect(table_of(counts)))

    assert_nothing_leaks(cells, sums, most=sum(map(sum, counts)) + 12)


@THOROUGH
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=4))
def test_nobody_narrows_a_small_group_of_a_breakdown_with_n_and_N(pairs: list[tuple[int, int]]) -> None:
    groups = {str(place): Cell(n, n + rest) for place, (n, rest) in enumerate(pairs)}
    total = Cell(sum(n for n, _ in pairs), sum(n + rest for n, rest in pairs))
    shown = protect_breakdown(groups, total)
    secret = [(pairs[int(name)], cell.reason) for name, cell in shown.items() if isinstance(cell, Hidden)]
    for name, cell in shown.items():
        assert isinstance(cell, Hidden) or cell == protect_cell(groups[name])
    if not secret or secret[0][1] is Reason.WITHHELD:
        assert len(secret) in (0, len(pairs))
        return
    possible: list[list[set[int]]] = [[set(), set()] for _ in secret]
    sums = [sum(pair[side] for pair, _ in secret) for side in (0, 1)]
    for solution, side in possible_pairs([reason for _, reason in secret], sums[0], sums[1]):
        for place, value in enumerate(solution):
            possible[place][side].add(value)
    for (pair, _), sides in zip(secret, possible, strict=True):
        for value, values in zip(pair, sides, strict=True):
            assert value in values
            assert value not in range(1, 5) or len(values) >= ENOUGH


@THOROUGH
@given(st.lists(COUNT, min_size=3, max_size=6))
def test_nobody_narrows_a_small_group_who_knows_two_of_them_together(numbers: list[int]) -> None:
    names = [str(place) for place, _ in enumerate(numbers)]
    together = numbers[-1] + numbers[-2]
    told = [names[-2:]] if together not in range(1, 5) else []
    groups = dict(zip(names, map(Cell, numbers), strict=True))
    shown = protect_breakdown(groups, Cell(sum(numbers)), known_sums=told)
    cells: dict[Name, ProtectedCell] = {(name,): cell for name, cell in shown.items()}
    sums: list[Sum] = []
    if sum(numbers) not in range(1, 5):
        cells[()] = Shown(sum(numbers))
        sums.append((tuple((name,) for name in names), ()))
    if told:
        cells["both",] = Shown(together)
        sums.append((tuple((name,) for name in names[-2:]), ("both",)))
    assert_nothing_leaks(cells, sums, most=sum(numbers) + 12)
