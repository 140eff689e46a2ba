"""What a name says about a family, and what it does not.

Singh and Kaur are what Sikhs share, not what a family shares; so are the words by which a woman or a man is named in
other places, and what somebody typed because the form asked for a surname. Who has one name has a whole name.
"""

from __future__ import annotations

import re
import unicodedata

#: Last names that no family shares: religious, honorific, or put there to fill a field (domain 4.2).
NO_FAMILY_NAMES = frozenset(
    {
        "singh", "kaur", "khalsa", "kumar", "kumari", "devi", "rani", "bibi", "begum", "bano", "khatun", "khatoon",
        "khatoun", "begam", "khanum", "khanom", "khan", "gul", "jan", "khana", "ahmad", "ahmed", "mohammad",
        "mohammed", "muhammad", "mohamed", "mohamad", "ali", "ਸਿੰਘ", "ਕੌਰ", "سنگھ", "کور", "خان", "بی بی", "علی",
        "محمد", "احمد", "fnu", "lnu", "nn", "onbekend", "unknown", "inconnu", "geen", "none", "nvt",
    }
)  # fmt: skip
#: How a woman's form of a Slavic surname ends, and the man's.
_FEMININE = (("ova", "ov"), ("eva", "ev"), ("ska", "ski"), ("cka", "cki"), ("skaya", "skiy"))
_ACCENTS = re.compile("[\u0300-\u036f]")
_NO_LETTER = re.compile(r"[^\w\s]|[\d_]")


def plain(name: str) -> str:
    """A name as it is compared: without case, accents of Latin letters, dots and double spaces."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", name.replace("-", " ").replace("ı", "i")))
    letters = unicodedata.normalize("NFC", bare).casefold()
    return " ".join("".join(letter for letter in letters if not _NO_LETTER.match(letter) or _sign(letter)).split())


def _sign(letter: str) -> bool:
    """A vowel sign, which is no letter of its own and belongs to the word."""
    return unicodedata.category(letter) in ("Mn", "Mc")


def surname(last: str) -> str:
    """The last name where it can be a family's, its man's form where the language has two; "" where it says nothing."""
    words = plain(last)
    if len(words) < 2 or words in NO_FAMILY_NAMES:
        return ""
    for hers, his in _FEMININE:
        if words.endswith(hers) and len(words) > len(hers) + 1:
            return words[: -len(hers)] + his
    return words


def whole_name(first: str, last: str) -> str:
    """The name by which a person is compared with another. "" where what is left is no whole name: a first name beside
    a last name that says nothing. Who has one name only is known by it, whichever field it stands in."""
    given, family = plain(first), plain(last)
    if not given or not family:
        return given or family
    return f"{given} {family}" if surname(last) else ""
