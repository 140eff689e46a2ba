"""What one parent sees of parent–teacher meetings: the own children's places, what is chosen, what is still free.

Of a joint talk both parents see time and place; what the other wants to talk about, in which language, and who chose,
stays with the other. Of a talk that is the other's alone nothing is here. Reads only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby, permutations

from django.db.models import Exists, OuterRef, Q, QuerySet

from parents.access import children_of, points_of
from parents.models import (
    ConferenceHost,
    ConferenceHour,
    ConferenceNote,
    ConferenceRound,
    ConferenceSlot,
    Guardian,
    Guardianship,
    InterpreterRequest,
    MeetingWay,
    PointKind,
    SlotStatus,
)
from parents.models.interpreters import COMING, InterpreterState
from parents.services.booking import OPEN
from schools import clock
from schools.models import Enrolment

#: Between two talks one walks to another room; one does not wait for hours.
LONGEST_WAIT = timedelta(minutes=30)
PROPOSALS = 6
#: Orders in which children can follow each other are looked at for so many children.
MOST_TOGETHER = 4


@dataclass(frozen=True, slots=True)
class Booking:
    """A child's place as one parent sees it. ``note`` and ``interpreter`` are the parent's own, ``has_interpreter``
    once one is booked; ``is_joint`` where another parent may come too, and may move or cancel it. ``has_times`` while
    one is left to choose: an evening may have been called off, or be full."""

    slot: ConferenceSlot
    is_open: bool
    teachers: list[str]
    has_times: bool = False
    room: str = ""
    video_url: str = ""
    note: str = ""
    interpreter: str = ""
    has_interpreter: bool = False
    is_joint: bool = False

    @property
    def is_booked(self) -> bool:
        return self.slot.status == SlotStatus.BOOKED

    @property
    def waits(self) -> bool:
        """The parent is to choose a time, and can."""
        return self.is_open and not self.is_booked and self.has_times

    @property
    def child(self) -> str:
        return self.slot.pupil.first_name


@dataclass(frozen=True, slots=True)
class Proposal:
    """Times for several children, one after another; ``key`` is what a form sends back."""

    hours: list[tuple[ConferenceSlot, ConferenceHour]]

    @property
    def key(self) -> str:
        return ",".join(f"{slot.pk}-{hour.key}" for slot, hour in self.hours)

    @property
    def starts_at(self) -> datetime:
        return self.hours[0][1].starts_at


@dataclass(slots=True)
class RoundPage:
    """A round as one parent sees it."""

    conference: ConferenceRound
    bookings: list[Booking] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return any(booking.is_open for booking in self.bookings)

    @property
    def may_change(self) -> bool:
        """Something can be chosen, or changed."""
        return any(booking.is_open and (booking.is_booked or booking.has_times) for booking in self.bookings)

    @property
    def waits(self) -> bool:
        """Something is still to be chosen."""
        return any(booking.waits for booking in self.bookings)

    @property
    def may_go_together(self) -> bool:
        """Several children have a time to come, and none of them one alone yet."""
        return len([one for one in self.bookings if one.waits]) > 1


def is_called(slot: ConferenceSlot, guardian: Guardian) -> bool:
    """Whether a teacher who calls for this talk calls this parent, as far as the portal knows: of a joint talk whoever
    chose it is called; of one that the school wrote down for nobody by name, who is the only one it can be."""
    if slot.guardian_id is not None or slot.booked_by_id == guardian.pk:
        return True
    return slot.booked_by_id is None and not _other_homes(slot, guardian)


def _other_homes(slot: ConferenceSlot, guardian: Guardian) -> bool:
    """Whether somebody who is informed of the child lives elsewhere."""
    others = Guardianship.objects.informed().filter(pupil=slot.pupil_id).exclude(guardian=guardian)
    here = Q(guardian__household__isnull=False, guardian__household=guardian.household_id)
    return others.exclude(here).exists()


def is_visited(slot: ConferenceSlot, guardian: Guardian) -> bool:
    """Whether a teacher who comes for this talk comes to this parent: of a joint talk to whoever chose it."""
    if is_called(slot, guardian):
        return True
    home = slot.booked_by.household_id if slot.booked_by else None
    return home is not None and home == guardian.household_id


def ways_for(conference: ConferenceRound, guardian: Guardian) -> list[str]:
    """The ways of talking that the school offers, for this parent: nobody can call who has no number, or come where no
    address is known. Where that is all there is, it stays: the school asks for it."""
    cannot = set() if guardian.household_id else {MeetingWay.HOME}
    if not points_of(guardian).filter(kind=PointKind.PHONE).exists():
        cannot.add(MeetingWay.PHONE)
    return [way for way in conference.ways if way not in cannot] or conference.ways


def slots_for(guardian: Guardian) -> QuerySet[ConferenceSlot]:
    """Places of the guardian's children in rounds with times, while the child is at the school: those of both parents
    together and the guardian's own."""
    at_school = Enrolment.objects.current().filter(
        pupil_id=OuterRef("pupil_id"), school_id=OuterRef("round__school_id")
    )
    receives = ConferenceHost.objects.filter(round_id=OuterRef("round_id"), school_class_id=OuterRef("school_class_id"))
    rows = ConferenceSlot.objects.filter(
        Q(guardian=guardian) | Q(guardian__isnull=True),
        Exists(at_school),
        Exists(receives),
        pupil__in=children_of(guardian),
        round__books_until__isnull=False,
    )
    return rows.exclude(status=SlotStatus.CANCELLED).select_related("round__school", "pupil", "hour__host__teacher")


