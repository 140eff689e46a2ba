"""Whoever works for several schools reads of which one a child is, before anything is written about it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from parents.models import Absence, FollowUpKind
from schools import clock
from schools.models import Assignment, Enrolment, Pupil, Role
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def namesakes(cast: Cast) -> Cast:
    """Each school has an Emma Peeters in a 2A."""
    start = cast.year.starts_on
    room = cast.classes["1a"]
    room.name = "2A"
    room.save(update_fields=["name"])
    for place in (room, cast.classes["go2"]):
        pupil = Pupil.objects.create(first_name="Emma", last_name="Peeters")
        Enrolment.objects.create(pupil=pupil, school=place.school, school_class=place, starts_on=start)
    return cast


def chosen_from(cast: Cast, key: str, name: str = "contact_new") -> str:
    page = cast.client(key).get(reverse(name), {"q": "Emma Peeters"}).content.decode()
    return page.partition("<main")[2].partition("tap-list")[2]


def test_the_joint_worker_sees_both_with_their_schools(namesakes: Cast) -> None:
    page = chosen_from(namesakes, "joint")
    assert "VBS De Kersenboom" in page
    assert "GO! basisschool De Bloesem" in page


def test_calls_and_absences_say_of_which_school_they_are(cast: Cast) -> None:
    today, pages = clock.today(), ("call_list", "absence_list", "my_week")
    follow_up = cast.follow_up
    assert follow_up is not None
    follow_up.kind = FollowUpKind.CALL
    follow_up.save(update_fields=["kind"])
    Absence.objects.create(
        pupil=cast.pupils["simran"], school=follow_up.school, starts_on=today, ends_on=today, reported_at=clock.now()
    )

    def said() -> list[bool]:
        mains = (cast.client("head").get(reverse(name)).content.decode().partition("<main")[2] for name in pages)
        return ["VBS De Kersenboom" in main for main in mains]

    assert said() == [False, False, False]
    Assignment.objects.create(user=cast.staff["head"], role=Role.HEAD, school=cast.schools["bloesem"], starts_on=today)
    assert said() == [True, True, True]


@pytest.mark.parametrize("name", ["contact_new", "interpreter_new"])
def test_who_leads_two_schools_does_and_who_leads_one_reads_the_class_alone(namesakes: Cast, name: str) -> None:
    page = chosen_from(namesakes, "head", name)
    assert "2A" in page
    assert "VBS De Kersenboom" not in page
    Assignment.objects.create(
        user=namesakes.staff["head"], role=Role.HEAD, school=namesakes.schools["bloesem"], starts_on=clock.today()
    )
    page = chosen_from(namesakes, "head", name)
    assert "VBS De Kersenboom" in page
    assert "GO! basisschool De Bloesem" in page
