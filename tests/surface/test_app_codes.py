"""A code of an app is read, typed and sent: it is taken half a minute around its own too, and once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from schools.models import User
from tests.surface.accounts import is_in, sign_in

pytestmark = pytest.mark.usefixtures("own_cache")

SHOW = reverse("mfa_reauthenticate")
#: The first second of a step.
BEGUN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
STEP = int(BEGUN.timestamp()) // 30


@pytest.fixture
def day() -> Iterator[Any]:
    with time_machine.travel(BEGUN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def secret(teacher: User, day: Any) -> str:
    made = totp.generate_totp_secret()
    totp.TOTP.activate(teacher, made)
    return made


def code(secret: str, step: int) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, step)))


def opens(teacher: User, typed: str) -> bool:
    client = Client()
    sign_in(client, teacher.email)
    client.post(reverse("mfa_authenticate"), {"code": typed})
    return is_in(client)


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-31, False), (-30, True), (0, True), (29, True), (30, True), (59, True), (60, False)]
)
def test_it_is_taken_in_its_half_minute_and_those_beside_it(
    teacher: User, secret: str, day: Any, seconds: int, taken: bool
) -> None:
    day.shift(seconds)
    assert opens(teacher, code(secret, STEP)) == taken


@pytest.mark.parametrize("first", [-30, 0, 31, 59])
def test_a_used_one_opens_nothing_more(teacher: User, secret: str, day: Any, first: int) -> None:
    day.shift(first)
    assert opens(teacher, code(secret, STEP))
    for second in range(first, 61, 30):
        day.move_to(BEGUN.timestamp() + second)
        assert not opens(teacher, code(secret, STEP))
    assert opens(teacher, code(secret, STEP + 1)), "the next one does"


def test_one_that_signed_in_proves_nothing_more(teacher: User, secret: str, day: Any) -> None:
    client = Client()
    sign_in(client, teacher.email)
    client.post(reverse("mfa_authenticate"), {"code": code(secret, STEP)})
    assert is_in(client)
    day.shift(31)
    assert client.post(SHOW, {"code": code(secret, STEP)}).status_code == 200
    assert client.post(SHOW, {"code": code(secret, STEP + 1)}).status_code == 302
    assert not opens(teacher, code(secret, STEP + 1))


def test_a_recovery_code_opens_once_beside_an_app(teacher: User, secret: str) -> None:
    RecoveryCodes.activate(teacher)
    kept = Authenticator.objects.get(user=teacher, type="recovery_codes").wrap().get_unused_codes()[0]
    assert [opens(teacher, kept), opens(teacher, kept)] == [True, False]


def test_few_guesses_are_taken(teacher: User, secret: str) -> None:
    client = Client()
    sign_in(client, teacher.email)
    for _number in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code(secret, STEP)})
    assert not is_in(client)
