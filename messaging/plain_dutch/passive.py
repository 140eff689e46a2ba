"""Passive forms: worden with a participle, and zijn with one that tells what somebody did.

No dictionary and no parser, so it keeps to what it can tell: a participle ends its clause (what stands before a noun is
an adjective), and it belongs to the nearest of worden, hebben and zijn. With zijn most participles say how something is
(``De school is gesloten``): only those of ``done_to``, or with ``door`` and who did it, count.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from functools import cache

from messaging.plain_dutch.lists import verbs
from messaging.plain_dutch.words import Sentence, Sort, Token

_BREAK = re.compile(r"[,;:()–—!?\"“”«»]|\s-\s")
#: Particles that stand before ge- or before a prefix of their own.
_PARTICLE = (
    "(?:aan|achter|af|bij|binnen|bijeen|deel|dicht|door|goed|in|klaar|kwijt|langs|los|mede|mee|na|neer|om|onder|op|open|over|"
    "rond|samen|schoon|stil|stuk|tegen|tentoon|terecht|terug|thuis|toe|tussen|uit|vast|vol|voor|voort|vrij|waar|weer|weg)?"
)
_PARTICIPLE = re.compile(rf"{_PARTICLE}ge[^\W\d_]{{2,}}(?:t|d|en)|{_PARTICLE}(?:be|ver|ont|her)[^\W\d_]{{2,}}(?:t|d)")
_NO_ENDING = ("heid", "teit", "schat", "kracht", "macht", "tocht", "wijd", "grond", "stand", "tijd", "lijst", "kast")
_NOT_BEFORE = frozenset({"te", "dan", "zoals"})
_JOINING = frozenset({"en", "of", "maar"})
#: An agent stands at most this many words behind its participle, or before it.
_NEAR = 6


def passives(text: str, sentence: Sentence) -> Iterator[tuple[int, int]]:
    """(start, end) of each passive form: from its verb to its first participle, or the other way round."""
    if not any(_is_helper(token.plain) for token in sentence.tokens):
        return
    for clause in _clauses(text, sentence.tokens):
        told: set[int] = set()
        helpers = [place for place, token in enumerate(clause) if _is_helper(token.plain)]
        for place in range(len(clause)) if helpers else ():
            helper = _helper_of(clause, place, helpers) if _is_participle(clause, place) else None
            if helper is not None and helper not in told:
                told.add(helper)
                first, last = sorted((place, helper))
                yield clause[first].start, clause[last].end


def _clauses(text: str, tokens: Sequence[Token]) -> Iterator[list[Token]]:
    clause: list[Token] = []
    for token in tokens:
        if clause and _BREAK.search(text, clause[-1].end, token.start):
            yield clause
            clause = []
        clause.append(token)
    yield clause


@cache
def _looks_like_participle(word: str) -> bool:
    if word in verbs("irregular"):
        return True
    if word in verbs("not_participles") or word in verbs("adjectives") or word in verbs("no_passive"):
        return False
    return bool(_PARTICIPLE.fullmatch(word)) and not word.endswith(_NO_ENDING)


def _is_participle(clause: Sequence[Token], place: int) -> bool:
    token = clause[place]
    if token.sort != Sort.WORD or not _looks_like_participle(token.plain):
        return False
    if place and (clause[place - 1].plain in _NOT_BEFORE or token.text[0].isupper()):
        return False  # an infinitive, less than expected, a name
    following = clause[place + 1] if place + 1 < len(clause) else None
    if following is None or following.sort != Sort.WORD or following.plain in verbs("after"):
        return True
    return _is_helper(following.plain) or following.plain in verbs("modal") or _looks_like_participle(following.plain)


def _is_helper(word: str) -> bool:
    return word in _helpers()


@cache
def _helpers() -> frozenset[str]:
    return verbs("worden") | verbs("hebben") | verbs("zijn")


def _helper_of(clause: Sequence[Token], place: int, helpers: Sequence[int]) -> int | None:
    """Which of the verbs makes this participle a passive; None when none does. Of two as near, the first."""
    behind = bisect(helpers, place)
    near = min(helpers[max(0, behind - 1) : behind + 1], key=lambda other: abs(other - place))
    word, between = clause[near].plain, clause[min(near, place) + 1 : max(near, place)]
    if near > place and not all(other.plain in verbs("modal") for other in between):
        return None  # the participle ends a clause of its own
    if word in verbs("worden"):
        return near
    if any(other.plain in _JOINING for other in between):
        return None
    if word in verbs("zijn") and (clause[place].plain in verbs("done_to") or _has_agent(clause, place)):
        return near
    return None


def _has_agent(clause: Sequence[Token], place: int) -> bool:
    around = clause[max(0, place - _NEAR) : place + _NEAR]
    return any(token.plain == "door" for token in around)
