"""A monitor learns when sending stands still, and nothing about anybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ingroeibloei.operating import pulses
from messaging import outbox
from messaging.models import Delivery, Notice
from messaging.outbox import providers
from messaging.outbox.clocks import database_now
from messaging.services import publish_notice
from schools.clock import BRUSSELS
from tests import factories as make
from tests.messaging.sinks import mail_sink

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def beat_rings() -> None:
    cache.clear()
    pulses.forget()
    pulses.note(pulses.BEAT)


@pytest.fixture
def notice() -> Notice:
    """Sent, and nobody has rung the worker yet."""
    school_class = make.make_class()
    make.make_family(school_class, emails=["moeder@post.example"])
    notice = make.make_notice(school_class)
    publish_notice(notice=notice, by=notice.author)
    return notice


def asked() -> tuple[int, dict[str, Any]]:
    answer = Client().get(reverse("ready"))
    return answer.status_code, answer.json()


def the_drain_stands_still_for(minutes: int) -> None:
    Delivery.objects.update(due_at=database_now() - timedelta(minutes=minutes))


def test_with_nothing_to_do_it_is_well(db: None) -> None:
    assert asked() == (
        200,
        {
            "database": True,
            "broker": True,
            "beat_silent_seconds": 0,
            "outbox": "well",
            "oldest_due_seconds": 0,
            "failed_last_hour": 0,
            "outcome_unknown": 0,
            "away": [],
            "refusing_us": [],
            "nothing_leaves": False,
            "paused": False,
        },
    )


def test_a_beat_that_is_not_heard_alarms(db: None) -> None:
    with time_machine.travel(timezone.now() + timedelta(seconds=100), tick=False):
        assert asked()[0] == 200
    with time_machine.travel(timezone.now() + timedelta(seconds=140), tick=False):
        status, words = asked()
        assert (status, words["outbox"]) == (503, "well")
        assert words["beat_silent_seconds"] >= 140
    cache.clear()
    status, words = asked()
    assert (status, words["beat_silent_seconds"]) == (503, None)


def test_a_broker_that_does_not_answer_alarms(db: None, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    status, words = asked()
    assert (status, words["broker"], words["database"]) == (503, False, True)


def test_a_drain_that_stands_still_for_six_minutes_alarms(notice: Notice, settings: Any) -> None:
    the_drain_stands_still_for(4)
    assert asked()[0] == 200
    the_drain_stands_still_for(6)
    status, words = asked()
    assert (status, words["outbox"]) == (503, "late")
    assert 355 < words["oldest_due_seconds"] < 420
    with mail_sink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        outbox.deliver_due()
    assert asked()[0] == 200


def test_the_night_does_not_alarm(settings: Any) -> None:
    settings.QUIET_HOURS = "20:00-07:00"
    with time_machine.travel(datetime(2027, 1, 20, 22, tzinfo=BRUSSELS), tick=False):
        pulses.forget()
        pulses.note(pulses.BEAT)
        school_class = make.make_class()
        make.make_family(school_class)
        notice = make.make_notice(school_class)
        publish_notice(notice=notice, by=notice.author)
        assert asked()[0] == 200
        the_drain_stands_still_for(30)  # it came back from a failure in the evening
        outbox.deliver_due()
        assert asked() == (200, asked()[1] | {"oldest_due_seconds": 0})


def test_a_pause_is_told_and_does_not_alarm(notice: Notice, settings: Any) -> None:
    settings.OUTBOX_PAUSED = True
    the_drain_stands_still_for(60)
    status, words = asked()
    assert (status, words["outbox"], words["paused"]) == (200, "paused", True)
    assert words["oldest_due_seconds"] >= 3600


def test_failures_unknown_outcomes_and_providers_that_are_away_are_counted(notice: Notice) -> None:
    row = Delivery.objects.get()
    outbox.claim()
    Delivery.objects.update(channel="SMS", due_at=database_now() - timedelta(seconds=1))
    outbox.sweep()
    providers.went_away("SMS", was_probe=False)
    words = asked()[1]
    assert (words["failed_last_hour"], words["outcome_unknown"], words["away"]) == (1, 1, ["SMS"])
    assert row.address not in str(words)
