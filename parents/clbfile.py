"""What goes from the portal into the file of the CLB (domain 6.3): the portal is not that file. Reads only, with a line
in the access log for each note that is opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from parents.models import CLBNote, ContactMoment, Family, FamilyMembership
from parents.retention import ended_before
from parents.sealing import NoKeyError, SealBrokenError
from parents.services.notes import EXPORTED, read_clb_note
from schools.models import CLBCentre, Enrolment, Pupil, User
from schools.models.pupils import PupilQuerySet

__all__ = [
    "EXPORTED",
    "OpenedNote",
    "centres_with_notes",
    "children_to_file",
    "families_to_file",
    "notes_for_file",
    "opened",
    "school_of",
    "table",
    "waiting_families",
]


def families_to_file(reader: object) -> QuerySet[Family]:
    """Families that the reader sees, and those of which the reader's centres have notes: their children may have left,
    as each child does after the sixth year."""
    own = CLBNote.objects.of_centres(reader).values("contact_moment__family_id")
    return Family.objects.filter(Q(pk__in=Family.objects.visible_to(reader).values("pk")) | Q(pk__in=own))


def children_to_file(families: Collection[int], reader: object) -> dict[int, list[Pupil]]:
    """By family the children by whom it is called here: those whom the reader sees, where there are none those of whom
    the notes are. Two queries."""
    seen = FamilyMembership.objects.current().filter(pupil_id__in=PupilQuerySet.ids_visible(reader))
    found: dict[int, list[Pupil]] = defaultdict(list)
    for row in seen.filter(family__in=families).select_related("pupil").order_by("pupil__first_name", "pk"):
        found[row.family_id].append(row.pupil)
    noted = CLBNote.objects.of_centres(reader).values("contact_moment_id")
    about = ContactMoment.pupils.through.objects.filter(contactmoment_id__in=noted)
    about = about.filter(contactmoment__family__in=set(families) - set(found)).select_related("contactmoment", "pupil")
    left: dict[int, dict[int, Pupil]] = defaultdict(dict)
    for one in about.order_by("pupil__first_name", "pupil_id"):
        left[one.contactmoment.family_id][one.pupil_id] = one.pupil
    return found | {family: list(pupils.values()) for family, pupils in left.items()}


def school_of(family: Family, pupils: Iterable[Pupil], reader: object) -> int | None:
    """Where these children are as far as the reader sees it, else where the reader's centres noted something of them:
    it is what the reader has to do with the family."""
    here = Enrolment.objects.current().visible_to(reader).filter(pupil__in=pupils)
    noted = CLBNote.objects.of_centres(reader).filter(contact_moment__family=family)
    there = here.aggregate(first=Min("school_id"))["first"]
    found: int | None = there or noted.aggregate(first=Min("contact_moment__school_id"))["first"]
    return found


def centres_with_notes(family: Family, reader: object) -> list[CLBCentre]:
    """The reader's centres that have notes about a family: ``number`` of them, ``in_file`` already in its own file."""
    own = CLBNote.objects.of_centres(reader).filter(contact_moment__family=family)
    counted = own.order_by().values("centre_id").annotate(n=Count("pk"), done=Count("exported_at"))
    numbers = {row["centre_id"]: (row["n"], row["done"]) for row in counted}
    centres = list(CLBCentre.objects.filter(pk__in=numbers))
    for centre in centres:
        centre.number, centre.in_file = numbers[centre.pk]  # type: ignore[attr-defined]
    return centres


def waiting_notes(reader: object) -> QuerySet[CLBNote]:
    """Notes of the reader's centres of which nobody said yet that they are in the file of the CLB: of a school year
    that is over, which stay only because of that, and of families of which no child is at a school of that centre any
    more: no page of a family leads to them."""
    waits = Q(~Exists(_children_of_centre()))
    if (last := ended_before(settings.NOTES_UNTIL)) is not None:
        waits |= Q(contact_moment__held_on__lte=last)
    return CLBNote.objects.of_centres(reader).filter(waits, exported_at=None)


def _children_of_centre() -> QuerySet[FamilyMembership]:
    """Of an outer note's family the children who are at a school of the note's centre."""
    places = Enrolment.objects.lasting().filter(
        pupil_id=OuterRef("pupil_id"), school__clb_id=OuterRef(OuterRef("centre_id"))
    )
    return FamilyMembership.objects.current().filter(Exists(places), family_id=OuterRef("contact_moment__family_id"))


def waiting_families(reader: object) -> QuerySet[Family]:
    """The families of those notes, the oldest note first: ``waiting`` of them, since ``oldest``."""
    notes = waiting_notes(reader).values("pk")
    rows = Family.objects.filter(contact_moments__clb_notes__in=notes)
    counted = rows.annotate(
        waiting=Count("contact_moments__clb_notes", distinct=True), oldest=Min("contact_moments__held_on")
    )
    return counted.order_by("oldest", "pk")


@dataclass(frozen=True, slots=True)
class OpenedNote:
    note: CLBNote
    text: str
    is_open: bool


def notes_for_file(*, family: Family, centre: CLBCentre, reader: User) -> list[OpenedNote]:
    """The notes of one centre about a family, the oldest first; one that cannot be opened says why."""
    notes = (
        CLBNote.objects.of_centres(reader)
        .filter(contact_moment__family=family, centre=centre)
        .select_related("centre", "author", "contact_moment")
        .order_by("written_at", "pk")
    )
    return [opened(note, reader) for note in notes]


def opened(note: CLBNote, reader: User) -> OpenedNote:
    """The note in the clear, or why it cannot be opened."""
    try:
        return OpenedNote(note, read_clb_note(note=note, reader=reader), is_open=True)
    except NoKeyError:
        return OpenedNote(note, _("The key of this CLB is not on this server."), is_open=False)
    except SealBrokenError:
        return OpenedNote(
            note,
            _("The key on this server does not open this note. Ask the operator for the key that wrote it."),
            is_open=False,
        )


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
