"""The notice about privacy: in plain words on a page that anybody can open, and put before a parent once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from parents.models import Guardian
from parents.whoread import ROLES
from schools import clock
from schools.access import SCHOOL_TEAM, WHOLE_SCHOOL
from schools.models import AuditEntry
from tests.cast import Cast
from tests.parents.frame import language_and_direction, text_of

pytestmark = pytest.mark.django_db

PAGE = reverse("privacy_notice")


def test_anybody_reads_it_without_signing_in(cast: Cast) -> None:
    answer = Client().get(PAGE, {"taal": "ar"})
    assert answer.status_code == 200
    assert language_and_direction(answer)[1] == "rtl"


def test_who_is_signed_in_finds_the_own_school_and_clb(cast: Cast) -> None:
    page = text_of(cast.guardian_client("separated_father").get(PAGE))
    assert "VBS De Kersenboom" in page
    assert "VCLB Haspengouw" in page
    assert "Bloesem" not in page


def test_it_names_everybody_of_a_school_who_opens_a_family() -> None:
    """A parent who reads later who looked meets no role that this page kept silent about."""
    page = " ".join(text_of(Client().get(PAGE, {"taal": "en"})).split())
    with translation.override("en"):
        names = {role: str(ROLES[role]).removesuffix(" of school").removeprefix("school ") for role in ROLES}
    assert [role for role in {*SCHOOL_TEAM, *WHOLE_SCHOOL} if f"the {names[role]}" not in page] == []
    assert "The CLB of the school" in page


def test_the_times_come_from_the_settings(cast: Cast, settings: Any) -> None:
    settings.DELIVERY_ADDRESS_DAYS = 37
    settings.NOTES_UNTIL = (8, 14)
    page = text_of(Client().get(PAGE))
    assert "37" in page
    assert "14 " in page


@pytest.mark.parametrize(("language", "day"), [("nl", "31 aug "), ("uk", "31 серп "), ("ps", "31 اګست ")])
def test_a_day_stands_in_the_language_of_the_reader(language: str, day: str, settings: Any) -> None:
    settings.NOTES_UNTIL = (8, 31)
    assert day in " ".join(text_of(Client().get(PAGE, {"taal": language})).split())


@pytest.mark.parametrize("key", ["portal_home", "portal_choices", "portal_data", "guardian_sign_in", "letter_code"])
def test_every_page_of_parents_leads_to_it(cast: Cast, key: str) -> None:
    client = cast.guardian_client("mother") if key.startswith("portal") else Client()
    assert f'href="{PAGE}"' in text_of(client.get(reverse(key)))


def test_it_is_put_before_a_parent_once(cast: Cast) -> None:
    client, home, read = cast.guardian_client("mother"), reverse("portal_home"), reverse("privacy_read")
    assert 'id="privacy"' in text_of(client.get(home))
    assert Guardian.objects.get(pk=cast.guardians["mother"].pk).privacy_shown_on is None, "reading writes nothing"
    assert f'action="{read}"' in text_of(client.get(PAGE))
    assert client.post(read).status_code == 302
    assert Guardian.objects.get(pk=cast.guardians["mother"].pk).privacy_shown_on == clock.today()
    assert 'id="privacy"' not in text_of(client.get(home))
    client.post(read)
    assert AuditEntry.objects.filter(verb="read privacy notice").count() == 1


def test_strangers_mark_nothing(cast: Cast) -> None:
    assert Client().post(reverse("privacy_read")).status_code == 302
    assert not Guardian.objects.filter(privacy_shown_on__isnull=False).exists()
