"""The draaiboek as a booklet: the content for the typesetter, in one of the languages of the cards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from messaging.models import NoticeTemplate
from reports.amounts import in_euros
from reports.beforeafter import Comparison, sentence
from reports.cardfiles import as_content as file_as_content
from reports.cardfiles import printed
from reports.cardversions import newest_versions
from reports.evidence import Use, as_content
from reports.models import CardFile, CardVersion, EditionPrint, PlaybookEdition
from reports.playbook import Card, cards, cards_with, introduction
from reports.render.word import playbook_word
from reports.sealing import canonical, checksum
from schools import clock
from schools.days import full_day
from schools.languages import MASTER
from schools.typeset import typeset

ICONS = Path(settings.BASE_DIR) / "ingroeibloei" / "static" / "ingroeibloei" / "icons"
_HTML_LANG = {"nl": "nl-BE", "fr": "fr-BE", "en": "en"}
FACT_ICONS = ("clipboard-check", "clock", "euro", "trending-up")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an edition freezes of the use of its cards, by card, and on which day."""

    uses: Mapping[int, Use]
    compared: Mapping[int, Comparison]
    day: date


def booklet_content(language: str, evidence: Evidence | None = None) -> dict[str, Any]:
    """Everything the booklet prints; the same words as the pages. An edition brings its evidence along."""
    with override(language):
        shown = cards_with(language, evidence.uses) if evidence else cards(language)
        day = evidence.day if evidence else clock.today()
        texts, versions = introduction(language), newest_versions()
        compared = {pk: found.as_content() for pk, found in evidence.compared.items()} if evidence else {}
        related_titles = {card.slug: card.title for card in shown}
        templates = dict(NoticeTemplate.objects.values_list("slug", f"title_{language}"))
        content = {
            "lang": _HTML_LANG[language],
            "date": day.isoformat(),
            "brand": "In groei en bloei",
            "title": texts["title"],
            "subtitle": _("Ways of working with parents, tried in schools of every network"),
            "cover_lines": [_("Free to use and to adapt: CC BY 4.0"), full_day(day)],
            "labels": labels(),
            "drawings": _drawings(shown),
            "how_to_use": texts["how_to_use"].replace("\n\n", "\n").replace("\n", "\n\n"),
            "principles": texts["why"],
            "start": texts["start"],
            "year_planner": [
                {"month": month_name(entry["month"], language), "steps": entry["steps"]}
                for entry in texts["year_planner"]
            ],
            "cards": [
                _card(card, related_titles, templates) | _spoken(card, language) | _standing(card, versions, compared)
                for card in shown
            ],
            "privacy_page": texts["privacy_page"],
            "evaluate": texts["evaluate"],
            "colophon": {"lines": _colophon()},
        }
    return content


def print_of(form: str, content: dict[str, Any]) -> bytes:
    """The content as a booklet on A4, as cards on A5, or as a text for Word."""
    return _made(form, canonical(content).decode())


@lru_cache(maxsize=18)
def _made(form: str, content: str) -> bytes:
    """Made once per content: the key is the content itself. In each form and language, of two editions."""
    if form == EditionPrint.Form.WORD:
        return playbook_word(json.loads(content))
    return typeset("cards" if form == EditionPrint.Form.CARDS else "booklet", json.loads(content))


def labels() -> dict[str, str]:
    """The headings of the booklet in the active language."""
    return {
        "contents": _("Contents"),
        "how_to_use": _("How to use this draaiboek"),
        "principles": _("Why it works"),
        "start": _("How to begin"),
        "year_planner": _("The year round"),
        "month": _("month"),
        "to_do": _("to do"),
        "cards": _("The cards"),
        "number": _("no."),
        "picture": _("picture"),
        "title": _("way of working"),
        "status": _("status"),
        "card": _("Card"),
        "before": _("Before"),
        "during": _("During"),
        "after": _("Afterwards"),
        "variants": _("Variants"),
        "for_whom": _("For whom"),
        "who_does_it": _("Who does it"),
        "when": _("When"),
        "partners": _("Partners"),
        "needs": _("What you need"),
        "interpreter": _("Interpreter and language"),
        "conditions": _("What makes it work"),
        "pitfalls": _("Pitfalls"),
        "phrases": _("Sentences that help"),
        "privacy": _("Privacy"),
        "evidence": _("What it brought"),
        "related": _("Related cards"),
        "templates": _("Notices to send"),
        "files": _("Files with this card"),
        "privacy_page": _("Privacy on one page"),
        "evaluate": _("Look back"),
        "colophon": _("Colophon"),
    }


