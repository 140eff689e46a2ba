"""How fast and by how many connections; who tries when the other side is away; whose turn it is."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest

from messaging import outbox
from messaging.models import ChannelState, Delivery, DeliveryStatus, Notice, NoticeStatus
from messaging.outbox import providers
from messaging.outbox.claiming import settle
from messaging.outbox.clocks import database_now
from messaging.outbox.providers import Gate
from messaging.services import publish_notice
from tests import factories as make
from tests.messaging.sinks import MailSink

MAIL = "EMAIL"


def publish(families: int, *, kind: str = "ACTIE") -> Notice:
    school_class = make.make_class()
    for _ in range(families):
        make.make_family(school_class)
    notice = make.make_notice(school_class)
    notice.kind = kind
    notice.save(update_fields=["kind"])
    publish_notice(notice=notice, by=notice.author)
    return notice


def the_pause_is_over() -> None:
    ChannelState.objects.update(closed_until=database_now() - timedelta(seconds=1))


@pytest.mark.django_db
class TestTheBreaker:
    def test_one_process_tries_after_each_pause(self) -> None:
        assert providers.gate(MAIL) is Gate.OPEN
        providers.went_away(MAIL, was_probe=False)
        assert providers.gate(MAIL) is Gate.CLOSED
        assert providers.away() == [MAIL]
        the_pause_is_over()
        assert [providers.gate(MAIL) for _ in range(3)] == [Gate.PROBE, Gate.CLOSED, Gate.CLOSED]
        assert providers.gate("SMS") is Gate.OPEN, "text messages have their own"

    def test_pauses_double_up_to_a_minute(self) -> None:
        pauses = []
        providers.went_away(MAIL, was_probe=False)
        for _ in range(8):
            state = ChannelState.objects.get()
            assert state.closed_until is not None
            pauses.append((state.closed_until - database_now()).total_seconds())
            providers.went_away(MAIL, was_probe=True)
        assert 0.5 < pauses[0] <= 2
        assert 29 < pauses[-1] <= 60
        assert pauses[3] > pauses[0]

    def test_found_out_by_several_at_once_it_counts_once(self) -> None:
        for _ in range(5):
            providers.went_away(MAIL, was_probe=False)
        assert ChannelState.objects.get().failures == 1

    def test_answered_everybody_sends_again(self) -> None:
        providers.went_away(MAIL, was_probe=False)
        providers.came_back(MAIL)
        assert providers.gate(MAIL) is Gate.OPEN
        assert providers.away() == []

    def test_that_nobody_tried_since_is_no_sign_that_it_is_away(self) -> None:
        """It was back within the hour, and until the morning nothing is due that would show it."""
        providers.went_away(MAIL, was_probe=False)
        for minutes, away in ((44, [MAIL]), (46, [])):
            ChannelState.objects.update(closed_until=database_now() - timedelta(minutes=minutes))
            assert providers.away() == away
            assert outbox.health().away == away
        assert providers.gate(MAIL) is Gate.PROBE, "one message tries it first all the same"
        assert providers.away() == [MAIL]

    def test_while_it_is_away_no_attempt_counts_and_one_mail_finds_out_that_it_is_back(
        self, settings: Any, sink: MailSink
    ) -> None:
        settings.EMAIL_PORT = 9
        publish(3)
        for _ in range(3):
            assert outbox.deliver_due() == 0
        assert ChannelState.objects.get().failures == 1, "the pause was kept"
        the_pause_is_over()
        assert outbox.deliver_due() == 0
        assert ChannelState.objects.get().failures == 2
        assert set(Delivery.objects.values_list("attempts", "status")) == {(0, "QUEUED")}
        settings.EMAIL_PORT = sink.port
        the_pause_is_over()
        assert outbox.deliver_due() == 3
        assert providers.away() == []

    def test_a_server_that_cuts_everything_off_is_left_alone(self, settings: Any, sink: MailSink) -> None:
        settings.MAIL_CONNECTIONS = 1
        sink.answer_rcpt = lambda address: "cut"
        publish(12)
        outbox.deliver_due()
        assert providers.away() == [MAIL]
        assert Delivery.objects.filter(attempts=0).count() == 12 - 5


@pytest.mark.django_db
class TestTheRate:
    def test_moments_are_given_away_once_for_all_processes(self, settings: Any) -> None:
        settings.MAIL_PER_SECOND = 10
        assert providers.book(MAIL, 10) == 0
        assert providers.book(MAIL, 5) == pytest.approx(1, abs=0.3)
        assert providers.book(MAIL, 1) == pytest.approx(1.5, abs=0.3)
        assert providers.book("SMS", 100) == 0, "which has no limit here"

    def test_no_more_leave_in_a_second(self, settings: Any, sink: MailSink) -> None:
        settings.MAIL_PER_SECOND = 10
        publish(16)
        started = time.monotonic()
        assert outbox.deliver_due() == 16
        assert time.monotonic() - started >= 1.4


@pytest.mark.django_db
class TestConnections:
    def test_a_slow_server_gets_several_a_quick_one_gets_one(self, settings: Any, sink: MailSink) -> None:
        settings.MAIL_CONNECTIONS = 4
        sink.pause = 0.2
        publish(20)
        started = time.monotonic()
        assert outbox.deliver_due() == 20
        took = time.monotonic() - started
        assert sink.connections == 4
        assert took < 20 * 0.2 * 0.75
        assert len({to for to, _ in sink.raw}) == 20
        assert set(Delivery.objects.values_list("status", "attempts")) == {("SENT", 1)}

    def test_with_several_each_answer_finds_its_row(self, settings: Any, sink: MailSink) -> None:
        settings.MAIL_CONNECTIONS = 4
        sink.pause = 0.05
        publish(12)
        wrong = Delivery.objects.order_by("pk").values_list("address", flat=True)[7]
        sink.answer_data = lambda address: "554 5.7.1 no" if address == wrong else ""
        assert outbox.deliver_due() == 11
        assert Delivery.objects.get(status="FAILED").address == wrong

    def test_time_being_up_the_rest_is_given_back(self, settings: Any, sink: MailSink) -> None:
        sink.pause = 0.1
        settings.MAIL_CONNECTIONS = 1
        publish(10)
        sent = outbox.deliver_due(seconds=0.35)
        assert 1 <= sent < 10
        assert Delivery.objects.filter(status="QUEUED", attempts=0, claim_token=None).count() == 10 - sent

    def test_a_lease_shorter_than_a_send_is_taken_over_and_the_first_finish_refused(self) -> None:
        publish(1)
        first = outbox.claim()
        assert first is not None
        Delivery.objects.update(due_at=database_now() - timedelta(seconds=1))
        second = outbox.claim()
        assert second is not None
        assert not settle(first, first.rows[0].pk, DeliveryStatus.FAILED, reason="REFUSED")
        assert settle(second, first.rows[0].pk, DeliveryStatus.SENT)
        assert Delivery.objects.get().status == DeliveryStatus.SENT


@pytest.mark.django_db
class TestTurns:
    def test_a_small_notice_does_not_wait_behind_a_large_one(self, settings: Any, sink: MailSink) -> None:
        settings.OUTBOX_BATCH = 5
        large = publish(40)
        outbox.claim()
        small = publish(5)
        served = [outbox.claim() for _ in range(2)]
        notices = [row.notice_id for claimed in served if claimed for row in claimed.rows]
        assert notices.count(small.pk) == 5, "it leaves in at most twice the time it takes alone"
        assert large.pk in notices

    def test_urgent_ones_go_first(self, settings: Any) -> None:
        settings.OUTBOX_BATCH = 3
        publish(10)
        urgent = publish(3, kind="DRINGEND")
        claimed = outbox.claim()
        assert claimed is not None
        assert {row.notice_id for row in claimed.rows} == {urgent.pk}

    def test_a_school_with_much_in_the_outbox_waits_with_its_next_chunk(self, settings: Any, sink: MailSink) -> None:
        settings.FAN_OUT_IN_REQUEST, settings.FAN_OUT_CHUNK, settings.SCHOOL_SHARE = 1, 5, 5
        large, other = publish(12), publish(3)
        outbox.plan_unfinished()
        assert large.deliveries.count() == 5
        assert other.deliveries.count() == 3
        assert outbox.deliver_due() == 15, "as its rows leave, the next ones come"
        assert set(Notice.objects.values_list("status", flat=True)) == {NoticeStatus.PUBLISHED}
        assert len({to for to, _ in sink.raw}) == 15
