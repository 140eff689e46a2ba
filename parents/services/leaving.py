"""What is planned with a child that left its school does not go on: its talks are cancelled, and its parents are told
(``messaging.services.talkchanges``). The tables are the truth: whether it left by hand, by a list or at the end of a
year, the next sweep sees it, once its last day has passed."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from parents.models import ConferenceSlot, SlotStatus
from parents.services.booking import cancel_booking
from schools import clock
from schools.models import Enrolment


def cancel_talks_of_who_left() -> int:
    """Returns how many talks were cancelled. A child that stays after all has its place in the round still, and another
    time is chosen for it."""
    here = Enrolment.objects.lasting().filter(pupil_id=OuterRef("pupil_id"), school_id=OuterRef("round__school_id"))
    gone = ConferenceSlot.objects.filter(~Exists(here), status=SlotStatus.BOOKED, starts_at__gt=clock.now())
    return sum(cancel_booking(slot=slot, by=None) for slot in gone.order_by("pk"))


def has_left(slot: ConferenceSlot) -> bool:
    """Whether the child of a talk has no place at the school any more."""
    here = Enrolment.objects.lasting().filter(pupil_id=slot.pupil_id, school_id=slot.round.school_id)
    return not here.exists()
