"""On which day of a school year a step falls, by the school's own calendar."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from reports.models import PlannerStep
from schools import clock
from schools.calendar import SATURDAY, SchoolCalendar
from schools.models import SchoolYear

AUGUST = 8
#: Nobody needs to hear earlier than this, whatever holiday lies between.
EARLIEST = timedelta(days=21)
_DAY = timedelta(days=1)


def planned_year(day: date | None = None) -> SchoolYear | None:
    """The school year for which one plans on a day (today): from August on the coming one."""
    day = day or clock.today()
    first = day.year if day.month >= AUGUST else day.year - 1
    return SchoolYear.objects.filter(starts_on__year=first).first()


def first_day(year: SchoolYear) -> date:
    """The first day of a plan: 1 August before the school year."""
    return date(year.starts_on.year, AUGUST, 1)


def day_of(step: PlannerStep, year: SchoolYear, calendar: SchoolCalendar) -> date:
    """The day that the draaiboek names in this school year, moved to a school day as the step says."""
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
