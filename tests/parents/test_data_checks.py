"""The data of a school are kept right: what is missing, old or double is counted, with a remedy of one tap."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parents.datachecks import checked
from parents.models import ContactPoint, FollowUp, Guardian, Guardianship
from parents.views.checks import FOUND_ON_A_PAGE
from schools import clock
from schools.models import Assignment, AuditEntry, Pupil, Role, School
from tests import factories as make
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db

PAGE = reverse("data_checks")


def counts(school: School) -> dict[str, int]:
    return {one.check.key: one.number for one in checked(school) if one.number}


@pytest.fixture
def right(db: None) -> make.MadeFamily:
    """A school at which everything is right: a class with a teacher, and one family."""
    school_class = make.make_class()
    make.make_teacher(school_class)
    family = make.make_family(school_class, languages=["ar", "fr"], children=["Amina"])
    Guardian.objects.update(language_confirmed_on=clock.today())
    return family


def school_of(family: make.MadeFamily) -> School:
    return School.objects.get(classes__enrolments__pupil=family.pupils[0])


def test_nothing_is_wrong_where_everything_is_right(right: make.MadeFamily) -> None:
    assert counts(school_of(right)) == {}


def test_a_child_of_whom_nobody_can_be_reached(right: make.MadeFamily) -> None:
    ContactPoint.objects.update(valid_until=clock.today())
    found = counts(school_of(right))
    assert found["onbereikbaar"] == 1
    assert "vervallen" not in found, "they did not bounce"


def test_a_language_that_nobody_confirmed(right: make.MadeFamily) -> None:
    Guardian.objects.filter(pk=right.guardians[0].pk).update(language_confirmed_on=None)
    assert counts(school_of(right)) == {"taal": 1}


def test_a_second_parent_of_whom_nothing_is_known(right: make.MadeFamily) -> None:
    second = right.guardians[1]
    second.point_uses.all().delete()
    assert counts(school_of(right)) == {}, "letters reach the same address"
    Guardian.objects.filter(pk=second.pk).update(household=None)
    assert counts(school_of(right)) == {"tweede-ouder": 1}
    Guardianship.objects.filter(guardian=second).update(information_right=False)
    assert counts(school_of(right)) == {}


def test_a_number_that_bounced_without_another(right: make.MadeFamily) -> None:
    point = right.points[0]["EMAIL"]
    ContactPoint.objects.filter(pk=point.pk).update(valid_until=clock.today(), ended_because="BOUNCED")
    assert counts(school_of(right)) == {"vervallen": 1}
    make.make_point("nieuw@post.example", right.guardians[0])
    assert counts(school_of(right)) == {}


def test_a_number_that_nobody_confirmed_for_a_year(right: make.MadeFamily) -> None:
    day = clock.today() - timedelta(days=365)
    ContactPoint.objects.update(verified_on=day)
    assert counts(school_of(right)) == {}
    ContactPoint.objects.filter(pk=right.points[0]["EMAIL"].pk).update(verified_on=day - timedelta(days=1))
    assert counts(school_of(right)) == {"niet-bevestigd": 1}


def test_a_child_that_stands_twice(right: make.MadeFamily) -> None:
    school_class = right.pupils[0].enrolments.get().school_class
    twin = make.make_family(school_class, children=["amina"])
    Guardian.objects.update(language_confirmed_on=clock.today())
    assert counts(school_of(right)) == {"dubbele-kinderen": 2}
    Pupil.objects.filter(pk=twin.pupils[0].pk).update(birth_date=clock.today())
    assert counts(school_of(right)) == {}


def test_a_parent_who_stands_twice_with_one_child(right: make.MadeFamily) -> None:
    one = right.guardians[0]
    again = make.make_guardian(right.pupils, "ar", first_name=one.first_name.upper(), last_name=one.last_name)
    make.make_point("nogeens@post.example", again)
    Guardian.objects.update(language_confirmed_on=clock.today())
    assert counts(school_of(right)) == {"dubbele-ouders": 2}


def test_a_class_without_a_teacher_and_a_post_that_ends(right: make.MadeFamily) -> None:
    post = Assignment.objects.get()
    Assignment.objects.filter(pk=post.pk).update(ends_on=clock.today() + timedelta(days=31))
    assert counts(school_of(right)) == {}
    Assignment.objects.filter(pk=post.pk).update(ends_on=clock.today() + timedelta(days=30))
    assert counts(school_of(right)) == {"aanstellingen": 1}
    Assignment.objects.filter(pk=post.pk).update(ends_on=clock.today() - timedelta(days=1))
    assert counts(school_of(right)) == {"zonder-leerkracht": 1}


def test_whoever_stands_beyond_the_first_ten_is_a_tap_away(cast: Cast) -> None:
    """Else ten that nobody can mend would hide all others for good."""
    school, room = cast.schools["kersenboom"], cast.classes["3b"]
    Guardian.objects.update(language_confirmed_on=clock.today())
    for number in range(FOUND_ON_A_PAGE + 1):
        make.make_family(room, languages=["ar"], children=[f"Kind{number}"])
    last = Guardian.objects.order_by("pk").last()
    assert last is not None
    Guardian.objects.filter(pk=last.pk).update(last_name="Zuidwind")
    browser = cast.client("head")
    more: dict[str, Any] = {"school": school.pk, "check": "taal"}
    assert "en nog 41" in text_of(browser.get(PAGE))
    assert f"?school={school.pk}&amp;check=taal" in browser.get(PAGE).content.decode()
    assert "Zuidwind" not in text_of(browser.get(PAGE, more))
    assert "Zuidwind" in text_of(browser.get(PAGE, more | {"page": 2}))
    Guardian.objects.update(language_confirmed_on=clock.today())
    assert 'id="taal"' not in browser.get(PAGE, more).content.decode(), "all mended: the other checks are shown"
    assert browser.get(PAGE, {"check": "iets"}).status_code == 404


def test_one_tap_puts_it_on_the_list_of_the_teacher_once(cast: Cast) -> None:
    client, school = cast.client("head"), cast.schools["kersenboom"]
    FollowUp.objects.all().delete()
    address = reverse("data_check_ask", args=[school.pk, "taal"])
    assert client.post(address).status_code == 302
    asked = FollowUp.objects.filter(kind="CONTACT_DATA")
    assert asked.count() == 5
    assert asked.get(guardian=cast.guardians["separated_father"]).owner == cast.staff["teacher_3b"]
    client.post(address)
    assert asked.count() == 5
    assert not asked.exclude(school=school).exists(), "the other school asks for itself"
    assert AuditEntry.objects.filter(verb="asked for missing data").count() == 2


def test_what_has_no_question_cannot_be_asked(cast: Cast) -> None:
    for check in ("dubbele-kinderen", "bestaat-niet"):
        address = reverse("data_check_ask", args=[cast.schools["kersenboom"].pk, check])
        assert cast.client("head").post(address).status_code == 404


def test_a_head_lets_a_post_run_a_month_longer(cast: Cast) -> None:
    post = Assignment.objects.get(user=cast.staff["teacher_3b"])
    ends = clock.today() + timedelta(days=5)
    Assignment.objects.filter(pk=post.pk).update(ends_on=ends)
    address = reverse("assignment_extend", args=[cast.schools["kersenboom"].pk, post.pk])
    assert cast.client("office").post(address).status_code == 403
    assert cast.client("head_go").post(address).status_code == 404
    cast.client("head").post(address)
    post.refresh_from_db()
    assert post.ends_on == ends + timedelta(days=31)
    assert cast.client("head").post(address).status_code == 404, "it does not end soon any more"


@pytest.mark.parametrize("key", ["head", "admin"])
def test_a_head_lets_neither_the_own_post_run_longer_nor_one_that_others_give(cast: Cast, key: str) -> None:
    """Who was told to stop would stay as long as they like."""
    school, ends = cast.schools["kersenboom"], clock.today() + timedelta(days=5)
    if key == "admin":
        Assignment.objects.create(user=cast.staff["admin"], role=Role.ADMIN, school=school, starts_on=clock.today())
    post = Assignment.objects.get(user=cast.staff[key], school=school)
    Assignment.objects.filter(pk=post.pk).update(ends_on=ends)
    address = reverse("assignment_extend", args=[school.pk, post.pk])
    assert address not in cast.client("head").get(PAGE).content.decode()
    assert cast.client("head").post(address).status_code == 404
    post.refresh_from_db()
    assert post.ends_on == ends


def test_the_office_finds_the_names_without_the_families_pages(cast: Cast) -> None:
    page = text_of(cast.client("office").get(PAGE))
    assert "Karim Haddad" in page
    assert "/school/gezinnen/" not in page
    assert reverse("pupil_detail", args=[cast.pupils["yusuf"].pk]) in page, "where they can be put right"
    assert "/school/kinderen/" not in text_of(cast.client("clb_vclb").get(PAGE))


def test_another_school_is_not_there(cast: Cast) -> None:
    assert cast.client("head").get(PAGE, {"school": cast.schools["bloesem"].pk}).status_code == 404
    assert "Gurjot" not in text_of(cast.client("head").get(PAGE))


def test_it_costs_the_same_for_many_families(cast: Cast) -> None:
    client = cast.client("head")

    def cost() -> int:
        client.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        return len(captured)

    few = cost()
    for _number in range(12):
        make.make_family(cast.classes["3b"], languages=["ar", "fr"], emails=[None, None])
    assert cost() == few


def test_children_who_stand_twice_are_found_in_one_pass(right: make.MadeFamily) -> None:
    """Asked of each child by itself a school of 600 children compares them 360,000 times."""
    school = school_of(right)
    [check] = [one.check for one in checked(school) if one.check.key == "dubbele-kinderen"]
    assert "EXISTS" not in str(check.rows(school).query)
