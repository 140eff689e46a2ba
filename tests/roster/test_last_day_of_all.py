"""A list that gives every child the end of the year as last day, as OneRoster's do, says nothing of one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
import time_machine

from schools import clock
from schools.models import Enrolment, Rollover, School, SchoolClass, SchoolYear
from schools.services.enrolling import change_class, let_leave
from tests import factories as make
from tests.roster.people import apply, small_roster
from tests.roster.test_next_year import days_of, gone, school

__all__ = ["gone", "school"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_summer", [False, True])
def test_it_takes_no_change_of_class_back_that_lies_ahead(school: School, is_summer: bool) -> None:
    """A day before it says that the child leaves."""
    pupil, day = Enrolment.objects.filter(pupil__first_name="Amrit")[0].pupil, clock.today() + timedelta(days=5)
    change_class(pupil=pupil, to=SchoolClass.objects.get(name="1A"), first_day=day, by=make.make_user("Greet Pauls"))
    before, year, roster = days_of("Amrit"), SchoolYear.objects.get(), small_roster()
    for last in (year.last_day if is_summer else year.ends_on, year.ends_on - timedelta(days=1)):
        roster.pupils[0] = replace(roster.pupils[0], ends_on=last)
        apply(roster, school)
        assert (days_of("Amrit") == before) is (last >= year.ends_on)


def test_who_leaves_with_the_year_is_not_brought_back_by_a_list_of_its_last_day(school: School, gone: Rollover) -> None:
    pupil, last = Enrolment.objects.filter(pupil__first_name="Amrit")[0].pupil, gone.from_year.ends_on
    let_leave(pupil=pupil, school=school, last_day=last, by=gone.made_by)
    before, roster = days_of("Amrit"), small_roster()
    for index, row in enumerate(roster.pupils):
        roster.pupils[index] = replace(row, ends_on=last)
    with time_machine.travel(datetime.combine(last, time(10), tzinfo=clock.BRUSSELS), tick=False):
        apply(roster, school)
    assert days_of("Amrit") == before
