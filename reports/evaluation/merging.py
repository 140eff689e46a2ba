"""Two texts that were made of one, brought together so that no word of either writer is lost.

Sentences and the white space between them are compared, not lines: in a report a paragraph is a line. What only one of
both changed is taken over; what both added at one place stands there twice, one after the other; where both changed the
same sentence in their own way, both sentences stay and the place is named, for a person decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_LINES = re.compile(r"(\n+)")
#: After the end of a sentence; "enz. " is one too, which does no harm.
_SENTENCES = re.compile(r"(?<=[.!?…])([ \t]+)")
#: A sign counts as a word: "61 %" says more than "61".
_WORD = re.compile(r"\w+|[^\w\s]")

#: Places at which the pieces of two texts could be laid beside each other. No report has so many; a text made to have
#: them counts as written anew from its first change to its last.
_MOST_WORK = 4_000
#: From so many pieces on ``difflib`` lays those that stand there often beside nothing.
_LONG = 200

Pieces = list[str]
#: What is done, and from where to where in either text, as ``difflib`` tells it.
Step = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that both changed: what stands there in either text; empty where one took it out."""

    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The text with everything of both in it, and the places at which somebody must choose."""

    text: str
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class _Edit:
    """``base[first:last]`` became ``pieces``."""

    first: int
    last: int
    pieces: Pieces
    is_mine: bool


def merge(base: str | None, theirs: str, mine: str) -> Merged:
    """``theirs`` was saved while ``mine`` was written over ``base``. Without a base all that differs is kept twice."""
    if mine in (theirs, base):
        return Merged(theirs)
    if theirs == base:
        return Merged(mine)
    old, their, my = (pieces_of(text) for text in (base or "", theirs, mine))
    if base is None:
        old = [piece for what, first, last, *_ in steps(their, my) if what == "equal" for piece in their[first:last]]
    edits = sorted([*_edits(old, their, is_mine=False), *_edits(old, my, is_mine=True)], key=_place)
    out, conflicts, at = _Text(), [], 0
    for region in _regions(edits):
        first, last = min(edit.first for edit in region), max(edit.last for edit in region)
        out.add(old[at:first])
        at = last
        both = [_of(region, old, first, last, is_mine=side) for side in (False, True)]
        if len({edit.is_mine for edit in region}) == 1:
            out.add(both[region[0].is_mine])
        elif chosen := _same_or_more(old[first:last], *both):
            out.add(chosen)
        else:
            out.add_both(*both)
            if first < last:
                conflicts.append(Conflict("".join(both[0]).strip(), "".join(both[1]).strip()))
    out.add(old[at:])
    return Merged(str(out), tuple(conflicts))


def pieces_of(text: str) -> Pieces:
    """Sentences and white space by turns; together they are the text."""
    found = []
    for place, line in enumerate(_LINES.split(text)):
        found += [line] if place % 2 else _SENTENCES.split(line)
    return [piece for piece in found if piece]


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def steps(old: Sequence[str], new: Sequence[str]) -> Iterator[Step]:
    """How one list of pieces becomes the other. White space says nothing about what belongs together, nor, in a long
    text, does a sentence that stands there again and again: comparing those would take minutes."""
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    tail = next((at for at in range(most - head) if old[-1 - at] != new[-1 - at]), most - head)
    if head:
        yield "equal", 0, head, 0, head
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    between = SequenceMatcher(str.isspace, before, after)
    known = Counter(piece for piece in after if not piece.isspace())
    often = len(after) // 100 + 1 if len(after) >= _LONG else len(after)
    is_little = sum(known[piece] for piece in before if known[piece] <= often) <= _MOST_WORK
    anew = [("replace", 0, len(before), 0, len(after))]
    for what, first, last, new_first, new_last in between.get_opcodes() if is_little else anew:
        yield what, first + head, last + head, new_first + head, new_last + head
    if tail:
        yield "equal", len(old) - tail, len(old), len(new) - tail, len(new)


def _edits(old: Pieces, new: Pieces, *, is_mine: bool) -> Iterable[_Edit]:
    for what, first, last, new_first, new_last in steps(old, new):
        if what != "equal":
            yield _Edit(first, last, new[new_first:new_last], is_mine)


def _place(edit: _Edit) -> tuple[int, int]:
    return edit.first, edit.last


def _regions(edits: Sequence[_Edit]) -> list[list[_Edit]]:
    """Edits that touch the same pieces of the base, or add at the same place, belong together."""
    regions: list[list[_Edit]] = []
    reach = -1
    for edit in edits:
        is_here = bool(regions) and (
            edit.first < reach or (edit.first == edit.last and any(_place(one) == _place(edit) for one in regions[-1]))
        )
        if is_here:
            regions[-1].append(edit)
        else:
            regions.append([edit])
        reach = max(reach, edit.last)
    return regions


def _of(region: Sequence[_Edit], old: Pieces, first: int, last: int, *, is_mine: bool) -> Pieces:
    """How one of both texts reads between two places of the base."""
    found, at = [], first
    for edit in region:
        if edit.is_mine == is_mine:
            found += [*old[at : edit.first], *edit.pieces]
            at = edit.last
    return found + old[at:last]


def _same_or_more(old: Pieces, theirs: Pieces, mine: Pieces) -> Pieces:
    """What both changed alike, or the one of both that only adds to the other; nothing when they differ."""
    if theirs == mine:
        return mine or [""]
    before, one, other = (words_of("".join(side)) for side in (old, theirs, mine))
    if _in_order(before, one) and _in_order(one, other):
        return mine
    return theirs if _in_order(before, other) and _in_order(other, one) else []


def _in_order(short: list[str], long: list[str]) -> bool:
    """Whether all words of one stand in the other, in their order."""
    rest = iter(long)
    return all(word in rest for word in short)


class _Text:
    """A text that grows by pieces. Two sentences never grow together into one word."""

    def __init__(self) -> None:
        self._pieces: Pieces = []

    def add(self, pieces: Iterable[str]) -> None:
        for piece in pieces:
            if piece and self._pieces and not piece.isspace() and not self._pieces[-1].isspace():
                self._pieces.append(" ")
            if piece:
                self._pieces.append(piece)

    def add_both(self, theirs: Pieces, mine: Pieces) -> None:
        """One after the other: lines stay lines, sentences of one paragraph stay in it."""
        begins_a_line = not self._pieces or self._pieces[-1].endswith("\n")
        self.add(theirs)
        if theirs and mine and not (theirs[-1].isspace() or mine[0].isspace()):
            self._pieces.append("\n\n" if begins_a_line else " ")
        self.add(mine)

    def __str__(self) -> str:
        return "".join(self._pieces)
