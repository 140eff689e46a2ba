"""The draaiboek: method cards with their texts per language and the evidence of the year.

The cards are public, so the evidence is counted for readers outside every school: a method that one to four families
met says so in words and shows no number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reports.cardfiles import files_by_card
from reports.evidence import Use, evidence_text, published_uses
from reports.maturity import Standing, standings
from reports.models import CardFile
from schools import languages
from schools.models import Method
from schools.reference import CONTENT

#: Languages in which the cards exist; readers of others get the Dutch, marked as such.
CARD_LANGUAGES = ("nl", "fr", "en")
TONES = ("leaf", "blossom", "sky", "sun")


@dataclass(frozen=True, slots=True)
class Card:
    """A method as a page or the booklet shows it. ``language`` is that of its texts."""

    method: Method
    number: int
    language: str
    title: str
    aim: str
    texts: dict[str, Any]
    use: Use
    standing: Standing
    files: list[CardFile]

    @property
    def slug(self) -> str:
        return self.method.slug

    @property
    def tone(self) -> str:
        return TONES[(self.number - 1) % len(TONES)]

    @property
    def status(self) -> str:
        return str(self.standing.shown.label)

    @property
    def evidence(self) -> str:
        """What the year showed, in the active language; empty where nobody used the method."""
        return evidence_text(self.use)


def card_language(page_language: str) -> str:
    """The language in which a reader of ``page_language`` gets the cards."""
    interface = languages.language(page_language).interface
    return interface if interface in CARD_LANGUAGES else languages.MASTER


def cards(language: str) -> list[Card]:
    """All cards in order; the number of queries does not grow with them."""
    return cards_with(language, published_uses())


def cards_with(language: str, uses: Mapping[int, Use]) -> list[Card]:
    """All cards in order with this evidence."""
    numbered = _numbered()
    far, files = standings([method for _number, method in numbered], uses), files_by_card()
    return [
        _card(method, number, language, uses[method.pk], far[method.pk], files[method.pk])
        for number, method in numbered
    ]


def card_of(slug: str, language: str) -> tuple[Card, list[Card]] | None:
    """One card and those related to it; None for an unknown slug."""
    everything = {card.slug: card for card in cards(language)}
    if slug not in everything:
        return None
    card = everything[slug]
    related = [everything[method.slug] for method in card.method.related.all()]
    return card, related


@lru_cache(maxsize=len(CARD_LANGUAGES))
def introduction(language: str) -> dict[str, Any]:
    """The texts around the cards: how to use, why, start, year planner, privacy, evaluate."""
    content: dict[str, Any] = json.loads((CONTENT / "methods.json").read_text(encoding="utf-8"))["playbook"][language]
    return content


def _numbered() -> list[tuple[int, Method]]:
    return list(enumerate(Method.objects.prefetch_related("related"), start=1))


def _card(method: Method, number: int, language: str, use: Use, standing: Standing, files: list[CardFile]) -> Card:
    texts = getattr(method, f"card_{language}") or {}
    shown = language if texts else languages.MASTER
    texts = texts or getattr(method, f"card_{languages.MASTER}") or {}
    title = getattr(method, f"title_{shown}") or method.title
    aim = getattr(method, f"aim_{shown}") or method.aim
    return Card(method, number, shown, title, aim, texts, use, standing, files)