def facts_of(card: Card) -> list[dict[str, Any]]:
    """The strip of short facts on a card, in the active language."""
    method = card.method
    minutes = _("%(count)d min")
    cost = in_euros(Decimal(method.cost_eur), get_language() or MASTER, cents=False) if method.cost_eur else _("free")
    return [
        {
            "icon": "clipboard-check",
            "label": capfirst(_("preparation")),
            "text": minutes % {"count": method.preparation_min},
        },
        {"icon": "clock", "label": capfirst(_("duration")), "text": minutes % {"count": method.duration_min}},
        {"icon": "euro", "label": capfirst(_("cost")), "text": cost},
        {
            "icon": "trending-up",
            "level": method.level,
            "label": _("Participation"),
            "text": _("step %(level)d of 4") % {"level": method.level},
        },
    ]


def _card(card: Card, titles: dict[str, str], templates: dict[str, str]) -> dict[str, Any]:
    texts = card.texts
    return {
        "number": card.number,
        "icon": card.method.icon,
        "tone": card.tone,
        "title": card.title,
        "aim": card.aim,
        "status": card.status,
        "facts": facts_of(card),
        "for_whom": texts.get("for_whom", ""),
        "who_does_it": texts.get("who_does_it", ""),
        "when": texts.get("when", ""),
        "partners": texts.get("partners", ""),
        "needs": texts.get("materials", []),
        "interpreter": texts.get("interpreter", ""),
        "steps": {key: texts.get(f"steps_{key}", []) for key in ("before", "during", "after")},
        "conditions": texts.get("conditions", []),
        "pitfalls": texts.get("pitfalls", []),
        "variants": texts.get("variants", []),
        "privacy": texts.get("privacy", ""),
        "phrases": [
            {"nl": phrase["nl"], "text": phrase.get("t", phrase["nl"]), "lang": _HTML_LANG[card.language]}
            for phrase in texts.get("phrases", [])
        ],
        "evidence": {"text": card.evidence} if card.evidence else None,
        "related": [titles[one.slug] for one in card.method.related.all()],
        "templates": [templates[slug] for slug in card.method.template_slugs if templates.get(slug)],
        "files": [_file(row) for row in card.files],
        "origin": "",
        "licence": card.method.licence.replace("CC-BY-4.0", "CC BY 4.0"),
    }


def _file(row: CardFile) -> dict[str, Any]:
    told = file_as_content(row)
    return {**told, **printed(told)}


def _spoken(card: Card, language: str) -> dict[str, str]:
    """The language of the card's words, and a word about it where it is not that of the page."""
    words = _("This card is not translated yet: here it stands in Dutch.") if card.language != language else ""
    return {"lang": _HTML_LANG[card.language], "in_dutch": words}


def _standing(
    card: Card, versions: Mapping[int, CardVersion], compared: Mapping[int, dict[str, Any]]
) -> dict[str, Any]:
    """What the website and a package say of a card beside what the booklet prints."""
    version, found = versions.get(card.method.pk), compared.get(card.method.pk)
    return {
        "slug": card.slug,
        "use": as_content(card.use),
        "state": {"code": card.standing.shown.value, "rule": card.standing.rule, "here": card.standing.words},
        "version": version.number if version else None,
        "compared": {"text": sentence(found), **found} if found else None,
    }


def _drawings(shown: list[Card]) -> dict[str, str]:
    names = {card.method.icon for card in shown} | set(FACT_ICONS)
    paths = {name: ICONS / f"{name}.svg" for name in sorted(names)}
    return {name: path.read_text(encoding="utf-8") for name, path in paths.items() if path.is_file()}


def _colophon() -> list[dict[str, str]]:
    number = PlaybookEdition.objects.values_list("number", flat=True).first()
    edition_text = _("Edition %(number)d") % {"number": number} if number else _("Working edition")
    return [
        {"label": _("Edition"), "text": edition_text},
        {"label": _("Licence"), "text": "CC BY 4.0"},
        {
            "label": _("Evidence"),
            "text": _("Counted in the portal; numbers about fewer than five families are not shown."),
        },
        {"label": _("Drawings"), "text": "Lucide (ISC)"},
    ]


def month_name(number: int, language: str) -> str:
    """The month's name in a language of the cards."""
    with override(language):
        return formats.date_format(date(2000, number, 1), "F")


def content_checksum(content: dict[str, Any]) -> str:
    return checksum(content)
