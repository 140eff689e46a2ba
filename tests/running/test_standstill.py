"""Workers that stand still are told from a queue that moves, a provider that is away and a database that is gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from ingroeibloei import standstill
from ingroeibloei.standstill import StandStill
from messaging.models import Channel, Delivery, DeliveryEvent
from messaging.outbox import providers
from messaging.outbox.clocks import database_now
from messaging.services import publish_notice
from schools import clock
from tests import factories as make

pytestmark = pytest.mark.django_db

AFTER = 120.0

Later = Callable[[float], bool]


@pytest.fixture
def delivery() -> Delivery:
    """Due for ten minutes."""
    school_class = make.make_class()
    make.make_family(school_class, emails=["moeder@post.example"])
    notice = make.make_notice(school_class)
    publish_notice(notice=notice, by=notice.author)
    Delivery.objects.update(due_at=database_now() - timedelta(minutes=10))
    return Delivery.objects.get()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Lets seconds pass and asks."""
    now = [1000.0]
    monkeypatch.setattr(standstill.time, "monotonic", lambda: now[0])
    watch = StandStill(AFTER)

    def ask(seconds: float) -> bool:
        now[0] += seconds
        is_seen = watch.is_seen()
        if is_seen:
            watch.begin_anew()
        return is_seen

    return ask


def something_happens(delivery: Delivery) -> None:
    DeliveryEvent.objects.create(delivery=delivery, at=clock.now(), status="SENT")


def test_what_is_due_and_stays_where_it_is_is_a_standstill(delivery: Delivery, later: Later) -> None:
    assert not later(0)
    assert not later(AFTER - 1)
    assert later(30)


def test_a_long_queue_that_moves_is_none(delivery: Delivery, later: Later) -> None:
    later(0)
    for _ in range(5):
        something_happens(delivery)
        assert not later(AFTER - 1)
    assert not later(30)
    assert later(AFTER)


def test_workers_that_were_started_again_get_twice_as_long_until_something_happens(
    delivery: Delivery, later: Later
) -> None:
    later(0)
    assert later(AFTER)
    assert not later(2 * AFTER - 1)
    assert later(15)
    assert not later(4 * AFTER - 1)
    something_happens(delivery)
    assert not later(15)
    assert later(AFTER)


def test_nothing_due_is_none(delivery: Delivery, later: Later) -> None:
    Delivery.objects.update(due_at=database_now() - timedelta(seconds=AFTER / 2))
    later(0)
    assert not later(2 * AFTER)


def test_a_provider_that_is_away_is_no_fault_of_the_workers(delivery: Delivery, later: Later) -> None:
    providers.went_away(Channel.EMAIL, was_probe=False)
    later(0)
    assert not later(2 * AFTER)
    providers.came_back(Channel.EMAIL)
    assert not later(30)
    assert later(2 * AFTER)


def test_a_pause_of_sending_is_a_decision(delivery: Delivery, later: Later, settings: Any) -> None:
    settings.OUTBOX_PAUSED = True
    later(0)
    assert not later(2 * AFTER)


def test_a_database_that_does_not_answer_is_none(
    delivery: Delivery, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(0)
    with monkeypatch.context() as gone:
        gone.setattr(standstill, "oldest_due_seconds", _gone)
        gone.setattr(standstill.connection, "close", lambda: None)
        assert not later(2 * AFTER)
    assert not later(30)
    assert later(AFTER)


def _gone(**_besides: Any) -> int:
    raise OperationalError("server closed the connection unexpectedly")
