"""In which language a page speaks: the guardian's choice, then the language of the link, then the browser, then Dutch;
remembered from page to page, and the switch keeps the page."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from messaging.tokens import make_token
from schools import languages
from schools.languages import INTERFACE_CODES
from tests.surface.rows import Rows

pytestmark = pytest.mark.django_db


def spoken(html: str) -> tuple[str, str]:
    found = re.search(r'<html lang="([\w-]+)"\s+dir="(\w+)"', html)
    assert found is not None
    return found[1], found[2]


def read(client: Client, path: str, accepts: str = "") -> tuple[str, str]:
    answer = client.get(path, headers={"accept-language": accepts})
    assert answer.status_code == 200, path
    html = answer.content.decode()
    assert answer.headers["Content-Language"] == spoken(html)[0]
    return spoken(html)


def link(rows: Rows, guardian: str = "separated_father") -> str:
    return reverse("token_notice", args=[make_token(rows.delivery_to(guardian))])


def test_without_anything_known_a_page_is_dutch(rows: Rows) -> None:
    assert read(Client(), reverse("guardian_sign_in")) == ("nl-BE", "ltr")
    assert read(Client(), reverse("guardian_sign_in"), "xx") == ("nl-BE", "ltr")


def test_the_browser_goes_before_dutch(rows: Rows) -> None:
    assert read(Client(), reverse("guardian_sign_in"), "ps-AF,en;q=0.8") == ("ps", "rtl")


def test_the_language_of_a_link_goes_before_the_browser(rows: Rows) -> None:
    assert rows.cast.guardians["separated_father"].contact_language == "ar"
    assert read(Client(), link(rows), "pl") == ("ar", "rtl")


def test_a_choice_goes_before_the_link_and_is_remembered_on_every_page(rows: Rows) -> None:
    client = Client()
    assert read(client, f"{link(rows)}?taal=tr", "pl") == ("tr", "ltr")
    assert read(client, link(rows), "pl") == ("tr", "ltr")
    assert read(client, reverse("guardian_sign_in"), "pl") == ("tr", "ltr")
    assert read(client, reverse("home"), "pl") == ("tr", "ltr")
    assert read(client, f"{reverse('home')}?taal=uk", "pl") == ("uk", "ltr")
    assert read(client, link(rows), "pl") == ("uk", "ltr")


def test_a_guardian_who_signs_in_reads_the_own_language(rows: Rows) -> None:
    assert read(rows.cast.guardian_client("separated_father"), reverse("portal_home"), "pl") == ("ar", "rtl")


@pytest.mark.parametrize("wrong", ["xx", "rom", "", "nl'><script>", "x" * 3000])
def test_a_language_without_pages_chooses_nothing(rows: Rows, wrong: str) -> None:
    client = Client()
    answer = client.get(reverse("guardian_sign_in"), {"taal": wrong}, headers={"accept-language": "pl"})
    assert spoken(answer.content.decode()) == ("pl", "ltr")


@pytest.mark.parametrize("code", [*INTERFACE_CODES, "prs"])
def test_every_language_frames_the_page_in_its_own_direction(rows: Rows, code: str) -> None:
    entry = languages.LANGUAGES[code]
    assert read(Client(), f"{link(rows)}?taal={code}") == (entry.html_lang, entry.direction)


@pytest.mark.parametrize("name", ["guardian_sign_in", "letter_code", "home", "school_welcome", "playbook"])
def test_the_switch_keeps_the_page_and_what_was_asked(rows: Rows, name: str) -> None:
    path = reverse(name, args=["999101"] if name == "school_welcome" else [])
    html = Client().get(path, {"volgende": "/ouders/keuzes/"}).content.decode()
    targets = [target.replace("&amp;", "&") for target in re.findall(r'href="([^"]*taal=\w+[^"]*)"', html)]
    assert {parse_qs(urlsplit(target).query)["taal"][0] for target in targets} == {*INTERFACE_CODES, "prs"}
    for target in targets:
        parts = urlsplit(target)
        assert parts.path in ("", path)
        assert parse_qs(parts.query)["volgende"] == ["/ouders/keuzes/"]


def test_the_switch_names_each_language_in_its_own_words(rows: Rows) -> None:
    html = Client().get(reverse("guardian_sign_in")).content.decode()
    for code in (*INTERFACE_CODES, "prs"):
        entry = languages.LANGUAGES[code]
        assert re.search(rf'lang="{entry.html_lang}"[^>]*>\s*{entry.own_name}', html), code
    assert not re.search("[\U0001f1e6-\U0001f1ff]", html)


def test_a_form_without_its_proof_leads_back_in_the_language_of_the_link(rows: Rows) -> None:
    """A phone that refuses cookies sends no proof; neither the way back nor a language leads to where forms go."""
    careful, page = Client(enforce_csrf_checks=True), link(rows)
    path = reverse("token_answer", args=[page.split("/")[2]])
    answer = careful.post(path, {"answer": "yes"}, headers={"referer": f"http://testserver{page}?taal=pl"})
    html = answer.content.decode()
    assert (answer.status_code, spoken(html)) == (403, ("ar", "rtl"))
    assert f'href="{page}?taal=pl"' in html
    assert f'href="{page}?taal=tr"' in html
    assert read(Client(), f"{page}?taal=tr") == ("tr", "ltr")


def test_a_form_of_another_site_leads_to_the_start_page(rows: Rows) -> None:
    careful, path = Client(enforce_csrf_checks=True), reverse("guardian_sign_in")
    html = careful.post(path, {}, headers={"referer": "https://elsewhere.example/x"}).content.decode()
    assert 'href="/"' in html
    assert "elsewhere" not in html
