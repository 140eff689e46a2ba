"""What is planned with a child that left its school does not go on, nor with an adult who lost the right to information
on it: talks are cancelled, and the parents are told (``messaging.services.talkchanges``). The tables are the truth:
whether it came by hand, by a list or at the end of a year, the next sweep sees it, once the last day has passed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from parents.models import (
    ChangeKind,
    ConferenceChange,
    ConferenceNote,
    ConferenceSlot,
    Guardianship,
    InterpreterRequest,
    MeetingWay,
    SlotStatus,
)
from parents.models.interpreters import COMING
from parents.services.booking import cancel_booking
from schools import audit, clock
from schools.models import Enrolment

#: Ways in which the teacher goes to who chose the time: these talks cannot be held with the other parent instead.
_TO_WHO_CHOSE = (MeetingWay.PHONE, MeetingWay.HOME)


def cancel_talks_of_who_left() -> int:
    """Returns how many talks were cancelled. A child that stays after all has its place in the round still, and another
    time is chosen for it."""
    here = Enrolment.objects.lasting().filter(pupil_id=OuterRef("pupil_id"), school_id=OuterRef("round__school_id"))
    return sum(cancel_booking(slot=slot, by=None) for slot in _to_come().filter(~Exists(here)).order_by("pk"))


def cancel_talks_without_right() -> int:
    """The talk of an adult who has no right to information on the child any more; of a joint one nothing but the other
    parent's stays. Who would come for nothing stands with the teacher as somebody to call: the portal writes no more.
    Returns how many talks were cancelled."""
    ties = Guardianship.objects.current().filter(pupil_id=OuterRef("pupil_id"), information_right=True)
    theirs = _to_come().filter(~Exists(ties.filter(guardian_id=OuterRef("guardian_id"))), guardian__isnull=False)
    chose = ~Exists(ties.filter(guardian_id=OuterRef("booked_by_id"))) & Q(booked_by__isnull=False)
    joint = _to_come().filter(chose | ~Exists(ties), guardian__isnull=True)
    number = sum(_cancel_without_right(slot, slot.guardian_id) for slot in theirs.order_by("pk"))
    for slot in joint.annotate(is_known=Exists(ties)).order_by("pk"):
        if slot.is_known and slot.way not in _TO_WHO_CHOSE:
            _leave_to_other_parent(slot)
        else:
            number += _cancel_without_right(slot, slot.booked_by_id)
    return number


def has_left(slot: ConferenceSlot) -> bool:
    """Whether the child of a talk has no place at the school any more."""
    here = Enrolment.objects.lasting().filter(pupil_id=slot.pupil_id, school_id=slot.round.school_id)
    return not here.exists()


def _to_come() -> QuerySet[ConferenceSlot]:
    return ConferenceSlot.objects.filter(status=SlotStatus.BOOKED, starts_at__gt=clock.now())


def _cancel_without_right(slot: ConferenceSlot, person: int | None) -> bool:
    with transaction.atomic():
        was_at = slot.starts_at
        if not cancel_booking(slot=slot, by=None):
            return False
        slot.refresh_from_db(fields=["sequence"])
        if person is not None:
            _forget_words(slot, person)
            ConferenceChange.objects.get_or_create(
                slot=slot,
                guardian_id=person,
                sequence=slot.sequence,
                defaults={
                    "kind": ChangeKind.CANCELLED, "was_at": was_at, "decided_at": clock.now(), "taken_at": clock.now()
                },
            )  # fmt: skip
    return True


def _leave_to_other_parent(slot: Any) -> None:
    """The time stands, and is no longer that of who chose it."""
    with transaction.atomic():
        person = slot.booked_by_id
        if ConferenceSlot.objects.filter(pk=slot.pk, booked_by_id=person).update(booked_by=None):
            _forget_words(slot, person)
            audit.record(
                actor=None,
                verb="left a talk to the other parent",
                target=slot,
                school_id=slot.round.school_id,
                guardian=person,
            )


def _forget_words(slot: ConferenceSlot, person: int) -> None:
    """What this adult wanted to talk about, and the interpreter for it."""
    ConferenceNote.objects.filter(slot=slot, guardian_id=person).delete()
    asked = InterpreterRequest.objects.filter(slot=slot, guardian_id=person)
    asked.filter(Q(state__in=COMING) | Q(fell_with_talk=True)).update(
        state=InterpreterRequest.State.CANCELLED, fell_with_talk=False
    )
