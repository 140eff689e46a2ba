"""The draaiboek: method cards with their texts per language and the evidence of the year.

The cards are public, so the evidence is counted for readers outside every school: a method that one to four families
met says so in words and shows no number.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext, ngettext

from parents.models import ContactMoment
from reports.disclosure import FLOOR
from reports.models import MethodAdoption
from schools import languages
from schools.models import Method
from schools.models.methods import MethodStatus
from schools.reference import CONTENT

#: Languages in which the cards exist; readers of others get the Dutch, marked as such.
CARD_LANGUAGES = ("nl", "fr", "en")
TONES = ("leaf", "blossom", "sky", "sun")
_IN_USE = (MethodAdoption.Status.IN_USE, MethodAdoption.Status.EMBEDDED)


@dataclass(frozen=True, slots=True)
class Use:
    """How a method was used: ``times`` and ``families`` are None where families are one to four."""

    schools: int
    times: int | None
    families: int | None

    @property
    def is_hidden(self) -> bool:
        return self.times is None

    @property
    def times_text(self) -> str:
        """For a table of the Dutch report."""
        return "niet getoond" if self.times is None else str(self.times) if self.times else "–"


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

    @property
    def slug(self) -> str:
        return self.method.slug

    @property
    def tone(self) -> str:
        return TONES[(self.number - 1) % len(TONES)]

    @property
    def status(self) -> str:
        return str(MethodStatus(self.method.status).label)

    @property
    def evidence(self) -> str:
        """What the year showed, in the active language; empty where nobody used the method."""
        return evidence_text(self.use)


def card_language(page_language: str) -> str:
    """The language in which a reader of ``page_language`` gets the cards."""
    interface = languages.language(page_language).interface
    return interface if interface in CARD_LANGUAGES else languages.MASTER


def cards(language: str) -> list[Card]:
    """All cards in order; two queries for the evidence however many there are."""
    uses = uses_of_methods()
    return [_card(method, number, language, uses[method.pk]) for number, method in _numbered()]


def card_of(slug: str, language: str) -> tuple[Card, list[Card]] | None:
    """One card and those related to it; None for an unknown slug."""
    everything = {card.slug: card for card in cards(language)}
    if slug not in everything:
        return None
    card = everything[slug]
    related = [everything[method.slug] for method in card.method.related.all()]
    return card, related


def uses_of_methods() -> dict[int, Use]:
    """The use of every method by its id, safe to publish; two queries."""
    held = ContactMoment.objects.held().filter(method__isnull=False).order_by().values_list("method_id")
    counted = held.annotate(times=Count("pk"), families=Count("family_id", distinct=True))
    places: dict[int, set[int]] = defaultdict(set)
    for method_id, school_id in held.values_list("method_id", "school_id").distinct():
        places[method_id].add(school_id)
    adopted = MethodAdoption.objects.filter(status__in=_IN_USE).values_list("method_id", "school_id")
    for method_id, school_id in adopted:
        places[method_id].add(school_id)
    uses: dict[int, Use] = defaultdict(lambda: Use(0, 0, 0))
    for method_id, schools in places.items():
        uses[method_id] = Use(len(schools), 0, 0)
    for method_id, times, families in counted:
        is_small = 0 < families < FLOOR
        shown = (None, None) if is_small else (times, families)
        uses[method_id] = Use(len(places[method_id]), *shown)
    return uses


def evidence_text(use: Use) -> str:
    """One sentence: in how many schools, how often, with how many families."""
    if not use.schools and not use.times and not use.is_hidden:
        return ""
    schools = ngettext("Used in %(count)d school", "Used in %(count)d schools", use.schools) % {"count": use.schools}
    if use.is_hidden:
        return gettext("%(schools)s, so far with fewer than five families: such small numbers are not shown.") % {
            "schools": schools
        }
    if not use.times:
        return gettext("%(schools)s; the talks were not linked to this card yet.") % {"schools": schools}
    times = ngettext("%(count)d time", "%(count)d times", use.times) % {"count": use.times}
    families = ngettext("%(count)d family", "%(count)d families", use.families or 0) % {"count": use.families}
    return gettext("%(schools)s, %(times)s, with %(families)s.") % {
        "schools": schools,
        "times": times,
        "families": families,
    }


@lru_cache(maxsize=len(CARD_LANGUAGES))
def introduction(language: str) -> dict[str, Any]:
    """The texts around the cards: how to use, why, start, year planner, privacy, evaluate."""
    content: dict[str, Any] = json.loads((CONTENT / "methods.json").read_text(encoding="utf-8"))["playbook"][language]
    return content


def _numbered() -> list[tuple[int, Method]]:
    return list(enumerate(Method.objects.prefetch_related("related"), start=1))


def _card(method: Method, number: int, language: str, use: Use) -> Card:
    texts = getattr(method, f"card_{language}") or {}
    shown = language if texts else languages.MASTER
    texts = texts or getattr(method, f"card_{languages.MASTER}") or {}
    title = getattr(method, f"title_{shown}") or method.title
    aim = getattr(method, f"aim_{shown}") or method.aim
    return Card(method, number, shown, title, aim, texts, use)
