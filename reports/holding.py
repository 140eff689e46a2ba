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

from reports.disclosure import FLOOR, Cell, Hidden, ProtectedCell, Reason, Shown, protect_cell

Key = TypeVar("Key", bound=Hashable)
#: How far n, N and N − n moved.
Move = tuple[int, ...]
#: Of a number that was never told.
_NEW: Move = (1, 1, 1)


@dataclass(frozen=True, slots=True)
class Sum(Generic[Key]):
    """Parts that add up to a whole, which other pages tell too: whoever knows all of these but one knows that one.
    ``of_one``: each of them has the N of the whole."""

    parts: Sequence[Key]
    whole: Key
    of_one: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What was told of a number, by itself or by others that count the same: None where nothing was. ``rest`` is
    N − n, where another figure tells that; ``left`` is N − n as it was told last, whatever was told of N since."""

    n: int | None
    N: int | None = None
    rest: int | None = None
    left: int | None = None


def is_little_between(before: Shown, now: Shown, floor: int = FLOOR) -> bool:
    """Whether one to four came in, left or changed sides between two readings of a number."""
    return _is_little(_moved(before, now), floor)


def kept_back(
    before: Mapping[Key, ProtectedCell | Known],
    now: Mapping[Key, ProtectedCell],
    sums: Iterable[Sum[Key]] = (),
    floor: int = FLOOR,
) -> dict[Key, ProtectedCell]:
    """``now`` as it may be told after ``before``. What was hidden then or is new moved from nothing, and is told."""
    told = {
        key: (then, cell)
        for key, cell in now.items()
        if isinstance(cell, Shown) and isinstance(then := before.get(key), (Shown, Known))
    }
    moves = {key: _moved(then, cell) for key, (then, cell) in told.items()}
    whole = {key for key, (then, cell) in told.items() if then.n is not None and (then.N, cell.N).count(None) != 1}
    kept = {key for key, move in moves.items() if _is_little(move, floor)}
    ahead = {key: cell for key in kept if (cell := _each_by_itself(*told[key], floor)) is not None}
    whole_moves = dict(moves)
    moves |= {key: _moved(cell, told[key][1]) for key, cell in ahead.items()}  # of these, what is still not told
    hidden: set[Key] = set()
    sums = list(sums)
    for one in sums:
        _even_out(one, sums, told, moves, kept, ahead, floor)
        if _tells(one, moves, kept, floor):  # nobody carries it, so who stays, stays whole
            for key in one.parts:
                if ahead.pop(key, None) is not None:
                    moves[key] = whole_moves[key]
                    kept.add(key)
        _close(one, moves, kept, floor)
        if _tells(one, moves, kept, floor):  # what moves has no earlier number to stay at
            hidden |= {key for key in one.parts if isinstance(now.get(key), Shown) and key not in whole}
    staying = {key: ahead.get(key) or _as_told(*told[key], floor) for key in kept}
    return {**now, **staying, **dict.fromkeys(hidden, Hidden(Reason.COMPLEMENTARY))}


def _as_told(before: Shown | Known, now: Shown, floor: int) -> ProtectedCell:
    """The number as it was told, as far as it was."""
    n, size = now.n if before.n is None else before.n, now.N if before.N is None else before.N
    if isinstance(before, Known) and before.rest is not None:
        size = n + before.rest
    if size is not None and (n > size or isinstance(protect_cell(Cell(n, size), floor), Hidden)):
        return Hidden(Reason.COMPLEMENTARY)  # n and N stay from different moments
    return Shown(n, size)


def _each_by_itself(before: Shown | Known, now: Shown, floor: int) -> Shown | None:
    """Of n, N and N − n only what moved by little stays as it was told, and the others go on: else a group would stay
    for months as it was, for the sake of one family, and change as soon as another figure says N. None: all stays."""
    if not isinstance(before, Known) or None in (before.n, before.N, before.left, now.N) or before.rest is not None:
        return None
    told_n, told_size, left = before.n or 0, before.N or 0, before.left or 0
    fresh, more, rest = (_is_little((way,), floor) for way in _moved(before, now))
    size = told_size if more else now.N or 0
    n = told_n if fresh else size - left if rest and not more else now.n
    told = Shown(n, size)
    is_safe = 0 <= n <= size and isinstance(protect_cell(Cell(n, size), floor), Shown)
    return told if is_safe and not _is_little(_moved(Shown(told_n, told_n + left), told), floor) else None


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
    if not kept & {*cells} or one.whole not in moves:
        return False
    together = _together(one, moves, kept)
    alike = [key for key in cells if key in kept or not any(moves.get(key, _NEW))]
    return any(together) and (len(alike) < 2 or _is_little(together, floor))


def _together(one: Sum[Key], moves: Mapping[Key, Move], kept: set[Key]) -> Move:
    """What is not told of the parts that stay, less what is not told of their whole."""
    parts = [moves[key] for key in one.parts if key in kept]
    return _sum([*parts, tuple(-way for way in moves[one.whole])] if one.whole in kept else parts)


def _only_in(one: Sum[Key], sums: Iterable[Sum[Key]]) -> list[Key]:
    """The parts that are in no other sum."""
    others = {key for other in sums if other is not one for key in (*other.parts, other.whole)}
    return [key for key in one.parts if key not in others]


def _even_out(
    one: Sum[Key],
    sums: Sequence[Sum[Key]],
    told: Mapping[Key, tuple[Shown | Known, Shown]],
    moves: dict[Key, Move],
    kept: set[Key],
    ahead: dict[Key, Shown],
    floor: int,
) -> None:
    """Tell the largest part that moves together with what is not told of the others: then the parts add up to their
    whole as it is told, and rarely one has to stay as it was for months."""
    if one.whole not in moves:
        return
    going = [key for key in _only_in(one, sums) if key in told and (key not in kept or key in ahead)]
    going.sort(key=lambda key: told[key][1].N or told[key][1].n, reverse=True)
    for ways in ((True, True), (True, False), (False, True)):
        fresh, more, _ = _together(one, moves, kept) if kept & {*one.parts, one.whole} else (0, 0, 0)
        fresh, more = fresh * ways[0], more * ways[1]
        if not (fresh or more) or max(abs(fresh), abs(more)) >= 2 * floor or (one.of_one and more):
            continue
        for key in going:
            before, now = told[key]
            base = ahead.get(key, now)
            cell = Shown(base.n + fresh, None if base.N is None else base.N + more)
            if _may_be_told(before, cell, floor):
                ahead[key], moves[key] = cell, _moved(cell, now)
                kept.add(key)
                break


def _may_be_told(before: Shown | Known, told: Shown, floor: int) -> bool:
    if not isinstance(before, Known) or before.rest is not None or not 0 <= told.n <= (told.N or told.n):
        return False
    is_shown = isinstance(protect_cell(Cell(told.n, told.N), floor), Shown)
    return is_shown and not _is_little(_moved(before, told), floor)


def _moved(before: Shown | Known, now: Shown) -> Move:
    fresh = 0 if before.n is None else now.n - before.n
    more = 0 if before.N is None or now.N is None else now.N - before.N
    rest = _rest(before)
    return fresh, more, 0 if rest is None or now.N is None else now.N - now.n - rest


def _rest(told: Shown | Known) -> int | None:
    if isinstance(told, Known):
        return next((one for one in (told.rest, told.left) if one is not None), _less(told.N, told.n))
    return _less(told.N, told.n)


def _less(whole: int | None, part: int | None) -> int | None:
    return None if whole is None or part is None else whole - part


def _is_little(move: Move, floor: int) -> bool:
    return any(0 < abs(value) < floor for value in move)


def _size(move: Move) -> int:
    return max(abs(value) for value in move)


def _sum(moves: Iterable[Move]) -> Move:
    return tuple(map(sum, zip(*moves, strict=True)))
