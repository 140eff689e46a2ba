"""Whose way in a head restores: colleagues of the own school, and nobody who runs the portal or another place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from schools import clock
from schools.models import Assignment, FactorReset, Role, StaffInvitation
from schools.services import staffing
from tests.cast import Cast, make_account

pytestmark = pytest.mark.django_db


def post_here(cast: Cast, key: str) -> Assignment:
    """A post that a head gives to anybody whose address is known."""
    place = {"school": cast.schools["kersenboom"]}
    return Assignment.objects.create(user=cast.staff[key], role=Role.LIAISON, starts_on=clock.today(), **place)


@pytest.mark.parametrize("key", ["admin", "head_go", "director_go", "joint", "coordinator", "clb_vclb"])
def test_a_post_at_the_school_puts_nobody_of_elsewhere_in_its_hands(cast: Cast, key: str) -> None:
    person = post_here(cast, key).user
    browser = cast.client("head")
    ask = reverse("factor_reset_ask", args=[person.pk])
    page = browser.get(reverse("staff_person", args=[person.pk]))
    assert page.status_code == 200, "the post itself is theirs to end"
    assert ask not in page.content.decode()
    assert browser.post(ask).status_code == 404
    assert not FactorReset.objects.exists()
    assert cast.client("admin" if key != "admin" else "head").post(ask).status_code == (302 if key != "admin" else 404)


def test_a_teacher_of_two_schools_is_a_colleague_at_both(cast: Cast) -> None:
    person = post_here(cast, "teacher_go").user
    assert cast.client("head").post(reverse("factor_reset_ask", args=[person.pk])).status_code == 302


def test_who_left_is_a_colleague_no_longer(cast: Cast) -> None:
    teacher = cast.staff["teacher_3b"]
    Assignment.objects.filter(user=teacher).update(ends_on=clock.today() - timedelta(days=1))
    assert cast.client("head").post(reverse("factor_reset_ask", args=[teacher.pk])).status_code == 404


def test_an_invitation_of_the_administrator_is_not_the_head_s_to_revoke(cast: Cast) -> None:
    person = make_account("nieuw@cast.example", "Nieuwe Directeur")
    person.set_unusable_password()
    person.save(update_fields=["password"])
    staffing.invite(user=person, by=cast.staff["admin"])
    place = {"user": person, "starts_on": clock.today()}
    Assignment.objects.create(role=Role.HEAD, school=cast.schools["bloesem"], **place)
    Assignment.objects.create(role=Role.LIAISON, school=cast.schools["kersenboom"], **place)
    url = reverse("staff_invite", args=[person.pk])
    assert cast.client("head").post(url, {"revoke": "1"}).status_code == 404
    assert StaffInvitation.objects.filter(user=person, revoked_at=None).exists()
