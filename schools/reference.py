"""What every installation starts with: the words of the field and the method cards of the draaiboek.

Both are kept as JSON beside the code and brought into the tables by these two functions. They may run again after an
update: rows are found by their code or slug, changed where the text changed, and never deleted, because contact
moments and adoptions refer to them. A language that was changed here keeps its words; with the Dutch goes what stands
beside the words, such as the minutes of a card: both were changed, or taken over, together.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.db import transaction

from schools.languages import MASTER
from schools.models import Method, Term
from schools.services import bring, catch_up, kept_languages
from schools.texts.own import MethodKind, TermKind

CONTENT = Path(__file__).resolve().parent / "content"
#: Texts of a card that are columns of their own; the rest of a language's texts is its ``card``.
CARD_COLUMNS = ("title", "aim")


@transaction.atomic
def load_vocabulary() -> int:
    """Bring ``vocabulary.json`` into the terms; returns how many there are in it."""
    groups: dict[str, list[dict[str, Any]]] = _content("vocabulary.json")["groups"]
    kind, rows = TermKind(), {}
    kept = kept_languages(kind.code)
    numbers = {(group, code): pk for group, code, pk in Term.objects.values_list("group", "code", "pk")}
    for group, entries in groups.items():
        for position, entry in enumerate(entries):
            own = kept[numbers.get((group, entry["code"]), 0)]
            labels = {f"label_{code}": text for code, text in entry["labels"].items() if code not in own}
            facts = {} if MASTER in own else {"icon": entry.get("icon", "")}
            rows[group, entry["code"]] = {"position": position, **facts, **labels}
    bring(Term.objects.all(), ("group", "code"), rows)
    catch_up(kind)
    return len(rows)


@transaction.atomic
def load_methods() -> int:
    """Bring ``methods.json`` into the method cards, with what each refers to; returns how many cards it has."""
    entries: list[dict[str, Any]] = _content("methods.json")["methods"]
    kind = MethodKind()
    kept, numbers = kept_languages(kind.code), dict(Method.objects.values_list("slug", "pk"))
    columns = {
        (entry["slug"],): {"position": position, **_columns(entry, kept[numbers.get(entry["slug"], 0)])}
        for position, entry in enumerate(entries)
    }
    bring(Method.objects.all(), ("slug",), columns)
    cards = {card.slug: card for card in Method.objects.all()}
    for entry in entries:
        if MASTER not in kept[numbers.get(entry["slug"], 0)]:
            cards[entry["slug"]].related.set([cards[slug] for slug in entry["related"]])
    catch_up(kind)
    return len(entries)


def _columns(entry: dict[str, Any], kept: Collection[str]) -> dict[str, Any]:
    """The columns of one card, without the texts of languages that keep theirs."""
    columns = {"status": entry["status"]}
    if MASTER not in kept:
        plain = ("kind", "theme", "level", "icon", "preparation_min", "duration_min", "cost_eur", "months")
        columns |= {name: entry[name] for name in (*plain, "class_levels")}
        columns |= {"template_slugs": entry["templates"], "indicator_codes": entry["indicators"]}
        columns["conference"] = entry.get("conference", {})
    for language, texts in entry["texts"].items():
        if language in kept:
            continue
        columns |= {f"{name}_{language}": texts[name] for name in CARD_COLUMNS}
        columns[f"card_{language}"] = {name: text for name, text in texts.items() if name not in CARD_COLUMNS}
    return columns


def _content(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((CONTENT / name).read_text(encoding="utf-8"))
    return content
