"""Who opens a notice in Punjabi on a phone whose browser speaks Dutch reads on in Punjabi, also on the pages that do
not know who reads; nobody chose a language by that."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Delivery
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, page_url, sent
from tests.parents.frame import language_and_direction, text_of

pytestmark = pytest.mark.django_db
DUTCH = {"Accept-Language": "nl-BE,nl;q=0.9"}
PUNJABI, ENGLISH = ("pa-Guru", "ltr"), ("en", "ltr")


@pytest.fixture
def mother(cast: Cast) -> Delivery:
    return delivery_to(sent(cast), cast, "mother")


def led_to(client: Client, page: str, door: str) -> str:
    """Where the link on this page to ``door`` leads."""
    [found] = set(re.findall(rf'href="({re.escape(door)}(?:\?[^"]*)?)"', text_of(client.get(page, headers=DUTCH))))
    return found


@pytest.mark.parametrize("name", ["privacy_notice", "portal_home", "school_welcome"])
def test_what_a_notice_leads_to_speaks_its_language(client: Client, mother: Delivery, name: str) -> None:
    number = mother.notice.school.institution_number
    door = reverse(name, args=[number] if name == "school_welcome" else [])
    page = client.get(led_to(client, page_url(mother), door), headers=DUTCH, follow=True)
    assert language_and_direction(page) == PUNJABI
    assert language_and_direction(client.get(reverse("guardian_sign_in"), headers=DUTCH)) == PUNJABI, "and so on"


def test_coming_back_from_no_mails_asks_for_a_code_in_that_language(client: Client, mother: Delivery) -> None:
    there = led_to(client, page_url(mother, "token_unsubscribe"), page_url(mother, "token_choices"))
    page = client.get(there, headers=DUTCH)
    assert (page.status_code, language_and_direction(page)) == (200, PUNJABI)
    assert "h•••@" in text_of(page), "it knows where to send it"


def test_it_is_no_choice_for_whoever_reads_next(client: Client, cast: Cast, mother: Delivery) -> None:
    client.get(led_to(client, page_url(mother), reverse("privacy_notice")), headers=DUTCH)
    other = delivery_to(mother.notice, cast, "separated_mother")
    assert language_and_direction(client.get(page_url(other), headers=DUTCH))[0] == "fr-BE"
    client.get(reverse("privacy_notice"), {"taal": "en"}, headers=DUTCH)
    door = led_to(client, page_url(mother), reverse("privacy_notice"))
    assert language_and_direction(client.get(door, headers=DUTCH)) == ENGLISH, "what was chosen stays"


def test_what_no_language_is_carries_nothing(client: Client) -> None:
    for words in ("rif", "xx", ""):
        page = client.get(reverse("privacy_notice"), {"van": words}, headers=DUTCH)
        assert language_and_direction(page)[0] == "nl-BE"
