"""Two places granted the same guardian that data are only kept, or that nothing is sent: each ends its own."""

from __future__ import annotations

import pytest
from django.urls import reverse

from parents.models import DataRequest, Guardian
from parents.restrictions import left_restrictions, liftable
from parents.services import file_request
from parents.services.datarequests import settle_request
from schools import clock
from schools.models import Enrolment
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
KINDS = ["RESTRICT", "OBJECT"]


def granted(cast: Cast, kind: str, place: str) -> DataRequest:
    school = cast.schools["kersenboom"]
    where, who = (school, "head") if place == "school" else (school.clb, "clb_vclb")
    father = Guardian.objects.get(pk=cast.guardians["separated_father"].pk)
    row = file_request(guardian=father, kind=kind, place=where, identity="KNOWN", by=cast.staff[who])
    settle_request(request=row, by=cast.staff[who], decision="GRANTED", reason="Goed.")
    return row


def is_on(cast: Cast, kind: str) -> bool:
    now = Guardian.objects.get(pk=cast.guardians["separated_father"].pk)
    return now.restricted_on is not None if kind == "RESTRICT" else not now.may_be_contacted


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("first", ["school", "centre"])
def test_it_is_over_once_both_ended_it(cast: Cast, kind: str, first: str) -> None:
    rows = {place: granted(cast, kind, place) for place in ("school", "centre")}
    second = "centre" if first == "school" else "school"
    people = {"school": "head", "centre": "clb_vclb"}
    button = reverse("data_request_lift", args=[rows[first].pk])
    page = reverse("data_request", args=[rows[first].pk])
    browser = cast.client(people[first])
    assert button in browser.get(page).content.decode()
    said = text_of(browser.post(button, follow=True))
    assert "Het is ook op een andere plaats toegestaan" in said
    assert is_on(cast, kind)
    assert button not in browser.get(page).content.decode(), "this place has ended its own"
    browser.post(button)
    assert is_on(cast, kind)
    last = cast.client(people[second]).post(reverse("data_request_lift", args=[rows[second].pk]), follow=True)
    assert "Het portaal werkt weer met deze gegevens" in text_of(last)
    assert not is_on(cast, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_school_granted_that_the_children_left_holds_nothing_up(cast: Cast, kind: str) -> None:
    granted(cast, kind, "school")
    there = granted(cast, kind, "centre")
    Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(ends_on=clock.today().replace(day=1))
    cast.client("clb_vclb").post(reverse("data_request_lift", args=[there.pk]))
    assert not is_on(cast, kind)


def test_what_was_ended_explains_nothing_when_it_is_granted_anew_elsewhere(cast: Cast) -> None:
    first = granted(cast, "RESTRICT", "school")
    cast.client("head").post(reverse("data_request_lift", args=[first.pk]))
    assert not is_on(cast, "RESTRICT")
    granted(cast, "RESTRICT", "centre")
    first.refresh_from_db()
    assert liftable(DataRequest.objects.select_related("guardian").get(pk=first.pk)) == set()
    assert left_restrictions([cast.guardians["separated_father"]]) == {}
