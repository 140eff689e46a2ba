"""The search behind ``disclosure``: which cells of a table must be hidden so that none can be worked out.

A cell is a pair of counts, ``part`` (n) and ``rest`` (N − n); a table is equations: parts with signs that sum to zero.
Somebody who wants to know a hidden count has the shown cells, all equations, and the reason of each hidden cell:
primary means that its part or its rest is 1 to ``floor - 1``, complementary means that neither is.

**The rule**: of every small count that is hidden, at least ``floor - 1`` values stay possible for that reader.

It is proven by witnesses, not by bounds: for each of those values the search finds a set of hidden cells that can move
along (one up, one down, in every equation) without any of them leaving what its reason says of it. Hiding more cells
never takes a witness away, so one pass over the primary cells is enough. Where no witness exists, the table is
withheld as a whole; then its cells have no reason that tells anything of them.

Not covered: a reader who reconstructs the choice among several possible complementary cells ("minimality attack").
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

#: The labels a cell is about, each with its dimension; the grand total is about none.
Key = frozenset[tuple[str, str]]
Equation = tuple[tuple[Key, int], ...]

#: How far a search for one witness may go; beyond it the next cell or the whole table is hidden.
MOST_STEPS = 1_500
MOST_MOVES = 8
HIDDEN_COST, SHOWN_COST = 1, 1_000


class Reason(StrEnum):
    """Why a cell is hidden. Primary and complementary say something about the count, the others nothing: together says
    that one of those that are hidden together is small, withheld that too little is left to show."""

    PRIMARY = "primary"
    COMPLEMENTARY = "complementary"
    TOGETHER = "together"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Counts:
    """The two counts of a cell; ``rest`` is None where only n is published.

    ``weight`` says how loath we are to hide it; a ``known`` cell is public whatever we do, so it neither moves nor
    hides; ``ceiling`` is a public upper limit of ``part``.
    """

    part: int
    rest: int | None
    weight: int = 0
    ceiling: int | None = None
    known: bool = False


@dataclass(frozen=True, slots=True)
class _State:
    cost: int
    moves: Mapping[Key, int]
    open: Mapping[int, int]


def suppress(cells: Mapping[Key, Counts], equations: Iterable[Equation], floor: int = 5) -> dict[Key, Reason]:
    """The cells to hide, each with its reason. Raises nothing: at worst everything is withheld."""
    return _Suppression(cells, equations, floor).run()


class _Suppression:
    def __init__(self, cells: Mapping[Key, Counts], equations: Iterable[Equation], floor: int) -> None:
        self.cells, self.floor = cells, floor
        self.equations = list(dict.fromkeys(equations))
        self.places: dict[Key, list[tuple[int, int]]] = defaultdict(list)
        for number, equation in enumerate(self.equations):
            for key, sign in equation:
                self.places[key].append((number, sign))
        self.reasons = {key: Reason.PRIMARY for key in cells if self._is_primary(key)}
        self.moved: dict[Key, int] = {}

    def run(self) -> dict[Key, Reason]:
        for key in sorted(self.reasons, key=lambda key: self.cells[key].part):
            while not self._is_safe(key):
                addition = self._cheapest_addition(key)
                if not addition:
                    return self._withheld()
                self._hide(addition)
        return self.reasons

    # What a reader may hold for possible ------------------------------------------------------------------------

    def _is_small(self, value: int | None) -> bool:
        return value is not None and 0 < value < self.floor

    def _is_primary(self, key: Key) -> bool:
        counts = self.cells[key]
        return not counts.known and (self._is_small(counts.part) or self._is_small(counts.rest))

    def _value(self, key: Key, side: str) -> int:
        """The count, as far as the witness under construction has moved it."""
        counts = self.cells[key]
        return (counts.part if side == "part" else counts.rest or 0) + self.moved.get(key, 0)

    def _sides(self) -> Iterator[str]:
        yield "part"
        if any(counts.rest is not None for counts in self.cells.values()):
            yield "rest"

    def _may_be(self, key: Key, side: str, value: int) -> bool:
        """Whether the cell could hold ``value`` on this side, its other side being as it is, by what is published."""
        counts = self.cells[key]
        if value < 0 or counts.known or (counts.ceiling is not None and side == "part" and value > counts.ceiling):
            return False
        reason = self.reasons.get(key, Reason.COMPLEMENTARY)
        if reason is Reason.WITHHELD:
            return True
        other = counts.rest if side == "part" else counts.part
        return (self._is_small(value) or self._is_small(other)) == (reason is Reason.PRIMARY)

    def _is_safe(self, key: Key) -> bool:
        return all(self._possible(key, side) >= self.floor - 1 for side in self._small_sides(key))

    def _small_sides(self, key: Key) -> list[str]:
        return [side for side in self._sides() if self._is_small(self._value(key, side))]

    def _possible(self, key: Key, side: str) -> int:
        """How many values of a hidden count have a witness among the hidden cells; counting stops when enough."""
        found = 1
        for shift in self._shifts(key, side):
            if found >= self.floor - 1:
                break
            found += self._witness(key, side, shift, only_hidden=True) is not None
        return found

    def _shifts(self, key: Key, side: str) -> list[int]:
        """Changes of the count to try: first to the other small values, then to zero and upwards."""
        value = self._value(key, side)
        small = [other - value for other in range(1, self.floor) if other != value]
        return [*small, -value, *(other - value for other in range(self.floor, 2 * self.floor + 3))]

    # What to hide besides --------------------------------------------------------------------------------------

    def _cheapest_addition(self, key: Key) -> frozenset[Key]:
        """The shown cells that make ``key`` safe at least cost; else those that bring it nearest. Empty if none."""
        best: tuple[int, int, frozenset[Key]] | None = None
        for addition, cost in self._additions(key):
            missing = self._missing_with(key, addition)
            if best is None or (missing, cost) < best[:2]:
                best = missing, cost, addition
        return best[2] if best else frozenset()

    def _additions(self, key: Key) -> list[tuple[frozenset[Key], int]]:
        """Sets of shown cells that open one more value of ``key``, with what hiding them costs."""
        found: dict[frozenset[Key], int] = {}
        for side in self._small_sides(key):
            for shift in self._shifts(key, side):
                moved = self._witness(key, side, shift, only_hidden=False)
                new = (moved or frozenset()).difference(self.reasons)
                if new:
                    found[new] = sum(self._cost(other) for other in new)
        return sorted(found.items(), key=lambda item: item[1])

    def _missing_with(self, key: Key, addition: frozenset[Key]) -> int:
        """How many possible values ``key`` would still lack if those cells were hidden too."""
        kept = self.reasons
        self.reasons = kept | dict.fromkeys(addition, Reason.COMPLEMENTARY)
        lacking = sum(max(0, self.floor - 1 - self._possible(key, side)) for side in self._small_sides(key))
        self.reasons = kept
        return lacking

    def _hide(self, keys: Iterable[Key]) -> None:
        self.reasons.update(dict.fromkeys(keys, Reason.COMPLEMENTARY))

    def _withheld(self) -> dict[Key, Reason]:
        """The whole table, but for what is known whatever we do."""
        return {key: Reason.WITHHELD for key, counts in self.cells.items() if not counts.known}

    # The search itself -----------------------------------------------------------------------------------------

    def _cost(self, key: Key) -> int:
        if key in self.reasons:
            return HIDDEN_COST
        counts = self.cells[key]
        return SHOWN_COST + counts.weight + min(counts.part + (counts.rest or 0), SHOWN_COST)

    def _witness(self, key: Key, side: str, shift: int, *, only_hidden: bool) -> frozenset[Key] | None:
        """The cells that move along when ``key`` changes by ``shift``: at once where possible, else one by one."""
        touched: set[Key] = set()
        try:
            while left := shift - self.moved.get(key, 0):
                one = 1 if left > 0 else -1
                moves = self._moves(key, side, left, only_hidden) or self._moves(key, side, one, only_hidden)
                if moves is None:
                    return None
                touched |= moves.keys()
                self.moved = {other: self.moved.get(other, 0) + moves.get(other, 0) for other in touched}
            return frozenset(touched)
        finally:
            self.moved = {}

    def _moves(self, key: Key, side: str, shift: int, only_hidden: bool) -> Mapping[Key, int] | None:
        """Moves of cells by ±``shift`` that change ``key`` and leave all equations true; the cheapest such set."""
        if not self._may_be(key, side, self._value(key, side) + shift):
            return None
        start = _State(0, {key: shift}, self._opened({}, key, shift))
        order = count()
        heap = [(0, next(order), start)]
        seen: set[frozenset[tuple[Key, int]]] = set()
        for _ in range(MOST_STEPS):
            if not heap:
                return None
            state = heapq.heappop(heap)[2]
            if not state.open:
                return state.moves
            for following in self._continued(state, side, only_hidden=only_hidden):
                signature = frozenset(following.moves.items())
                if signature not in seen:
                    seen.add(signature)
                    heapq.heappush(heap, (following.cost + len(following.open), next(order), following))
        return None

    def _continued(self, state: _State, side: str, *, only_hidden: bool) -> Iterator[_State]:
        """The states after one more move in the open equation with the fewest cells to choose from."""
        if len(state.moves) >= MOST_MOVES:
            return
        number = min(state.open, key=lambda number: len(self.equations[number]))
        size = abs(next(iter(state.moves.values())))
        direction = -1 if state.open[number] > 0 else 1
        for key, sign in self.equations[number]:
            if key in state.moves or (only_hidden and key not in self.reasons):
                continue
            shift = direction * sign * size
            if self._may_be(key, side, self._value(key, side) + shift):
                moves = {**state.moves, key: shift}
                yield _State(state.cost + self._cost(key), moves, self._opened(state.open, key, shift))

    def _opened(self, unbalanced: Mapping[int, int], key: Key, shift: int) -> Mapping[int, int]:
        """What is out of balance, per equation, after the cell moves too."""
        result = dict(unbalanced)
        for number, sign in self.places[key]:
            result[number] = result.get(number, 0) + sign * shift
            if not result[number]:
                del result[number]
        return result
