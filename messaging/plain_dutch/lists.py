"""The lists of words, read once: ``content/plain_words.json`` and ``content/plain_verbs.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).resolve().parent.parent / "content"
WORDS, VERBS = CONTENT / "plain_words.json", CONTENT / "plain_verbs.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """A form of a word that parents may not know. ``instead`` may be put in its place; without any, ``example`` shows
    how to turn the sentence. ``exact`` keeps its capitals; what ``explains`` is fine once the explanation follows."""

    word: str
    kind: str
    instead: tuple[str, ...]
    example: str = ""
    exact: bool = False
    explains: bool = False


@cache
def content(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@cache
def entries() -> tuple[Entry, ...]:
    """Every form of every word, with its own replacements."""
    found = []
    for row in content(WORDS)["entries"]:
        forms: Mapping[str, list[str]] = {row["word"]: row["instead"], **row.get("forms", {})}
        more = {name: row[name] for name in ("example", "exact", "explains") if name in row}
        found += [Entry(word, row["kind"], tuple(instead), **more) for word, instead in forms.items()]
    return tuple(found)


@cache
def never_ends() -> frozenset[str]:
    """Abbreviations, without their last dot, after which a sentence always goes on."""
    return frozenset(content(WORDS)["ends"]["never"])


@cache
def perhaps_ends() -> frozenset[str]:
    """Abbreviations with which a sentence may end: it does when a capital follows."""
    return frozenset(content(WORDS)["ends"]["perhaps"])


@cache
def verbs(name: str) -> frozenset[str]:
    """A list of ``plain_verbs.json``."""
    return frozenset(content(VERBS)[name])
