"""The days on which something can happen at a school."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from schools.calendar import SchoolCalendar


class SchoolDays:
    """School days of one school from the first of the year until the world's today, both included."""

    def __init__(self, free: Iterable[tuple[date, date]], first: date, today: date) -> None:
        self.calendar = SchoolCalendar(free)
        every = (first + timedelta(days=number) for number in range((today - first).days + 1))
        self.days = [day for day in every if self.calendar.is_school_day(day)]

    def between(self, first: date, last: date) -> list[date]:
        return self.days[bisect_left(self.days, first) : bisect_right(self.days, last)]

    def choose(self, rng: Random, first: date, last: date) -> date | None:
        """One of the days from ``first`` until ``last``, or None when there is none yet."""
        days = self.between(first, last)
        return rng.choice(days) if days else None

    def after(self, day: date, number: int) -> date | None:
        """The ``number``-th school day after ``day``, or None when it has not come yet."""
        found = self.calendar.add_school_days(day, number)
        return found if self.days and found <= self.days[-1] else None
