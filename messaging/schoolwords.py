"""School words with one fixed translation, which a machine would translate in another way each time.

The list stands in ``content/school_words.json``; a word that is not there is the machine's to translate.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parent / "content" / "school_words.json"


@cache
def _entries() -> tuple[tuple[str, dict[str, str]], ...]:
    rows = json.loads(FILE.read_text(encoding="utf-8"))["terms"]
    return tuple((row["nl"], row["words"]) for row in rows)


def terms_in(code: str) -> dict[str, str]:
    """Dutch word → its fixed words in a language; empty for a language without any."""
    return {dutch: words[code] for dutch, words in _entries() if words.get(code)}
