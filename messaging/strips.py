"""The screen for the strips of a class: each letter's answers, what was noted, what the parent said since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from messaging.models import Answer, DeliveryStatus, NoticeText, PrintedLetter, StripMark
from messaging.pile import names_of
from messaging.readers import standing_answers
from schools.languages import MASTER

#: A value that is no answer of a notice: those are slugs of letters.
MARKS = {"_illegible": StripMark.ILLEGIBLE, "_call": StripMark.CALL}


@dataclass(frozen=True, slots=True)
class StripChoice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class StripRow:
    """``own`` is the parent's own answer that stands instead of the strip's, or beside none."""

    letter: PrintedLetter
    children: tuple[str, ...]
    title: str
    choices: tuple[StripChoice, ...]
    chosen: str
    is_late: bool
    own: Answer | None
    own_label: str

    def as_chosen(self, value: str) -> StripRow:
        """With another choice than the one that is kept: of a form that was not taken."""
        choices = tuple(replace(choice, is_chosen=choice.value == value) for choice in self.choices)
        return replace(self, chosen=value, choices=choices)

    @property
    def is_overtaken(self) -> bool:
        return self.own is not None and self.letter.strip == StripMark.ANSWERED


def strip_rows(letters: QuerySet[PrintedLetter], language: str) -> list[StripRow]:
    """One row for each letter that asks something, in the order of the pile; a constant number of queries."""
    dutch = NoticeText.objects.filter(notice_id=OuterRef("delivery__notice_id"), language=MASTER).values("title")[:1]
    withdrawn = Q(delivery__status=DeliveryStatus.CANCELLED, given_on__isnull=True, strip="")
    rows = list(
        letters.exclude(delivery__notice__answers=[])
        .exclude(withdrawn)  # nobody got its strip
        .annotate(title=Subquery(dutch))
        .select_related("batch", "school_class", "strip_by", "delivery__notice", "delivery__guardian")
        .order_by("position")
    )
    deliveries = [row.delivery for row in rows]
    names, answers = names_of(deliveries), standing_answers(deliveries)
    return [
        _row(
            row,
            row.title or "",
            names[row.delivery_id],
            answers.get((row.delivery.notice_id, row.delivery.guardian_id)),
            language,
        )
        for row in rows
    ]


def _row(letter: PrintedLetter, title: str, names: tuple[str, ...], answer: Answer | None, language: str) -> StripRow:
    notice = letter.delivery.notice
    by_mark = {mark: value for value, mark in MARKS.items()}
    chosen = letter.strip_key or by_mark.get(StripMark(letter.strip), "") if letter.strip else ""
    own = answer if answer is not None and answer.entered_by_id is None else None
    return StripRow(
        letter=letter,
        children=names,
        title=title,
        choices=tuple(
            StripChoice(option["key"], notice.answer_label(option["key"], language), option["key"] == chosen)
            for option in notice.answers
        ),
        chosen=chosen,
        is_late=is_late(letter, letter.strip_on),
        own=own,
        own_label=notice.answer_label(own.key, language) if own else "",
    )


def is_late(letter: PrintedLetter, on: date | None) -> bool:
    """Whether a strip that came back on a day came after the last day to answer."""
    answer_by = letter.delivery.notice.answer_by
    return on is not None and answer_by is not None and on > answer_by
