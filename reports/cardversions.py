"""Versions of the cards: what each said from a day on, in all its languages, kept when its words change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from reports.cardfiles import as_content, files_by_card
from reports.models import CardFile, CardVersion
from reports.playbook import CARD_LANGUAGES
from reports.sealing import checksum
from schools import clock
from schools.models import Method

_FACTS = (
    "kind", "theme", "level", "icon", "preparation_min", "duration_min", "cost_eur", "months", "class_levels",
    "template_slugs", "indicator_codes", "licence",
)  # fmt: skip
#: Versions of one list.
VERSIONS_SHOWN = 20


def keep_versions() -> int:
    """Keep what cards say that changed since their last version; how many. Runs after loading, each night and before
    an edition. Two at once keep one."""
    newest, files = newest_versions(), files_by_card()
    made = 0
    for card in Method.objects.all():
        content = content_of(card, files[card.pk])
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


def content_of(card: Method, files: Iterable[CardFile]) -> dict[str, Any]:
    """Everything a card says, in the languages in which it is written, and the files it carries."""
    words = {
        code: {
            "title": getattr(card, f"title_{code}") or "",
            "aim": getattr(card, f"aim_{code}") or "",
            **(getattr(card, f"card_{code}") or {}),
        }
        for code in CARD_LANGUAGES
    }
    facts = {name: getattr(card, name) for name in _FACTS}
    return {"slug": card.slug, **facts, "texts": words, "files": [as_content(row) for row in files]}


@dataclass(frozen=True, slots=True)
class VersionLine:
    """What a version changed: files that came and went by their titles, and whether the card says other words."""

    number: int
    made_at: datetime
    came: list[str]
    went: list[str]
    has_other_words: bool


def version_lines(card: Method) -> list[VersionLine]:
    """The last versions of a card, the newest first; one query."""
    rows = list(CardVersion.objects.filter(method=card).order_by("-number")[: VERSIONS_SHOWN + 1])
    before = [*rows[1:], None] if len(rows) <= VERSIONS_SHOWN else rows[1:]
    return [_line(row, earlier) for row, earlier in zip(rows, before, strict=False)]


def _line(row: CardVersion, earlier: CardVersion | None) -> VersionLine:
    if earlier is None:
        return VersionLine(row.number, row.made_at, _titles(row.content, {}), [], has_other_words=False)
    words, said = ({**content, "files": []} for content in (row.content, earlier.content))
    came, went = _titles(row.content, earlier.content), _titles(earlier.content, row.content)
    return VersionLine(row.number, row.made_at, came, went, words != said)


def _titles(content: Mapping[str, Any], without: Mapping[str, Any]) -> list[str]:
    """Titles of the files of one content that another has not."""
    known = {file["sha256"] for file in without.get("files", ())}
    return [file["title"] for file in content.get("files", ()) if file["sha256"] not in known]