def rounds_for(guardian: Guardian, conference: ConferenceRound | None = None) -> list[RoundPage]:
    """Rounds that are not over, or one of them, with the places of the children, in seven queries. Who chose no time in
    time still finds the round, and what to do now."""
    rows = slots_for(guardian).filter(status__in=OPEN)
    now = clock.now()
    if conference is not None:
        rows = rows.filter(round=conference)
    else:
        is_to_come = Q(round__held_on__gte=clock.today()) | Q(round__last_on__gte=clock.today())
        lasts = Q(round__books_until__gt=now) | is_to_come
        rows = rows.filter(Q(starts_at__gte=now) | Q(starts_at__isnull=True) & lasts)
    ordered = list(rows.order_by("round__held_on", "round_id", "pupil__first_name", "pk"))
    pages: dict[int, RoundPage] = {}
    for booking in as_bookings(ordered, guardian):
        page = pages.setdefault(booking.slot.round_id, RoundPage(booking.slot.round))
        page.bookings.append(booking)
    return list(pages.values())


def as_bookings(slots: Sequence[ConferenceSlot], guardian: Guardian) -> list[Booking]:
    """The same places with teachers, room and what this guardian said."""
    now = clock.now()
    hosts: dict[tuple[int, int], list[str]] = defaultdict(list)
    wanted = {(slot.round_id, slot.school_class_id) for slot in slots}
    rows = ConferenceHost.objects.filter(round_id__in={one for one, _room in wanted}).select_related("teacher")
    for host in rows:
        hosts[host.round_id, host.school_class_id].append(host.teacher.full_name)
    ids = [slot.pk for slot in slots]
    notes = dict(ConferenceNote.objects.filter(slot__in=ids, guardian=guardian).values_list("slot_id", "text"))
    stands = Q(state__in=COMING) | Q(fell_with_talk=True)
    asked = InterpreterRequest.objects.filter(stands, slot__in=ids, guardian=guardian)
    wishes = {slot: (code, state) for slot, code, state in asked.values_list("slot_id", "language", "state")}
    shared = {slot.pupil_id for slot in slots if slot.guardian_id is None}
    others = Guardianship.objects.informed().filter(pupil__in=shared).exclude(guardian=guardian)
    with_others = set(others.values_list("pupil_id", flat=True))
    left = with_times_left(slot for slot in slots if slot.status == SlotStatus.OFFERED)
    return [
        Booking(
            slot=slot,
            is_open=slot.round.takes_bookings(now) and slot.status in OPEN,
            has_times=slot.pk in left,
            teachers=[slot.hour.host.teacher.full_name] if slot.hour else hosts[slot.round_id, slot.school_class_id],
            room=slot.hour.host.room if slot.hour else "",
            video_url=slot.hour.host.video_url if slot.hour else "",
            note=notes.get(slot.pk, ""),
            interpreter=wishes.get(slot.pk, ("", ""))[0],
            has_interpreter=wishes.get(slot.pk, ("", ""))[1] == InterpreterState.BOOKED,
            is_joint=slot.guardian_id is None and slot.pupil_id in with_others,
        )
        for slot in slots
    ]


