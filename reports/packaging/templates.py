"""Templates of notices in a package."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging.models import NoticeTemplate, TemplateAnswer
from messaging.models.templates import BLANK_SHEET, AnswerScope, NoticeKind, TranslationReason
from messaging.reference_texts import ANSWER, TemplateKind, template_parts
from reports.packaging.reading import Entry
from reports.packaging.shelves import chosen
from reports.packaging.textshelf import TextShelf
from schools.languages import MASTER
from schools.texts import Part

#: Facts of a template that are columns of the same name; ``confidential`` is called otherwise there.
_COLUMNS = ("category", "kind", "translation_reason", "answer_scope", "variables")

_CHOICES = {
    "kind": NoticeKind.choices,
    "translation_reason": TranslationReason.choices,
    "answer_scope": AnswerScope.choices,
}


class TemplateShelf(TextShelf):
    name, code, icon = "templates", "template", "mail"
    label = gettext_lazy("Templates of notices")
    kind = TemplateKind()
    facts = {
        "category": gettext_lazy("category"),
        "kind": gettext_lazy("kind of notice"),
        "translation_reason": gettext_lazy("purpose of the translations"),
        "answer_scope": gettext_lazy("who answers"),
        "confidential": gettext_lazy("confidential"),
        "variables": gettext_lazy("what the sender fills in"),
        "answers": gettext_lazy("answers"),
    }

    def rows(self) -> Iterable[NoticeTemplate]:
        """All but the empty sheet, which is part of every portal."""
        return self.kind.rows().exclude(slug=BLANK_SHEET)

    def facts_of(self, row: Any) -> dict[str, Any]:
        return {
            **{name: getattr(row, name) for name in _COLUMNS},
            "confidential": row.is_confidential,
            "answers": [answer.key for answer in row.answers.all()],
        }

    def said(self, name: str, fact: Any) -> str:
        return chosen(fact, _CHOICES[name]) if name in _CHOICES else super().said(name, fact)

    def parts_of(self, entry: Entry) -> list[Part]:
        dutch = entry["texts"][MASTER]
        labels = {key: dutch.get(f"{ANSWER}{key}") for key in entry["answers"]}
        return template_parts(entry["variables"], labels, is_blank=False)

    def refused(self, entry: Entry, *, is_here: bool) -> str:
        if entry["key"] == BLANK_SHEET:
            return _("The empty sheet is part of every portal.")
        dutch = entry["texts"][MASTER]
        needed = ["title", "subject", "sms", "body", *(f"{ANSWER}{key}" for key in entry["answers"])]
        if any(not dutch.get(name) for name in needed):
            return _("Its Dutch is not whole: title, subject, text message, text and answers are needed.")
        return ""

    def save(self, entry: Entry, row: Any | None) -> NoticeTemplate:
        """Answers that the package does not know go; notices that were written keep theirs."""
        template = row or NoticeTemplate(slug=entry["key"], position=_after_last())
        for column in _COLUMNS:
            setattr(template, column, entry[column])
        template.is_confidential = entry["confidential"]
        template.save()
        TemplateAnswer.objects.filter(template=template).exclude(key__in=entry["answers"]).delete()
        for position, key in enumerate(entry["answers"], start=1):
            TemplateAnswer.objects.update_or_create(template=template, key=key, defaults={"position": position})
        return template


def _after_last() -> int:
    return (NoticeTemplate.objects.aggregate(last=Max("position"))["last"] or 0) + 1
