"""What every installation starts with: the words of the field and the method cards of the draaiboek.

Both are kept as JSON beside the code and brought into the tables by these two functions. They may run again after an
update: rows are found by their code or slug, changed where the text changed, and never deleted, because contact
moments and adoptions refer to them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from schools.models import Method, Term

CONTENT = Path(__file__).resolve().parent / "content"
#: Texts of a card that are columns of their own; the rest of a language's texts is its ``card``.
CARD_COLUMNS = ("title", "aim")


@transaction.atomic
def load_vocabulary() -> int:
    """Bring ``vocabulary.json`` into the terms; returns how many there are in it."""
    groups: dict[str, list[dict[str, Any]]] = _content("vocabulary.json")["groups"]
    count = 0
    for group, entries in groups.items():
        for position, entry in enumerate(entries):
            labels = {f"label_{language}": text for language, text in entry["labels"].items()}
            Term.objects.update_or_create(
                group=group,
                code=entry["code"],
                defaults={"icon": entry.get("icon", ""), "position": position, **labels},
            )
            count += 1
    return count


@transaction.atomic
def load_methods() -> int:
    """Bring ``methods.json`` into the method cards, with what each refers to; returns how many cards it has."""
    entries: list[dict[str, Any]] = _content("methods.json")["methods"]
    cards = {}
    for position, entry in enumerate(entries):
        cards[entry["slug"]], _ = Method.objects.update_or_create(
            slug=entry["slug"], defaults={"position": position, **_columns(entry)}
        )
    for entry in entries:
        cards[entry["slug"]].related.set([cards[slug] for slug in entry["related"]])
    return len(entries)


def _columns(entry: dict[str, Any]) -> dict[str, Any]:
    """The columns of one card."""
    plain = ("kind", "theme", "level", "status", "icon", "preparation_min", "duration_min", "cost_eur", "months")
    columns = {name: entry[name] for name in (*plain, "class_levels")}
    columns |= {"template_slugs": entry["templates"], "indicator_codes": entry["indicators"]}
    for language, texts in entry["texts"].items():
        columns |= {f"{name}_{language}": texts[name] for name in CARD_COLUMNS}
        columns[f"card_{language}"] = {name: text for name, text in texts.items() if name not in CARD_COLUMNS}
    return columns


def _content(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((CONTENT / name).read_text(encoding="utf-8"))
    return content