def with_times_left(slots: Iterable[ConferenceSlot]) -> set[int]:
    """Those of the places (ids) with whose teachers a time is free now. At most one query."""
    places = {slot.pk: (slot.round_id, slot.school_class_id) for slot in slots}
    if not places:
        return set()
    rounds = {conference for conference, _room in places.values()}
    rows = ConferenceHour.objects.free_after(clock.now()).filter(host__round_id__in=rounds)
    left = set(rows.order_by().values_list("host__round_id", "host__school_class_id").distinct())
    return {pk for pk, place in places.items() if place in left}


def free_hours(slots: Sequence[ConferenceSlot]) -> dict[int, list[ConferenceHour]]:
    """By slot, the times that are free now with the teachers of the child's class, in order. One query."""
    rows = (
        ConferenceHour.objects.free_after(clock.now())
        .filter(
            host__round_id__in={slot.round_id for slot in slots},
            host__school_class_id__in={slot.school_class_id for slot in slots},
        )
        .select_related("host__teacher")
    )
    by_place: dict[tuple[int, int], list[ConferenceHour]] = defaultdict(list)
    for row in rows:
        by_place[row.host.round_id, row.host.school_class_id].append(row)
    return {slot.pk: by_place[slot.round_id, slot.school_class_id] for slot in slots}


def by_day(hours: Sequence[ConferenceHour]) -> list[tuple[date, list[ConferenceHour]]]:
    return [(day, list(rows)) for day, rows in groupby(hours, key=lambda hour: clock.local_date(hour.starts_at))]


def proposals(slots: Sequence[ConferenceSlot]) -> list[Proposal]:
    """Free times at which one can go from one talk to the next: those with the least waiting, in order."""
    together = list(slots)[:MOST_TOGETHER]
    free = free_hours(together)
    found: dict[datetime, tuple[timedelta, Proposal]] = {}
    for order in permutations(together):
        for first in free[order[0].pk]:
            row = _chain(order, first, free)
            if row is None:
                continue
            length = row[-1][1].ends_at - first.starts_at
            known = found.get(first.starts_at)
            if known is None or length < known[0]:
                found[first.starts_at] = (length, Proposal(row))
    best = sorted(found.values(), key=lambda pair: (pair[0], pair[1].starts_at))[:PROPOSALS]
    return sorted((proposal for _length, proposal in best), key=lambda one: one.starts_at)


def _chain(
    order: Sequence[ConferenceSlot], first: ConferenceHour, free: dict[int, list[ConferenceHour]]
) -> list[tuple[ConferenceSlot, ConferenceHour]] | None:
    """The talks that follow ``first`` as soon as they can, in this order; None where one would wait too long."""
    row = [(order[0], first)]
    for slot in order[1:]:
        end = row[-1][1].ends_at
        after = next((hour for hour in free[slot.pk] if hour.starts_at >= end), None)
        if after is None or after.starts_at - end > LONGEST_WAIT:
            return None
        row.append((slot, after))
    return row
