"""The welcome page of a school: its own words, else those that come with the portal, in every language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from schools.models import School, WelcomePage

FIELDS = ("title", "about", "call")
FILE = Path(__file__).resolve().parent / "content" / "welcome.json"


@cache
def shipped() -> dict[str, dict[str, str]]:
    """Language → the three fields, with ``{school}`` where its name comes."""
    texts: dict[str, dict[str, str]] = json.loads(FILE.read_text(encoding="utf-8"))["texts"]
    return texts


def page_of(school: School) -> WelcomePage | None:
    """The school's own page; None where it kept the words of the portal."""
    try:
        return school.welcome
    except WelcomePage.DoesNotExist:
        return None


def words_of(school: School, code: str) -> dict[str, str]:
    """The three fields in a language, placeholders still open; a field without words is empty."""
    page = page_of(school)
    if page is None:
        return {name: shipped().get(code, {}).get(name, "") for name in FIELDS}
    return {name: getattr(page, f"{name}_{code}", "") or "" for name in FIELDS}


def write_words(school: School, code: str, words: Mapping[str, str]) -> None:
    """Keep the words of one language; the first time the others begin as those of the portal."""
    page = page_of(school) or WelcomePage(school=school)
    if page.pk is None:
        for language, texts in shipped().items():
            for name in FIELDS:
                setattr(page, f"{name}_{language}", texts[name])
    for name in FIELDS:
        setattr(page, f"{name}_{code}", words[name])
    page.save()


def named(school: School, words: Mapping[str, str]) -> dict[str, str]:
    """The words with the name of the school in them."""
    return {name: text.replace("{school}", school.name) for name, text in words.items()}
