"""Who is told of no child any more still has data of the own at a school: whom to ask, and what is said meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from parents.consenting import places_known_to
from parents.models import ContactRequest, DataRequest, Guardian, Guardianship
from parents.services.ties import change_tie
from schools import clock
from schools.models import Enrolment
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
DUTCH = {"taal": "nl"}
YESTERDAY = timedelta(days=1)


@pytest.fixture
def father(cast: Cast) -> Guardian:
    """Karim: a court took his right to be told of Yusuf, his only child; Yusuf changed school since."""
    guardian, child = cast.guardians["separated_father"], cast.pupils["yusuf"]
    change_tie(
        pupil=child, guardian=guardian, relation="vader", authority="NONE", seen_on=clock.today(),
        school=cast.schools["kersenboom"], by=cast.staff["head"],
    )  # fmt: skip
    place = Enrolment.objects.current().get(pupil=child)
    Enrolment.objects.filter(pk=place.pk).update(ends_on=clock.today() - YESTERDAY)
    Enrolment.objects.create(
        pupil=child, school=cast.schools["bloesem"], school_class=cast.classes["1a"], starts_on=clock.today()
    )
    return guardian


def test_the_school_that_knew_him_is_there_and_not_where_the_child_went(cast: Cast, father: Guardian) -> None:
    school = cast.schools["kersenboom"]
    assert places_known_to(father) == [school, school.clb]
    browser = cast.guardian_client("separated_father")
    for name in ("portal_home", "portal_visits", "portal_data", "privacy_notice"):
        page = text_of(browser.get(reverse(name), DUTCH))
        assert school.name in page, name
        assert cast.schools["bloesem"].name not in page, name


def test_he_asks_there_what_is_kept_and_the_school_answers(cast: Cast, father: Guardian) -> None:
    browser, school = cast.guardian_client("separated_father"), cast.schools["kersenboom"]
    words = {"form": "ask", "kind": "ACCESS", "place": f"school-{school.pk}", "words": ""}
    assert browser.post(reverse("portal_data"), words).status_code == 302
    row = DataRequest.objects.get()
    assert (row.guardian, row.school) == (father, school)
    assert cast.client("head").get(reverse("data_request", args=[row.pk])).status_code == 200


def test_nothing_that_is_not_so_is_said(cast: Cast, father: Guardian) -> None:
    browser = cast.guardian_client("separated_father")
    home = text_of(browser.get(reverse("portal_home"), DUTCH))
    assert "Nog geen berichten" not in home
    assert "De school stuurt u niets meer." in home
    assert "Nog niemand heeft iets geopend" not in text_of(browser.get(reverse("portal_visits"), DUTCH))


def test_a_new_number_that_no_school_would_call_is_not_taken(cast: Cast, father: Guardian) -> None:
    browser = cast.guardian_client("separated_father")
    answer = browser.post(
        f"{reverse('portal_choices')}?taal=nl", {"form": "contact", "contact-contact": "0470 00 00 99"}
    )
    assert "Dit is niet gelukt. Bel de school." in text_of(answer)
    assert not ContactRequest.objects.exists()


def test_who_is_told_of_one_child_still_asks_about_the_own_data_at_the_school_of_the_other(cast: Cast) -> None:
    mother, school = cast.guardians["mother"], cast.schools["bloesem"]
    ties = Guardianship.objects.filter(guardian=mother, pupil=cast.pupils["gurjot"])
    assert ties.update(ends_on=clock.today() - YESTERDAY) == 1
    found = places_known_to(mother)
    assert school in found
    assert cast.schools["kersenboom"] in found
