"""Accounts under attack: guessing, telling who exists, ways to elsewhere, the demo's doors."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseRedirect
from django.test import Client, RequestFactory
from django.urls import reverse

from schools import devices, tries
from schools.answerfirst import AnswerFirst
from schools.limits import Limit
from schools.models import AuditEntry, User
from tests.cast import Cast, staff_browser
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


def test_whose_account_was_closed_reads_whom_to_ask(client: Client) -> None:
    page = client.get(reverse("account_inactive")).content.decode()
    assert "vraag ze aan de directie of aan de beheerder" in page
    assert f'href="{LOGIN}"' in page
    assert "inactief" not in page


def test_a_forgotten_password_tells_nobody_who_exists(teacher: Any) -> None:
    url = reverse("account_reset_password")
    known, unknown = (
        Client().post(url, {"email": email}, follow=True) for email in (teacher.email, "niemand@cast.example")
    )
    assert known.redirect_chain == unknown.redirect_chain
    assert words(known) == words(unknown)
    assert teacher.email in [address for message in mail.outbox for address in message.to]


def test_nor_does_it_by_how_long_it_takes(teacher: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail leaves when the browser has the answer: a mail server takes its time."""
    with monkeypatch.context() as unread:
        unread.setattr(AnswerFirst, "close", lambda _self: None)
        answer = Client().post(reverse("account_reset_password"), {"email": teacher.email})
    assert answer.headers["Location"] == reverse("account_reset_password_done")
    assert not mail.outbox
    monkeypatch.setattr(HttpResponseRedirect, "close", lambda _self: None)  # it would take the database along
    for _again in range(2):
        answer.close()
        assert [message.to for message in mail.outbox] == [[teacher.email]]


