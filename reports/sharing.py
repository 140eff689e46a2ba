"""Groups of a figure that may not leave, whatever other figures tell of the same units.

Figures of the same units, as talks started by families and talks about good news, tell the same sizes of the same
groups. So a reader is taken to know every size N that is not too small to be told, and the sums of all groups; and of
the hidden groups no more than that one of them is small, for the reason beside each would tell which.

What such a reader can work out is a range: units move between hidden groups as far as their sizes allow. **The rule**:
of every small count that is hidden, n or N − n or N, at least ``floor - 1`` values stay possible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set

from reports.cells import Cell


class NothingLeft(Exception):
    """Not even with all groups hidden is a small one safe: then no group is told, and no reason that is about one."""


def hidden_groups(
    groups: Mapping[str, Cell],
    floor: int,
    *,
    known_sizes: Sequence[Collection[str]] = (),
    of_rest: bool = False,
    most: int | None = None,
) -> set[str]:
    """The groups to hide. ``known_sizes`` are groups whose size together is told elsewhere; ``of_rest``: others tell
    N − n of each group, not N; ``most`` is a public upper limit of each n. Raises NothingLeft."""
    return _Sharing(groups, floor, known_sizes, of_rest, most).run()


class _Sharing:
    def __init__(
        self,
        groups: Mapping[str, Cell],
        floor: int,
        known_sizes: Sequence[Collection[str]],
        of_rest: bool,
        most: int | None,
    ) -> None:
        self.floor, self.of_rest, self.most = floor, of_rest, most
        self.parts = {name: cell.n for name, cell in groups.items()}
        self.rests = {name: (cell.N or 0) - cell.n for name, cell in groups.items()}
        self.sizes = self.rests if of_rest else {name: cell.N or 0 for name, cell in groups.items()}
        blocks: dict[tuple[bool, ...], list[str]] = defaultdict(list)
        for name in sorted(groups, key=self._order):
            if self.sizes[name]:  # of a group without units nobody tells anything
                blocks[tuple(name in known for known in known_sizes)].append(name)
        #: By group all those hidden for their size among which units can move: together they are as many as is told.
        self.pools: dict[str, Set[str]] = {}
        for block in blocks.values():
            pool = self._pool(block)
            self.pools |= dict.fromkeys(pool, pool)

    def run(self) -> set[str]:
        hidden = {*self.pools, *(name for name in self.parts if self._small_sides(name))}
        for name in sorted(hidden, key=self._order):
            while lacking := self._lacking(name, hidden):
                found = {other: self._lacking(name, {*hidden, other}) for other in self.parts if other not in hidden}
                best = min(found, key=lambda other: (found[other], *self._order(other)), default="")
                if not found or found[best] == lacking:  # one group more opens nothing, so many more do not either
                    raise NothingLeft
                hidden.add(best)
        return hidden

    def _order(self, name: str) -> tuple[int, str]:
        return self.sizes[name], name

    def _is_small(self, value: int) -> bool:
        return 0 < value < self.floor

    def _pool(self, block: Sequence[str]) -> Set[str]:
        """The groups whose sizes are small, and the next larger ones that it takes to hide those: the same ones in
        every figure of these units."""
        pool = [name for name in block if self._is_small(self.sizes[name])]
        others = (name for name in block if name not in pool)
        while pool and (len(pool) < 2 or self._sum(self.sizes, pool) < self.floor - 2):
            following = next(others, None)
            if following is None:
                raise NothingLeft
            pool.append(following)
        return frozenset(pool)

    def _small_sides(self, name: str) -> list[Mapping[str, int]]:
        return [side for side in (self.parts, self.rests) if self._is_small(side[name])]

    def _lacking(self, name: str, hidden: Collection[str]) -> int:
        """How many possible values its small counts lack."""
        return sum(max(0, self.floor - 1 - self._possible(name, side, hidden)) for side in self._small_sides(name))

    def _possible(self, name: str, side: Mapping[str, int], hidden: Collection[str]) -> int:
        """How many values this count can have, all others that are hidden being as far as they can."""
        together = self._sum(side, hidden)
        if self.of_rest:
            if side is self.parts:  # of one group alone they are what the others leave of the total
                return together + 1 if len(hidden) > 1 else 1
            return self._sum(side, self.pools[name]) + 1
        pool = self.pools.get(name, frozenset({name}))
        most = min(together, self._sum(self.sizes, pool))
        if side is self.parts and self.most is not None:
            most = min(most, max(self.most, side[name]))
        # The units of a pool may all be in its other groups; of a group whose size is told they are in it.
        others = hidden if len(pool) > 1 else [other for other in hidden if other != name]
        return most - max(0, together - self._sum(self.sizes, others)) + 1

    def _sum(self, numbers: Mapping[str, int], names: Iterable[str]) -> int:
        return sum(numbers[name] for name in names)
