"""What does not belong in a line that somebody writes about a child (domain 6.5): a national number is refused, words
about health, origin, belief or money are asked about. The words are Dutch, for so are the lines."""

from __future__ import annotations

import re

from schools.roster.never import without_national_numbers

_WORDS = re.compile(
    r"\b("
    r"adhd\w*|add|autis\w*|ass|dyslex\w*|dyscalcul\w*|epilep\w*|diabet\w*|astma\w*|allergi\w*|kanker\w*"
    r"|ziek\w*|medicatie|medicijn\w*|pillen|diagnos\w*|stoornis\w*|handicap\w*|beperking\w*|depressi\w*|psychi\w*"
    r"|psycholo\w*|therap\w*|dokter\w*|arts|zwanger\w*|gehoorapparaat|logopedi\w*"
    r"|asiel\w*|vluchteling\w*|migrant\w*|allochto\w*|herkomst|afkomst|nationaliteit|verblijfs\w*|zonder papieren"
    r"|zigeuner\w*|roma|huidskleur|ras|moslim\w*|islam\w*|katholiek\w*|christen\w*|jood\w*|joden|hindoe\w*|sikh\w*"
    r"|religie\w*|godsdienst\w*|hoofddoek\w*|moskee|ramadan"
    r"|kansarm\w*|armoede\w*|arm gezin|uitkering\w*|leefloon\w*|werkloos\w*|schulden|gevangenis\w*|politie|scheiding\w*"
    r")\b",
    re.IGNORECASE,
)
MOST_WORDS = 5


def has_national_number(text: str) -> bool:
    return without_national_numbers(text) is not None


def delicate_words(text: str) -> list[str]:
    """Words of the text at which somebody should stop and think, each once, in order."""
    found = dict.fromkeys(hit[0].lower() for hit in _WORDS.finditer(text))
    return list(found)[:MOST_WORDS]
