"""A colleague who forgot the password: each page says what to do next, in our words and not in those of allauth."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.surface.accounts import LOGIN, sign_in

pytestmark = pytest.mark.usefixtures("own_cache")
NEW = "Perenbloesem-in-april-28"
FORGOT = reverse("account_reset_password")


def main_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text[text.index("<main") : text.index("</main>")]


@pytest.fixture
def link(cast: Cast) -> str:
    Client().post(reverse("account_reset_password"), {"email": cast.staff["teacher_3b"].email})
    found = re.search(r"https?://\S+/wachtwoord/nieuw/\S+", str(mail.outbox[-1].body))
    assert found
    return urlsplit(found[0]).path


def test_the_page_after_asking_speaks_of_a_new_password(cast: Cast) -> None:
    """Allauth's own Dutch spoke there of a mail to verify an address."""
    answer = Client().post(reverse("account_reset_password"), {"email": cast.staff["teacher_3b"].email}, follow=True)
    page = main_of(answer)
    assert "Open de link en kies een nieuw wachtwoord" in page
    assert "verificatie" not in page
    assert f'href="{LOGIN}"' in page
    assert f'href="{reverse("account_reset_password")}"' in page


def test_from_the_link_to_signing_in_with_the_new_password(cast: Cast, link: str) -> None:
    client = Client()
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    assert f'action="{address}"' in main_of(form)
    done = client.post(address, {"password1": NEW, "password2": NEW}, follow=True)
    assert f'href="{LOGIN}"' in main_of(done), "the way on"
    person = cast.staff["teacher_3b"]
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert sign_in(Client(), person.email, NEW).status_code == 302


def test_a_link_that_was_used_leads_to_a_new_one(link: str) -> None:
    client = Client()
    address = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(address, {"password1": NEW, "password2": NEW})
    page = main_of(Client().get(link))
    assert "Deze link werkt niet meer" in page
    assert f'href="{reverse("account_reset_password")}"' in page


def test_the_mail_says_what_it_is_for_and_what_to_do_when_it_was_somebody_else(link: str) -> None:
    text = str(mail.outbox[-1].body)
    assert text.startswith("Iemand vroeg een nieuw wachtwoord")
    assert "Dan hoef je niets te doen" in text
    assert text.count("http") == 1
    assert link in text


def test_who_asks_too_often_reads_it_in_the_own_language_and_goes_back(cast: Cast) -> None:
    """Allauth's own page is English, without a language or a way back."""
    client, address = Client(headers={"accept-language": "fr", "referer": f"http://testserver{FORGOT}"}), FORGOT
    for _time in range(5):
        assert client.post(address, {"email": cast.staff["teacher_3b"].email}).status_code == 302
    told = len(mail.outbox)
    answer = client.post(address, {"email": cast.staff["teacher_3b"].email})
    assert answer.status_code == 429
    assert len(mail.outbox) == told, "nothing was sent, as the page says"
    assert '<html lang="fr' in answer.content.decode()
    assert "Attendez une minute" in main_of(answer)
    assert f'href="{FORGOT}"' in main_of(answer)
    without = client.post(address, {"email": cast.staff["teacher_3b"].email}, headers={"referer": ""})
    assert f'href="{reverse("home")}"' in main_of(without)
