"""Accounts under attack: guessing, telling who exists, ways to elsewhere, the demo's doors."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from parents.limits import Limit
from tests.surface.accounts import LOGIN, PASSWORD, is_in, sign_in
from tests.surface.rows import Rows

pytestmark = pytest.mark.usefixtures("own_cache")


def words(answer: Any, *typed: str) -> str:
    """The page without what differs in every answer."""
    text = re.sub(r'(name="csrfmiddlewaretoken"\s+)?value="[^"]{40,}"', "", answer.content.decode())
    for word in typed:
        text = text.replace(word, "")
    return text


def test_unknown_and_known_accounts_get_the_same_answer(teacher: Any) -> None:
    known, unknown = (
        sign_in(Client(), email, "verkeerd-wachtwoord") for email in (teacher.email, "niemand@cast.example")
    )
    assert known.status_code == unknown.status_code
    assert words(known, teacher.email) == words(unknown, "niemand@cast.example")


def test_a_forgotten_password_tells_nobody_who_exists(teacher: Any) -> None:
    url = reverse("account_reset_password")
    known, unknown = (
        Client().post(url, {"email": email}, follow=True) for email in (teacher.email, "niemand@cast.example")
    )
    assert known.redirect_chain == unknown.redirect_chain
    assert words(known) == words(unknown)
    assert teacher.email in [address for message in mail.outbox for address in message.to]


def test_the_mail_of_a_forgotten_password_leads_home(teacher: Any) -> None:
    """A forged Host or X-Forwarded-Host must not send the key to somebody else's site."""
    url = reverse("account_reset_password")
    Client().post(url, {"email": teacher.email}, headers={"x-forwarded-host": "elders.example"})
    assert "elders.example" not in str(mail.outbox[-1].body)
    refused = Client(raise_request_exception=False).post(
        url, {"email": teacher.email}, headers={"host": "elders.example"}
    )
    assert refused.status_code == 400
    assert len(mail.outbox) == 1


def test_the_right_password_opens_nothing_after_ten_wrong_ones(teacher: Any) -> None:
    for number in range(10):
        sign_in(Client(REMOTE_ADDR=f"192.0.2.{number}"), teacher.email, f"verkeerd-{number}-wachtwoord")
    last = Client(REMOTE_ADDR="192.0.2.99")
    sign_in(last, teacher.email)
    assert not is_in(last)


def test_one_machine_cannot_try_many_accounts(teacher: Any) -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    for number in range(10):
        sign_in(client, f"iemand{number}@cast.example", "verkeerd-wachtwoord")
    sign_in(client, teacher.email)
    assert not is_in(client)


def test_counted_tries_survive_many_other_keys(db: None) -> None:
    limit = Limit("test", 1, 3600)
    assert limit.spend("victim")
    for number in range(400):
        cache.set(f"other-{number}", 1, 3600)
    assert not limit.spend("victim")


@pytest.mark.parametrize("goal", ["https://elders.example/", "//elders.example/", "javascript:alert(1)", "/\\elders"])
def test_signing_in_leads_to_no_other_site(teacher: Any, goal: str) -> None:
    answer = Client().post(f"{LOGIN}?next={goal}", {"login": teacher.email, "password": PASSWORD, "next": goal})
    assert answer.status_code == 302
    assert "elders" not in answer.headers["Location"]
    assert "javascript" not in answer.headers["Location"]


@pytest.mark.parametrize(
    "goal", ["https://elders.example/", "//elders.example/", "javascript:alert(1)", "elders.example", "9", "/\\elders"]
)
def test_going_back_leads_to_no_other_site(rows: Rows, goal: str) -> None:
    client = rows.cast.client("teacher_3b")
    for name, number in (("follow_up_done", rows.cast.follow_up.pk), ("call_done", rows.call.pk)):  # type: ignore[union-attr]
        answer = client.post(reverse(name, args=[number]), {"next": goal, "outcome": "NOT_REACHED"})
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/school/")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("demo", []),
        ("demo_become", ["an"]),
        ("demo_outbox", []),
        ("demo_outbox_detail", [1]),
        ("demo_outbox_html", [1]),
    ],
)
def test_outside_a_demo_its_pages_do_not_exist(db: None, method: str, name: str, arguments: Any) -> None:
    client = Client()
    assert getattr(client, method)(reverse(name, args=arguments)).status_code == 404
    assert not is_in(client)
