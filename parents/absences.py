"""Reported absences as a parent reads them. Both parents who are informed see the days; who reported them stays with
the one who did. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from parents.models import Absence, Guardian, Guardianship
from parents.services.absences import MOST_AHEAD, may_begin_on, may_take_back
from schools import clock
from schools.calendar import SchoolCalendar
from schools.models import Enrolment, Holiday, Pupil

#: Days that are over stay on the page for so many reports.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Reported:
    """Days that were reported; ``is_own`` and the day is not over: it may be taken back."""

    absence: Absence
    may_take_back: bool


def may_report(guardian: Guardian, child: Pupil) -> bool:
    """Who is informed and decides about the child says that it is not at school."""
    ties = Guardianship.objects.current().filter(pupil=child, guardian=guardian)
    return ties.filter(information_right=True, may_decide=True).exists()


def place_of(child: Pupil) -> Enrolment | None:
    """Where the child goes to school today."""
    return Enrolment.objects.current().filter(pupil=child).select_related("school").first()


def reported_for(guardian: Guardian, child: Pupil) -> list[Reported]:
    """The days of a child that are not over, each of them, then those that were, the latest first."""
    today = clock.today()
    # Two never share a day: no more of them begin today or later than may be reported ahead, and one ran before.
    rows = list(child.absences.standing().order_by("-starts_on", "-pk")[: MOST_AHEAD + 2 + SHOWN])
    over = [row for row in rows if row.ends_on < today]
    return [Reported(row, may_take_back(row, guardian)) for row in rows if row not in over[SHOWN:]]


def days_to_tap(place: Enrolment) -> list[date]:
    """Today, when there is school, and the next day of school, unless it is too far away to be reported or was."""
    calendar: SchoolCalendar = Holiday.objects.calendar(place.school)
    today = clock.today()
    following = calendar.add_school_days(today, 1)
    days = [today, following] if calendar.is_school_day(today) else [following]
    rows = Absence.objects.standing().filter(pupil_id=place.pupil_id, starts_on__lte=following, ends_on__gte=today)
    known = list(rows)
    return [day for day in days if may_begin_on(day) and not any(row.starts_on <= day <= row.ends_on for row in known)]
