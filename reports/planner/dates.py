"""On which day of a school year a step falls, by the school's own calendar."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from reports.models import PlannerStep
from schools import clock
from schools.calendar import SATURDAY, SchoolCalendar
from schools.models import SchoolYear

AUGUST = 8
#: Nobody needs to hear earlier than this, whatever holiday lies between.
EARLIEST = timedelta(days=21)
#: Evenings further from the day that the draaiboek names are those of another time of the year.
NEAR = timedelta(days=42)
_DAY = timedelta(days=1)


def planned_year(day: date | None = None) -> SchoolYear | None:
    """The school year for which one plans on a day (today): from August on the coming one."""
    day = day or clock.today()
    first = day.year if day.month >= AUGUST else day.year - 1
    return SchoolYear.objects.filter(starts_on__year=first).first()


def first_day(year: SchoolYear) -> date:
    """The first day of a plan: 1 August before the school year."""
    return date(year.starts_on.year, AUGUST, 1)


def day_of(step: PlannerStep, year: SchoolYear, calendar: SchoolCalendar, evenings: Iterable[date] = ()) -> date:
    """The day that the draaiboek names in this school year, moved to a school day as the step says; of a step that
    hangs on parents' evenings, so many school days from those that the school laid near that day (``evenings``)."""
    advised = _advised_day(step, year, calendar)
    if step.from_round is None:
        return advised
    near = _shifted(advised, -step.from_round, calendar)
    own = min(
        (day for day in evenings if abs(day - near) <= NEAR), key=lambda day: (abs(day - near), day), default=None
    )
    return advised if own is None else _shifted(own, step.from_round, calendar)


def _shifted(day: date, days: int, calendar: SchoolCalendar) -> date:
    return calendar.add_school_days(day, days) if days else day


def _advised_day(step: PlannerStep, year: SchoolYear, calendar: SchoolCalendar) -> date:
    first = year.starts_on.year
    number = first if step.month >= AUGUST else first + 1
    day = date(number, step.month, min(step.day, monthrange(number, step.month)[1]))
    if step.moves == PlannerStep.Moves.WEEKDAY:
        return day + _DAY * max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else day
    if calendar.is_school_day(day):
        return day
    return calendar.add_school_days(day, -1 if step.moves == PlannerStep.Moves.PREVIOUS else 1)


def remind_day(due: date, lead: int, calendar: SchoolCalendar) -> date:
    """So many school days before a day, yet not before a long holiday; in August, when there are none, weekdays."""
    if due.month == AUGUST:
        for _ in range(lead):
            due -= _DAY
            due -= _DAY * max(0, due.weekday() - 4)
        return due
    return max(calendar.add_school_days(due, -lead), due - EARLIEST)
