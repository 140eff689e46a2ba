"""Redis and PostgreSQL that answer and take nothing in: full, or a copy that follows another. It is said what is wrong,
and who comes meanwhile is told to come back. And a Redis that hangs, which keeps nobody who presses a button."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
import redis
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from celery import Celery
from django.conf import settings as loaded
from django.core.cache import cache
from django.db import InternalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ingroeibloei import stores
from ingroeibloei.operating import alerts, broker, living, pulses
from messaging.outbox.reconnecting import kept
from schools import bell
from schools.models import School
from schools.sessions import SEEN_EVERY
from schools.sessionstore import LAST_USED
from tests import factories as make
from tests.cast import staff_browser
from tests.faults.servers import redis_of_its_own
from tests.services import Redis

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

#: Two of the ways in which Redis refuses, and how it is brought there and back.
REFUSALS = {
    "full": (("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0")),
    "follows": (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE")),
}


def told() -> dict[str, str]:
    return {finding.code: finding.words for finding in living.look() if not finding.is_well}


def asked_for_a_code() -> Any:
    client = Client(raise_request_exception=False, headers={"accept-language": "fr"})
    return client.post(reverse("guardian_sign_in"), {"contact": "ouder@thuis.example"})


@pytest.fixture
def server(settings: Any) -> Iterator[Redis]:
    """The Redis of this test alone, on which the portal stands."""
    with redis_of_its_own() as found:
        settings.REDIS_URL = found.url()
        settings.CACHES = {"default": stores.cache(found.url(), loaded.VAR_DIR)}
        pulses.forget()
        pulses.note(pulses.BEAT)
        pulses.note(pulses.WORKER)
        yield found


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_redis_that_takes_nothing_is_what_is_wrong(refusal: str, server: Redis) -> None:
    assert asked_for_a_code().status_code == 302
    assert Client().get(reverse("ready")).status_code == 200
    there, back = REFUSALS[refusal]
    with redis.Redis.from_url(server.url()) as link:
        link.execute_command(*there)
        assert link.ping(), "it answers"
        answer = asked_for_a_code()
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert '<html lang="fr-BE"' in answer.content.decode()
        monitored = Client().get(reverse("ready"))
        assert (monitored.status_code, monitored.json()["broker"]) == (503, False)
        found = told()
        assert set(found) == {"broker"}, "neither beat nor a worker is to be started again"
        assert "redis-cli" in found["broker"]
        link.execute_command(*back)
        assert broker.answers()
    assert asked_for_a_code().status_code == 302


def test_the_operator_hears_once_a_day_of_one_that_is_full(server: Redis, settings: Any) -> None:
    """It still says that this was told two days ago, and takes in no more that it was told today."""
    settings.OPERATOR_EMAIL = "dienst@stad.example"
    cache.set("operator-told", {"broker": (timezone.now() - timedelta(days=2)).isoformat()}, timeout=None)
    with redis.Redis.from_url(server.url()) as link:
        link.execute_command(*REFUSALS["full"][0])
        assert [alerts.tell_operator() for _again in range(3)] == [True, False, False]
    alerts._told_here.clear()


def test_a_redis_that_hangs_keeps_no_thread_of_the_web_server(server: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    ringing = Celery("ringing", broker=server.url(), set_as_current=False)
    ringing.conf.broker_transport_options = stores.broker_options(server.url(), loaded.VAR_DIR)
    monkeypatch.setattr(bell, "current_app", ringing)
    bell._send("messaging.tasks.deliver_due")
    with redis.Redis.from_url(server.url()) as link:
        assert link.llen("celery") == 1
        pid = int(link.info("server")["process_id"])
    os.kill(pid, signal.SIGSTOP)
    try:
        pressed = Thread(target=bell._send, args=["messaging.tasks.deliver_due"], daemon=True)
        pressed.start()
        pressed.join(30)
        assert not pressed.is_alive()
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.fixture
def read_only() -> Iterator[None]:
    """From here on this process' connection may only read, as everybody's where the server follows another."""
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    yield
    connection.close()


def inside() -> Client:
    """A head whose session was not written down for a while, so that the next page does."""
    head = make.make_head(make.make_school())
    TOTP.activate(head, generate_totp_secret())
    browser = staff_browser(head, raise_request_exception=False)
    session = browser.session
    session[LAST_USED] = (timezone.now() - 2 * SEEN_EVERY).isoformat()
    session.save()
    return browser


def test_who_is_signed_in_is_not_sent_to_sign_in(request: pytest.FixtureRequest) -> None:
    browser = inside()
    assert browser.get(reverse("my_week")).status_code == 200
    browser = inside()
    request.getfixturevalue("read_only")
    answer = browser.get(reverse("my_week"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def test_a_database_that_may_only_be_read_is_told(request: pytest.FixtureRequest) -> None:
    cache.clear()
    pulses.forget()
    pulses.note(pulses.BEAT)
    assert Client().get(reverse("ready")).status_code == 200
    request.getfixturevalue("read_only")
    assert "target_session_attrs" in told()["database"]
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    answer = Client().get(reverse("ready"))
    assert (answer.status_code, answer.json()["database"]) == (503, False)


@pytest.mark.usefixtures("read_only")
def test_what_was_sent_is_written_down_once_another_takes_its_place() -> None:
    """The link that may only read is given up; the next one leads to the server that took over."""
    kept(lambda: School.objects.update(name="Elders"))
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("off",)


def test_another_mistake_of_the_database_is_not_tried_again() -> None:
    def mistaken() -> None:
        raise InternalError("current transaction is aborted")

    with pytest.raises(InternalError):
        kept(mistaken)
