"""The town in August, for the tests of who goes on next school year."""

from __future__ import annotations

from datetime import date, datetime

import time_machine

from schools.models import Assignment, Role, SchoolYear
from schools.postreview import year_to_decide
from schools.services import lay_school_year
from tests.cast import BRUSSELS, Cast, build_cast


def town_before_september() -> Cast:
    """The town in which the next school year was laid, and posts end on 31 August."""
    cast = build_cast()
    lay_school_year(cast.year.starts_on.year + 1, with_holidays=False)
    Assignment.objects.filter(ends_on=None).exclude(role=Role.ADMIN).update(ends_on=august(cast))
    return cast


def august(cast: Cast) -> date:
    return date(cast.year.starts_on.year + 1, 8, 31)


def coming() -> SchoolYear:
    year = year_to_decide()
    assert year is not None
    return year


def post_of(cast: Cast, key: str) -> Assignment:
    return cast.staff[key].assignments.order_by("pk")[0]


def on(day: date) -> time_machine.travel:
    return time_machine.travel(datetime(day.year, day.month, day.day, 10, tzinfo=BRUSSELS), tick=False)
