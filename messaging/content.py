"""Brings the notice templates of the repository into the database."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from messaging.models import NoticeTemplate, TemplateAnswer
from messaging.reference_texts import TemplateKind
from schools.languages import INTERFACE_CODES, MASTER
from schools.services import bring, catch_up, kept_languages

FILE = Path(__file__).resolve().parent / "content" / "notice_templates.json"
#: The sheet without words of its own, in the same form (``NoticeTemplate.is_blank``).
BLANK_FILE = FILE.with_name("blank_sheet.json")
_TEXT_FIELDS = ("title", "subject", "body", "sms", "what", "when", "where", "bring", "answer")


@transaction.atomic
def load_templates(only: Collection[str] | None = None) -> int:
    """Insert or refresh templates by their slug (every one, or ``only`` some), in all languages; returns how many.

    Notices that were written from them keep their texts, and so does a language that was changed here. With the Dutch
    stay its slots and answers: its words name them.
    """
    entries: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["templates"]
    entries.append(json.loads(BLANK_FILE.read_text(encoding="utf-8"))["sheet"])
    wanted = [(place, entry) for place, entry in enumerate(entries, start=1) if only is None or entry["slug"] in only]
    kind = TemplateKind()
    kept, numbers = kept_languages(kind.code), dict(NoticeTemplate.objects.values_list("slug", "pk"))
    languages = {
        entry["slug"]: [code for code in INTERFACE_CODES if code not in kept[numbers.get(entry["slug"], 0)]]
        for _, entry in wanted
    }
    ours = {slug for slug, codes in languages.items() if MASTER not in codes}
    columns = {
        (entry["slug"],): ({} if entry["slug"] in ours else _facts(entry))
        | {"position": place}
        | _texts(entry, languages[entry["slug"]])
        for place, entry in wanted
    }
    bring(NoticeTemplate.objects.all(), ("slug",), columns)
    _bring_answers([entry for _, entry in wanted], languages, ours)
    catch_up(kind)
    return len(wanted)


def _bring_answers(
    entries: Collection[dict[str, Any]], languages: Mapping[str, list[str]], ours: Collection[str]
) -> None:
    """The answers of templates; of ``ours``, whose Dutch was changed here, only other words of those that are there."""
    loaded = TemplateAnswer.objects.filter(template__slug__in=languages)
    known = {(template, key): pk for pk, template, key in loaded.values_list("pk", "template_id", "key")}
    numbers = dict(NoticeTemplate.objects.values_list("slug", "pk"))
    answers = {
        (numbers[entry["slug"]], answer["key"]): ({} if entry["slug"] in ours else {"position": position})
        | {f"label_{code}": answer["labels"][code] for code in languages[entry["slug"]]}
        for entry in entries
        for position, answer in enumerate(entry["answers"], start=1)
        if entry["slug"] not in ours or (numbers[entry["slug"]], answer["key"]) in known
    }
    bring(TemplateAnswer.objects.all(), ("template_id", "key"), answers)
    stay = {numbers[slug] for slug in ours}
    gone = [pk for (template, key), pk in known.items() if (template, key) not in answers and template not in stay]
    TemplateAnswer.objects.filter(pk__in=gone).delete()


def _facts(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "category": entry["category"],
        "kind": entry["kind"],
        "translation_reason": entry["translation_reason"],
        "answer_scope": entry["answer_scope"],
        "is_confidential": entry["confidential"],
        "variables": entry["variables"],
    }


def _texts(entry: dict[str, Any], codes: Collection[str]) -> dict[str, str]:
    """One column for each field and language (django-modeltranslation)."""
    return {f"{field}_{code}": entry["texts"][code].get(field, "") for code in codes for field in _TEXT_FIELDS}
