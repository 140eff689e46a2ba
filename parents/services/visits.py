"""A visit at home that is not wanted any more: nobody goes, nor an interpreter, and whoever planned it hears of it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from parents.models import (
    ConferenceSlot,
    Consent,
    ConsentPurpose,
    ContactKind,
    FollowUpKind,
    Guardian,
    Guardianship,
    InterpreterRequest,
    MeetingWay,
    SlotStatus,
)
from parents.models.interpreters import COMING, InterpreterState
from parents.ownwords import OFFER_ELSEWHERE, kept
from parents.services.booking import cancel_booking
from parents.services.followups import due_in, open_follow_up
from schools import audit, clock
from schools.models import User
from schools.posts import owner_for

#: Whoever planned the visit offers another talk within a week.
DAYS_TO_OFFER = 7


def let_visits_go(*, guardian: Guardian, by: User | None) -> int:
    """The interpreters of visits at home with this guardian, who withdrew the consent, and talks of a round that were
    to be at this guardian's home: who comes to those is told, and chooses anew. A visit to the family as a whole stands
    while another parent of the child agrees. An agency that was asked is to be called off. Returns how many. Within a
    transaction."""
    ties = Guardianship.objects.current().filter(guardian=guardian)
    visits = InterpreterRequest.objects.filter(
        Q(guardian=guardian) | Q(guardian=None, pupil__in=ties.values("pupil_id")),
        kind=ContactKind.HOME_VISIT,
        slot=None,
        needed_at__gt=clock.now(),
        state__in=COMING,
    )
    ended = 0
    for visit in visits.select_for_update(of=("self",)).order_by("pk"):
        if visit.guardian_id is None and visit.pupil_id and _another_agrees(visit.pupil_id):
            continue
        InterpreterRequest.objects.filter(pk=visit.pk).update(state=InterpreterState.CANCELLED, fell_with_talk=False)
        audit.record(actor=by, verb="arranged", target=visit, school_id=visit.school_id, state="CANCELLED")
        if by is None or visit.asked_by_id != by.pk:
            _tell(visit, guardian)
        ended += 1
    for slot in _talks_at_home(guardian).order_by("pk"):
        if slot.booked_by_id or slot.guardian_id or not _another_agrees(slot.pupil_id):
            ended += cancel_booking(slot=slot, by=by)
    return ended


def _talks_at_home(guardian: Guardian) -> QuerySet[ConferenceSlot]:
    """The teacher goes to who chose the time, or to the one for whom it was written down; where it was written down for
    nobody by name, to the home of all who are informed of the child, if they have one (``bookings.is_visited``)."""
    theirs = Guardianship.objects.current().filter(guardian=guardian).values("pupil_id")
    others = Guardianship.objects.informed().filter(pupil=OuterRef("pupil")).exclude(guardian=guardian)
    elsewhere = others.exclude(guardian__household__isnull=False, guardian__household=guardian.household_id)
    nobodys = Q(~Exists(elsewhere), guardian=None, pupil__in=theirs)
    whose = Q(booked_by=guardian) | (Q(booked_by=None) & (Q(guardian=guardian) | nobodys))
    to_come = ConferenceSlot.objects.filter(status=SlotStatus.BOOKED, starts_at__gt=clock.now())
    return to_come.filter(whose, way=MeetingWay.HOME)


def _another_agrees(pupil_id: int) -> bool:
    return Consent.objects.holding([pupil_id]).filter(purpose=ConsentPurpose.HOME_VISIT).exists()


def _tell(visit: InterpreterRequest, guardian: Guardian) -> None:
    at = visit.needed_at
    if at is None or visit.pupil_id is None:
        return
    open_follow_up(
        by=None,
        family=visit.family,
        school=visit.school,
        what=kept(OFFER_ELSEWHERE, guardian=guardian.full_name, day=clock.local_date(at)),
        due_on=due_in(DAYS_TO_OFFER, visit.school),
        kind=FollowUpKind.MEETING,
        guardian=guardian,
        pupil_id=visit.pupil_id,
        owner_id=owner_for(visit.asked_by_id, visit.pupil_id, visit.school),
    )
