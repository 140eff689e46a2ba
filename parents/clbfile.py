"""What goes from the portal into the file of the CLB (domain 6.3): the portal is not that file. Reads only, with a line
in the access log for each note that is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from parents.models import CLBNote, Family
from parents.sealing import NoKeyError, SealBrokenError
from parents.services.notes import EXPORTED, read_clb_note
from schools.models import CLBCentre, User

__all__ = ["EXPORTED", "OpenedNote", "centres_with_notes", "notes_for_file", "table"]


def centres_with_notes(family: Family, reader: object) -> list[CLBCentre]:
    """The reader's centres that have notes about a family: ``number`` of them, ``in_file`` already in its own file."""
    own = CLBNote.objects.visible_to(reader).filter(contact_moment__family=family)
    counted = own.order_by().values("centre_id").annotate(n=Count("pk"), done=Count("exported_at"))
    numbers = {row["centre_id"]: (row["n"], row["done"]) for row in counted}
    centres = list(CLBCentre.objects.filter(pk__in=numbers))
    for centre in centres:
        centre.number, centre.in_file = numbers[centre.pk]  # type: ignore[attr-defined]
    return centres


@dataclass(frozen=True, slots=True)
class OpenedNote:
    note: CLBNote
    text: str
    is_open: bool


def notes_for_file(*, family: Family, centre: CLBCentre, reader: User) -> list[OpenedNote]:
    """The notes of one centre about a family, the oldest first; one that cannot be opened says why."""
    notes = (
        CLBNote.objects.visible_to(reader)
        .filter(contact_moment__family=family, centre=centre)
        .select_related("centre", "author", "contact_moment")
        .order_by("written_at", "pk")
    )
    return [_opened(note, reader) for note in notes]


def _opened(note: CLBNote, reader: User) -> OpenedNote:
    try:
        return OpenedNote(note, read_clb_note(note=note, reader=reader), is_open=True)
    except NoKeyError:
        return OpenedNote(note, _("The key of this CLB is not on this server."), is_open=False)
    except SealBrokenError:
        return OpenedNote(note, _("This note was damaged and cannot be opened."), is_open=False)


def table(notes: Sequence[OpenedNote]) -> tuple[list[str], list[list[str]]]:
    """As rows of a spreadsheet: day, kind of contact, who wrote it, the text."""
    head = [_("Day"), _("Kind of contact"), _("Written by"), _("Note")]
    rows = [
        [
            f"{row.note.contact_moment.held_on:%Y-%m-%d}",
            str(row.note.contact_moment.get_kind_display()),
            row.note.author.full_name,
            row.text,
        ]
        for row in notes
    ]
    return head, rows
