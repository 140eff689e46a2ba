"""Who was signed out meanwhile comes back to a page, not to an address that only takes forms; nor is that empty."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests.surface.routes import STAFF
from tests.surface.rows import Rows

pytestmark = pytest.mark.django_db

FORMS = sorted(name for name, route in STAFF.items() if route.method == "post")
HOST = "http://testserver"


def goal(location: str, name: str) -> str:
    return parse_qs(urlsplit(location).query, keep_blank_values=True)[name][0]


@pytest.mark.parametrize("name", FORMS)
def test_a_colleague_comes_back_to_the_page_of_the_form(rows: Rows, name: str) -> None:
    address = reverse(name, args=STAFF[name].arguments(rows))
    page = f"{HOST}{reverse('family_list')}?school=1"
    answer = Client().post(address, headers={"Referer": page})
    assert goal(answer.headers["Location"], "next") == page.removeprefix(HOST)


@pytest.mark.parametrize(
    "page", ["", "https://elsewhere.example/school/week/", f"{HOST}/accounts/afmelden/", "http://[geen/school/week/"]
)
def test_from_no_page_of_ours_the_way_leads_home(page: str) -> None:
    answer = Client().post(reverse("translation_take", args=[1]), headers={"Referer": page})
    assert goal(answer.headers["Location"], "next") == "/"


def test_a_parent_comes_back_to_the_page_of_the_form() -> None:
    address, page = reverse("portal_absence_back", args=[1, 1]), reverse("portal_child", args=[1])
    answer = Client().post(address, headers={"Referer": f"{HOST}{page}"})
    assert goal(answer.headers["Location"], "volgende") == page
    assert goal(Client().post(address).headers["Location"], "volgende") == ""
    assert goal(Client().get(page).headers["Location"], "volgende") == page


def test_an_address_that_only_takes_forms_is_no_empty_page(rows: Rows) -> None:
    page = rows.cast.client("translator").get(reverse("translation_take", args=[1]))
    assert (page.status_code, page.headers["Allow"]) == (405, "POST")
    assert "<h1>" in page.content.decode()
