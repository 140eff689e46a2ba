"""Which script words are written in. Word takes font, direction and dictionary from what a run says.

Authors quote parents in their own language without marking it, so runs are cut where the script changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schools.languages import RIGHT_TO_LEFT_SCRIPTS, language

_RANGES = {
    "Hebr": "\u0590-\u05ff\ufb1d-\ufb4f",
    "Arab": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    "Guru": "\u0a00-\u0a7f",
    "Ethi": "\u1200-\u139f\u2d80-\u2ddf",
    "Cyrl": "\u0400-\u052f",
}
#: From the first letter of a script to its last before another letter comes: the spaces between go with it.
_PIECES = re.compile("|".join(f"(?P<{name}>[{letters}](?:[^\\w]*[{letters}])*)" for name, letters in _RANGES.items()))


@dataclass(frozen=True, slots=True)
class Script:
    """How a run in this script is marked: a language where nobody named one, a font people have, the direction."""

    language: str
    font: str
    is_complex: bool
    is_right_to_left: bool = False


#: Languages as Word knows them; where several share a script, the one most read in the project's town.
SCRIPTS = {
    "Hebr": Script("he-IL", "Arial", True, True),
    "Arab": Script("ar-SA", "Arial", True, True),
    "Guru": Script("pa-IN", "Nirmala UI", True),
    "Ethi": Script("ti-ET", "Ebrima", False),
    "Cyrl": Script("ru-RU", "", False),
}
#: Word names these languages with a country.
_OF_WORD = {"ar": "ar-SA", "pa": "pa-IN", "pa-Guru": "pa-IN", "fa": "fa-IR", "fa-AF": "prs-AF", "ps": "ps-AF",
            "en": "en-GB", "tr": "tr-TR", "pl": "pl-PL", "bg": "bg-BG", "ro": "ro-RO", "uk": "uk-UA", "ru": "ru-RU",
            "so": "so-SO"}  # fmt: skip


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text cut where its script changes, as (script, words); "" is the script of the document around it."""
    at = 0
    for found in _PIECES.finditer(text):
        if before := text[at : found.start()]:
            yield "", before
        yield str(found.lastgroup), found[0]
        at = found.end()
    if rest := text[at:]:
        yield "", rest


def for_word(html_lang: str) -> str:
    """The tag of a language as Word writes it."""
    return _OF_WORD.get(html_lang, html_lang)


def runs_right_to_left(text: str, html_lang: str = "") -> bool:
    """Whether a paragraph begins at the right: in that language, or where none is named by its first letter."""
    if html_lang:
        return language(html_lang).script in RIGHT_TO_LEFT_SCRIPTS
    first = next((letter for letter in text if letter.isalpha()), "")
    script = next((name for name, _words in pieces(first)), "")
    return script in RIGHT_TO_LEFT_SCRIPTS
