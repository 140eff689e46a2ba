"""The Flemish school calendar without a database."""

from __future__ import annotations

from schools.calendar import SchoolCalendar, flemish_holidays


def flemish_calendar(first_year: int, last_year: int | None = None) -> SchoolCalendar:
    """The calendar of the school years that begin in ``first_year`` up to and including ``last_year``."""
    years = range(first_year, (first_year if last_year is None else last_year) + 1)
    return SchoolCalendar((start, end) for year in years for _, start, end in flemish_holidays(year))
