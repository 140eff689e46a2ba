"""Words that parents may not know, found by the maintained list, each with everyday words in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from messaging.plain_dutch.finding import Finding, Kind
from messaging.plain_dutch.lists import Entry, entries
from messaging.plain_dutch.words import Sentence, Sort, Token, tokens_of

#: The explanation of a word stands right behind it.
_EXPLAINED = re.compile(r"\s*[(:=]")
_INITIALS = re.compile(r"[^\W\d_]")
_Known = tuple[tuple[str, ...], Entry]


def unknown_words(text: str, sentence: Sentence) -> Iterator[Finding]:
    """Words of the list in a sentence, the longest first where they overlap."""
    tokens, place = sentence.tokens, 0
    while place < len(tokens):
        found = _at(text, tokens, place)
        if found is None:
            place += 1
            continue
        length, entry = found
        place += length
        finding = _finding(text, sentence, tokens[place - length], tokens[place - 1], entry)
        if finding:
            yield finding


def _at(text: str, tokens: Sequence[Token], place: int) -> tuple[int, Entry] | None:
    for words, entry in _by_first_word().get(_key(tokens[place]), ()):
        there = tokens[place : place + len(words)]
        if tuple(map(_key, there)) != words or (entry.exact and not _as_written(text, there, entry)):
            continue
        if entry.word.endswith(".") and len(words) == 1 and not _has_dot(text, there[0]):
            continue
        return len(words), entry
    return None


@cache
def _by_first_word() -> dict[str, list[_Known]]:
    index: dict[str, list[_Known]] = {}
    for entry in entries():
        words = tuple(map(_key, tokens_of(entry.word)))
        index.setdefault(words[0], []).append((words, entry))
    for known in index.values():
        known.sort(key=lambda row: -len(row[0]))
    return index


def _key(token: Token) -> str:
    """``a.u.b.`` and ``a.u.b`` are the same, and so is ``aub``."""
    return token.plain.replace(".", "") if token.sort == Sort.SHORT else token.plain


def _as_written(text: str, tokens: Sequence[Token], entry: Entry) -> bool:
    return text[tokens[0].start : tokens[-1].end].rstrip(".") == entry.word.rstrip(".")


def _has_dot(text: str, token: Token) -> bool:
    """What is an abbreviation with its dot alone (``min.``) is another word without; ``aub`` is one all the same."""
    if token.sort == Sort.SHORT or token.plain in _short_without_dots():
        return True
    return text[token.end : token.end + 1] == "."


@cache
def _short_without_dots() -> frozenset[str]:
    return frozenset(
        entry.word.replace(".", "") for entry in entries() if entry.word.count(".") > 1 and len(entry.word) >= 6
    )


def _finding(text: str, sentence: Sentence, first: Token, last: Token, entry: Entry) -> Finding | None:
    start, end = first.start, last.end
    if entry.explains and _EXPLAINED.match(text, end):
        return None
    ending = ""
    if text[end : end + 1] == "." and text[end - 1] != "." and entry.word.endswith("."):
        end += 1
    if text[end - 1] == "." and end >= sentence.end:
        ending = "."
    words = text[start:end]
    instead = tuple(_in_place_of(words, other, entry) + ending for other in entry.instead)
    return Finding(Kind(entry.kind), start, end, words, instead, entry.example)


def _in_place_of(words: str, other: str, entry: Entry) -> str:
    """``other`` with a capital where the word begins with one that is not part of it."""
    own_capital = _INITIALS.search(entry.word)
    if words[:1].isupper() and not (own_capital and own_capital[0].isupper()):
        return other[:1].upper() + other[1:]
    return other
