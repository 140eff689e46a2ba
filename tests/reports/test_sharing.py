"""Two figures of the same units beside each other: the sizes that one tells do not give away what the other hides.

The reader here is brute force over all sizes that the groups can have, written without a look at the product's search.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.disclosure import Cell, Hidden, ProtectedCell, Reason, Shown, protect_groups

ENOUGH = 4
SMALL = range(1, 5)
Groups = Mapping[str, Cell]


def protected(groups: Groups) -> dict[str, ProtectedCell]:
    whole = Cell(sum(cell.n for cell in groups.values()), sum(cell.N or 0 for cell in groups.values()))
    return protect_groups(groups, whole)


def sizes_possible(figures: Sequence[Groups], shown: Sequence[Mapping[str, ProtectedCell]]) -> Iterator[dict[str, int]]:
    """All sizes of the groups that fit what the figures show and their totals."""
    names = list(figures[0])
    known = {name: cell.N or 0 for one in shown for name, cell in one.items() if isinstance(cell, Shown)}
    unknown = [name for name in names if name not in known]
    left = sum(cell.N or 0 for cell in figures[0].values()) - sum(known.values())
    for split in _splits(left, len(unknown)):
        sizes = known | dict(zip(unknown, split, strict=True))
        if all(_hidden_sum(figure, one) <= _room(sizes, one) for figure, one in zip(figures, shown, strict=True)):
            yield sizes


def values_possible(figures: Sequence[Groups], which: int, name: str) -> dict[str, set[int]]:
    """What n, N − n and N of a group can be, to whoever reads all these figures."""
    shown = [protected(figure) for figure in figures]
    found: dict[str, set[int]] = {"n": set(), "rest": set(), "N": set()}
    for sizes in sizes_possible(figures, shown):
        together, room = _hidden_sum(figures[which], shown[which]), _room(sizes, shown[which])
        fit = range(max(0, together - (room - sizes[name])), min(sizes[name], together) + 1)
        parts = [part for part in fit if _says(shown[which][name], part, sizes[name])]
        found["n"] |= {*parts}
        found["rest"] |= {sizes[name] - part for part in parts}
        found["N"] |= {sizes[name]} if parts else set()
    return found


def _says(cell: ProtectedCell, part: int, size: int) -> bool:
    """Whether the sentence beside a hidden number is true of these counts."""
    if not isinstance(cell, Hidden) or cell.reason not in (Reason.PRIMARY, Reason.COMPLEMENTARY):
        return True
    return (cell.reason == Reason.PRIMARY) == bool({part, size - part, size} & {*SMALL})


def _hidden_sum(figure: Groups, shown: Mapping[str, ProtectedCell]) -> int:
    return sum(figure[name].n for name, cell in shown.items() if isinstance(cell, Hidden))


def _room(sizes: Mapping[str, int], shown: Mapping[str, ProtectedCell]) -> int:
    return sum(sizes[name] for name, cell in shown.items() if isinstance(cell, Hidden))


def _splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if not parts:
        if not total:
            yield ()
        return
    for first in range(total + 1):
        yield from ((first, *others) for others in _splits(total - first, parts - 1))


def assert_nothing_is_narrowed(figures: Sequence[Groups]) -> None:
    for which, figure in enumerate(figures):
        shown = protected(figure)
        for name, cell in figure.items():
            if isinstance(shown[name], Shown):
                assert not {cell.n, (cell.N or 0) - cell.n} & {*SMALL}
                continue
            if shown[name] == Hidden(Reason.WITHHELD):
                continue
            possible = values_possible(figures, which, name)
            for side, value in (("n", cell.n), ("rest", (cell.N or 0) - cell.n), ("N", cell.N or 0)):
                assert value in possible[side]
                assert value not in SMALL or len(possible[side]) >= ENOUGH, (which, name, side, possible[side])


GROUP = st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))


@settings(max_examples=250, deadline=None)
@given(st.lists(GROUP, min_size=2, max_size=4))
def test_nobody_narrows_a_small_group_with_two_figures_of_the_same_units(groups: list[tuple[int, int, int]]) -> None:
    figures = [
        {str(place): Cell(min(one[which], one[2]), one[2]) for place, one in enumerate(groups)} for which in (0, 1)
    ]
    assert_nothing_is_narrowed(figures)


def test_the_size_that_another_figure_tells_gives_away_no_number() -> None:
    """I19 tells that there were eleven talks about the next school and ten referrals. Ten of these 21 were about good
    news: the sentence beside each hidden number left only four for the referrals."""
    kinds = {"GATE": Cell(314, 513), "ORIENTATION": Cell(6, 11), "REFERRAL": Cell(4, 10), "VIDEO": Cell(15, 29)}
    shown = protected(kinds)
    assert shown["REFERRAL"] == Hidden(Reason.TOGETHER)
    assert {cell.reason for cell in shown.values() if isinstance(cell, Hidden)} == {Reason.TOGETHER}
    known = {name: Cell(0, cell.N) for name, cell in kinds.items()}
    assert len(values_possible([kinds, known], 0, "REFERRAL")["n"]) >= ENOUGH


@pytest.mark.parametrize("of_rest", [False, True])
def test_groups_of_which_nothing_can_stay_hidden_are_withheld(of_rest: bool) -> None:
    groups = {"a": Cell(1, 2), "b": Cell(0, 0)}
    assert set(protect_groups(groups, Cell(1, 2), of_rest=of_rest).values()) == {Hidden(Reason.WITHHELD)}


def test_a_small_size_hides_the_same_groups_in_each_figure() -> None:
    sizes = {"a": 3, "b": 40, "c": 9, "d": 30}
    for parts in ({"a": 0, "b": 20, "c": 9, "d": 10}, {"a": 3, "b": 0, "c": 0, "d": 30}):
        shown = protected({name: Cell(parts[name], size) for name, size in sizes.items()})
        assert [name for name, cell in shown.items() if isinstance(cell, Hidden)] == ["a", "c"]


def test_totals_that_are_no_sums_are_refused() -> None:
    with pytest.raises(ValueError, match="not the sum"):
        protect_groups({"a": Cell(5, 9)}, Cell(6, 9))


def test_one_group_alone_is_what_the_others_leave_of_the_total() -> None:
    """Appointments by kind: 13 of 60 in vain, 9 of 32 welcome talks; one hidden kind would be the 4 of 28 others."""
    groups = {"CONFERENCE": Cell(4, 28), "INTAKE": Cell(9, 32), "VIDEO": Cell(7, 40)}
    shown = protect_groups(groups, Cell(20, 100), of_rest=True)
    assert [name for name, cell in shown.items() if isinstance(cell, Hidden)] == ["CONFERENCE", "INTAKE"]
    two = {name: groups[name] for name in ("CONFERENCE", "INTAKE")}
    assert all(isinstance(cell, Hidden) for cell in protect_groups(two, Cell(13, 60), of_rest=True).values())
