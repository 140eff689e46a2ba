"""A school that just began: its pages say what comes first, and not that all is well."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from schools import clock
from schools.models import Assignment, Project, Role, School, User
from tests import factories as make
from tests.cast import staff_browser

pytestmark = pytest.mark.django_db

NOBODY_YET = "Nog geen kinderen"
#: What must not be said of a school without a child.
PRAISE = ("Elk gezin is bereikt", "Alles klopt", "Naar het volgende schooljaar", "Geen gezin gevonden", "0 %")
PAGES = ("my_week", "family_list", "not_reached", "data_checks", "dashboard", "contact_new", "interpreter_new")


@pytest.fixture
def school() -> School:
    make.make_school_year()
    return make.make_school()


@pytest.fixture
def project(school: School) -> Project:
    """No school takes part in it yet."""
    year = make.make_school_year()
    return Project.objects.create(
        name="In bloei", year=year, starts_on=year.starts_on, ends_on=year.ends_on, report_due_on=year.ends_on
    )


def browser_of(role: Role, **place: object) -> Client:
    user: User = make.make_user()
    TOTP.activate(user, generate_totp_secret())
    Assignment.objects.create(user=user, role=role, starts_on=make.LONG_AGO, **place)
    return staff_browser(user)


def main_of(browser: Client, address: str) -> str:
    page = browser.get(address).content.decode()
    return " ".join(page[page.index("<main") : page.index("</main>")].split())


@pytest.mark.parametrize("name", PAGES)
def test_the_head_of_an_empty_school_reads_what_comes_first(school: School, name: str) -> None:
    head = browser_of(Role.HEAD, school=school)
    words = main_of(head, reverse(name))
    assert NOBODY_YET in words
    assert not [one for one in PRAISE if one in words]
    make.make_family(make.make_class(school))
    assert NOBODY_YET not in main_of(head, reverse(name))


def test_a_class_without_a_child_is_no_class_in_which_everybody_was_spoken_with(school: School) -> None:
    room = make.make_class(school)
    teacher = browser_of(Role.TEACHER, school=school, school_class=room)
    words = main_of(teacher, reverse("my_week"))
    assert NOBODY_YET in words
    assert "Er wacht niets op je" not in words
    assert "Elk gezin is gesproken" not in words


def test_who_may_bring_the_list_in_is_led_there(school: School) -> None:
    there = f'href="{reverse("roster_list")}"'
    assert there in main_of(browser_of(Role.HEAD, school=school), reverse("my_week"))
    assert there not in main_of(browser_of(Role.CARE_COORDINATOR, school=school), reverse("my_week"))
    assert there in main_of(browser_of(Role.ADMIN), f"{reverse('school_rollover')}?school={school.pk}")


def test_what_was_searched_for_and_not_found_is_told_as_before(school: School) -> None:
    words = main_of(browser_of(Role.HEAD, school=school), f"{reverse('family_list')}?q=Zoë")
    assert "Geen gezin gevonden" in words
    assert NOBODY_YET not in words


def test_a_share_of_no_notices_is_no_figure(school: School) -> None:
    words = main_of(browser_of(Role.HEAD, school=school), reverse("translation_log"))
    assert "Deze school verzond geen berichten" in words
    assert "0 %" not in words


def test_who_may_appoint_a_translator_is_led_there_and_others_to_the_head(school: School) -> None:
    way, page = f'href="{reverse("staff_new")}"', reverse("translator_list")
    assert way in main_of(browser_of(Role.ADMIN), page)
    assert way in main_of(browser_of(Role.HEAD, school=school), page)
    words = main_of(browser_of(Role.CARE_COORDINATOR, school=school), page)
    assert way not in words
    assert "De directie van de school stelt er een aan." in words


def test_of_no_post_it_is_not_said_that_it_was_decided_about(school: School) -> None:
    make.make_school_year(make.make_school_year().starts_on.year + 1)
    words = main_of(browser_of(Role.HEAD, school=school), reverse("post_review"))
    _before, title, after = words.partition("Niets te beslissen")
    assert (title, re.sub(r"<[^>]*>", "", after).strip()) == ("Niets te beslissen", "")


def test_the_city_is_shown_no_way_to_lists_of_a_project_without_schools(project: Project) -> None:
    """Nobody works in every school of none: who reads it is outside."""
    city = browser_of(Role.COORDINATOR, project=project)
    for address in (reverse("dashboard"), reverse("indicator_detail", args=["I01"])):
        assert "/lijst/" not in main_of(city, address)
    assert "Gemiddelde van 0" not in main_of(city, reverse("scan_list"))


@pytest.mark.parametrize("role", [Role.TEACHER, Role.CLB, Role.JOINT_CLB, Role.PARTNER])
def test_who_cannot_be_appointed_yet_is_not_and_why_is_said(role: Role) -> None:
    """There is nothing to choose the place from."""
    colleague = {"full_name": "Jan Maes", "email": "jan@x.example", "language": "nl", "role": role}
    answer = browser_of(Role.ADMIN).post(reverse("staff_new"), colleague | {"starts_on": clock.today()})
    assert answer.status_code == 422
    words = "Er is nog geen klas." if role == Role.TEACHER else "bij Plaatsen"
    assert words in answer.content.decode()
    assert not User.objects.filter(email="jan@x.example").exists()


@pytest.mark.parametrize("name", ["gathering_list", "conference_list", "notice_list", "measurement_list"])
def test_an_empty_list_offers_what_to_make_once(school: School, name: str) -> None:
    words = main_of(browser_of(Role.HEAD, school=school), reverse(name))
    assert "empty-state" in words
    assert words.count("button-primary") == 1
