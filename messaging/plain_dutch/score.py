"""The readability formula of Flesch, as Douma fitted it to Dutch.

Source: W. H. Douma, De leesbaarheid van landbouwbladen (Landbouwhogeschool Wageningen, 1960), as cited at
dbnl.org/tekst/_taa014197701_01. 206.84 − 0.77 × syllables in a hundred words − 0.93 × words in a sentence: 100 is very
easy, 0 very hard. It knows lengths only, so it is a hint and never a mark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from messaging.plain_dutch.words import Sentence, Sort

#: A text with fewer words has no score: each word would move it by points.
FEWEST_WORDS = 20
SOURCE = "W. H. Douma, De leesbaarheid van landbouwbladen, Wageningen 1960"
_VOWELS = re.compile(
    r"ëi|ëe|ëu|aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|ie|oe|eu|ui|ij|ei|au|ou|ai|oi|[aeiouyàáâäèéêëìíîïòóôöùúûü]"
)
#: A u after q, and a y before a vowel, are no vowels of their own.
_SILENT = re.compile(r"(?<=q)u|y(?=[aeiou])")


@lru_cache(maxsize=4_096)
def syllables(word: str) -> int:
    """Syllables of a Dutch word, by its groups of vowels; a word without vowels (``tv``) has one."""
    return len(_VOWELS.findall(_SILENT.sub("", word.lower()))) or 1


def flesch_douma(sentences: Sequence[Sentence]) -> int | None:
    """The score, between 0 and 100; None for a text too short to have one. Numbers and links are left out."""
    words = [token.plain for row in sentences for token in row.tokens if token.sort == Sort.WORD]
    if len(words) < FEWEST_WORDS:
        return None
    in_hundred = 100 * sum(map(syllables, words)) / len(words)
    return round(min(100.0, max(0.0, 206.84 - 0.77 * in_hundred - 0.93 * len(words) / len(sentences))))
