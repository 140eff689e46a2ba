"""Days on which a child will not be at school are known at the school to which it goes by then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parents.models import Absence
from parents.services.absences import report_absence, see_absence
from parents.tasks import offer_same_families
from schools import clock
from schools.models import Enrolment, SchoolClass
from tests.cast import Cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def reported(cast: Cast, place: Enrolment, days: int = 7) -> list[Absence]:
    day = clock.today() + days * DAY
    return report_absence(place=place, by=cast.guardians["separated_father"], starts_on=day, ends_on=day)


@pytest.fixture
def old(cast: Cast) -> Enrolment:
    return Enrolment.objects.select_related("school").get(pupil=cast.pupils["yusuf"])


def moves(cast: Cast, old: Enrolment) -> Enrolment:
    """Since today Yusuf is at the other school."""
    Enrolment.objects.filter(pk=old.pk).update(ends_on=clock.today() - DAY)
    room = SchoolClass.objects.filter(school=cast.schools["bloesem"], year=cast.year).first()
    assert room is not None
    return Enrolment.objects.create(pupil=old.pupil, school=room.school, school_class=room, starts_on=clock.today())


def test_what_was_reported_before_goes_along_and_nobody_there_has_seen_it(cast: Cast, old: Enrolment) -> None:
    (row,) = reported(cast, old)
    (over,) = reported(cast, old, days=0)
    Absence.objects.filter(pk=over.pk).update(starts_on=clock.today() - 2 * DAY, ends_on=clock.today() - DAY)
    see_absence(absence=row, by=cast.staff["teacher_3b"])
    offer_same_families()
    row.refresh_from_db()
    assert (row.school, row.seen_by) == (old.school, cast.staff["teacher_3b"]), "it is there still"
    new = moves(cast, old)
    offer_same_families()
    row.refresh_from_db()
    assert (row.school, row.seen_by, row.seen_at) == (new.school, None, None)
    assert Absence.objects.visible_to(cast.staff["head_go"]).to_see().get() == row
    assert Absence.objects.get(pk=over.pk).school == old.school, "what is over is the old school's"


def test_who_says_it_once_more_to_the_new_school_is_heard_there(cast: Cast, old: Enrolment) -> None:
    (row,) = reported(cast, old)
    assert reported(cast, moves(cast, old)) == [], "the days are known"
    assert list(Absence.objects.visible_to(cast.staff["head_go"]).to_see()) == [row]


def test_of_a_child_that_is_at_no_school_now_they_stay(cast: Cast, old: Enrolment) -> None:
    (row,) = reported(cast, old)
    Enrolment.objects.filter(pk=old.pk).update(ends_on=clock.today() - DAY)
    offer_same_families()
    row.refresh_from_db()
    assert row.school == old.school
