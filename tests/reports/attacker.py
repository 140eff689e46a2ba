"""A reader who wants to know a hidden count: brute force over all whole numbers, written without a look at the search.

What such a reader has: every shown cell, every sum, and the reason of each hidden cell.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from reports.disclosure import Hidden, ProtectedCell, Reason

#: The labels a cell stands under; the grand total stands under none.
Name = tuple[str, ...]
Sum = tuple[tuple[Name, ...], Name]  # parts, total
SMALL = range(1, 5)


class Attacker:
    """For plain counts: which values may each hidden cell of these published cells have?"""

    def __init__(self, published: Mapping[Name, ProtectedCell], sums: Iterable[Sum], most: int) -> None:
        self.published, self.sums, self.most = published, list(sums), most
        self.known = {name: cell.n for name, cell in published.items() if not isinstance(cell, Hidden)}
        # Fewest possibilities first: a contradiction shows early, and the search ends in the age of the reader.
        unknown = (name for name in published if name not in self.known)
        self.unknown = sorted(unknown, key=lambda name: len(self._domain(name)))

    def possible_values(self, name: Name, enough: int) -> set[int]:
        """Values of a hidden cell that fit everything published; looking stops at ``enough`` of them."""
        found: set[int] = set()
        for value in self._domain(name):
            if len(found) < enough and self._fits({**self.known, name: value}):
                found.add(value)
        return found

    def _domain(self, name: Name) -> Sequence[int]:
        cell = self.published[name]
        assert isinstance(cell, Hidden)
        if cell.reason is Reason.PRIMARY:
            return SMALL
        if cell.reason is Reason.COMPLEMENTARY:
            return [0, *range(5, self.most)]
        return range(self.most)

    def _fits(self, values: dict[Name, int]) -> bool:
        if not self._completed(values):
            return False
        left = [name for name in self.unknown if name not in values]
        if not left:
            return True
        return any(self._fits({**values, left[0]: value}) for value in self._domain(left[0]))

    def _completed(self, values: dict[Name, int]) -> bool:
        """Fill in what a sum with one unknown decides; False when a sum or a reason is contradicted."""
        changed = True
        while changed:
            changed = False
            for parts, total in self.sums:
                open_names = [name for name in (*parts, total) if name not in values]
                if not open_names:
                    if sum(values[name] for name in parts) != values[total]:
                        return False
                elif len(open_names) == 1:
                    (name,) = open_names
                    rest = sum(values[part] for part in parts if part in values)
                    values[name] = rest if name == total else values[total] - rest
                    if values[name] not in self._domain(name):
                        return False
                    changed = True
                elif total in values and sum(values[name] for name in parts if name in values) > values[total]:
                    return False
        return True


def possible_pairs(reasons: list[Reason], part_sum: int, rest_sum: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """For hidden groups n of N whose n and N − n sum to these: every n-solution that some solution of N − n allows.

    Yields (solution, side) with side 0 for n and 1 for N − n.
    """
    solutions = [list(_splits(total, len(reasons))) for total in (part_sum, rest_sum)]
    patterns = [{tuple(value in SMALL for value in solution) for solution in side} for side in solutions]
    for side, own in enumerate(solutions):
        fitting = {
            pattern
            for pattern, other in product({tuple(value in SMALL for value in s) for s in own}, patterns[1 - side])
            if all(
                (mine or theirs) == (reason is Reason.PRIMARY)
                for reason, mine, theirs in zip(reasons, pattern, other, strict=True)
            )
        }
        yield from ((s, side) for s in own if tuple(value in SMALL for value in s) in fitting)


def _splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *others) for others in _splits(total - first, parts - 1))
