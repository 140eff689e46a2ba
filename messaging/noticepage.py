"""A notice as one guardian sees it: in one language, beside the Dutch, with the own children filled in.

Texts are stored with everything filled in but the child's name. Each name keeps its own direction: isolating characters
in plain text, ``<bdi>`` in HTML. Page, mail and letter show this same view.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from messaging import formats
from messaging.models import Delivery, Notice, NoticeText, TextOrigin, TextState
from messaging.models.texts import SLOTS
from messaging.ownslots import slot_texts
from messaging.readers import Reader
from schools.languages import MASTER, Language, language
from schools.roster.contacts import written_phone

SLOT_LABELS = {
    "what": _("What"),
    "when": _("When"),
    "where": _("Where"),
    "bring": _("To bring"),
    "answer": _("Answer"),
}

#: As schools write them: 011 00 01 01, 0470 00 00 01, +32 11 00 01 01.
_TELEPHONE = re.compile(r"(?<!\w)(?:0\d{1,3}|\+\d{2,3})(?: \d{2,3}){3,4}(?!\w)")


@dataclass(frozen=True, slots=True)
class Slot:
    key: str
    label: str
    text: str
    #: It stands among words of another language.
    is_dutch: bool = False

    @property
    def html(self) -> SafeString:
        words = as_html(self.text)
        return format_html('<span lang="nl-BE" dir="ltr">{}</span>', words) if self.is_dutch else words


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice in one language, with the guardian's children filled in. ``is_draft`` marks a translation that no
    native speaker has read yet, ``is_by_machine`` one that a machine made."""

    language: Language
    title: str
    subject: str
    body: str
    slots: tuple[Slot, ...]
    is_draft: bool
    is_by_machine: bool = False

    @property
    def direction(self) -> str:
        return self.language.direction

    @property
    def html_lang(self) -> str:
        return self.language.html_lang

    @property
    def title_html(self) -> SafeString:
        return as_html(self.title)

    @property
    def body_html(self) -> SafeString:
        """Its lines are still lines: who shows it makes paragraphs of them."""
        return _marked(self.body)


@dataclass(frozen=True, slots=True)
class AnswerChoice:
    key: str
    label: str
    dutch: str


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Everything a page, mail or letter shows of a notice to one guardian. ``dutch`` is None for a reader of Dutch.

    ``untranslated`` is the reader's language where the notice has no text in it: text and title are the Dutch ones, the
    slots and answers the reader's own."""

    notice: Notice
    text: NoticeView
    dutch: NoticeView | None
    answers: tuple[AnswerChoice, ...]
    children: tuple[str, ...]
    class_names: tuple[str, ...]
    school_name: str
    school_phone: str
    sender_name: str
    answer_by: date | None
    given_answer: str = ""
    delivery: Delivery | None = None
    #: The day of the notice that this one replaces, if this guardian got it.
    replaced_on: date | None = None
    #: How many files come with it.
    files: int = 0
    untranslated: Language | None = None
    own_slots: tuple[Slot, ...] = ()

    @property
    def language(self) -> Language:
        return self.text.language

    @property
    def direction(self) -> str:
        return self.text.direction

    @property
    def title(self) -> str:
        return self.text.title

    @property
    def body(self) -> str:
        return self.text.body

    @property
    def slots(self) -> tuple[Slot, ...]:
        return self.own_slots or self.text.slots

    @property
    def reading(self) -> Language:
        """The language of slots and answers."""
        return self.untranslated or self.text.language

    @property
    def child_names(self) -> str:
        return formats.joined(self.children, self.language.code)


def as_html(text: str) -> SafeString:
    """Escaped, with line breaks, isolates as ``<bdi>`` and nothing else. A telephone number stays on one line."""
    return mark_safe(_marked(text).replace("\n", "<br>\n"))  # noqa: S308 - escaped below


def _marked(text: str) -> SafeString:
    whole = _TELEPHONE.sub(lambda number: number.group(0).replace(" ", formats.NO_BREAK), text)
    safe = str(escape(whole)).replace(formats.ISOLATE, "<bdi>").replace(formats.POP, "</bdi>")
    return mark_safe(safe)  # noqa: S308 - escaped one line above


def page_of(
    notice: Notice,
    texts: dict[str, NoticeText],
    reader: Reader,
    *,
    open_names: bool = False,
    files: int = 0,
    known: dict[str, NoticeText] | None = None,
) -> NoticePage:
    """The notice as this reader sees it, with so many files; ``open_names`` leaves ``{child}`` for a mail's skeleton to
    fill. ``texts`` may be sent; ``known`` are all there are, whose slots may hold though their words do not."""
    text = texts.get(reader.language) or texts[MASTER]
    wanted = language(reader.wanted or reader.language)
    untranslated = wanted if text.language == MASTER != wanted.text else None
    names = None if open_names else [child.first_name for child in reader.children]
    again = reader.is_reminder
    return NoticePage(
        notice=notice,
        text=_view(text, names, is_reminder=again),
        dutch=None if text.language == MASTER else _view(texts[MASTER], names, is_reminder=again),
        answers=tuple(
            AnswerChoice(
                option["key"],
                notice.answer_label(option["key"], wanted.text if untranslated else text.language),
                notice.answer_label(option["key"], MASTER),
            )
            for option in notice.answers
        ),
        children=tuple(child.first_name for child in reader.children),
        class_names=tuple(dict.fromkeys(child.class_name for child in reader.children if child.class_name)),
        school_name=notice.school.name,
        school_phone=written_phone(notice.school.phone),
        sender_name=notice.author.full_name,
        answer_by=notice.answer_by,
        given_answer=reader.given_answer,
        delivery=reader.delivery,
        replaced_on=reader.replaced_on,
        files=files,
        untranslated=untranslated,
        own_slots=_own_slots(notice, known or texts, untranslated, names) if untranslated else (),
    )


def _own_slots(
    notice: Notice, texts: dict[str, NoticeText], entry: Language, names: Sequence[str] | None
) -> tuple[Slot, ...]:
    found = slot_texts(notice, texts, entry.text)
    with override(entry.interface):
        return tuple(
            Slot(
                key,
                str(SLOT_LABELS[key]),
                words if names is None else formats.with_children(words, names, code),
                is_dutch=code == MASTER,
            )
            for key, (words, code) in found.items()
        )


def _view(text: NoticeText, names: Sequence[str] | None, *, is_reminder: bool = False) -> NoticeView:
    code = text.language

    def words(value: str) -> str:
        return value if names is None else formats.with_children(value, names, code)

    with override(language(code).interface):
        slots = tuple(
            Slot(key, str(SLOT_LABELS[key]), words(text.slots[key])) for key in SLOTS if text.slots.get(key, "").strip()
        )
    return NoticeView(
        language=language(code),
        title=formats.reminder(words(text.title), code) if is_reminder else words(text.title),
        subject=formats.reminder(text.subject, code) if is_reminder else text.subject,
        body=words(text.body),
        slots=slots,
        is_draft=text.state in (TextState.DRAFT, TextState.MACHINE),
        is_by_machine=text.origin == TextOrigin.MACHINE,
    )
