"""A page speaks a language only when it is written whole in it: colleagues' pages in three, parents' in all."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db


def spoken(client: Client, path: str, **options: Any) -> tuple[str, str]:
    """Language and direction that a page says of itself."""
    page = client.get(path, **options).content.decode()
    found = re.search(r'<html lang="([^"]+)"\s+dir="([^"]+)"', page)
    assert found, path
    return found[1], found[2]


def test_who_read_a_parents_page_in_arabic_finds_the_own_pages_in_the_own_language(cast: Cast) -> None:
    client = cast.client("teacher_1a")
    assert spoken(client, "/ouders/aanmelden/?taal=ar") == ("ar", "rtl")
    assert spoken(client, "/school/week/") == ("nl-BE", "ltr")
    assert spoken(client, "/ouders/aanmelden/") == ("ar", "rtl")


def test_a_colleagues_page_asked_for_in_punjabi_stays_whole(cast: Cast) -> None:
    client = cast.client("teacher_1a")
    assert spoken(client, "/school/week/?taal=pa") == ("nl-BE", "ltr")
    assert spoken(client, "/school/week/?taal=fr")[0].startswith("fr")


def test_the_sign_in_of_colleagues_is_not_half_in_the_language_of_the_browser(client: Client) -> None:
    assert spoken(client, "/accounts/aanmelden/", headers={"accept-language": "ar"}) == ("nl-BE", "ltr")
    assert spoken(client, "/accounts/aanmelden/", headers={"accept-language": "fr"})[0].startswith("fr")
    assert spoken(client, "/ouders/aanmelden/", headers={"accept-language": "ar"}) == ("ar", "rtl")


@pytest.mark.parametrize("path", ["/uitnodiging/nergens/", "/beginnen/"])
def test_the_first_page_of_a_new_colleague_is_whole(client: Client, path: str) -> None:
    """Whoever is invited has no account yet, and perhaps a phone in Turkish: the browser's language is all there is."""
    assert spoken(client, path, headers={"accept-language": "tr"}) == ("nl-BE", "ltr")
    assert spoken(client, path, headers={"accept-language": "fr"})[0].startswith("fr")
