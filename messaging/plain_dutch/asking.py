"""What a notice asks of parents: more than one thing is one too many.

Help that is offered (``Hebt u een vraag? Bel ons.``) and the way to answer ask nothing of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from messaging.plain_dutch.words import Sentence, Sort

_DO = frozenset(
    """
    bel bestel betaal bezorg breng controleer doe draag geef gelieve haal hang houd huur kies kijk knip kom koop laat
    lees leg maak mail meld neem noteer onderteken overhandig plak plan reserveer schrijf spaar steek stort stuur teken
    trek vergeet verwittig verzamel vraag vul was zeg zet zoek zorg
    """.split()  # noqa: SIM905 - read as a list of words
)
_WILL = frozenset(["wil", "wilt", "kan", "kunt", "zou", "zal", "mag", "mogen", "willen", "kunnen"])
_YOU = frozenset(["u", "je", "jij", "jullie", "uw", "jouw"])
_MUST = re.compile(
    r"\b(?:u|je|jij|jullie|ouders|elk kind|ieder kind|alle kinderen|uw kind|de kinderen)\s+"
    r"(?:moet|moeten|dient|dienen)\b"
    r"|\b(?:moet|moeten|dient|dienen)\s+(?:u|je|jij|jullie|ouders|uw kind|elk kind)\b|\bwij vragen (?:u|om|dat)\b",
    re.IGNORECASE,
)
_IF = frozenset(["als", "indien", "wanneer", "wie", "wil", "bij", "zonder", "liever", "mocht"])
#: To answer is how one meets a request, not another one; neither is to read on, to come along gladly or not to worry.
_ANSWERING = re.compile(
    r"\b(?:antwoord\w*|laat (?:het )?(?:ons )?(?:iets )?weten|lees (?:het|meer|verder)|gerust|welkom|geen zorgen)\b",
    re.I,
)
_NOT_ASKING = re.compile(r"\b(?:liever|hulp|vraag|vragen|moeilijk|niet|geen|nog|ziek|duur)\b", re.IGNORECASE)


def requests(text: str, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """The sentences that ask something, in order. A question and the sentences after it on its line are one."""
    line, is_open = -1, False
    for sentence in sentences:
        if sentence.line != line or sentence.is_item:
            line, is_open = sentence.line, False
        words = text[sentence.start : sentence.end]
        if "?" in sentence.mark:
            if _asks_to_do(sentence, words):
                yield sentence
            is_open = True
        elif not is_open and _is_request(sentence, words):
            yield sentence


def _asks_to_do(sentence: Sentence, words: str) -> bool:
    """``Wilt u een taart bakken?``, but not ``Kunt u niet komen?``"""
    first = [token.plain for token in sentence.tokens[:2]]
    return len(first) == 2 and first[0] in _WILL and first[1] in _YOU and not _NOT_ASKING.search(words)


def _is_request(sentence: Sentence, words: str) -> bool:
    plain = [token.plain for token in sentence.tokens if token.sort == Sort.WORD]
    if not plain or plain[0] in _IF or _ANSWERING.search(words):
        return False
    start = plain[1] if plain[0] in ("en", "dus", "graag", "daarom", "ook") and len(plain) > 1 else plain[0]
    begins = start in _DO and not (len(plain) > 1 and plain[1] in ("u", "je", "jij") and start not in ("laat",))
    return begins or bool(_MUST.search(words))
