"""Passwords that are guessed first, or were stolen elsewhere, are refused with a sentence that says what to do."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from ingroeibloei import environment
from schools.models import User
from tests.surface.accounts import PASSWORD

STOLEN = "gouden fiets rustige lepel"
OWNER = User(full_name="Griet Vandersmissen", email="griet.vandersmissen@kersenboom.example")


def digest_of(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def codes(password: str, user: User | None = None) -> set[str]:
    try:
        validate_password(password, user)
    except ValidationError as refused:
        return {error.code or "" for error in refused.error_list}
    return set()


@pytest.mark.parametrize(
    "password",
    ["wachtwoord2027!", "Welkom123456!", "Password12345", "qwertyuiop12", "leerkracht1A!", "Griet-Vandersmissen1"],
)
def test_what_everybody_thinks_of_is_refused(password: str) -> None:
    assert "password_guessed" in codes(password, OWNER)


@pytest.mark.parametrize("password", [PASSWORD, STOLEN, "paard appel nietjes batterij", "x7Qp-3vTz-9LmW"])
def test_a_sentence_of_ones_own_is_a_password(password: str) -> None:
    assert codes(password, OWNER) == set()


def test_a_colleague_is_told_what_is_asked_in_the_words_of_our_pages() -> None:
    """Django's own Dutch says "uw" to whom our pages call "je"."""
    with override("nl"):
        told = [str(words) for words in password_validators_help_texts()]
    assert "Je wachtwoord telt minstens 12 tekens." in told
    assert "Uw" not in " ".join(told)
    assert all(told), "an empty line is one too"


def test_one_that_is_too_short_is_refused_in_the_language_of_the_page() -> None:
    """Django's own Dutch does not know the sentence that Django says now."""
    with override("nl"), pytest.raises(ValidationError) as refused:
        validate_password("kort")
    assert "Dit wachtwoord is te kort. Het telt minstens 12 tekens." in refused.value.messages


def test_a_password_of_any_length_is_looked_at_quickly() -> None:
    assert "password_guessed" in codes("a" * 4000)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A file as the list's own program writes it: sorted, ``SHA-1:count``."""
    others = {digest_of(f"ander wachtwoord {number}") for number in range(300)}
    path = tmp_path / "stolen.txt"
    path.write_bytes("".join(f"{one}:7\r\n" for one in sorted({*others, digest_of(STOLEN)})).encode())
    return path


def test_a_stolen_one_is_found_in_the_file(settings: Any, listed: Path) -> None:
    settings.BREACHED_PASSWORDS = str(listed)
    assert codes(STOLEN) == {"password_stolen"}
    assert {number for number in range(300) if not codes(f"ander wachtwoord {number}")} == set(), "first, last, between"
    assert codes("ander wachtwoord 301") == codes(PASSWORD) == set()


def test_an_empty_file_and_a_missing_one_stop_nobody(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    for name in ("empty.txt", "gone.txt"):
        settings.BREACHED_PASSWORDS = str(tmp_path / name)
        assert codes(STOLEN) == set()


@pytest.fixture
def service() -> Iterator[tuple[str, list[str]]]:
    """A service on this machine that speaks the range protocol, and what it was asked."""
    asked: list[str] = []
    mark = digest_of(STOLEN)

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers.get('Add-Padding')}")
            if self.path.startswith("/moved"):
                self.send_response(302)
                self.send_header("Location", self.path.replace("/moved", "/range"))
                self.end_headers()
                return
            lines = [f"{'0' * 35}:0", f"{digest_of(PASSWORD)[5:]}:0"]
            if self.path.endswith(mark[:5]):
                lines.append(f"{mark[5:]}:3")
            self.send_response(200)
            self.end_headers()
            self.wfile.write("\r\n".join(lines).encode())

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/range", asked
    server.shutdown()
    server.server_close()


def test_a_service_learns_five_characters_of_a_hash(settings: Any, service: tuple[str, list[str]]) -> None:
    settings.BREACHED_PASSWORDS, asked = service
    assert codes(STOLEN) == {"password_stolen"}
    assert asked == [f"/range/{digest_of(STOLEN)[:5]} true"]
    assert codes(PASSWORD) == set(), "a padded answer counts zero"


def test_a_service_that_moved_is_not_followed(settings: Any, service: tuple[str, list[str]]) -> None:
    address, asked = service
    settings.BREACHED_PASSWORDS = address.replace("/range", "/moved")
    assert codes(STOLEN) == set()
    assert len(asked) == 1


def test_a_service_that_is_away_stops_nobody(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.BREACHED_PASSWORDS = "http://127.0.0.1:9/range"
    assert codes(STOLEN) == set()
    assert "stolen passwords" in caplog.text
    assert STOLEN not in caplog.text
    assert digest_of(STOLEN)[:5] not in caplog.text


def test_without_the_setting_nobody_is_asked(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.BREACHED_PASSWORDS == ""
    monkeypatch.setattr("urllib.request.build_opener", lambda *_a: pytest.fail("a call to outside"))
    assert codes(STOLEN) == set()


@pytest.mark.parametrize(
    ("value", "is_right"), [("", True), ("https://lijst.example/range/", True), ("/no/file", False)]
)
def test_the_setting_is_a_file_or_an_address(monkeypatch: pytest.MonkeyPatch, value: str, is_right: bool) -> None:
    monkeypatch.setenv("BREACHED_PASSWORDS", value)
    if is_right:
        assert environment.file_or_address("BREACHED_PASSWORDS") == value.rstrip("/")
    else:
        with pytest.raises(ImproperlyConfigured, match="BREACHED_PASSWORDS"):
            environment.file_or_address("BREACHED_PASSWORDS")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"), [("nl", "snel te raden"), ("fr", "vite deviné"), ("en", "guessed soon")]
)
def test_the_page_says_so_in_the_colleague_s_language(teacher: User, language: str, words: str) -> None:
    teacher.language = language
    teacher.save()
    client = Client()
    client.force_login(teacher, backend="allauth.account.auth_backends.AuthenticationBackend")
    new = "wachtwoord2027!"
    with override(language):
        answer = client.post(
            reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
        )
    assert words in answer.content.decode()
    teacher.refresh_from_db()
    assert teacher.check_password(PASSWORD)
