"""Families at two schools that may be one are found by what they share."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.services.erasing import erase_guardian, erase_pupil
from parents.models import ContactPoint, FamilyMatch, Guardian, Guardianship
from parents.services import keep_apart, offer_same_families
from schools import clock
from schools.models import Enrolment, Participation, Project
from tests.cast import Cast
from tests.parents.homes import Homes, found, matched, pupil_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def homes(cast: Cast) -> Homes:
    return Homes(cast)


def test_one_phone_number_at_two_schools_is_a_sign(homes: Homes) -> None:
    one, other = homes.add("3b", "Yilmaz", phone="+32470001111"), homes.add("go2", "Demir", phone="+32470001111")
    assert found() == {(one.pk, other.pk): {"PHONE"}}


def test_who_asked_that_the_data_are_only_kept_is_not_compared(homes: Homes) -> None:
    one = homes.add("3b", "Yilmaz", phone="+32470001111")
    homes.add("go2", "Demir", phone="+32470001111")
    Guardian.objects.filter(guardianships__pupil=pupil_of(one)).update(restricted_on=clock.today())
    assert found() == {}


def test_a_home_in_which_children_live_is_none(homes: Homes) -> None:
    """Nor at their own school, where it made no family of them: joined, one mother would answer for the other's."""
    families = [homes.add(room, name) for room, name in (("3b", "Yilmaz"), ("3b", "Demir"), ("go2", "Aziz"))]
    home = Guardian.objects.create(first_name="Huis", last_name="De Linde")
    point = ContactPoint.objects.create(kind="PHONE", value="+32470001111", valid_from=homes.cast.year.starts_on)
    point.uses.create(guardian=home)
    for family in families:
        Guardianship.objects.create(
            pupil=pupil_of(family), guardian=home, relation="instelling", starts_on=homes.cast.year.starts_on
        )
    assert found() == {}
    Guardianship.objects.filter(guardian=home).update(relation="oma")
    assert len(found()) == 3


def test_an_address_is_one_with_a_surname_only(homes: Homes) -> None:
    one = homes.add("3b", "Yilmaz", street="Appelhof 3")
    homes.add("go2", "Demir", street="Appelhof 3")
    homes.add("go2", "Yilmaz", street="Appelhof 4")
    assert found() == {}
    same = homes.add("go2", "YILMAZ", street="APPELHOF 3")
    assert found() == {(one.pk, same.pk): {"ADDRESS", "SURNAME"}}


def test_another_spelling_of_a_name_is_the_same_name(homes: Homes) -> None:
    homes.add("3b", "Yılmaz", street="Appelhof 3")
    homes.add("go2", "Yilmaz", street="Appelhof, 3")
    assert len(found()) == 1


@pytest.mark.parametrize(("one", "other"), [("Singh", "Singh"), ("Kaur", "Kaur"), ("Begum", "Begum")])
def test_singh_and_kaur_are_no_families(homes: Homes, one: str, other: str) -> None:
    homes.add("3b", one, parent=("Harpreet", one), street="Appelhof 3")
    homes.add("go2", other, parent=("Harpreet", other), street="Appelhof 3")
    assert found() == {}


def test_one_name_is_a_whole_name(homes: Homes) -> None:
    one = homes.add("3b", parent=("Zarmina", ""), street="Appelhof 3")
    same = homes.add("go2", parent=("Zarmina", "."), street="Appelhof 3")
    homes.add("go2", parent=("Zarmina", "Ahmadi"), street="Appelhof 3")
    assert found() == {(one.pk, same.pk): {"ADDRESS", "NAME"}}


def test_a_name_in_its_own_script_is_compared_in_it(homes: Homes) -> None:
    one = homes.add("3b", parent=("ਹਰਪ੍ਰੀਤ", ""), street="Appelhof 3")
    same = homes.add("go2", parent=("ਹਰਪ੍ਰੀਤ", ""), street="Appelhof 3")
    homes.add("go2", parent=("ਹਰਪਰਤ", ""), street="Appelhof 3")
    assert set(found()) == {(one.pk, same.pk)}


