"""What the checker finds in a text, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: Words in a sentence, words in a notice, letters in a word: more is hard to read (domain 4.3; the last is ours).
SENTENCE_WORDS, NOTICE_WORDS, WORD_LETTERS = 15, 150, 15


class Kind(StrEnum):
    SENTENCE = "sentence"
    WORD = "word"
    PASSIVE = "passive"
    ABBREVIATION = "abbreviation"
    SCHOOL = "school"
    OFFICE = "office"
    ADDRESS = "address"
    REQUESTS = "requests"
    LENGTH = "length"
    DAY = "day"
    HOUR = "hour"
    PLACE = "place"
    COST = "cost"
    BRING = "bring"
    ANSWER = "answer"
    DEADLINE = "deadline"


#: About what a notice does not say: they have no place in the text.
MISSING = frozenset({Kind.DAY, Kind.HOUR, Kind.PLACE, Kind.COST, Kind.BRING, Kind.ANSWER, Kind.DEADLINE})


@dataclass(frozen=True, slots=True)
class Finding:
    """``text[start:end] == words``, counted in characters; both are 0 for what is missing.

    ``instead`` holds what may be put in its place, the best first. ``count`` is how many words there are.
    """

    kind: Kind
    start: int = 0
    end: int = 0
    words: str = ""
    instead: tuple[str, ...] = ()
    example: str = ""
    count: int = 0

    @property
    def is_missing(self) -> bool:
        return self.kind in MISSING

    @property
    def advice(self) -> str:
        """What to do, in a sentence, in the language of the page."""
        return _advice(self)


def _advice(finding: Finding) -> str:
    if finding.is_missing:
        return _missing(finding.kind)
    if finding.count:
        return _too_many(finding)
    if finding.example:
        words = _("A word from official letters. Say directly what to do, for example: “%(example)s”")
        return words % {"example": finding.example}
    match finding.kind:
        case Kind.WORD:
            return _("A long word. Take a shorter one, or say in a few words what it is.")
        case Kind.PASSIVE:
            return _("This does not say who does it. Begin the sentence with who: “Wij …” or “U …”.")
        case Kind.ABBREVIATION:
            return _("Parents may not know this abbreviation. Write it out.")
        case Kind.SCHOOL:
            return _("A word that people at school know. Say it as you would at the gate.")
        case Kind.OFFICE:
            return _("A word from official letters. Take an everyday word.")
        case _:
            return _("Here it is “je”, elsewhere “u”. Keep to one of them; “u” suits every parent.")


def _too_many(finding: Finding) -> str:
    if finding.kind == Kind.REQUESTS:
        return _("The notice asks more than one thing. Ask this in a notice of its own, or leave it out.")
    if finding.kind == Kind.SENTENCE:
        words = ngettext(
            "This sentence has %(count)d word. Make two of it: at most %(most)d words each.",
            "This sentence has %(count)d words. Make two of it: at most %(most)d words each.",
            finding.count,
        )
        return words % {"count": finding.count, "most": SENTENCE_WORDS}
    words = ngettext(
        "The notice has %(count)d word. Leave out what parents do not need now: at most %(most)d.",
        "The notice has %(count)d words. Leave out what parents do not need now: at most %(most)d.",
        finding.count,
    )
    return words % {"count": finding.count, "most": NOTICE_WORDS}


def _missing(kind: Kind) -> str:
    match kind:
        case Kind.DAY:
            return _("On which day? Write the day with its date.")
        case Kind.HOUR:
            return _("At what hour? Write from when until when.")
        case Kind.PLACE:
            return _("Where? Write a place that parents know.")
        case Kind.COST:
            return _("What does it cost? Write the amount, or “gratis”.")
        case Kind.BRING:
            return _("What must they bring? Write it, or that nothing is needed.")
        case Kind.ANSWER:
            return _("What must parents do or answer? Write it in one sentence.")
        case _:
            return _("Until when can parents answer? Write the last day.")
