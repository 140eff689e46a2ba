"""One look at a text: its findings, its lengths, its score."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from messaging.plain_dutch.asking import requests
from messaging.plain_dutch.completeness import Facts, missing
from messaging.plain_dutch.everyday import unknown_words
from messaging.plain_dutch.finding import NOTICE_WORDS, SENTENCE_WORDS, WORD_LETTERS, Finding, Kind
from messaging.plain_dutch.passive import passives
from messaging.plain_dutch.score import flesch_douma
from messaging.plain_dutch.words import Sentence, Sort, sentences_of

_POLITE = re.compile(r"\b(?:u|uw|uzelf)\b", re.IGNORECASE)
_FAMILIAR = re.compile(r"\b(?:je|jij|jou|jouw|jullie)\b(?! ne\b)", re.IGNORECASE)
#: What is said in these marks is somebody else's.
_QUOTED = re.compile(r"[\"“„«][^\"“”„«»\n]*[\"”»]")


@dataclass(frozen=True, slots=True)
class Report:
    """``score`` is Flesch-Douma (100 very easy, 0 very hard), None for a short text; ``words`` and ``sentences`` are
    counts, ``longest`` the words of the longest sentence."""

    findings: tuple[Finding, ...]
    words: int
    sentences: int
    longest: int
    score: int | None

    @property
    def average(self) -> float:
        """Words in a sentence, on average."""
        return self.words / self.sentences if self.sentences else 0.0


def report(text: str, facts: Facts | None = None) -> Report:
    """Look at a Dutch text. With ``facts`` it is a whole notice: what is missing and its length count too."""
    sentences = sentences_of(text)
    lengths = [len(row.tokens) for row in sentences]
    found = list(_in_place(text, sentences))
    if facts is not None:
        found += _of_the_whole(text, sentences, facts)
    found.sort(key=lambda finding: (finding.is_missing, finding.start, finding.end))
    return Report(tuple(found), sum(lengths), len(lengths), max(lengths, default=0), flesch_douma(sentences))


def findings(text: str) -> tuple[Finding, ...]:
    """What could be plainer in a Dutch text, in the order of the text."""
    return report(text).findings


def _in_place(text: str, sentences: Sequence[Sentence]) -> Iterator[Finding]:
    for sentence in sentences:
        if len(sentence.tokens) > SENTENCE_WORDS:
            yield _at(Kind.SENTENCE, text, sentence.start, sentence.end, count=len(sentence.tokens))
        for start, end in passives(text, sentence):
            yield _at(Kind.PASSIVE, text, start, end)
        known = list(unknown_words(text, sentence))
        yield from known
        yield from _long_words(text, sentence, known)
    yield from _two_forms(text)


def _long_words(text: str, sentence: Sentence, known: Sequence[Finding]) -> Iterator[Finding]:
    for place, token in enumerate(sentence.tokens):
        is_name = place > 0 and token.text[0].isupper()
        parts = token.plain.replace("‑", "-").split("-")
        if token.sort != Sort.WORD or is_name or max(map(len, parts)) <= WORD_LETTERS:
            continue
        if not any(finding.start <= token.start < finding.end for finding in known):
            yield _at(Kind.WORD, text, token.start, token.end)


def _two_forms(text: str) -> Iterator[Finding]:
    own = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
    if _POLITE.search(own) and (familiar := _FAMILIAR.search(own)):
        yield _at(Kind.ADDRESS, text, *familiar.span())


def _of_the_whole(text: str, sentences: Sequence[Sentence], facts: Facts) -> Iterator[Finding]:
    asked = list(requests(text, sentences))
    if len(asked) > 1:
        yield _at(Kind.REQUESTS, text, asked[1].start, asked[1].end, count=len(asked))
    count = sum(len(row.tokens) for row in sentences)
    if count > NOTICE_WORDS:
        yield _at(Kind.LENGTH, text, sentences[-1].start, sentences[-1].end, count=count)
    yield from (Finding(kind) for kind in missing(text, facts))


def _at(kind: Kind, text: str, start: int, end: int, *, count: int = 0) -> Finding:
    return Finding(kind, start, end, text[start:end], count=count)
