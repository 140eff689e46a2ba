"""Rounds of parent–teacher meetings as colleagues see them: who has a time, and who not yet. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, When

from parents.access import points_of
from parents.bookings import free_hours
from parents.models import (
    ConferenceChange,
    ConferenceHost,
    ConferenceHour,
    ConferenceNote,
    ConferenceRound,
    ConferenceSlot,
    ContactPoint,
    Guardian,
    Guardianship,
    InterpreterRequest,
    MeetingWay,
    PointKind,
    SlotRule,
    SlotStatus,
)
from parents.models.families import BY_EAR
from parents.models.interpreters import COMING
from schools import clock
from schools.models import Enrolment, Pupil, School
from schools.scope import scope_of

MOST_CHANGES = 100


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One time of a teacher: free, or whose it is. ``interpreters`` are those asked for, booked or not yet; ``now_in``
    is the class in which the child is on that day, when it is another one than that of a talk to come."""

    hour: ConferenceHour
    slot: ConferenceSlot | None
    interpreters: list[InterpreterRequest]
    notes: list[str]
    now_in: str = ""

    @property
    def who(self) -> str:
        """The parent who comes, as far as it is known."""
        if self.slot is None:
            return ""
        guardian = self.slot.guardian or self.slot.booked_by
        return guardian.full_name if guardian else ""


