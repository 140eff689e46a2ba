"""The joint worker's diary of a project year: dated notes to draw from while writing. No file takes them along."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from reports.evaluation.errors import ReportError
from reports.models import DiaryNote
from reports.publication import findings_in
from schools import audit, clock
from schools.models import Method, Project, School, User

#: Put in the place of a name that somebody took out.
SOMEBODY = "…"


class NamesSomebodyError(ReportError):
    """A note names or reaches a family. ``found`` are the words; ``without`` is the note with them taken out."""

    def __init__(self, text: str) -> None:
        self.found = named_in(text)
        self.without = without(text, self.found)
        words = ", ".join(f"“{one}”" for one in dict.fromkeys(self.found))
        super().__init__(_("This was not kept, for it names or reaches a family: %(words)s.") % {"words": words})


@dataclass(frozen=True, slots=True)
class Tags:
    """What a note is about; any of them may be open."""

    chapter: int | None = None
    method: Method | None = None
    school: School | None = None

    def as_fields(self) -> dict[str, Any]:
        return {"chapter": self.chapter, "method": self.method, "school": self.school}


def notes_of(project: Project, *, words: str = "", chapter: int | None = None, method: int | None = None,
             school: int | None = None) -> QuerySet[DiaryNote]:  # fmt: skip
    """The notes of a project year, the newest first, narrowed by what they are about and by words in them."""
    rows = DiaryNote.objects.filter(project=project).select_related("method", "school", "written_by")
    about = {"chapter": chapter, "method_id": method, "school_id": school}
    rows = rows.filter(**{name: value for name, value in about.items() if value is not None})
    for word in words.split()[:8]:
        rows = rows.filter(Q(text__icontains=word))
    return rows


@transaction.atomic
def write_note(*, project: Project, day: date, text: str, tags: Tags, client_id: UUID, by: User) -> DiaryNote:
    """Keep a note; a page that sends it twice writes it once. Raises NamesSomebodyError for one that names a family."""
    refuse_names(text)
    try:
        with transaction.atomic():
            note = DiaryNote.objects.create(
                project=project, day=day, text=text, written_by=by, written_at=clock.now(), client_id=client_id,
                **tags.as_fields(),
            )  # fmt: skip
    except IntegrityError:
        return DiaryNote.objects.get(client_id=client_id, project=project, written_by=by)
    audit.record(actor=by, verb="wrote in the diary", target=note)
    return note


@transaction.atomic
def change_note(*, note: DiaryNote, day: date, text: str, tags: Tags, by: User) -> DiaryNote:
    """Put a note right. A diary is nobody's proof, so what it said before does not stay."""
    refuse_names(text)
    for name, value in {"day": day, "text": text, **tags.as_fields()}.items():
        setattr(note, name, value)
    note.save(update_fields=["day", "text", "chapter", "method", "school"])
    audit.record(actor=by, verb="changed the diary", target=note)
    return note


@transaction.atomic
def remove_note(*, note: DiaryNote, by: User) -> None:
    """Take a note out of the diary for good."""
    audit.record(actor=by, verb="took out of the diary", target=note)
    note.delete()


def refuse_names(text: str) -> None:
    if named_in(text):
        raise NamesSomebodyError(text)


def named_in(text: str) -> list[str]:
    """The words of a text that name or reach a family, as they stand in it."""
    return [one.text for one in findings_in({"": text}, staff=False)]


def named_by_note(notes: Iterable[DiaryNote]) -> dict[int, list[str]]:
    """The same for many notes at once: a family that came later may bear a name that stood there before."""
    found: dict[int, list[str]] = {}
    for one in findings_in({f"{note.pk}": note.text for note in notes}, staff=False):
        found.setdefault(int(one.place), []).append(one.text)
    return found


def without(text: str, found: Iterable[str]) -> str:
    """The text with these words taken out."""
    for words in sorted(set(found), key=len, reverse=True):
        text = text.replace(words, SOMEBODY)
    return text
