"""A notice's Dutch as a machine or a translator gets it, closed, and their words as a text of the notice."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from messaging import audience, formats
from messaging.models import Notice, NoticeText
from messaging.models.texts import SLOTS
from messaging.schoolwords import terms_in
from messaging.sealing import LITERAL, MARK, Seal
from messaging.texts import values_of
from schools.languages import MASTER
from schools.models import Assignment

LINES = ("title", "subject", "sms")


@dataclass(frozen=True, slots=True)
class Words:
    """All words of a notice in one language."""

    title: str
    subject: str
    sms: str
    body: str
    slots: Mapping[str, str]

    @classmethod
    def of(cls, text: NoticeText) -> Words:
        return cls(text.title, text.subject, text.sms, text.body, {slot: text.slots.get(slot, "") for slot in SLOTS})

    def parts(self) -> list[str]:
        """Piece by piece: the lines, the five slots, and each line of the text, which so keeps its lines."""
        return [self.title, self.subject, self.sms, *(self.slots[slot] for slot in SLOTS), *self.body.split("\n")]

    @classmethod
    def joined(cls, parts: Sequence[str]) -> Words:
        title, subject, sms, *rest = parts
        slots, body = rest[: len(SLOTS)], rest[len(SLOTS) :]
        return cls(title, subject, sms, "\n".join(body), dict(zip(SLOTS, slots, strict=True)))

    def each(self, change: Callable[[str, str], str]) -> Words:
        """Every field put through ``change(name, words)``."""
        lines = {name: change(name, getattr(self, name)) for name in (*LINES, "body")}
        return Words(**lines, slots={slot: change(slot, words) for slot, words in self.slots.items()})

    def as_fields(self) -> dict[str, str]:
        """By the names of a form's fields."""
        return {"title": self.title, "subject": self.subject, "sms": self.sms, "body": self.body} | dict(self.slots)

    @classmethod
    def of_fields(cls, fields: Mapping[str, Any]) -> Words:
        lines = {name: str(fields.get(name) or "") for name in (*LINES, "body")}
        return cls(**lines, slots={slot: str(fields.get(slot) or "") for slot in SLOTS})


def seal_for(notice: Notice, *, source: str, target: str, with_terms: bool = False) -> Seal:
    """Closes what this notice says of people: its values, and the names of children, guardians and staff around it."""
    terms = terms_in(target) if with_terms and source == MASTER else {}
    return Seal(source=source, target=target, values=values_of(notice), names=_names_around(notice), terms=terms)


def seal_for_translator(notice: Notice, code: str) -> Seal:
    """The same for a person who knows the language ``code``: they may translate what a place or activity is called."""
    values = {name: value for name, value in values_of(notice).items() if name not in ("place", "activity")}
    return Seal(source=MASTER, target=code, values=values, names=_names_around(notice))


def without_people(notice: Notice, code: str) -> Callable[[str], str]:
    """Leaves a gap in texts of a language for each name, address and number around the notice; the school's own name
    and number, days and hours stay."""
    values = values_of(notice)
    seal, own = Seal(source=code, target=code, names=_names_around(notice)), {values["school"], values["phone"]}

    def shown(match: re.Match[str]) -> str:
        mark = seal.marks[int(match[1]) - 1]
        return mark.value if mark.kind == LITERAL or mark.value in own else formats.MISSING

    return lambda words: MARK.sub(shown, seal.close(words))


def tame(words: str) -> str:
    """Words from outside: no control or direction characters, and nothing that could pose as a variable."""
    return formats.plain_text(words).replace("{", "(").replace("}", ")")


def with_directions(notice: Notice, words: Words, code: str) -> Words:
    """Words that a colleague typed: names and values keep their own direction, as in ready texts."""
    seal = seal_for(notice, source=code, target=code)

    def isolated(_name: str, typed: str) -> str:
        closed = seal.close(formats.plain_text(without_directions(typed)))
        return seal.open(tame(closed), closed)

    return words.each(isolated)


def lost_values(notice: Notice, dutch: Words, own: Words, code: str) -> list[str]:
    """Days, hours and amounts that the Dutch says and a colleague's words do not, as the language writes them: a
    translation says nothing more and nothing less (domain 4.4)."""
    values = {name: str(notice.values.get(name) or "") for name in ("date", "deadline", "time", "amount")}
    return [
        formats.written(name, value, code)
        for name, value in values.items()
        if value and _says(dutch, name, value, MASTER) and not _says(own, name, value, code)
    ]


def _says(words: Words, name: str, value: str, code: str) -> bool:
    """With its year or without."""
    text = "\n".join(words.parts())
    return any(formats.written(name, value, code, short=short) in text for short in (True, False))


def without_directions(words: str) -> str:
    """As it is typed: without the invisible characters around names."""
    return words.replace(formats.ISOLATE, "").replace(formats.POP, "")


def _names_around(notice: Notice) -> list[str]:
    pupils: QuerySet[Any, Any] = audience.pupils_of(notice)
    people = [*_full_names(pupils), *_full_names(audience.guardians_of(notice))]
    staff = Assignment.objects.current().filter(school_id=notice.school_id).values_list("user__full_name", flat=True)
    return [*people, *staff, notice.author.full_name]


def _full_names(rows: QuerySet[Any, Any]) -> list[str]:
    return [f"{first} {last}".strip() for first, last in rows.order_by().values_list("first_name", "last_name")]
