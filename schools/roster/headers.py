"""Headers of columns as people and programs write them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache


@lru_cache(maxsize=4096)
def plain(header: str) -> str:
    """Lower case, without accents, spaces and signs: ``"Geb. datum"`` and ``"GEBDATUM"`` are one."""
    letters = unicodedata.normalize("NFKD", header[:200]).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def nearest(header: str, known: Iterable[str]) -> str:
    """The known header that this one is a slip of the pen of; "" when there is none."""
    by_plain = {plain(name): name for name in known}
    name = plain(header)
    if len(name) < 4:
        return ""
    found = get_close_matches(name, by_plain, n=1, cutoff=0.82)
    return by_plain[found[0]] if found else ""
