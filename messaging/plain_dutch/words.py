"""Where words and sentences of a Dutch text begin and end, as offsets into the text as it was given."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from messaging.plain_dutch.lists import never_ends, perhaps_ends

_LETTER = r"(?:[^\W\d_][\u0300-\u036f]*)"


class Sort(Enum):
    WORD = "word"
    SHORT = "short"  # an abbreviation with dots or a stroke inside
    NUMBER = "number"  # a number, a day in figures or an hour
    VARIABLE = "variable"  # {child}
    LINK = "link"


_SORTS = {sort.value: sort for sort in Sort}
_TOKEN = re.compile(
    rf"""
    (?P<link>(?:https?://|www\.)\S*[\w/]|[\w.+-]{{1,64}}@[\w-]+(?:\.[\w-]+)+)
    |(?P<variable>\{{\w+\}})
    |(?P<number>\d{{1,2}}(?:u|h)(?:\d{{2}})?(?!\w)|\d+(?:[.,:/-]\d+)*(?:e|de|ste)?(?!\w)|\d+)
    |(?P<short>(?:{_LETTER}{{1,3}}\.){{2,}}(?:{_LETTER}{{1,3}}(?!{_LETTER}))?|{_LETTER}{{1,2}}/{_LETTER}{{1,2}}(?!\w))
    |(?P<word>{_LETTER}+(?:['’‑-]{_LETTER}+)*)
    """,
    re.VERBOSE,
)
_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
#: The mark before an item of a list: a dash, a dot, a tick, a number or a letter.
_ITEM = re.compile(r"\s*(?:[-–—•*·▪◦‣✓✔☐➔→](?=\s)|\d{1,2}[.)](?=\s)|[a-z][.)](?=\s)|[A-Z]\)(?=\s))\s*")
_CLOSING = "\"”’'»)]"
_MARK = re.compile(rf"(?P<mark>[.!?…]{{1,20}})(?P<after>[{re.escape(_CLOSING)}“]{{0,9}})(?=\s|$)")
_OPENING = " \t\u00a0\"“„‘'’«(["
_LAST_PIECE = re.compile(r"[^\s(\"“„‘«\[]*$")
_WITH_DOTS = re.compile(rf"(?:{_LETTER}{{1,4}}\.)+{_LETTER}{{1,4}}")
#: A piece before a dot is looked for no further back than this.
_LONGEST_PIECE = 40


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    text: str
    sort: Sort
    #: In small letters and composed, as the lists of words have it.
    plain: str = field(init=False)

    def __post_init__(self) -> None:
        text = self.text if self.text.isascii() else unicodedata.normalize("NFC", self.text).replace("’", "'")
        object.__setattr__(self, "plain", text.lower())


@dataclass(frozen=True, slots=True)
class Sentence:
    """``is_item``: it stands behind a list mark, which does not belong to it."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    mark: str
    line: int
    is_item: bool = False


def tokens_of(text: str) -> list[Token]:
    return [Token(*found.span(), found[0], _SORTS[found.lastgroup or ""]) for found in _TOKEN.finditer(text)]


def sentences_of(text: str) -> list[Sentence]:
    """Sentences with at least one word. A list item is one; a line that goes on in small letters is not."""
    every, place, found = tokens_of(text), 0, []
    for start, end, line, is_item in _blocks(text):
        for first, last, mark in _cut(text, start, end):
            while place < len(every) and every[place].start < first:
                place += 1
            begin = place
            while place < len(every) and every[place].start < last:
                place += 1
            if place > begin:
                found.append(Sentence(first, last, tuple(every[begin:place]), mark, line, is_item))
    return found


def _blocks(text: str) -> Iterator[tuple[int, int, int, bool]]:
    """(start, end, number of its line, whether it is a list item) of what no sentence leaves."""
    waiting: tuple[int, int, int, bool] | None = None
    for number, line in enumerate(_LINE.finditer(text)):
        words = line[0].strip()
        if not words:
            continue
        item = _ITEM.match(line[0])
        start = line.start() + (item.end() if item else len(line[0]) - len(line[0].lstrip()))
        end = line.start() + len(line[0].rstrip())
        if start >= end:
            continue
        if waiting and not item and words[0].islower() and text[waiting[1] - 1] not in ".!?…:;" + _CLOSING:
            waiting = (waiting[0], end, waiting[2], waiting[3])
            continue
        if waiting:
            yield waiting
        waiting = (start, end, number, item is not None)
    if waiting:
        yield waiting


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    first = start
    for found in _MARK.finditer(text, start, end):
        if found.end() < end and not _ends(text, first, found, end):
            continue
        yield first, found.end(), found["mark"]
        first = found.end()
        while first < end and text[first].isspace():
            first += 1
    if first < end:
        yield first, end, ""


def _ends(text: str, first: int, found: re.Match[str], end: int) -> bool:
    """Whether a sentence ends at this mark, which is not the last of its line."""
    place = found.end()
    while place < end and text[place] in _OPENING:
        place += 1
    following = text[place] if place < end else ""
    goes_on = following.islower()
    if goes_on and found["after"]:
        return False  # "Kom je mee?" vraagt de juf. Neem een tas (met naam!) mee.
    if found["mark"] != ".":
        return not (goes_on and found["mark"].startswith(("..", "…")))
    piece = _LAST_PIECE.search(text, max(first, found.start() - _LONGEST_PIECE), found.start())
    return _dot_ends(piece[0].lower() if piece else "", following, piece[0] if piece else "")


def _dot_ends(piece: str, following: str, written: str) -> bool:
    if piece in never_ends():
        return False
    if piece in perhaps_ends():
        return following.isupper()
    if _WITH_DOTS.fullmatch(piece):
        return False
    if len(written) == 1 and written.isupper():
        return False  # the initial of a name
    if piece.isdigit():
        return not following.islower()
    return True