@dataclass(frozen=True, slots=True)
class PastTalk:
    """A talk that has begun and of which nothing is written yet. ``interpreters`` are the requests that still say
    that somebody is to come."""

    slot: ConferenceSlot
    interpreters: list[InterpreterRequest]

    @property
    def who(self) -> str:
        """The parent who was to come, as far as it is known."""
        guardian = self.slot.guardian or self.slot.booked_by
        return guardian.full_name if guardian else ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A child without a time: the parents who may choose one, and the rule that another rule could replace."""

    pupil: Pupil
    guardians: list[str]
    rule: SlotRule


def schools_of(user: object) -> QuerySet[School]:
    """Schools in which the user receives parents or plans it: own classes, own schools; not those of a CLB."""
    scope = scope_of(user)
    return School.objects.filter(Q(pk__in=scope.schools) | Q(pk__in=scope.class_schools)).order_by("name")


def rounds_of(user: object) -> QuerySet[ConferenceRound]:
    """Rounds with times, the latest first, with ``times`` and ``taken`` of the classes the user sees."""
    seen = Q(hosts__in=ConferenceHost.objects.visible_to(user))
    rows = ConferenceRound.objects.visible_to(user).received_by(user).select_related("school")
    return rows.annotate(
        times=Count("hosts__hours", filter=seen, distinct=True),
        taken=Count("hosts__hours__slot", filter=seen, distinct=True),
    ).order_by("-held_on", "-pk")


def hosts_of(conference: ConferenceRound, user: object) -> list[ConferenceHost]:
    """The teachers of a round whom the user may see, with ``times``, ``taken``, ``without``: children of the class
    for whom no time is chosen, and ``falls_short``: fewer times are left than talks still need one. Two queries."""
    rows = ConferenceHost.objects.visible_to(user).filter(round=conference).select_related("school_class", "teacher")
    left = Q(hours__in=ConferenceHour.objects.filter(host__round=conference).free_after(clock.now()))
    hosts: list[Any] = list(
        rows.annotate(
            times=Count("hours", distinct=True),
            taken=Count("hours__slot", distinct=True),
            left=Count("hours", filter=left, distinct=True),
        )
    )
    offered = _offered(conference).order_by().values("school_class_id")
    counted = offered.annotate(children=Count("pupil_id", distinct=True), talks=Count("pk"))
    waits = {row["school_class_id"]: (row["children"], row["talks"]) for row in counted}
    left_in: Counter[int] = Counter()
    for host in hosts:
        left_in[host.school_class_id] += host.left
    for host in hosts:
        host.without, talks = waits.get(host.school_class_id, (0, 0))
        host.falls_short = is_to_come(conference) and talks > left_in[host.school_class_id]
    return hosts


def short_of(hosts: Iterable[Any]) -> list[str]:
    """The classes of these teachers (``hosts_of``) that have too few times."""
    return sorted({host.school_class.name for host in hosts if host.falls_short})


def is_to_come(conference: ConferenceRound) -> bool:
    return not conference.is_over


def lacking(conference: ConferenceRound, slots: Sequence[ConferenceSlot]) -> int:
    """For how many of these places of a class no time is left, while the round is still to come. One query."""
    if not slots or not is_to_come(conference):
        return 0
    return max(0, len(slots) - len(free_hours(slots[:1])[slots[0].pk]))


_WITH_SLOT = ("slot__pupil", "slot__guardian", "slot__booked_by", "slot__entered_by", "slot__contact_moment")


def lines_of(host: ConferenceHost) -> list[TimeLine]:
    """The times of a teacher in order. Four queries."""
    return _lines(list(host.hours.select_related(*_WITH_SLOT)))


def line_of(hour: ConferenceHour) -> TimeLine:
    """One time."""
    return _lines(list(ConferenceHour.objects.filter(pk=hour.pk).select_related(*_WITH_SLOT)))[0]


def phones_of(slot: ConferenceSlot) -> list[str]:
    """Where the parent who comes is called, of a talk by phone."""
    guardian = slot.guardian or slot.booked_by
    if guardian is None:
        return []
    return list(points_of(guardian).filter(kind=PointKind.PHONE).values_list("value", flat=True))


def _lines(hours: Sequence[ConferenceHour]) -> list[TimeLine]:
    slots = {hour.slot.pk: hour.slot for hour in hours if hasattr(hour, "slot")}
    asked: dict[int, list[InterpreterRequest]] = defaultdict(list)
    for request in InterpreterRequest.objects.filter(slot__in=slots, state__in=COMING).order_by("pk"):
        asked[request.slot_id or 0].append(request)
    notes: dict[int, list[str]] = defaultdict(list)
    said = ConferenceNote.objects.filter(slot__in=slots).order_by("pk")
    for row in said:
        notes[row.slot_id].append(row.text)
    rooms = _other_rooms(slots.values())
    found = []
    for hour in hours:
        slot: ConferenceSlot | None = getattr(hour, "slot", None)
        key = slot.pk if slot else 0
        found.append(TimeLine(hour, slot, asked.get(key, []), notes.get(key, []), rooms.get(key, "")))
    return found


def _other_rooms(slots: Iterable[ConferenceSlot]) -> dict[int, str]:
    """By slot, of talks to come, the class to which the child changed. One query."""
    to_come = [slot for slot in slots if slot.status == SlotStatus.BOOKED and slot.day >= clock.today()]
    schools = ConferenceRound.objects.filter(pk__in={slot.round_id for slot in to_come}).values("school_id")
    places = Enrolment.objects.filter(pupil__in={slot.pupil_id for slot in to_come}, school__in=schools)
    of_pupil: dict[int, list[Enrolment]] = defaultdict(list)
    for place in places.select_related("school_class").order_by("starts_on", "pk"):
        of_pupil[place.pupil_id].append(place)
    found: dict[int, str] = {}
    for slot in to_come:
        there = [place for place in of_pupil[slot.pupil_id] if place.includes(slot.day)]
        if there and all(place.school_class_id != slot.school_class_id for place in there):
            found[slot.pk] = there[-1].school_class.name
    return found


def lacks_link(host: ConferenceHost, lines: Iterable[TimeLine]) -> bool:
    """A family that is still to come chose a video talk, and there is nothing yet that it can open."""
    slots = (line.slot for line in lines if line.slot is not None and not line.hour.has_begun)
    return not host.video_url and any(slot.way == MeetingWay.VIDEO for slot in slots)


def past_talks(host: ConferenceHost) -> list[PastTalk]:
    """The talks of a teacher that have begun and wait for word of who came, in order. Two queries."""
    rows = ConferenceSlot.objects.filter(hour__host=host, status=SlotStatus.BOOKED, starts_at__lte=clock.now())
    slots = list(rows.select_related("pupil", "guardian", "booked_by").order_by("starts_at", "pk"))
    asked: dict[int, list[InterpreterRequest]] = defaultdict(list)
    for request in InterpreterRequest.objects.filter(slot__in=slots, state__in=COMING).order_by("pk"):
        asked[request.slot_id or 0].append(request)
    return [PastTalk(slot, asked[slot.pk]) for slot in slots]


def changes_of(host: ConferenceHost) -> list[ConferenceChange]:
    """Who is to hear that a talk with the class was cancelled or moved, those who must be called first: ``to_call``
    where no way worked or is known, or the parent does not read, with the ``numbers`` at which to. At most two
    queries."""
    ways = ContactPoint.objects.usable().filter(uses__guardian_id=OuterRef("guardian_id"))
    rows = ConferenceChange.objects.standing(clock.now()).filter(
        slot__round_id=host.round_id, slot__school_class_id=host.school_class_id
    )
    unreached = Q(told_at__isnull=True) & (Q(taken_at__isnull=False) | ~Exists(ways))
    by_ear = Q(guardian__in=Guardian.objects.filter(BY_EAR))
    marked = rows.annotate(
        to_call=Case(When(unreached | by_ear, then=True), default=False, output_field=BooleanField())
    )
    ordered = marked.select_related("slot__pupil", "guardian").order_by("-to_call", "decided_at", "pk")
    found = list(ordered[:MOST_CHANGES])
    numbers = ContactPoint.objects.phones_of({row.guardian_id for row in found if row.to_call})
    for row in found:
        row.numbers = numbers[row.guardian_id]  # type: ignore[attr-defined]
    return [*found]


def without_time(conference: ConferenceRound, school_class_id: int) -> list[ConferenceSlot]:
    """Places of the class for which no time is chosen, of children who are at the school; none of an adult who lost the
    right to information."""
    rows = _offered(conference).filter(school_class_id=school_class_id)
    return list(rows.select_related("pupil", "guardian").order_by("pupil__last_name", "pupil__first_name", "pk"))


def _offered(conference: ConferenceRound) -> QuerySet[ConferenceSlot]:
    here = Enrolment.objects.current().filter(pupil_id=OuterRef("pupil_id"), school_id=conference.school_id)
    informed = Guardianship.objects.current().filter(
        pupil_id=OuterRef("pupil_id"), guardian_id=OuterRef("guardian_id"), information_right=True
    )
    rows = conference.slots.filter(Exists(here), status=SlotStatus.OFFERED)
    return rows.filter(Q(guardian__isnull=True) | Q(Exists(informed)))


def unplanned(host: ConferenceHost) -> list[ConferenceSlot]:
    """Talks with families of the class that came without a time, the latest first."""
    rows = ConferenceSlot.objects.filter(
        round_id=host.round_id, school_class_id=host.school_class_id, hour__isnull=True, starts_at__isnull=True
    )
    held = rows.filter(status__in=[SlotStatus.HELD, SlotStatus.CAUGHT_UP], contact_moment__isnull=False)
    return list(held.select_related("pupil", "contact_moment").order_by("-contact_moment__held_on", "pk"))


def waiting(conference: ConferenceRound, slots: Sequence[ConferenceSlot]) -> list[Waiting]:
    """These places by child: to which of its adults the school may write, and whether each has a talk of their own."""
    parents = parents_of(slot.pupil_id for slot in slots)
    all_of = ConferenceSlot.objects.filter(round=conference, pupil__in=[slot.pupil_id for slot in slots])
    apart = set(all_of.filter(guardian__isnull=False).values_list("pupil_id", flat=True))
    found: dict[int, Waiting] = {}
    for slot in slots:
        own = [slot.guardian] if slot.guardian else parents.get(slot.pupil_id, [])
        rule = SlotRule.EACH if slot.pupil_id in apart else SlotRule.JOINT
        line = found.setdefault(slot.pupil_id, Waiting(slot.pupil, [], rule))
        line.guardians.extend(guardian.full_name for guardian in own)
    return list(found.values())


def parents_of(pupils: Iterable[int]) -> dict[int, list[Guardian]]:
    """By child, the guardians who may be informed."""
    ties = Guardianship.objects.current().filter(pupil_id__in=list(pupils), information_right=True)
    found: dict[int, list[Guardian]] = defaultdict(list)
    for tie in ties.select_related("guardian").order_by("pk"):
        found[tie.pupil_id].append(tie.guardian)
    return found


def newcomers(conference: ConferenceRound) -> int:
    """Children of the round's classes who have no place in it yet, while it is still to come."""
    if conference.is_over:
        return 0
    rooms = conference.hosts.values("school_class_id")
    places = Enrolment.objects.on(max(clock.today(), conference.held_on)).filter(school_class_id__in=rooms)
    return places.exclude(pupil_id__in=conference.slots.values("pupil_id")).count()
