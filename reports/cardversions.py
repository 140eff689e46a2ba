"""Versions of the cards: what each said from a day on, in all its languages, kept when its words change."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from reports.evaluation.binding import checksum
from reports.models import CardVersion
from reports.playbook import CARD_LANGUAGES
from schools import clock
from schools.models import Method

_FACTS = (
    "kind", "theme", "level", "icon", "preparation_min", "duration_min", "cost_eur", "months", "class_levels",
    "template_slugs", "indicator_codes", "licence",
)  # fmt: skip


def keep_versions() -> int:
    """Keep what cards say that changed since their last version; how many. Runs after loading, each night and before
    an edition. Two at once keep one."""
    newest = newest_versions()
    made = 0
    for card in Method.objects.all():
        content = content_of(card)
        last = newest.get(card.pk)
        mark = checksum(content)
        if last is not None and last.checksum == mark:
            continue
        number = last.number + 1 if last else 1
        try:
            with transaction.atomic():
                CardVersion.objects.create(
                    method=card, number=number, made_at=clock.now(), content=content, checksum=mark
                )
        except IntegrityError:
            continue
        made += 1
    return made


def newest_versions() -> dict[int, CardVersion]:
    """The last version of each card, without its words; one query."""
    found: dict[int, CardVersion] = {}
    for row in CardVersion.objects.defer("content").order_by("method_id", "number"):
        found[row.method_id] = row
    return found


def content_of(card: Method) -> dict[str, Any]:
    """Everything a card says, in the languages in which it is written."""
    words = {
        code: {
            "title": getattr(card, f"title_{code}") or "",
            "aim": getattr(card, f"aim_{code}") or "",
            **(getattr(card, f"card_{code}") or {}),
        }
        for code in CARD_LANGUAGES
    }
    return {"slug": card.slug, **{name: getattr(card, name) for name in _FACTS}, "texts": words}
