"""Brings the steps of the year planner into the database: facts from ``planner.json``, words from the draaiboek.

A step whose words stand in the year planner of the draaiboek names their place (``month`` and ``number``), so that
page, booklet and plan say the same; the others, which only a card needs, bring their own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction

from reports.models import PlannerStep
from reports.playbook import CARD_LANGUAGES, introduction
from schools.services import bring

_FACTS = ("month", "day", "moves", "role", "cards", "page", "lead", "words")
#: The origin of steps that a package brought.
BROUGHT = "package"
FILE = Path(__file__).resolve().parents[1] / "content" / "planner.json"


def load_planner() -> int:
    """Insert or refresh the portal's own steps by their key; returns how many there are."""
    entries: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["steps"]
    return bring_steps([{**entry, "words": entry.get("words") or _words(entry)} for entry in entries])


@transaction.atomic
def bring_steps(entries: Sequence[Mapping[str, Any]], *, origin: str = "") -> int:
    """Insert or refresh steps, each with its own words, as ``steps_as_content`` gives them. Those that the same origin
    no longer advises are not planned any more; those of others stay."""
    rows = {(entry["key"],): _columns(position, entry, origin) for position, entry in enumerate(entries)}
    bring(PlannerStep.objects.all(), ("key",), rows)
    gone = PlannerStep.objects.filter(origin=origin).exclude(key__in=[entry["key"] for entry in entries])
    gone.update(is_current=False)
    return len(entries)


@transaction.atomic
def add_steps(entries: Sequence[Mapping[str, Any]]) -> None:
    """Insert or refresh steps that a package brought, after those that are here."""
    places = dict(PlannerStep.objects.values_list("key", "position"))
    after = max(places.values(), default=-1) + 1
    rows = {
        (entry["key"],): _columns(places.get(entry["key"], after + number), entry, BROUGHT)
        for number, entry in enumerate(entries)
    }
    bring(PlannerStep.objects.all(), ("key",), rows)


def steps_as_content() -> list[dict[str, Any]]:
    """Every step that is advised, with its words in each language: what a package carries."""
    return [
        {
            "key": step.key,
            **{name: getattr(step, name) for name in (*_FACTS, "from_round")},
            "templates": step.template_slugs,
        }
        for step in PlannerStep.objects.filter(is_current=True)
    ]


def _columns(position: int, entry: Mapping[str, Any], origin: str) -> dict[str, Any]:
    columns = {name: entry[name] for name in _FACTS}
    made = {
        "from_round": entry.get("from_round"),
        "position": position,
        "template_slugs": entry["templates"],
        "is_current": True,
        "origin": origin,
    }
    return {**columns, **made}


def _words(entry: Mapping[str, Any]) -> dict[str, str]:
    return {code: _advised(code, entry) for code in CARD_LANGUAGES}


def _advised(language: str, entry: Mapping[str, Any]) -> str:
    months = {month["month"]: month["steps"] for month in introduction(language)["year_planner"]}
    return str(months[entry["month"]][entry["number"] - 1])
