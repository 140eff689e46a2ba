"""The Flemish school calendar: computed holidays against printed ones, and counting in school days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.calendar import SchoolCalendar, easter, first_year_of, flemish_holidays
from tests.calendars import flemish_calendar

PRINTED = {
    2006: {
        "Autumn holiday": ((2006, 10, 30), (2006, 11, 5)),
        "Christmas holiday": ((2006, 12, 25), (2007, 1, 7)),
        "Carnival holiday": ((2007, 2, 19), (2007, 2, 25)),
        "Easter holiday": ((2007, 4, 2), (2007, 4, 15)),
        "Labour Day": ((2007, 5, 1), (2007, 5, 1)),
        "Ascension Day and the day after": ((2007, 5, 17), (2007, 5, 18)),
        "Whit Monday": ((2007, 5, 28), (2007, 5, 28)),
    },
    2021: {"Christmas holiday": ((2021, 12, 27), (2022, 1, 9)), "Easter holiday": ((2022, 4, 4), (2022, 4, 17))},
    2022: {"Christmas holiday": ((2022, 12, 26), (2023, 1, 8)), "Easter holiday": ((2023, 4, 3), (2023, 4, 16))},
    2024: {
        "Autumn holiday": ((2024, 10, 28), (2024, 11, 3)),
        "Armistice Day": ((2024, 11, 11), (2024, 11, 11)),
        "Christmas holiday": ((2024, 12, 23), (2025, 1, 5)),
        "Carnival holiday": ((2025, 3, 3), (2025, 3, 9)),
        "Easter holiday": ((2025, 4, 7), (2025, 4, 20)),
        "Easter Monday": ((2025, 4, 21), (2025, 4, 21)),
        "Ascension Day and the day after": ((2025, 5, 29), (2025, 5, 30)),
        "Whit Monday": ((2025, 6, 9), (2025, 6, 9)),
    },
    2025: {
        "Autumn holiday": ((2025, 10, 27), (2025, 11, 2)),
        "Christmas holiday": ((2025, 12, 22), (2026, 1, 4)),
        "Carnival holiday": ((2026, 2, 16), (2026, 2, 22)),
        "Easter holiday": ((2026, 4, 6), (2026, 4, 19)),
        "Ascension Day and the day after": ((2026, 5, 14), (2026, 5, 15)),
        "Whit Monday": ((2026, 5, 25), (2026, 5, 25)),
    },
    2026: {
        "Autumn holiday": ((2026, 11, 2), (2026, 11, 8)),
        "Christmas holiday": ((2026, 12, 21), (2027, 1, 3)),
        "Carnival holiday": ((2027, 2, 8), (2027, 2, 14)),
        "Easter holiday": ((2027, 3, 29), (2027, 4, 11)),
        "Ascension Day and the day after": ((2027, 5, 6), (2027, 5, 7)),
        "Whit Monday": ((2027, 5, 17), (2027, 5, 17)),
        "Summer holiday": ((2027, 7, 1), (2027, 8, 31)),
    },
}
LONG_CALENDAR = flemish_calendar(2000, 2040)
ANY_DAY = st.dates(date(2001, 1, 1), date(2039, 12, 31))


@pytest.mark.parametrize("first_year", PRINTED)
def test_computed_holidays_are_the_printed_ones(first_year: int) -> None:
    computed = {name: (start, end) for name, start, end in flemish_holidays(first_year)}

    for name, (start, end) in PRINTED[first_year].items():
        assert computed[name] == (date(*start), date(*end)), name


def test_easter_falls_where_the_almanac_says() -> None:
    days = [easter(year) for year in (2007, 2008, 2011, 2024, 2025, 2026, 2027, 2038)]

    assert [(day.month, day.day) for day in days] == [
        (4, 8), (3, 23), (4, 24), (3, 31), (4, 20), (4, 5), (3, 28), (4, 25),
    ]  # fmt: skip


def test_easter_monday_is_listed_only_when_the_easter_holiday_does_not_cover_it() -> None:
    assert "Easter Monday" in [name for name, *_ in flemish_holidays(2024)]
    assert "Easter Monday" not in [name for name, *_ in flemish_holidays(2025)]


def test_holidays_come_in_order_and_stay_in_their_school_year() -> None:
    for first_year in range(1990, 2060):
        holidays = flemish_holidays(first_year)
        starts = [start for _, start, _ in holidays]
        assert starts == sorted(starts)
        assert all(first_year_of(start) == first_year and start <= end for _, start, end in holidays)


def test_the_last_class_day_of_2007_was_friday_29_june() -> None:
    assert flemish_calendar(2006).last_school_day(date(2007, 6, 30)) == date(2007, 6, 29)
    assert flemish_calendar(2025).last_school_day(date(2026, 6, 30)) == date(2026, 6, 30)


def test_a_question_asked_before_the_autumn_holiday_waits_for_the_monday_after() -> None:
    calendar = flemish_calendar(2025)

    assert calendar.add_school_days(date(2025, 10, 24), 1) == date(2025, 11, 3)
    assert calendar.school_days_between(date(2025, 10, 24), date(2025, 11, 3)) == 1
    assert calendar.add_school_days(date(2026, 6, 30), 1) == date(2026, 9, 1)


def test_zero_days_later_is_the_same_day_even_in_a_weekend() -> None:
    assert flemish_calendar(2025).add_school_days(date(2025, 9, 6), 0) == date(2025, 9, 6)


def test_a_school_may_add_its_own_free_days_overlapping_or_not() -> None:
    own = SchoolCalendar([(date(2025, 9, 8), date(2025, 9, 9)), (date(2025, 9, 9), date(2025, 9, 10))])

    assert [day for day in range(8, 13) if own.is_school_day(date(2025, 9, day))] == [11, 12]
    assert own.school_days_between(date(2025, 9, 7), date(2025, 9, 12)) == 2


def test_a_holiday_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        SchoolCalendar([(date(2025, 9, 9), date(2025, 9, 8))])


@given(ANY_DAY, st.integers(0, 400))
def test_counting_agrees_with_walking_day_by_day(start: date, span: int) -> None:
    days = [start + timedelta(days=step) for step in range(1, span + 1)]

    walked = sum(LONG_CALENDAR.is_school_day(day) for day in days)

    assert LONG_CALENDAR.school_days_between(start, start + timedelta(days=span)) == walked
    assert LONG_CALENDAR.school_days_between(start + timedelta(days=span), start) == -walked


@given(ANY_DAY, st.integers(-250, 250).filter(bool))
def test_adding_lands_on_the_school_day_with_that_number(start: date, number: int) -> None:
    end = LONG_CALENDAR.add_school_days(start, number)

    assert LONG_CALENDAR.is_school_day(end)
    if number > 0:
        assert LONG_CALENDAR.school_days_between(start, end) == number
    else:
        assert LONG_CALENDAR.school_days_between(end - timedelta(days=1), start - timedelta(days=1)) == -number
