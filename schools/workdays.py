"""On which days a colleague works, and by when somebody may expect to hear from them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from schools.calendar import SchoolCalendar
from schools.models import Assignment

#: As the days are kept: Monday is "1".
WHOLE_WEEK = "12345"
#: A calendar without any school day in it must not turn into an endless search.
_LONGEST_SEARCH = 400


def days_of(assignments: Iterable[Assignment]) -> str:
    """The days of all these posts together, Monday first; a post without days counts as the whole week."""
    kept = {digit for row in assignments for digit in (row.works_on or WHOLE_WEEK)}
    return "".join(sorted(kept & set(WHOLE_WEEK))) or WHOLE_WEEK


def expected_by(calendar: SchoolCalendar, after: date, works_on: str, number: int) -> date:
    """The ``number``-th day after ``after`` on which there is school and this colleague works."""
    day = after
    for _ in range(_LONGEST_SEARCH):
        day += timedelta(days=1)
        if str(day.isoweekday()) in works_on and calendar.is_school_day(day):
            number -= 1
            if number <= 0:
                break
    return day
