"""By what a file's rows are known again: the system, for one school, and the id in it; and of which year it speaks."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from schools import clock
from schools.models import School, SchoolYear
from schools.roster.rows import Roster

#: Length of the columns ``source_system``.
_LONGEST = 40


def key_of(system: str, school: School) -> str:
    """What stands in ``source_system`` for rows of this school.

    Numbers of pupils are given out by each school's own system: pupil 17 of one school is not pupil 17 of another, and
    no school's file may reach another school's rows.
    """
    key = f"{school.institution_number}/{system}"
    if len(key) <= _LONGEST:
        return key
    short = hashlib.sha256(key.encode()).hexdigest()[:8]
    return f"{key[: _LONGEST - 9]}~{short}"


def year_of(roster: Roster) -> SchoolYear:
    """The school year that the roster is about, unsaved when the portal does not know it yet. Without a word in the
    file it is the running one, in July and August the one that comes; a later one when nobody in it begins before."""
    first, last = roster.year or _begun_by_all(roster) or _around(clock.today())
    known = SchoolYear.objects.filter(starts_on__lte=last, ends_on__gte=first).order_by("starts_on")
    best = max(known, key=lambda year: _shared(year, first, last), default=None)
    return best or SchoolYear(starts_on=date(first.year, 9, 1), ends_on=date(first.year + 1, 6, 30))


def within(year: SchoolYear, day: date) -> date:
    """The day, or the nearest one in the year."""
    return min(max(day, year.starts_on), year.ends_on)


def _begun_by_all(roster: Roster) -> tuple[date, date] | None:
    """The year in which every child of a list begins, when that is still to come: a list of next year, made ahead. A
    child that is typed in comes in among those who are here."""
    days = [row.starts_on or date.min for row in roster.pupils if not row.ended]
    if roster.by_hand or not days or min(days) <= _around(clock.today())[1]:
        return None
    return _around(min(days))


def _around(day: date) -> tuple[date, date]:
    first = day.year if day.month >= 7 else day.year - 1
    return date(first, 9, 1), date(first + 1, 6, 30)


def _shared(year: SchoolYear, first: date, last: date) -> timedelta:
    return min(year.ends_on, last) - max(year.starts_on, first)
