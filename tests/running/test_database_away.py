"""A page that meets no database, or no Redis: a sentence in the reader's language, and when to ask again."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from ingroeibloei.management.commands import prepare
from ingroeibloei.urls import handler500, urlpatterns
from tests import factories as make
from tests.cast import staff_browser

SENTENCES = {
    "nl": '<html lang="nl-BE"',
    "ar": 'dir="rtl"',
    "fr": '<html lang="fr-BE"',
    "xx": '<html lang="nl-BE"',
}


def asked(client: Client, address: str, error: type[Exception]) -> Any:
    def away(*_asked: object) -> None:
        raise error("server closed the connection unexpectedly")

    with connection.execute_wrapper(away):
        return client.get(address)


def inside(language: str) -> Client:
    """A head who is signed in: who that is lies in the database."""
    head = make.make_head(make.make_school())
    return staff_browser(head, raise_request_exception=False, headers={"accept-language": language})


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("language", SENTENCES)
def test_who_is_signed_in_is_told_in_the_browsers_language(error: type[Exception], language: str) -> None:
    answer = asked(inside(language), "/school/week/", error)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert SENTENCES[language] in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store, private"


class TestPreparing:
    """After a power cut: the machine of the database is back a little later than ours."""

    @pytest.fixture
    def away(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """How often it still refuses."""
        refusals = ["connection refused\nIs it running?"] * 2

        def refuse_at_first() -> None:
            if refusals:
                raise OperationalError(refusals.pop())

        monkeypatch.setattr(prepare.connection, "ensure_connection", refuse_at_first)
        monkeypatch.setattr(prepare, "prepare", lambda: None)
        monkeypatch.setattr(prepare, "offer_code", lambda: None)
        monkeypatch.setattr(prepare, "LOOK_AGAIN_SECONDS", 0.0)
        return refusals

    def test_it_waits_and_says_so_once(self, away: list[str]) -> None:
        said, waited = StringIO(), StringIO()
        call_command("prepare", "--wait", "60", stdout=said, stderr=waited)
        assert "ready to start" in said.getvalue()
        assert waited.getvalue() == "Waiting 60 seconds at most for the database. It says: connection refused\n"

    def test_by_hand_it_does_not(self, away: list[str]) -> None:
        with pytest.raises(OperationalError):
            call_command("prepare")


@pytest.mark.django_db
def test_a_parent_with_a_notice_is_told_too() -> None:
    client = Client(raise_request_exception=False, headers={"accept-language": "pa"})
    answer = asked(client, "/b/AbcAbcAbcAbcAbcAbc/", OperationalError)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert '<html lang="pa-Guru"' in answer.content.decode()


@pytest.mark.django_db
@override_settings(
    CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}}
)
def test_nobody_signs_in_while_tries_cannot_be_counted() -> None:
    client = Client(raise_request_exception=False, headers={"accept-language": "ar"})
    answer = client.post("/ouders/aanmelden/", {"contact": "ouder@thuis.example"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert 'dir="rtl"' in answer.content.decode()


def mistaken(request: HttpRequest) -> HttpResponse:
    raise ValueError


class MistakenPage:
    urlpatterns = [path("stuk/", mistaken), *urlpatterns]
    handler500 = handler500


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=MistakenPage)
def test_a_mistake_of_ours_is_no_database_that_is_away() -> None:
    answer = Client(raise_request_exception=False).get("/stuk/")
    assert answer.status_code == 500
    assert "Retry-After" not in answer.headers
