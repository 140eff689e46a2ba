"""The access matrix: everybody at every named route, and no route without a row in the matrix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.template.backends.django import Template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.surface.doors import (
    BY_SCHOOL_ACCOUNT,
    BY_TOKEN,
    DEMO_ONLY,
    FOR_GUARDIANS,
    ON_THE_TABLET,
    PUBLIC,
    SIGN_IN_STEPS,
    WHILE_EMPTY,
)
from tests.surface.roles import ALL_STAFF
from tests.surface.routes import STAFF
from tests.surface.rows import Rows

pytestmark = [pytest.mark.django_db, pytest.mark.either_engine, pytest.mark.slow]

GETS_IN = {200, 302, 303, 422}
OTHERS = {"ex_colleague"}


def named_routes(resolver: URLResolver | None = None) -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from named_routes(pattern)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name


def test_every_named_route_is_in_the_matrix() -> None:
    open_doors = {*PUBLIC, *SIGN_IN_STEPS, *BY_TOKEN, *BY_SCHOOL_ACCOUNT, *FOR_GUARDIANS, *ON_THE_TABLET, *WHILE_EMPTY}
    known = {*STAFF, *open_doors, *DEMO_ONLY, "report_sign", "report_pdf"}
    theirs = {name for name in named_routes() if name.startswith(("account_", "mfa_"))}
    assert set(named_routes()) - theirs - known == set()
    assert known - set(named_routes()) == set(), "rows of routes that no longer exist"


@pytest.fixture(scope="module")
def sessions(town: Rows) -> dict[str, str]:
    """Everybody signed in once for the whole matrix: what a request does to a session is taken back with it. However
    long it takes, nobody is asked for the second factor again (``test_confirming.py``)."""
    return {key: str(town.cast.client(key, minutes_ago=-14).session.session_key) for key in sorted(ALL_STAFF | OTHERS)}


def browser_with(session: str) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def status_for(client: Client, name: str, rows: Rows) -> int:
    route = STAFF[name]
    address = reverse(name, args=route.arguments(rows)) + route.query(rows)
    with transaction.atomic():
        answer = getattr(client, route.method)(address, route.data(rows))
        if answer.streaming:
            list(answer.streaming_content)  # read to its end it closes its file
        transaction.set_rollback(True)
    if answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login")):
        return 401
    return int(answer.status_code)


@pytest.mark.parametrize("written", [1, pytest.param(len(ALL_STAFF), marks=pytest.mark.full)], ids=["", "for all"])
@pytest.mark.parametrize("name", sorted(STAFF))
def test_everybody_at_this_route(
    rows: Rows, sessions: dict[str, str], monkeypatch: pytest.MonkeyPatch, name: str, written: int
) -> None:
    """Who may is decided before a page is written, which takes most of the time: for one of those who may, by turns
    over the routes, it is written to its end."""
    route = STAFF[name]
    turn = sorted(STAFF).index(name)
    readers = sorted(route.rows or route.roles)
    written_for = {readers[(turn + step) % len(readers)] for step in range(written)}
    wrong = {}
    for key in sorted(ALL_STAFF | OTHERS):
        with monkeypatch.context() as patch:
            if key not in written_for:
                patch.setattr(Template, "render", lambda *_: "")
            status = status_for(browser_with(sessions[key]), name, rows)
        expected = GETS_IN if key in route.rows else {404} if key in route.roles else {403}
        if status not in expected:
            wrong[key] = f"{status}, expected {sorted(expected)}"
    assert wrong == {}


@pytest.mark.parametrize("name", sorted(STAFF))
def test_without_an_account_the_door_asks_to_sign_in(rows: Rows, name: str) -> None:
    assert status_for(Client(), name, rows) == 401
    assert status_for(rows.cast.guardian_client("mother"), name, rows) == 401


@pytest.mark.parametrize("name", sorted(FOR_GUARDIANS))
def test_the_parents_door_is_closed_to_staff_and_strangers(rows: Rows, name: str) -> None:
    numbers = {
        "portal_notice": 1,
        "portal_child": 1,
        "portal_career": 1,
        "portal_absence": 1,
        "portal_absence_back": 2,
        "portal_booking": 1,
        "portal_booking_file": 1,
        "portal_booking_cancel": 1,
        "portal_booking_together": 1,
        "portal_gathering": 1,
        "portal_gathering_cancel": 1,
        "portal_gathering_file": 1,
        "portal_measurement": 1,
        "portal_thread": 1,
        "portal_file": 2,
        "portal_recording": 2,
    }
    arguments = [1] * numbers.get(name, 0)
    for client in (Client(), rows.cast.client("teacher_3b")):
        answer = client.get(reverse(name, args=arguments))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("guardian_sign_in"))


def test_a_password_alone_opens_nothing(rows: Rows) -> None:
    """Somebody who has not set up the second factor is sent to set it up."""
    Authenticator.objects.filter(user=rows.cast.staff["teacher_3b"]).delete()
    for name in ("my_week", "family_list", "notice_list"):
        answer = rows.cast.client("teacher_3b").get(reverse(name))
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("mfa_activate_totp"))


@pytest.mark.parametrize("name", sorted(STAFF))
def test_changing_routes_refuse_a_post_without_its_proof(rows: Rows, name: str) -> None:
    route = STAFF[name]
    if route.method != "post":
        return
    client = rows.cast.client(min(route.rows or route.roles), enforce_csrf_checks=True)
    assert client.post(reverse(name, args=route.arguments(rows)), route.data(rows)).status_code == 403


def test_a_refused_form_can_be_read_in_another_language(rows: Rows, sessions: dict[str, str]) -> None:
    """Its page may live at another address than the one that takes the form and answers to nothing else."""
    refused, dead = 0, []
    for name, route in STAFF.items():
        if route.method != "post":
            continue
        client = browser_with(sessions[min(route.rows or route.roles)])
        with transaction.atomic():
            answer = client.post(reverse(name, args=route.arguments(rows)) + route.query(rows), {})
            if answer.status_code in (200, 422) and answer.headers["Content-Type"].startswith("text/html"):
                links = re.findall(r'href="([^"]*\btaal=[^"]*)"', answer.content.decode())
                refused += bool(links)
                there = [unescape(urljoin(answer.request["PATH_INFO"], link)) for link in links[:1]]
                dead += [name for address in there if client.get(address, follow=True).status_code != 200]
            transaction.set_rollback(True)
    assert refused > 10
    assert dead == []
