"""Brings the notice templates of the repository into the database."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.db import transaction

from messaging.models import NoticeTemplate, TemplateAnswer
from schools.languages import INTERFACE_CODES

FILE = Path(__file__).resolve().parent / "content" / "notice_templates.json"
_TEXT_FIELDS = ("title", "subject", "body", "sms", "what", "when", "where", "bring", "answer")


@transaction.atomic
def load_templates(only: Collection[str] | None = None) -> int:
    """Insert or refresh templates by their slug (every one, or ``only`` some), in all languages; returns how many.

    Notices that were written from them keep their texts.
    """
    entries: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["templates"]
    wanted = [(place, entry) for place, entry in enumerate(entries, start=1) if only is None or entry["slug"] in only]
    for position, entry in wanted:
        template, _ = NoticeTemplate.objects.update_or_create(
            slug=entry["slug"], defaults=_facts(entry, position) | _texts(entry)
        )
        _load_answers(template, entry["answers"])
    return len(wanted)


def _facts(entry: dict[str, Any], position: int) -> dict[str, Any]:
    return {
        "position": position,
        "category": entry["category"],
        "kind": entry["kind"],
        "translation_reason": entry["translation_reason"],
        "answer_scope": entry["answer_scope"],
        "is_confidential": entry["confidential"],
        "variables": entry["variables"],
    }


def _texts(entry: dict[str, Any]) -> dict[str, str]:
    """One column for each field and language (django-modeltranslation)."""
    return {
        f"{field}_{code}": entry["texts"][code].get(field, "") for code in INTERFACE_CODES for field in _TEXT_FIELDS
    }


def _load_answers(template: NoticeTemplate, answers: list[dict[str, Any]]) -> None:
    for position, answer in enumerate(answers, start=1):
        TemplateAnswer.objects.update_or_create(
            template=template,
            key=answer["key"],
            defaults={"position": position} | {f"label_{code}": answer["labels"][code] for code in INTERFACE_CODES},
        )
    template.answers.exclude(key__in=[answer["key"] for answer in answers]).delete()
