"""An address that the mail server refuses is asked once a day, whatever mail is next, and colleagues see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from ingroeibloei.operating import living
from schools import clock
from schools.tasks import remind_who_decides
from tests.cast import Cast
from tests.messaging.sinks import MailSink, mail_sink
from tests.schools.posts import coming, on, town_before_september

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return town_before_september()


@pytest.fixture
def sink(cast: Cast, settings: Any) -> Iterator[MailSink]:
    """In the days in which posts wait."""
    with mail_sink() as server, on(coming().starts_on - timedelta(days=5)):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
        yield server


def refuse(sink: MailSink, address: str, answer: str) -> None:
    sink.answer_rcpt = lambda asked: answer if asked == address else ""


def test_it_is_asked_once_a_day(cast: Cast, sink: MailSink) -> None:
    head = cast.staff["head"]
    refuse(sink, head.email, "550 5.1.1 No such user")
    assert (remind_who_decides(), remind_who_decides()) == (4, 0)
    assert sink.recipients.count(head.email) == 1
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert (remind_who_decides(), remind_who_decides()) == (0, 0)
    assert sink.recipients.count(head.email) == 2


def test_one_that_was_refused_by_a_clock_that_was_ahead_is_asked_today(cast: Cast, sink: MailSink) -> None:
    head = cast.staff["head"]
    head.mail_refused_at = clock.now() + timedelta(days=3)
    head.save(update_fields=["mail_refused_at"])
    assert remind_who_decides() == 5
    assert head.email in sink.recipients


def test_a_server_that_asks_to_come_back_later_is_asked_at_the_next_beat(cast: Cast, sink: MailSink) -> None:
    head = cast.staff["head"]
    refuse(sink, head.email, "450 4.2.0 Greylisted, try again later")
    assert remind_who_decides() == 4
    refuse(sink, "", "")
    assert remind_who_decides() == 1
    head.refresh_from_db()
    assert head.mail_refused_at is None


def test_the_page_of_the_colleague_and_operations_say_so_until_a_mail_leaves(cast: Cast, sink: MailSink) -> None:
    head = cast.staff["head"]
    page = reverse("staff_person", args=[head.pk])
    refuse(sink, head.email, "550 5.1.1 No such user")
    remind_who_decides()
    assert "weigerde de mailserver een mail" in cast.client("admin").get(page).content.decode()
    assert [finding.code for finding in living._colleagues()] == ["mail refused"]
    refuse(sink, "", "")
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert remind_who_decides() == 1
        assert "weigerde de mailserver een mail" not in cast.client("admin").get(page).content.decode()
        assert not list(living._colleagues())
