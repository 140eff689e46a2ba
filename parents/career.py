"""The school career of a child as one guardian may see it: each year's school, class and teachers, what was talked
about and agreed, and the next step. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from parents.access import agreed_with
from parents.models import ConferenceSlot, ContactMoment, Guardian, SlotStatus
from schools import clock
from schools.models import Assignment, Enrolment, Pupil, Role, SchoolYear

#: As many agreements of a year as one page shows; older ones stay with the school.
MOST_OF_A_YEAR = 40


@dataclass(frozen=True, slots=True)
class CareerYear:
    """A school year of the child at a place: class, school and who taught there, with what this guardian spoke of and
    agreed. In September the class is still that of the year before until the school made its new ones: then the new
    year has no class yet."""

    year: SchoolYear
    place: Enrolment
    has_class: bool
    teachers: list[str]
    meetings: list[ConferenceSlot]
    agreements: list[ContactMoment]
    is_running: bool


@dataclass(frozen=True, slots=True)
class NextStep:
    """A transition that begins with the coming school year: ``level`` is the class that is left."""

    level: str
    opens_on: date
    closes_on: date


def school_career(*, guardian: Guardian, child: Pupil) -> list[CareerYear]:
    """The years of a child, the latest first; nothing of the other guardian. Four queries, whatever their number, and
    one more in a September without classes."""
    places = list(child.enrolments.select_related("school", "school_class__year").order_by("-starts_on", "-pk"))
    teachers = _teachers(places)
    meetings = list(reversed(meetings_about(guardian, child)))
    today = clock.today()
    moments = list(
        agreed_with(guardian)
        .filter(pupils=child)
        .exclude(agreement="", note="")
        .select_related("recorded_by")
        .order_by("-held_on", "-pk")[: MOST_OF_A_YEAR * max(1, len(places))]
    )
    found = []
    for place in places:
        years = _years_of(place, today)
        for year in years:
            has_class = year == place.school_class.year
            talks = [slot for slot in meetings if place.includes(slot.day) and _of(slot.day, years) == year]
            rows = [row for row in moments if place.includes(row.held_on) and _of(row.held_on, years) == year]
            found.append(
                CareerYear(
                    year=year,
                    place=place,
                    has_class=has_class,
                    teachers=teachers[place.pk] if has_class else [],
                    meetings=talks,
                    agreements=rows[:MOST_OF_A_YEAR],
                    is_running=place.includes(today) and _of(today, years) == year,
                )
            )
    return found


def _years_of(place: Enrolment, today: date) -> list[SchoolYear]:
    """The year of its class; before it the running one, when the child still sits in that class after it."""
    own = place.school_class.year
    running = SchoolYear.objects.running(today) if place.includes(today) and today > own.last_day else None
    return [running, own] if running and running != own else [own]


def class_is_of(place: Enrolment, day: date) -> bool:
    """Whether the class of a place that runs is one of the school year of that day: in September it may still be last
    year's, which parents do not read as theirs."""
    return _years_of(place, day)[0] == place.school_class.year


def _of(day: date, years: Sequence[SchoolYear]) -> SchoolYear:
    """In which of these years, the latest first, a day lies."""
    return next((year for year in years if year.starts_on <= day), years[-1])


def next_step(years: list[CareerYear]) -> NextStep | None:
    """What has to be decided in this school year, and when (``settings.TRANSITIONS``); None in years without."""
    running = next((year for year in years if year.is_running), None)
    if running is None or not running.has_class:
        return None
    level = running.place.school_class.level
    window = settings.TRANSITIONS.get(level)
    if window is None:
        return None
    (from_month, from_day), (until_month, until_day) = window
    spring = running.year.starts_on.year + 1
    return NextStep(level, date(spring, from_month, from_day), date(spring, until_month, until_day))


def _teachers(places: list[Enrolment]) -> dict[int, list[str]]:
    """Who taught each class while the child was in it; in one query."""
    rows = (
        Assignment.objects.filter(role=Role.TEACHER, school_class_id__in={place.school_class_id for place in places})
        .select_related("user")
        .order_by("user__full_name")
    )
    by_class: dict[int | None, list[Assignment]] = defaultdict(list)
    for row in rows:
        by_class[row.school_class_id].append(row)
    today = clock.today()
    found = {}
    for place in places:
        last = min(place.ends_on or today, today)
        names = [
            row.user.full_name
            for row in by_class[place.school_class_id]
            if row.starts_on <= last and (row.ends_on is None or row.ends_on >= place.starts_on)
        ]
        found[place.pk] = list(dict.fromkeys(names))
    return found


def meetings_about(guardian: Guardian, child: Pupil) -> list[ConferenceSlot]:
    """Talks about the child with this guardian or with both together, in order; never those of the other alone. For
    which nobody chose a time in time, or before the child left that school, there was none."""
    rows = ConferenceSlot.objects.filter(Q(guardian=guardian) | Q(guardian__isnull=True), pupil=child)
    today = clock.today()
    is_over = Q(round__last_on__lt=today) | Q(round__last_on__isnull=True, round__held_on__lt=today)
    at_school = Enrolment.objects.current().filter(pupil=child, school_id=OuterRef("round__school_id"))
    rows = rows.exclude(is_over | ~Exists(at_school), status=SlotStatus.OFFERED, round__books_until__isnull=False)
    rows = rows.exclude(status=SlotStatus.CANCELLED).select_related("round", "contact_moment")
    return sorted(rows, key=lambda slot: slot.day)