def test_nor_does_it_when_the_mail_server_is_away(
    teacher: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_all: Any, **_more: Any) -> None:
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    url = reverse("account_reset_password")
    known, unknown = (
        Client(raise_request_exception=False).post(url, {"email": email}, follow=True)
        for email in (teacher.email, "niemand@cast.example")
    )
    assert known.status_code == 200
    assert known.redirect_chain == unknown.redirect_chain
    assert words(known) == words(unknown)
    (line,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert "ConnectionRefusedError" in line
    assert teacher.email not in line


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


def guess(email: str, address: str, times: int) -> None:
    for number in range(times):
        sign_in(Client(REMOTE_ADDR=address), email, f"verkeerd-{number}-wachtwoord")


def known_browser(owner: User) -> Client:
    """Of somebody who came in with the second factor before, and signed out."""
    client = staff_browser(owner, REMOTE_ADDR="192.0.2.99")
    client.get(reverse("own_account"))
    client.post(reverse("account_logout"))
    return client


@pytest.fixture
def noon() -> Any:
    """Tries are counted in spans of the clock: a test does not run over the end of one."""
    with time_machine.travel("2027-05-14 10:01:00+02:00"):
        yield


@pytest.mark.usefixtures("noon")
class TestWrongPasswords:
    """Nobody guesses, and nobody shuts another out."""

    def test_the_right_password_opens_nothing_after_guesses_from_everywhere(self, teacher: Any) -> None:
        for number in range(20):
            guess(teacher.email, f"192.0.2.{number}", 1)
        last = Client(REMOTE_ADDR="192.0.2.99")
        sign_in(last, teacher.email)
        assert not is_in(last)

    def test_one_machine_cannot_try_one_account_for_long(self, teacher: Any) -> None:
        guess(teacher.email, "192.0.2.7", 5)
        client = Client(REMOTE_ADDR="192.0.2.7")
        sign_in(client, teacher.email)
        assert not is_in(client)

    def test_one_machine_cannot_try_many_accounts(self, teacher: Any) -> None:
        for number in range(20):
            guess(f"iemand{number}@cast.example", "192.0.2.7", 1)
        client = Client(REMOTE_ADDR="192.0.2.7")
        sign_in(client, teacher.email)
        assert not is_in(client)

    def test_one_line_is_one_machine_however_many_addresses_it_takes(self, teacher: Any) -> None:
        for number in range(5):
            guess(teacher.email, f"2001:db8:1:2::{number + 1}", 1)
        client = Client(REMOTE_ADDR="2001:db8:1:2::99")
        sign_in(client, teacher.email)
        assert not is_in(client)

    def test_a_stranger_with_one_address_does_not_shut_the_owner_out(self, teacher: Any) -> None:
        """Not in the same minutes, not all day long; the owner's browser need not be known."""
        for quarter in range(4):
            with time_machine.travel(f"2027-05-14 1{quarter}:01:00+02:00"):
                for minute in range(3):
                    with time_machine.travel(f"2027-05-14 1{quarter}:{minute * 5 + 1:02}:00+02:00"):
                        guess(teacher.email, "198.51.100.66", 12)
                owner = Client(REMOTE_ADDR="192.0.2.10")
                sign_in(owner, teacher.email)
                assert is_in(owner)

    def test_strangers_everywhere_do_not_shut_out_who_was_here_before(self, teacher: Any) -> None:
        totp.TOTP.activate(teacher, totp.generate_totp_secret())
        owner = known_browser(teacher)
        for number in range(40):
            guess(teacher.email, f"198.51.100.{number}", 1)
        guess(teacher.email, "192.0.2.99", 30)  # in the owner's own network too
        answer = sign_in(owner, teacher.email)
        assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))

    def test_a_known_device_cannot_guess_either_and_knows_one_account(self, cast: Cast, teacher: Any) -> None:
        totp.TOTP.activate(teacher, totp.generate_totp_secret())
        thief = known_browser(teacher)
        for number in range(10):
            sign_in(thief, teacher.email, f"verkeerd-{number}-wachtwoord")
        assert sign_in(thief, teacher.email).status_code == 200
        for number in range(5):
            sign_in(thief, cast.staff["teacher_1a"].email, f"verkeerd-{number}-wachtwoord")
        assert not tries.Try(_request_of(thief), cast.staff["teacher_1a"].email).is_taken()

    def test_a_cookie_that_was_made_up_is_a_strangers(self, teacher: Any) -> None:
        for cookie in ("", "abc", "0011223344556677." + "0" * 32, "." * 3000, "x.é"):
            request = _request_of(Client())
            request.COOKIES[settings.DEVICE_COOKIE_NAME] = cookie
            assert devices.device_for(request, teacher.email) == ""

    def test_right_ones_are_not_counted(self, teacher: Any) -> None:
        for _number in range(12):
            client = Client(REMOTE_ADDR="192.0.2.20")
            sign_in(client, teacher.email)
            assert is_in(client)

    def test_the_device_s_cookie_holds_no_name(self, teacher: Any) -> None:
        totp.TOTP.activate(teacher, totp.generate_totp_secret())
        morsel = known_browser(teacher).cookies[settings.DEVICE_COOKIE_NAME]
        assert teacher.email not in morsel.value
        assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Strict", "/")


def test_who_signed_in_and_how_is_in_the_access_log_and_what_was_refused(teacher: User) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(teacher, secret)
    client = Client()
    sign_in(client, teacher.email)
    assert not AuditEntry.objects.filter(verb="signed in", actor=teacher).exists(), "half of it is no sign-in"
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    refused = AuditEntry.objects.get(verb="refused a second factor")
    assert (refused.actor, refused.target_id, refused.detail) == (None, teacher.pk, {"way": "totp"})
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    client.post(reverse("mfa_authenticate"), {"code": code})
    entry = AuditEntry.objects.get(verb="signed in", actor=teacher)
    assert entry.detail == {"ways": ["password", "totp"]}


def test_a_refused_password_is_a_line_that_names_nobody(teacher: User, caplog: pytest.LogCaptureFixture) -> None:
    for email in (teacher.email, "niemand@cast.example"):
        sign_in(Client(), email, "verkeerd-wachtwoord")
    lines = [record.getMessage() for record in caplog.records if record.name == "schools.signinlog"]
    assert lines == ["a password of a colleague was refused: wrong, or no such account"] * 2
    assert "@cast.example" not in caplog.text


def _request_of(client: Client) -> HttpRequest:
    request = RequestFactory(REMOTE_ADDR="192.0.2.99").get("/")
    request.COOKIES |= {name: morsel.value for name, morsel in client.cookies.items()}
    return request


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