def test_ivanova_is_the_daughter_of_ivanov(homes: Homes) -> None:
    homes.add("3b", "Ivanova", street="Appelhof 3")
    homes.add("go2", "Ivanov", street="Appelhof 3")
    assert len(found()) == 1


def test_twins_in_two_schools_with_a_parent_of_one_name(homes: Homes) -> None:
    born = date(2018, 3, 4)
    homes.add("3b", "Peeters", parent=("Sofie", "Maes"), child="Lena", born=born)
    homes.add("go2", "Peeters", parent=("Sofie", "Maes"), child="Milan", born=born)
    homes.add("go2", "Peeters", parent=("Sofie", "Maes"), born=date(2016, 1, 1))
    assert list(found().values()) == [{"NAME", "BIRTHDAY", "SURNAME"}], "without the day a name is a name"


def test_the_phone_of_a_shelter_is_no_sign(homes: Homes) -> None:
    for number in range(13):
        homes.add("3b" if number % 2 else "go2", f"Naam{'abcdefghijklm'[number]}", phone="+32470001111")
    assert found() == {}


def test_a_comparison_school_is_not_looked_at(homes: Homes) -> None:
    Participation.objects.filter(school=homes.cast.schools["bloesem"]).update(role="COMPARISON")
    homes.add("3b", "Yilmaz", phone="+32470001111")
    homes.add("go2", "Demir", phone="+32470001111")
    assert found() == {}


def test_a_project_that_is_over_compares_nobody_any_more(homes: Homes, settings: Any) -> None:
    homes.add("3b", "Yilmaz", phone="+32470001111")
    homes.add("go2", "Demir", phone="+32470001111")
    over = clock.today() - timedelta(days=settings.REPORT_GRACE_DAYS)
    Project.objects.update(starts_on=over - timedelta(days=300), ends_on=over)
    Participation.objects.update(starts_on=over - timedelta(days=300))
    assert len(found()) == 1, "the worker is still there"
    Project.objects.update(ends_on=over - timedelta(days=1))
    assert found() == {}


def test_looking_costs_the_same_for_few_and_for_many(homes: Homes) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            offer_same_families()
        return len(captured)

    matched(homes)
    few = queries()
    for number in range(20):
        homes.add("3b", "Demir", phone=f"+3247000{number:04}")
        homes.add("go2", "Demir", phone=f"+3247000{number:04}")
    queries()
    assert queries() == few


def test_what_is_kept_of_a_pair_says_no_name_and_no_number(homes: Homes) -> None:
    facts = str(matched(homes).facts)
    assert facts not in ("", "[]", "{}")
    assert not [part for part in ("Yilmaz", "Demir", "32470001111") if part in facts]


def test_what_was_refused_stays_refused_with_another_key(homes: Homes, settings: Any) -> None:
    settings.ERASURE_KEY = settings.SECRET_KEY
    keep_apart(match=matched(homes), by=homes.cast.staff["joint"])
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret of thirty-two characters"
    settings.ERASURE_KEY = "a key of its own of thirty-two characters"
    assert found() == {}
    settings.SECRET_KEY_FALLBACKS = []
    assert found() == {}, "it is kept by the key that may never change"


@pytest.mark.parametrize("who", ["guardian", "pupil"])
def test_who_is_erased_is_named_in_no_pair(homes: Homes, who: str) -> None:
    match = matched(homes)
    keep_apart(match=match, by=homes.cast.staff["joint"])
    child = pupil_of(match.second)
    Enrolment.objects.filter(pupil=child).update(ends_on=clock.today() - timedelta(days=1))
    if who == "pupil":
        erase_pupil(pupil=child, by=homes.cast.staff["head_go"])
    else:
        erase_guardian(guardian=Guardian.objects.get(guardianships__pupil=child), by=homes.cast.staff["head_go"])
    assert not FamilyMatch.objects.exists()
