"""One request as a translator sees it: the Dutch with marks, and what stands behind each mark, people left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from messaging.forms_translations import HandInForm
from messaging.models import TranslationRequest
from messaging.sealednotice import Words, seal_for_translator, without_directions
from messaging.sealing import Mark, Seal
from schools.languages import MASTER, Language, language

#: Marks whose value is nobody's: a translator writes better with it.
_SHOWN = frozenset({"date", "deadline", "time", "amount"})
KINDS: dict[str, Any] = {
    "child": _("the child's name"),
    "name": _("a name"),
    "contact": _("an address or a number"),
    "teacher": _("the teacher's name"),
    "school": _("the school's name"),
    "class_name": _("the class"),
    "phone": _("a phone number"),
    "date": _("a day"),
    "deadline": _("the last day"),
    "time": _("an hour"),
    "amount": _("an amount"),
}


@dataclass(frozen=True, slots=True)
class MarkLine:
    """``[1]``, what it stands for, and its value in the translator's language where it names nobody."""

    number: int
    kind: Any
    value: str


class Work:
    def __init__(self, asked: TranslationRequest) -> None:
        self.asked = asked
        self._texts = {text.language: text for text in asked.notice.texts.all()}

    @property
    def language(self) -> Language:
        return language(self.asked.language)

    @cached_property
    def _seal(self) -> Seal:
        return seal_for_translator(self.asked.notice, self.asked.language)

    @cached_property
    def dutch(self) -> Words:
        """Closed: no name of anybody."""
        return Words.of(self._texts[MASTER]).each(lambda _name, words: self._seal.close(words))

    @property
    def context(self) -> str:
        """What the writer said about it, closed too."""
        return self._seal.close(self.asked.context)

    @property
    def marks(self) -> list[MarkLine]:
        self.dutch, self.context  # noqa: B018 - reading them closes them, and so fills the seal
        return [self._line(number, mark) for number, mark in enumerate(self._seal.marks, 1)]

    def _line(self, number: int, mark: Mark) -> MarkLine:
        value = without_directions(mark.written(self.asked.language)) if mark.kind in _SHOWN else ""
        return MarkLine(number, KINDS.get(mark.kind, _("this mark itself")), value)

    def form(self, data: Any = None) -> HandInForm:
        """Empty: what the notice had in this language names people."""
        return HandInForm(data, words=Words.of_fields({}), dutch=self.dutch, entry=self.language)

    def pairs(self, form: HandInForm) -> list[tuple[Any, Any]]:
        return form.pairs(self.dutch.as_fields())
