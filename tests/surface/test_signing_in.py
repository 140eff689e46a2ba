"""Accounts under attack: guessing, telling who exists, old sessions, rights that end, ways to elsewhere."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ingroeibloei import environment
from parents import access
from parents.limits import Limit
from schools import clock
from schools.middleware import DEMO_SESSION_KEY
from schools.models import Assignment, User
from tests.cast import Cast
from tests.surface.routes import STAFF
from tests.surface.rows import Rows

PASSWORD = "Kersenbloesem-in-mei-27"
LOGIN = reverse("account_login")


@pytest.fixture(autouse=True)
def own_cache(settings: Any, tmp_path: Any) -> None:
    """Limits are counted for each test apart."""
    settings.CACHES = {"default": environment.cache("", tmp_path)}


@pytest.fixture
def cast(rows: Rows) -> Cast:
    """The town of this file's tests: there is one."""
    return rows.cast


@pytest.fixture
def teacher(cast: Cast) -> Any:
    """A teacher with a password and, so that one step is enough here, no second factor yet."""
    user = User.objects.get(pk=cast.staff["teacher_3b"].pk)
    user.set_password(PASSWORD)
    user.save()
    Authenticator.objects.filter(user=user).delete()
    return user


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


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


def test_every_staff_page_stands_behind_the_second_factor() -> None:
    """The middleware goes by the address, so no page for staff may stand elsewhere."""

    def walk(resolver: URLResolver, before: str = "/") -> Any:
        for pattern in resolver.url_patterns:
            here = f"{before}{pattern.pattern}"
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, here)
            elif isinstance(pattern, URLPattern):
                yield here, pattern.callback

    of_staff = [here for here, view in walk(get_resolver()) if hasattr(view, "staff_roles")]
    assert len(of_staff) > 20
    assert [here for here in of_staff if not here.startswith("/school/")] == []


def test_the_demos_mark_opens_nothing_outside_a_demo(teacher: Any) -> None:
    client = Client()
    sign_in(client, teacher.email)
    session = client.session
    session[DEMO_SESSION_KEY] = True
    session.save()
    answer = client.get(reverse("my_week"))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("mfa_activate_totp"))


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
