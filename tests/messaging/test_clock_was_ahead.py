"""A database's clock that was days ahead and is set right: nothing waits until the wrong hour has come.

Every moment in the tables moves on, which is the same as a clock that was ahead when it was written.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now

from messaging import outbox
from messaging.models import ChannelState, Delivery, DeliveryStatus
from messaging.outbox import providers
from messaging.outbox.clocks import database_now, in_seconds
from messaging.outbox.providers import Gate
from schools import clock
from tests.messaging.sinks import MailSink
from tests.messaging.test_providers import MAIL, publish

pytestmark = pytest.mark.django_db
AHEAD = timedelta(days=3)


def test_a_server_that_did_not_answer_meanwhile_is_asked_again() -> None:
    """With the wrong day its certificate does not hold, so that it seems to be away."""
    providers.went_away(MAIL, was_probe=False)
    ChannelState.objects.update(closed_until=F("closed_until") + AHEAD)
    assert [providers.gate(MAIL) for _ in range(2)] == [Gate.PROBE, Gate.CLOSED]


def test_its_pause_is_kept_as_long_as_it_may_be_one() -> None:
    providers.went_away(MAIL, was_probe=False)
    ChannelState.objects.update(closed_until=in_seconds(providers.LONGEST_PAUSE_SECONDS))
    assert providers.gate(MAIL) is Gate.CLOSED


def test_moments_that_were_booked_are_not_waited_for(settings: Any) -> None:
    settings.MAIL_PER_SECOND = 10
    providers.book(MAIL, 5)
    ChannelState.objects.update(free_at=F("free_at") + AHEAD)
    assert providers.book(MAIL, 5) == 0
    assert providers.book(MAIL, 5) == pytest.approx(0.5, abs=0.3)


def test_a_refusal_of_an_hour_to_come_is_none_of_today() -> None:
    providers.refused_us(MAIL)
    assert providers.nothing_leaves()
    ChannelState.objects.update(refused_us_at=F("refused_us_at") + AHEAD)
    assert not providers.nothing_leaves()
    assert providers.refusing_us() == []


def test_a_mail_that_was_asked_to_come_back_comes_back(sink: MailSink) -> None:
    sink.answer_rcpt = lambda address: "450 4.2.0 Greylisted, try again later"
    publish(2)
    assert outbox.deliver_due() == 0
    ahead = {name: F(name) + AHEAD for name in ("due_at", "turn_at", "first_tried_at")}
    assert Delivery.objects.filter(attempts=1).update(**ahead) == 2
    sink.answer_rcpt = lambda address: ""
    assert outbox.deliver_due() == 2


def written_ahead(*, waits: timedelta, ahead: timedelta = AHEAD, **facts: Any) -> None:
    """The machine's clock was ahead with the database's, and no mail was tried: its server seemed to be away."""
    publish(2)
    then = max(clock.now(), database_now()) + ahead
    Delivery.objects.update(created_at=then, due_at=then + waits, turn_at=then + waits, **facts)


def longest_wait() -> timedelta:
    return max(row.due_at - database_now() for row in Delivery.objects.exclude(due_at=None) if row.due_at)


def test_a_mail_that_was_written_meanwhile_leaves_as_one_of_today(sink: MailSink, settings: Any) -> None:
    written_ahead(waits=timedelta(seconds=5))
    settings.UNDO_SECONDS = 30
    assert outbox.deliver_due() == 0, "it can be taken back as long as any other"
    assert timedelta(seconds=20) < longest_wait() < timedelta(seconds=31)
    Delivery.objects.update(due_at=Now())
    assert outbox.deliver_due() == 2, "and its time begins once"


def test_one_for_the_mail_of_the_week_waits_as_long_as_it_would_have(sink: MailSink) -> None:
    written_ahead(waits=timedelta(days=2), in_digest=True)
    for _again in range(2):
        assert outbox.deliver_due() == 0
        assert timedelta(days=1, hours=23) < longest_wait() < timedelta(days=2, hours=1)


def test_one_that_only_the_machine_dated_ahead_keeps_its_hour(sink: MailSink) -> None:
    written_ahead(waits=timedelta(0))
    Delivery.objects.update(due_at=in_seconds(600), created_at=F("created_at") + timedelta(days=9999))
    assert outbox.deliver_due() == 0
    assert longest_wait() > timedelta(seconds=500)


def test_a_machine_whose_own_clock_is_behind_takes_nothing_for_written_ahead(
    sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    written_ahead(waits=timedelta(hours=9), ahead=timedelta(0))
    Delivery.objects.update(created_at=Now(), due_at=in_seconds(9 * 3600))
    behind = min(clock.now(), database_now()) - timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: behind)
    assert outbox.deliver_due() == 0
    assert longest_wait() > timedelta(hours=8)


def test_what_was_tried_first_at_the_right_hour_keeps_its_next_one(sink: MailSink) -> None:
    sink.answer_rcpt = lambda address: "450 4.2.0 Greylisted, try again later"
    publish(1)
    outbox.deliver_due()
    Delivery.objects.update(due_at=in_seconds(600), turn_at=in_seconds(600))
    sink.answer_rcpt = lambda address: ""
    assert outbox.deliver_due() == 0


def test_what_a_process_held_that_died_is_free_when_a_lease_is_over(sink: MailSink) -> None:
    publish(1)
    assert outbox.claim() is not None
    Delivery.objects.update(due_at=F("due_at") + AHEAD)
    assert outbox.deliver_due() == 0, "its process may live, and has a whole lease"
    row = Delivery.objects.get()
    assert row.due_at is not None
    assert row.due_at <= database_now() + timedelta(minutes=2)
    Delivery.objects.update(due_at=Now())
    assert outbox.deliver_due() == 1
    assert Delivery.objects.get().status == DeliveryStatus.SENT
