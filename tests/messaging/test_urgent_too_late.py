"""What is urgent leaves on its day or not at all: a text message that says "today" would frighten whoever reads it
when the gateway is back tomorrow. Then a person calls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from messaging import outbox
from messaging.models import Delivery, Notice
from messaging.services import publish_notice, send_round
from schools import clock
from tests import factories as make
from tests.messaging.sinks import Gateway, MailSink

pytestmark = pytest.mark.django_db


@pytest.fixture
def urgent(gateway: Gateway) -> Notice:
    """Published while nobody worked: the child of a family with a telephone only is not at school today."""
    school_class = make.make_class()
    make.make_family(school_class, emails=[None], phones=["+32470000001"])
    told = {"date": clock.today().isoformat(), "deadline": ""}
    notice = make.make_notice(school_class, slug="absence-please-call", kind="DRINGEND", values=told)
    publish_notice(notice=notice, by=notice.author)
    assert list(Delivery.objects.values_list("channel", "is_urgent")) == [("SMS", True)]
    return notice


def later(**time: int) -> Any:
    return time_machine.travel(clock.now() + timedelta(**time))


def test_on_its_day_it_leaves_however_late(urgent: Notice, gateway: Gateway) -> None:
    with later(hours=9):
        assert outbox.deliver_due() == 1
    assert len(gateway.queries) == 1


def test_on_the_next_day_it_does_not_and_somebody_calls(urgent: Notice, gateway: Gateway) -> None:
    with later(days=1):
        assert outbox.deliver_due() == 0
        assert outbox.deliver_due() == 0
    assert gateway.queries == []
    rows = set(Delivery.objects.values_list("channel", "status", "reason"))
    assert ("SMS", "FAILED", "GAVE_UP") in rows
    assert ("CALL", "QUEUED", "") in rows


def test_nor_does_the_mail_that_would_follow(gateway: Gateway) -> None:
    school_class = make.make_class()
    make.make_family(school_class, emails=["moeder@post.example"], phones=["+32470000001"])
    told = {"date": clock.today().isoformat(), "deadline": ""}
    notice = make.make_notice(school_class, slug="urgent-early-closing", kind="DRINGEND", values=told)
    publish_notice(notice=notice, by=notice.author)
    with later(days=1):
        for _round in range(3):
            assert outbox.deliver_due() == 0
    ended = Delivery.objects.exclude(channel="CALL").values_list("channel", "status", "reason")
    assert set(ended) == {("SMS", "FAILED", "GAVE_UP"), ("EMAIL", "FAILED", "GAVE_UP")}
    assert Delivery.objects.filter(channel="CALL", status="QUEUED").exists()


@pytest.mark.parametrize("name", ["date", "deadline"])
def test_one_that_tells_of_a_later_day_still_leaves(urgent: Notice, gateway: Gateway, name: str) -> None:
    Notice.objects.update(values=urgent.values | {name: (clock.today() + timedelta(days=1)).isoformat()})
    with later(days=1):
        assert outbox.deliver_due() == 1


def test_so_does_one_of_shortly_before_midnight(urgent: Notice, gateway: Gateway) -> None:
    with later(hours=15):  # at one in the night
        Notice.objects.update(published_at=clock.now() - timedelta(hours=2))
        assert outbox.deliver_due() == 1


def test_and_what_is_no_urgent_matter(urgent: Notice, gateway: Gateway) -> None:
    Delivery.objects.update(is_urgent=False)
    with later(days=1):
        assert outbox.deliver_due() == 1


def test_and_what_somebody_sends_once_more_on_the_next_day(urgent: Notice, gateway: Gateway) -> None:
    with later(days=1):
        Delivery.objects.update(round=2, created_at=clock.now())
        assert outbox.deliver_due() == 1


def test_and_by_another_way_that_somebody_chose_on_the_next_day(gateway: Gateway, sink: MailSink) -> None:
    school_class = make.make_class()
    make.make_family(school_class, emails=["moeder@post.example"], phones=["+32470000001"])
    told = {"date": clock.today().isoformat(), "deadline": ""}
    notice = make.make_notice(school_class, slug="absence-please-call", kind="DRINGEND", values=told)
    publish_notice(notice=notice, by=notice.author)
    notice.refresh_from_db()
    Delivery.objects.update(status="FAILED", reason="UNKNOWN_NUMBER")
    with later(days=1):
        assert send_round(notice=notice, by=notice.author, families=None, channel="EMAIL").deliveries == 1
        Delivery.objects.filter(status="QUEUED").update(due_at=clock.now() - timedelta(days=2))
        assert outbox.deliver_due() == 1


def test_what_invites_to_a_day_does_not_leave_after_it_either(gateway: Gateway) -> None:
    school_class = make.make_class()
    make.make_family(school_class, emails=[None], phones=["+32470000001"])
    day = clock.today().isoformat()
    notice = make.make_notice(school_class, values={"date": day, "deadline": day})
    publish_notice(notice=notice, by=notice.author)
    with later(days=1):
        assert outbox.deliver_due() == 0
        assert gateway.queries == []
        assert list(Delivery.objects.values_list("status", "reason")) == [("FAILED", "GAVE_UP")], "and no way more"
        Notice.objects.update(values=notice.values | {"deadline": clock.today().isoformat()})
        Delivery.objects.update(status="QUEUED", reason="", due_at=clock.now())
        assert outbox.deliver_due() == 1, "one may still answer"
