from __future__ import annotations

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction

from parents import sealing
from parents.models import CLBNote, ContactMoment
from schools import audit, clock
from schools.models import CLBCentre, User
from schools.scope import scope_of


def write_clb_note(*, contact_moment: ContactMoment, centre: CLBCentre, text: str, author: User) -> CLBNote:
    """Seal a CLB-only note for one centre. Raises PermissionDenied for a centre the author does not work for, and
    sealing.NoKeyError when the centre's key is not on this machine."""
    if centre.pk not in scope_of(author).note_centres:
        raise PermissionDenied
    uid = uuid4()
    number, sealed = sealing.seal(text, centre, uid)
    with transaction.atomic():
        note = CLBNote.objects.create(
            uid=uid,
            contact_moment=contact_moment,
            centre=centre,
            key_number=number,
            sealed=sealed,
            author=author,
            written_at=clock.now(),
        )
        audit.record(actor=author, verb="wrote CLB note", target=note, school_id=contact_moment.school_id)
    return note


def read_clb_note(*, note: CLBNote, reader: User) -> str:
    """The note's text, with a line in the access log. Raises PermissionDenied outside the owning centre."""
    if note.centre_id not in scope_of(reader).note_centres:
        raise PermissionDenied
    text = sealing.open_sealed(bytes(note.sealed), note.centre, note.uid, note.key_number)
    moment = note.contact_moment
    audit.record_reading(
        actor=reader,
        verb="read CLB note",
        target=note,
        school_id=moment.school_id,
        pupils=moment.pupils.values_list("pk", flat=True),
        guardians=moment.guardians.values_list("pk", flat=True),
    )
    return text
