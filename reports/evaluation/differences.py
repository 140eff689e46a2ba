"""What differs between two texts, in words: for reading beside each other, and for an earlier version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.evaluation.merging import pieces_of, steps

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
SAME, OUT, IN = "same", "out", "in"
#: In a longer passage words are not compared one by one: it was rewritten.
_MOST_WORDS = 600


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text and whether it is in both, was taken out or came in."""

    text: str
    kind: str


def differences(before: str, after: str) -> list[Part]:
    """Both texts in one: what stayed, what went and what came. Sentences first, then the words of changed ones."""
    parts: list[Part] = []
    old, new = pieces_of(before), pieces_of(after)
    for what, old_part, new_part in _compared(old, new):
        one, other = "".join(old_part), "".join(new_part)
        if what == "equal":
            parts.append(Part(one, SAME))
        else:
            parts += _in_words(one, other)
    return parts


def of_one(parts: Sequence[Part], kind: str) -> list[Part]:
    """What one of both texts reads, with what only it says marked by ``kind``."""
    return [part for part in parts if part.kind in (SAME, kind)]


def _in_words(before: str, after: str) -> Iterator[Part]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        yield from (part for part in (Part(before, OUT), Part(after, IN)) if part.text)
        return
    for what, one, other in _compared(old, new):
        if what == "equal":
            yield Part("".join(one), SAME)
        else:
            yield from (part for part in (Part("".join(one), OUT), Part("".join(other), IN)) if part.text)


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    for what, first, last, new_first, new_last in steps(old, new):
        yield what, old[first:last], new[new_first:new_last]
