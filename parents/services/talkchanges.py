"""That somebody else cancelled or moved a talk is written down with the change, for each parent who would have come."""

from __future__ import annotations

from datetime import datetime

from parents.models import ChangeKind, ConferenceChange, ConferenceSlot, Guardian, Guardianship
from schools import clock


def note_change(slot: ConferenceSlot, kind: ChangeKind, *, was_at: datetime | None, by: Guardian | None) -> None:
    """A row for each parent who may be informed, ``by`` aside: of a joint talk both, else the one whose talk it is.
    ``slot`` is as it stands after the change; one change is one row for each, however often it is noted."""
    people = Guardianship.objects.informed().filter(pupil_id=slot.pupil_id).order_by("guardian_id")
    ids = dict.fromkeys(people.values_list("guardian_id", flat=True))
    rows = [
        ConferenceChange(
            slot=slot,
            guardian_id=guardian,
            sequence=slot.sequence,
            kind=kind,
            was_at=was_at,
            decided_at=clock.now(),
        )
        for guardian in ids
        if slot.guardian_id in (None, guardian) and (by is None or by.pk != guardian)
    ]
    ConferenceChange.objects.bulk_create(rows, ignore_conflicts=True)


def keep_changes(slot: ConferenceSlot, *, by: Guardian | None) -> None:
    """Time and way stayed as they were: what waits to be told still holds, but for ``by``, who just saw the talk."""
    waiting = slot.changes.filter(told_at__isnull=True, sequence=slot.sequence - 1, kind=ChangeKind.MOVED)
    (waiting.exclude(guardian=by) if by else waiting).update(sequence=slot.sequence)
