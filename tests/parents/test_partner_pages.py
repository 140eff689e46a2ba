"""A partner sees its own gatherings: how many come, first names, languages. No family, nothing of another partner."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from parents.models import ContactMoment, Guardian, Guardianship
from parents.services.gatheringattendance import count_people
from parents.services.gatherings import cancel_gathering, change_gathering
from parents.whoread import shown, visits_to
from schools import clock
from schools.models import AuditEntry, Partner
from tests.cast import Cast
from tests.parents.frame import text_of
from tests.parents.gatherings import facts, gathering_of, held, library, signed

pytestmark = pytest.mark.django_db


def test_it_begins_at_its_gatherings_and_finds_no_family(cast: Cast) -> None:
    reading = library(cast)
    signed(cast, reading, "separated_father", 1, 2, interpreter="ar")
    signed(cast, reading, "mother", interpreter="pa")
    tom = cast.client("partner")
    home = tom.get("/")
    assert home.headers["Location"] == reverse("partner_gatherings")
    pages = [
        text_of(tom.get(reverse("partner_gatherings"))),
        text_of(tom.get(reverse("partner_gathering", args=[reading.pk]))),
    ]
    assert "4 mensen komen" in pages[1]
    assert "Karim" in pages[1]
    assert "Harpreet" in pages[1]
    assert "Arabisch" in pages[1]
    for page in pages:
        for secret in ("Haddad", "Kaur", "Simran", "Yusuf", "thuis.example", "0470", "+32470"):
            assert secret not in page
        assert not re.search(r"\b3B\b", page)  # as a word: a form's token may have the letters
        assert "/school/gezinnen/" not in page


def test_of_one_that_is_over_nobody_is_said_to_be_still_coming(cast: Cast) -> None:
    reading, tom = library(cast), cast.client("partner")
    url = reverse("partner_gathering", args=[reading.pk])
    assert "0 mensen komen" in text_of(tom.get(url))
    held(reading, days=20)
    assert "0 mensen komen" not in text_of(tom.get(url))


def test_of_one_that_is_over_it_is_said_who_had_signed_up(cast: Cast) -> None:
    reading, tom = library(cast), cast.client("partner")
    signed(cast, reading, "mother")
    url = reverse("partner_gathering", args=[reading.pk])
    assert "1 persoon komt" in text_of(tom.get(url))
    held(reading, days=20)
    assert "1 persoon was ingeschreven" in text_of(tom.get(url))


def test_to_one_that_is_cancelled_nobody_is_said_to_come(cast: Cast) -> None:
    reading, tom = library(cast), cast.client("partner")
    signed(cast, reading, "mother")
    cancel_gathering(gathering=reading, because="Ziek.", by=cast.staff["head"])
    page = text_of(tom.get(reverse("partner_gathering", args=[reading.pk])))
    assert "1 persoon was ingeschreven" in page
    assert "1 persoon komt" not in page


def test_who_waits_is_not_named(cast: Cast) -> None:
    reading = library(cast, places=1)
    signed(cast, reading, "mother")
    signed(cast, reading, "separated_father")
    page = text_of(cast.client("partner").get(reverse("partner_gathering", args=[reading.pk])))
    assert "Harpreet" in page
    assert "Karim" not in page


def test_who_asked_to_be_left_alone_is_counted_and_not_named(cast: Cast) -> None:
    reading = library(cast)
    signed(cast, reading, "separated_father", 1, 2, interpreter="ar")
    signed(cast, reading, "mother")
    Guardian.objects.filter(pk=cast.guardians["separated_father"].pk).update(restricted_on=clock.today())
    page = text_of(cast.client("partner").get(reverse("partner_gathering", args=[reading.pk])))
    assert "4 mensen komen" in page
    assert not any(secret in page for secret in ("Karim", "Arabisch"))
    line = AuditEntry.objects.get(verb="read", target_kind="parents.gathering")
    assert {one.guardian_id for one in line.subjects.all()} == {cast.guardians["mother"].pk}
    Guardian.objects.filter(pk=cast.guardians["mother"].pk).update(restricted_on=clock.today())
    page = text_of(cast.client("partner").get(reverse("partner_gathering", args=[reading.pk])))
    assert "4 mensen komen" in page
    assert "Nog niemand is ingeschreven" not in page


def test_after_two_months_it_is_not_there_any_more(cast: Cast) -> None:
    reading = held(library(cast), days=9 + 59)
    url, tom = reverse("partner_gathering", args=[reading.pk]), cast.client("partner")
    assert tom.get(url).status_code == 200
    held(reading, days=2)
    assert tom.get(url).status_code == 404
    assert "Voorlezen" not in text_of(tom.get(reverse("partner_gatherings")))


def test_who_signed_up_without_knowing_of_a_partner_is_not_shown_to_one(cast: Cast) -> None:
    coffee, partner = gathering_of(cast), Partner.objects.get()
    signed(cast, coffee, "mother")
    with pytest.raises(ValidationError, match="niemand zei hun") as refused:
        change_gathering(gathering=coffee, facts=facts(partner=partner), by=cast.staff["head"])
    assert set(refused.value.message_dict) == {"partner"}
    assert cast.client("partner").get(reverse("partner_gathering", args=[coffee.pk])).status_code == 404
    reading = library(cast)
    signed(cast, reading, "mother")
    change_gathering(gathering=reading, facts=facts(partner=partner, title="Verhalen"), by=cast.staff["head"])
    change_gathering(gathering=reading, facts=facts(), by=cast.staff["head"])
    reading.refresh_from_db()
    assert reading.partner is None, "fewer may always know"


def test_gatherings_without_it_or_with_another_partner_are_not_there(cast: Cast) -> None:
    other = gathering_of(cast, title="Zonder partner")
    elsewhere = gathering_of(cast, title="Opvangcentrum", partner=Partner.objects.create(name="Opvangcentrum"))
    tom = cast.client("partner")
    page = text_of(tom.get(reverse("partner_gatherings")))
    for row in (other, elsewhere):
        assert row.title not in page
        for name in ("partner_gathering", "gathering_detail", "gathering_attendance"):
            assert tom.get(reverse(name, args=[row.pk])).status_code in (403, 404)


def test_it_says_only_how_many_came(cast: Cast) -> None:
    reading = library(cast)
    signed(cast, reading, "mother")
    url, tom = reverse("partner_gathering", args=[reading.pk]), cast.client("partner")
    assert 'name="counted"' not in text_of(tom.get(url))
    assert "moet nog komen" in text_of(tom.post(url, {"counted": "9"}, follow=True))
    held(reading)
    before = ContactMoment.objects.count()
    assert tom.post(url, {"counted": "9", "shown": cast.families["kaur"].pk, "came_1": "on"}).status_code == 302
    reading.refresh_from_db()
    assert (reading.counted_only, reading.attended_at, ContactMoment.objects.count()) == (9, None, before)
    assert AuditEntry.objects.get(verb="counted").actor == cast.staff["partner"]
    assert tom.post(url, {"counted": "honderd"}).status_code == 422


def test_nobody_came_to_what_was_cancelled(cast: Cast) -> None:
    reading = library(cast)
    cancel_gathering(gathering=reading, because="Ziek.", by=cast.staff["head"])
    held(reading)
    page = cast.client("partner").post(reverse("partner_gathering", args=[reading.pk]), {"counted": "9"}, follow=True)
    assert "gaat niet door" in text_of(page)
    assert 'name="counted"' not in text_of(page)
    reading.refresh_from_db()
    assert reading.counted_only is None


def test_a_parent_who_signed_up_reads_that_the_partner_looked_the_other_one_does_not(cast: Cast) -> None:
    reading = library(cast)
    signed(cast, reading, "separated_father")
    cast.client("partner").get(reverse("partner_gathering", args=[reading.pk]))
    father, mother = cast.guardians["separated_father"], cast.guardians["separated_mother"]
    (visit,) = shown(visits_to(father), father)
    assert (visit.role, visit.organisation) == ("partner van de school", "Bibliotheek De Leidraad")
    assert visit.what == "een lijst van wie naar een bijeenkomst komt"
    assert shown(visits_to(mother), mother) == []


def test_who_lost_the_right_to_information_is_no_name_at_the_door(cast: Cast) -> None:
    """Neither before a sweep takes the place back, nor once the gathering has begun, when nothing takes it any more."""
    reading = library(cast)
    signed(cast, reading, "mother")
    signed(cast, reading, "separated_father")
    pages = [("partner", "partner_gathering"), ("head", "gathering_detail")]
    for key, page in pages:
        assert "Karim" in text_of(cast.client(key).get(reverse(page, args=[reading.pk])))
    Guardianship.objects.filter(guardian=cast.guardians["separated_father"]).update(information_right=False)
    for gathering in (reading, held(reading)):
        for key, page in pages:
            said = text_of(cast.client(key).get(reverse(page, args=[gathering.pk])))
            assert "Harpreet" in said
            assert "Karim" not in said
    entry = AuditEntry.objects.filter(actor=cast.staff["partner"]).latest("pk")
    assert cast.guardians["separated_father"].pk not in entry.detail.get("guardians", [])


def test_a_partner_who_says_no_number_leaves_what_the_school_counted(cast: Cast) -> None:
    reading, tom = held(library(cast)), cast.client("partner")
    url = reverse("partner_gathering", args=[reading.pk])
    before = tom.get(url).context["form"]
    count_people(gathering=reading, number=18, by=cast.staff["head"])
    tom.post(url, {"counted": before["counted"].value() or "", "counted_then": before["counted_then"].value()})
    reading.refresh_from_db()
    assert reading.counted_only == 18
    tom.post(url, {"counted": "", "counted_then": "18"})
    reading.refresh_from_db()
    assert reading.counted_only is None, "taken away on purpose"
