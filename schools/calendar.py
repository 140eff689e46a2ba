"""School days in Flanders: when there is class, and counting in days on which there is.

The holidays follow the rules of the Flemish government (organisation of the school year in primary and secondary
education), so every past and coming year is computed and none is typed in. A school may have its own free days
besides: they are given to ``SchoolCalendar`` as more holidays.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import accumulate

from django.utils.translation import gettext_noop

Holiday = tuple[str, date, date]

SATURDAY, SUNDAY = 5, 6
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


def easter(year: int) -> date:
    """Easter Sunday of ``year`` in the Gregorian calendar (the anonymous algorithm, Meeus 1991)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def first_year_of(day: date) -> int:
    """The year in which the school year of ``day`` began; the summer belongs to the year that ended."""
    return day.year if day.month >= 9 else day.year - 1


def flemish_holidays(first_year: int) -> list[Holiday]:
    """Holidays of the school year ``first_year``–``first_year + 1``, in order: (English msgid, first, last day).

    The summer that follows the school year is the last of them. Days that fall inside a longer holiday (1 November,
    most Easter Mondays) are not listed again.
    """
    spring = first_year + 1
    sunday = easter(spring)
    found = [
        _autumn(first_year),
        _single(gettext_noop("Armistice Day"), date(first_year, 11, 11)),
        _christmas(first_year),
        _carnival(sunday),
        _spring(sunday),
        _single(gettext_noop("Easter Monday"), sunday + _DAY),
        _single(gettext_noop("Labour Day"), date(spring, 5, 1)),
        (gettext_noop("Ascension Day and the day after"), sunday + 39 * _DAY, sunday + 40 * _DAY),
        _single(gettext_noop("Whit Monday"), sunday + 50 * _DAY),
        (gettext_noop("Summer holiday"), date(spring, 7, 1), date(spring, 8, 31)),
    ]
    longer = [(start, end) for _, start, end in found if start != end]
    kept = [entry for entry in found if entry[1] != entry[2] or not _is_inside(entry[1], longer)]
    return sorted(kept, key=lambda entry: entry[1])


class SchoolCalendar:
    """School days: Monday to Friday outside the given holidays (both ends inclusive; they may overlap).

    Only the given holidays are known: a day of a year without them counts as a school day when it is a weekday.
    Every question is answered in O(log holidays).
    """

    def __init__(self, holidays: Iterable[tuple[date, date]]) -> None:
        spans = list(_merged(sorted(holidays)))
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]
        lost = (_weekdays_until(end) - _weekdays_until(start - _DAY) for start, end in spans)
        self._lost = [0, *accumulate(lost)]

    def is_school_day(self, day: date) -> bool:
        return day.weekday() < SATURDAY and not self._is_holiday(day)

    def school_days_between(self, after: date, until: date) -> int:
        """Number of school days in ``(after, until]``; negative when ``until`` lies before ``after``."""
        return self._count_until(until) - self._count_until(after)

    def add_school_days(self, day: date, number: int) -> date:
        """The ``number``-th school day after ``day`` (before it, when negative); ``day`` itself for zero."""
        if number == 0:
            return day
        if number > 0:
            return self._school_day_number(self._count_until(day) + number, near=day, forward=True)
        return self._school_day_number(self._count_until(day - _DAY) + number + 1, near=day, forward=False)

    def last_school_day(self, on_or_before: date) -> date:
        """The last school day not later than the given day; give 30 June for the last class day of a year."""
        if self.is_school_day(on_or_before):
            return on_or_before
        return self.add_school_days(on_or_before, -1)

    def _is_holiday(self, day: date) -> bool:
        place = bisect_right(self._starts, day) - 1
        return place >= 0 and day <= self._ends[place]

    def _count_until(self, day: date) -> int:
        """School days from the first day of the calendar of ``datetime`` up to and including ``day``."""
        place = bisect_right(self._starts, day)
        lost = self._lost[place]
        if place and day < self._ends[place - 1]:
            lost -= _weekdays_until(self._ends[place - 1]) - _weekdays_until(day)
        return _weekdays_until(day) - lost

    def _school_day_number(self, number: int, *, near: date, forward: bool) -> date:
        """The day on which ``_count_until`` reaches ``number``, sought outwards from ``near``."""
        low = high = near.toordinal()
        reach = 7
        while forward and self._count_until(date.fromordinal(high)) < number:
            high, reach = high + reach, reach * 2
        while not forward and self._count_until(date.fromordinal(low)) >= number:
            low, reach = low - reach, reach * 2
        days = range(low, high + 1)
        place = bisect_left(days, number, key=lambda ordinal: self._count_until(date.fromordinal(ordinal)))
        return date.fromordinal(days[place])


def _autumn(year: int) -> Holiday:
    """The week of 1 November; when that is a Sunday, the week that begins on 2 November."""
    all_saints = date(year, 11, 1)
    start = all_saints + _DAY if all_saints.weekday() == SUNDAY else _monday_of(all_saints)
    return gettext_noop("Autumn holiday"), start, start + _WEEK - _DAY


def _christmas(year: int) -> Holiday:
    """Two weeks from the Monday of the week of 25 December; from the Monday after it, when that is in a weekend."""
    christmas = date(year, 12, 25)
    start = _monday_of(christmas) + (_WEEK if christmas.weekday() >= SATURDAY else timedelta())
    return gettext_noop("Christmas holiday"), start, start + 2 * _WEEK - _DAY


def _carnival(sunday: date) -> Holiday:
    """The week that begins on the seventh Monday before Easter Sunday."""
    start = _monday_of(sunday) - 6 * _WEEK
    return gettext_noop("Carnival holiday"), start, start + _WEEK - _DAY


def _spring(sunday: date) -> Holiday:
    """Two weeks from the first Monday of April.

    When Easter falls in March they begin on Easter Monday; when it falls after 15 April, on the second Monday before.
    """
    if sunday.month == 3:
        start = sunday + _DAY
    elif sunday > date(sunday.year, 4, 15):
        start = _monday_of(sunday) - _WEEK
    else:
        start = _monday_of(date(sunday.year, 4, 7))
    return gettext_noop("Easter holiday"), start, start + 2 * _WEEK - _DAY


def _single(name: str, day: date) -> Holiday:
    return name, day, day


def _is_inside(day: date, spans: Iterable[tuple[date, date]]) -> bool:
    return any(start <= day <= end for start, end in spans)


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays from 1 January of year 1 (a Monday) up to and including ``day``."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


def _merged(spans: Iterable[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """The sorted spans without overlaps; a span that ends before it begins is refused."""
    current: tuple[date, date] | None = None
    for start, end in spans:
        if end < start:
            raise ValueError(f"A holiday ends on {end} before it begins on {start}.")
        if current and start <= current[1] + _DAY:
            current = current[0], max(current[1], end)
            continue
        if current:
            yield current
        current = start, end
    if current:
        yield current
