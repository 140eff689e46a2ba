"""Between two releases: which numbers change, and which stay as readers outside the schools were told them.

``disclosure`` protects one release. Two of them can be subtracted: a school of which 94 families were reached in April
and 95 in May tells of one family. So a number that moved by one to four since it was told stays as it was told, and so
do as many parts of the same total as it takes that nobody can work out the move. A reader does not see which ones stay:
what stays looks like what did not change.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from reports.disclosure import FLOOR, Hidden, ProtectedCell, Reason, Shown

Key = TypeVar("Key", bound=Hashable)
#: How far n, N and N − n moved.
Move = tuple[int, ...]
#: Of a number that was never told.
_NEW: Move = (1, 1, 1)


@dataclass(frozen=True, slots=True)
class Sum(Generic[Key]):
    """Parts that add up to a whole, which other pages tell too: whoever knows all of these but one knows that one."""

    parts: Sequence[Key]
    whole: Key


def is_little_between(before: Shown, now: Shown, floor: int = FLOOR) -> bool:
    """Whether one to four came in, left or changed sides between two readings of a number."""
    return _is_little(_moved(before, now), floor)


def kept_back(
    before: Mapping[Key, ProtectedCell],
    now: Mapping[Key, ProtectedCell],
    sums: Iterable[Sum[Key]] = (),
    floor: int = FLOOR,
) -> dict[Key, ProtectedCell]:
    """``now`` as it may be told after ``before``. What was hidden then or is new moved from nothing, and is told."""
    moves = {
        key: _moved(then, cell)
        for key, cell in now.items()
        if isinstance(cell, Shown) and isinstance(then := before.get(key), Shown)
    }
    kept = {key for key, move in moves.items() if _is_little(move, floor)}
    hidden: set[Key] = set()
    for one in sums:
        _close(one, moves, kept, floor)
        if _tells(one, moves, kept, floor):  # what moves has no earlier number to stay at
            hidden |= {key for key in one.parts if isinstance(now.get(key), Shown) and key not in moves}
    told = {key: before[key] if key in kept else cell for key, cell in now.items()}
    return told | dict.fromkeys(hidden, Hidden(Reason.COMPLEMENTARY))


def _close(one: Sum[Key], moves: Mapping[Key, Move], kept: set[Key], floor: int) -> None:
    """Keep back more parts, those that moved least first, until their sum says nothing of the ones that must stay."""
    moving = sorted((key for key in one.parts if key in moves and any(moves[key])), key=lambda key: _size(moves[key]))
    for key in moving:
        if not _tells(one, moves, kept, floor):
            return
        kept.add(key)


def _tells(one: Sum[Key], moves: Mapping[Key, Move], kept: set[Key], floor: int) -> bool:
    """Whether the move of what stays can be worked out from what moves: parts less their whole come to nothing."""
    cells = [*one.parts, one.whole]
    staying = [key for key in cells if key in kept]
    if not staying or one.whole not in moves:
        return False
    together = _sum(tuple(-way for way in moves[key]) if key == one.whole else moves[key] for key in staying)
    alike = [key for key in cells if key in kept or not any(moves.get(key, _NEW))]
    return any(together) and (len(alike) < 2 or _is_little(together, floor))


def _moved(before: Shown, now: Shown) -> Move:
    fresh, more = now.n - before.n, (now.N or 0) - (before.N or 0)
    return fresh, more, more - fresh if now.N is not None else 0


def _is_little(move: Move, floor: int) -> bool:
    return any(0 < abs(value) < floor for value in move)


def _size(move: Move) -> int:
    return max(abs(value) for value in move)


def _sum(moves: Iterable[Move]) -> Move:
    return tuple(map(sum, zip(*moves, strict=True)))
