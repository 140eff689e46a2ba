"""Growth notes as they are read: phrases of the vocabulary with the child's name, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import override

from parents.models import GrowthNote, Guardianship
from schools import clock, languages
from schools.models import Enrolment, Pupil, Term
from schools.models.pupils import PupilQuerySet
from schools.scope import scope_of

GROUP = "growth_phrases"
#: As many as a page shows, the newest first.
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Line:
    icon: str
    words: SafeString


@dataclass(frozen=True, slots=True)
class ShownGrowth:
    note: GrowthNote
    lines: list[Line]
    may_take_back: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """A note as the parents of one language read it."""

    code: str
    lines: list[Line]


def terms() -> dict[str, Term]:
    """The phrases by code, in their order."""
    return {term.code: term for term in Term.objects.filter(group=GROUP)}


def lines_of(codes: Iterable[str], child: str, known: dict[str, Term]) -> list[Line]:
    """The phrases in the active language; a phrase that is no longer there is left out."""
    return [Line(known[code].icon, _named(known[code].label, child)) for code in codes if code in known]


def _named(label: str, child: str) -> SafeString:
    before, _mark, after = label.partition("{child}")
    return format_html("{}<bdi>{}</bdi>{}", before, child, after)


def shown(notes: Sequence[GrowthNote], editable: Iterable[int] = ()) -> list[ShownGrowth]:
    """In the active language; needs ``pupil`` of each note. One query."""
    known, own = terms() if notes else {}, set(editable)
    return [ShownGrowth(note, lines_of(note.phrases, note.pupil.first_name, known), note.pk in own) for note in notes]


def growth_of(child: Pupil) -> list[ShownGrowth]:
    """What the parents of a child read."""
    return shown(list(child.growth_notes.select_related("pupil", "written_by")[:SHOWN]))


def growth_for_staff(user: object, pupils: Iterable[Pupil]) -> list[ShownGrowth]:
    """The same of the children of a family, as far as the reader may see them."""
    rows = GrowthNote.objects.visible_to(user).filter(pupil__in=[pupil.pk for pupil in pupils])
    notes = list(rows.select_related("pupil", "written_by")[:SHOWN])
    own = GrowthNote.objects.editable_by(user).filter(pk__in=[note.pk for note in notes])
    return shown(notes, own.values_list("pk", flat=True))


def writable_by(user: object) -> PupilQuerySet:
    """Children of own classes, and of schools of which one is head or care coordinator."""
    rows: PupilQuerySet = Pupil.objects.filter(pk__in=places_of(user).values("pupil_id"))
    return rows


def places_of(user: object) -> QuerySet[Enrolment]:
    """Where these children are today."""
    scope = scope_of(user)
    return Enrolment.objects.current().filter(
        Q(school_class_id__in=scope.classes) | Q(school_id__in=scope.care_schools)
    )


def previews(child: Pupil, codes: Sequence[str]) -> list[Preview]:
    """As the parents who are informed will read it, each language once, Dutch among them; two queries."""
    ties = Guardianship.objects.on(clock.today()).filter(pupil=child, information_right=True)
    spoken = ties.order_by("pk").values_list("guardian__contact_language", flat=True)
    known, found = terms(), []
    for code in dict.fromkeys([languages.MASTER, *(languages.frame_of(one).code for one in spoken)]):
        with override(languages.frame_of(code).interface):
            found.append(Preview(code, lines_of(codes, child.first_name, known)))
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """A note in words, for the export of what is kept."""

    written_at: datetime
    pupil: Pupil
    text: str


def told_about(children: QuerySet[Pupil], schools: Sequence[int]) -> list[Told]:
    """What these schools told the parents of these children, in Dutch."""
    rows = GrowthNote.objects.filter(pupil__in=children, school_id__in=schools).select_related("pupil")
    notes = list(rows)
    with override(languages.MASTER):
        known = terms() if notes else {}
        return [Told(note.written_at, note.pupil, _in_words(note, known)) for note in notes]


def _in_words(note: GrowthNote, known: dict[str, Term]) -> str:
    labels = [known[code].label.replace("{child}", note.pupil.first_name) for code in note.phrases if code in known]
    return ". ".join([*labels, *([note.sentence] if note.sentence else [])])
