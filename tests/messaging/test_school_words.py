"""The list of school words that no machine translates."""

from __future__ import annotations

import json
import unicodedata

import pytest

from messaging.schoolwords import FILE, terms_in
from schools.languages import INTERFACE_CODES, MASTER, language

ROWS = json.loads(FILE.read_text(encoding="utf-8"))["terms"]
SCRIPTS = {"Arab": "ARABIC", "Guru": "GURMUKHI", "Cyrl": "CYRILLIC", "Latn": "LATIN"}


def test_every_word_stands_there_once() -> None:
    words = [row["nl"].casefold() for row in ROWS]
    assert len(words) == len(set(words)) >= 24


@pytest.mark.parametrize("code", [code for code in INTERFACE_CODES if code != MASTER])
def test_every_language_has_every_word_in_its_script(code: str) -> None:
    terms = terms_in(code)
    assert set(terms) == {row["nl"] for row in ROWS}
    for dutch, words in terms.items():
        letters = [letter for letter in words.replace("CLB", "") if letter.isalpha()]
        wanted = SCRIPTS[language(code).script]
        assert sum(unicodedata.name(letter).startswith(wanted) for letter in letters) > 0.8 * len(letters), dutch
        assert not any(mark in words for mark in "[]{}")
        assert words == unicodedata.normalize("NFC", words).strip()
