"""Sessions end when they must: a new password, an assignment that ends, somebody else in the same browser."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from parents import access
from schools import clock
from schools.models import Assignment, User
from tests.cast import Cast
from tests.surface.accounts import LOGIN, is_in, sign_in
from tests.surface.routes import STAFF
from tests.surface.rows import Rows

pytestmark = pytest.mark.usefixtures("own_cache")


def test_signing_in_changes_the_sessions_key(teacher: Any) -> None:
    client = Client()
    client.get(f"{LOGIN}?taal=fr")
    before = client.session.session_key
    sign_in(client, teacher.email)
    assert is_in(client)
    assert before
    assert client.session.session_key != before
    fixed = Client()
    fixed.cookies["sessionid"] = before
    assert not is_in(fixed)


def test_signing_out_ends_the_session(teacher: Any) -> None:
    client = Client()
    sign_in(client, teacher.email)
    stolen = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert not is_in(thief)


def test_a_new_password_ends_the_other_sessions(teacher: Any) -> None:
    client = Client()
    sign_in(client, teacher.email)
    assert client.get(reverse("account_logout")).status_code == 200
    teacher.set_password("Een-heel-ander-wachtwoord-9")
    teacher.save()
    assert client.get(reverse("my_week")).headers["Location"].startswith(LOGIN)


def _staff_pages(rows: Rows, key: str) -> list[str]:
    return [
        reverse(name, args=route.arguments(rows)) + route.query(rows)
        for name, route in STAFF.items()
        if route.method == "get" and key in route.rows
    ]


@pytest.mark.parametrize("key", ["teacher_3b", "joint"])
def test_an_assignment_that_ends_closes_every_page_at_once(rows: Rows, key: str) -> None:
    client = rows.cast.client(key)
    assert client.get(reverse("my_week")).status_code == 200
    Assignment.objects.filter(user=rows.cast.staff[key]).update(ends_on=clock.today() - timedelta(days=1))
    assert {client.get(url).status_code for url in _staff_pages(rows, key)} <= {403, 404}


def test_a_deactivated_account_is_out_at_once(rows: Rows) -> None:
    client = rows.cast.client("teacher_3b")
    User.objects.filter(pk=rows.cast.staff["teacher_3b"].pk).update(is_active=False)
    for url in _staff_pages(rows, "teacher_3b"):
        answer = client.get(url)
        assert answer.status_code == 302, url
        assert answer.headers["Location"].startswith(LOGIN)


def test_a_deactivated_account_does_not_come_in(teacher: Any) -> None:
    teacher.is_active = False
    teacher.save()
    client = Client()
    sign_in(client, teacher.email)
    assert client.get(reverse("my_week")).headers["Location"].startswith(LOGIN)


def test_an_unused_guardian_session_ends(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    mother = cast.guardian_client("mother")
    assert mother.get("/ouders/").status_code == 200
    later = clock.now() + timedelta(hours=2, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    for url in ("/ouders/", reverse("portal_choices"), reverse("portal_child", args=[cast.pupils["simran"].pk])):
        assert mother.get(url).headers["Location"].startswith(reverse("guardian_sign_in"))


class TestOneBrowser:
    """A shared computer: in a browser there is one person at a time."""

    def test_a_guardian_who_comes_in_sends_staff_out(self, cast: Cast) -> None:
        client = cast.client("teacher_3b")
        before = client.session.session_key
        _enter(client, "karim@elders.example")
        assert not is_in(client)
        assert client.session[access.SESSION_GUARDIAN] == cast.guardians["separated_father"].pk
        assert client.session.session_key != before
        assert client.get(reverse("my_week")).headers["Location"].startswith(LOGIN)

    def test_staff_who_come_in_send_the_guardian_out(self, cast: Cast, teacher: Any) -> None:
        client = cast.guardian_client("separated_father")
        sign_in(client, teacher.email)
        assert is_in(client)
        assert client.get("/ouders/").headers["Location"].startswith(reverse("guardian_sign_in"))

    def test_another_guardian_finds_nothing_of_the_first(self, cast: Cast) -> None:
        client = cast.guardian_client("mother")
        session = client.session
        session["notices_proven"] = [1]
        session.save()
        _enter(client, "karim@elders.example")
        assert "notices_proven" not in client.session


def _enter(client: Client, address: str) -> None:
    """As a guardian, with the code from the mail."""
    client.post(reverse("guardian_sign_in"), {"contact": address})
    found = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert found
    client.post(reverse("guardian_code"), {"code": found[0]})
