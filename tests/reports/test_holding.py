"""Two releases beside each other: nobody can work out that one to four families came, left or changed sides.

The attacker here is brute force and knows the rule: what stays as it was told moved by nothing, by little, or by more.
"""

from __future__ import annotations

import random
from collections import Counter
from itertools import product

import pytest

from reports.disclosure import Hidden, ProtectedCell, Reason, Shown
from reports.holding import Known, Sum, is_little_between, kept_back

SCHOOLS = ("Kersenboom", "Bron", "Linde", "Zonnewijzer")


def release(*sizes: tuple[int, int]) -> dict[str, ProtectedCell]:
    """The schools of a project and its total, each with n of N."""
    groups = dict(zip(SCHOOLS, sizes, strict=False))
    whole = tuple(map(sum, zip(*groups.values(), strict=True)))
    return {**{label: Shown(*pair) for label, pair in groups.items()}, "total": Shown(*whole)}


def told_after(before: dict[str, ProtectedCell], now: dict[str, ProtectedCell]) -> dict[str, ProtectedCell]:
    return kept_back(before, now, [Sum([label for label in now if label != "total"], "total")])


def test_one_family_more_is_not_told() -> None:
    before = release((94, 146), (60, 90), (80, 120))
    told = told_after(before, release((95, 146), (60, 90), (80, 120)))
    assert told == before


def test_nor_can_it_be_worked_out_from_the_total() -> None:
    """Sixteen more in all, fifteen of them at one school: that the other had one must not be left over."""
    before = release((94, 146), (60, 90), (80, 120))
    told = told_after(before, release((95, 146), (75, 90), (80, 120)))
    assert told["Kersenboom"] == before["Kersenboom"]
    assert told["total"] == Shown(250, 356)
    assert told["Bron"] == before["Bron"]


def test_what_moved_enough_is_told() -> None:
    now = release((104, 146), (75, 90), (80, 120))
    assert told_after(release((94, 146), (60, 90), (80, 120)), now) == now


def test_a_pupil_who_moved_in_changes_no_denominator() -> None:
    before = release((94, 146), (60, 90))
    assert told_after(before, release((104, 147), (60, 90)))["Kersenboom"] == before["Kersenboom"]


def test_one_family_more_that_is_not_reached_is_not_told_either() -> None:
    """Ten more reached and eleven more families: one more of those whom nobody reaches."""
    before = release((94, 146), (60, 90))
    assert told_after(before, release((104, 157), (60, 90)))["Kersenboom"] == before["Kersenboom"]


def test_a_number_kept_back_for_one_sum_is_not_worked_out_from_another() -> None:
    """Bron stays as it was told so that Kersenboom's one family is not left over: nor may Linde tell how Bron moved."""
    before: dict[str, ProtectedCell] = {"Kersenboom": Shown(20), "Bron": Shown(20), "Linde": Shown(20)}
    before |= {"both": Shown(40), "others": Shown(40)}
    now: dict[str, ProtectedCell] = {"Kersenboom": Shown(21), "Bron": Shown(29), "Linde": Shown(27)}
    now |= {"both": Shown(50), "others": Shown(56)}
    told = kept_back(before, now, [Sum(["Kersenboom", "Bron"], "both"), Sum(["Bron", "Linde"], "others")])
    assert told == now | {name: before[name] for name in SCHOOLS[:3]}


def test_what_was_hidden_or_is_new_is_told_as_it_is() -> None:
    before = release((94, 146), (60, 90)) | {"Linde": Hidden(Reason.PRIMARY)}
    now = release((94, 146), (60, 90), (7, 40))
    assert told_after(before, now)["Linde"] == Shown(7, 40)


@pytest.mark.parametrize(
    ("before", "now", "little"),
    [
        (Shown(94, 146), Shown(95, 146), True),
        (Shown(94, 146), Shown(94, 150), True),
        (Shown(94, 146), Shown(100, 150), True),
        (Shown(94, 146), Shown(104, 149), True),
        (Shown(94, 146), Shown(99, 146), False),
        (Shown(94, 146), Shown(89, 141), False),
        (Shown(30), Shown(33), True),
        (Shown(30), Shown(36), False),
        (Shown(30, 40), Shown(30, 40), False),
    ],
)
def test_little_is_one_to_four_in_any_of_the_three_counts(before: Shown, now: Shown, little: bool) -> None:
    assert is_little_between(before, now) is little


@pytest.mark.parametrize("seed", range(150))
def test_whoever_lays_two_releases_beside_each_other_finds_no_little_move(seed: int) -> None:
    chance = random.Random(seed)
    sizes = [(chance.randrange(20, 60), 100) for _ in SCHOOLS[: chance.choice([2, 3, 4])]]
    moves = [chance.choice([0, 0, 1, 2, 4, -1, -3, 5, 7, -6, 12]) for _ in sizes]
    before = release(*sizes)
    now = release(*((n + move, size) for (n, size), move in zip(sizes, moves, strict=True)))
    told = told_after(before, now)
    for label, cell in now.items():
        then, shown = before[label], told[label]
        assert isinstance(cell, Shown)
        assert isinstance(then, Shown)
        if is_little_between(then, cell):
            assert shown == then
            possible = _possible(before, told, label)
            assert len(possible) > 1, (label, moves, possible)


def _possible(before: dict[str, ProtectedCell], told: dict[str, ProtectedCell], label: str) -> set[int]:
    """The moves that a number may have made, as far as two releases tell."""
    apparent = {key: cell.n - before[key].n for key, cell in told.items()}  # type: ignore[union-attr]
    still = [key for key in told if apparent[key] == 0]
    sign = {key: -1 if key == "total" else 1 for key in told}
    rest = -sum(sign[key] * apparent[key] for key in told)
    if label not in still:
        return {apparent[label]}
    others = [key for key in still if key != label]
    guesses = product(range(-5, 6), repeat=len(others))
    return {
        sign[label] * (rest - sum(sign[key] * move for key, move in zip(others, guess, strict=True)))
        for guess in guesses
    }


@pytest.mark.parametrize("seed", range(150))
def test_what_stays_for_one_family_holds_nothing_back_and_leaves_nothing_over(seed: int) -> None:
    """Readers of the running year know n, N and N − n of each school and of all together."""
    chance = random.Random(seed)
    sizes = [(chance.randrange(20, 60), 100) for _ in SCHOOLS[: chance.choice([2, 3, 4])]]
    came = [chance.choice([0, 0, 1, 2, 8, 14]) for _ in sizes]
    met = [chance.choice([0, 1, 2, 4, -1, 5, 7, -6, 22]) for _ in sizes]
    then = release(*sizes)
    now = release(*((n + m, size + c) for (n, size), m, c in zip(sizes, met, came, strict=True)))
    known = {key: Known(cell.n, cell.N, left=cell.N - cell.n) for key, cell in then.items()}  # type: ignore[union-attr,operator]
    told = kept_back(known, now, [Sum([label for label in now if label != "total"], "total")])
    over, still = Counter[str](), Counter[str]()
    for key, cell in told.items():
        before = then[key]
        assert isinstance(cell, Shown)
        assert isinstance(before, Shown)
        assert cell.N is not None
        assert before.N is not None
        assert not is_little_between(before, cell), "nobody sees one to four come, leave or change sides"
        sign = -1 if key == "total" else 1
        over.update(n=sign * cell.n, N=sign * cell.N)
        stays = cell.n == before.n or cell.N - cell.n == before.N - before.n
        still.update(n=stays, N=cell.N == before.N)
    for way in ("n", "N"):
        assert not 0 < abs(over[way]) < 5 or still[way] > 1, (way, then, now, told)
