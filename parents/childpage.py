"""What one guardian sees of one child: class, team, what goes well, agreements, meetings. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.dates import WEEKDAYS

from parents.absences import Reported, may_report, reported_for
from parents.access import agreed_with
from parents.bookings import slots_for, with_times_left
from parents.career import class_is_of, meetings_about
from parents.growth import ShownGrowth, growth_of
from parents.models import ConferenceSlot, ContactMoment, Guardian, SlotStatus
from parents.services.booking import OPEN
from schools import clock
from schools.models import Assignment, Enrolment, Pupil, Role

_TEAM = {Role.TEACHER: 0, Role.CARE_COORDINATOR: 1, Role.HEAD: 2}
#: As many agreements as one page shows; older ones stay with the school.
AGREEMENTS = 20


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody who works with the child: name, role, and the days on which to find them at school."""

    name: str
    role: str
    days: list[str]


@dataclass(frozen=True, slots=True)
class ChildPage:
    place: Enrolment | None
    has_class: bool
    team: list[TeamMember]
    agreements: list[ContactMoment]
    meetings: list[ConferenceSlot]
    past_meetings: list[ConferenceSlot]
    may_choose: bool | None
    growth: list[ShownGrowth]
    absences: list[Reported]
    may_report: bool

    @property
    def has_a_time(self) -> bool:
        """One of the talks to come has its hour: then there is something to change."""
        return any(slot.starts_at for slot in self.meetings)


def child_page(*, guardian: Guardian, child: Pupil) -> ChildPage:
    """Everything of a child that this guardian may see; nothing of the other guardian."""
    today = clock.today()
    place = child.enrolments.on(today).select_related("school", "school_class__year").first()
    has_class = place is not None and class_is_of(place, today)
    meetings = meetings_about(guardian, child)
    return ChildPage(
        place=place,
        has_class=has_class,
        team=_team(place, with_teachers=has_class) if place else [],
        agreements=_agreements(guardian, child),
        meetings=[slot for slot in meetings if slot.day >= today],
        may_choose=_may_choose(guardian, child),
        growth=growth_of(child),
        absences=[one for one in reported_for(guardian, child) if one.absence.ends_on >= today],
        may_report=place is not None and may_report(guardian, child),
        past_meetings=[slot for slot in reversed(meetings) if slot.day < today],
    )


def _may_choose(guardian: Guardian, child: Pupil) -> bool | None:
    """Whether a time of this child can be changed, or one is left to choose; None where no round takes any now and no
    talk is to come."""
    now = clock.now()
    lasts = Q(round__books_until__gt=now) | Q(starts_at__gte=now)
    slots = list(slots_for(guardian).filter(lasts, pupil=child, status__in=OPEN))
    free = [slot for slot in slots if slot.round.takes_bookings(now)]
    is_booked = any(slot.status == SlotStatus.BOOKED for slot in free)
    return (is_booked or bool(with_times_left(free))) if slots else None


def _team(place: Enrolment, *, with_teachers: bool) -> list[TeamMember]:
    works_there = Q(role__in=[Role.HEAD, Role.CARE_COORDINATOR], school_id=place.school_id)
    if with_teachers:
        works_there |= Q(role=Role.TEACHER, school_class_id=place.school_class_id)
    rows = Assignment.objects.current().filter(works_there).select_related("user")
    ranked = sorted(rows, key=lambda row: (_TEAM[Role(row.role)], row.user.full_name))
    return [TeamMember(row.user.full_name, row.get_role_display(), _days(row.works_on)) for row in ranked]


def _days(works_on: str) -> list[str]:
    """``"124"`` → Monday, Tuesday, Thursday; nothing for the whole week, which needs no words."""
    if set("12345") <= set(works_on):
        return []
    return [str(WEEKDAYS[int(digit) - 1]) for digit in works_on if digit in "1234567"]


def _agreements(guardian: Guardian, child: Pupil) -> list[ContactMoment]:
    rows = agreed_with(guardian).filter(pupils=child).exclude(agreement="", note="")
    return list(rows.select_related("recorded_by").order_by("-held_on", "-pk")[:AGREEMENTS])
