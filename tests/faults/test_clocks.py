"""Clocks that are wrong: a worker's own, and the database's that jumps (sending.md, faults 14 and 15)."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import F

from messaging import outbox
from messaging.models import Delivery, DeliveryStatus
from messaging.outbox.transitions import OPEN
from tests.faults.conftest import StartWorker
from tests.faults.processes import WORKER_PROCESSES, Worker, wait_until
from tests.faults.town import published_to, time_passes
from tests.faults.verdict import all_ended, judge_mails, judge_texts, mails_by_row
from tests.messaging.sinks import Gateway, MailSink

MAILS, TEXTS = 250, 150
#: Several times what two processes can have claimed at once.
MANY_MAILS = 700
TINY_LEASE_SECONDS = 1

pytestmark = [pytest.mark.fault, pytest.mark.worker, pytest.mark.django_db(transaction=True)]


class SkewedWorker(Worker):
    python = (sys.executable, "-m", "tests.faults.skewed")


def test_workers_whose_clocks_are_ten_minutes_apart_send_everything_once(
    start_worker: StartWorker, sink: MailSink, gateway: Gateway
) -> None:
    sink.pause = 0.01
    published_to(mails=MAILS, phones=TEXTS)
    for ahead in (600, -600):
        start_worker(SkewedWorker, CLOCK_AHEAD_SECONDS=str(ahead))
    wait_until(all_ended, "The end of everything")
    judge_mails(sink, twice=0)
    judge_texts(gateway)


@pytest.mark.parametrize(
    "jump",
    [
        pytest.param(timedelta(minutes=10), id="on", marks=pytest.mark.full),
        pytest.param(timedelta(seconds=-5), id="back", marks=pytest.mark.full),
    ],
)
def test_the_database_s_clock_jumps_in_the_middle(
    start_worker: StartWorker, sink: MailSink, gateway: Gateway, jump: timedelta
) -> None:
    """Every moment in the tables moves the other way, which is the same: leases end at once, or last longer. A process
    does not see that its lease ended early: what it had claimed may be sent by another too, as the same mail."""
    sink.pause = 0.01
    published_to(mails=MANY_MAILS, phones=TEXTS)
    start_worker()
    wait_until(lambda: len(sink.raw) >= 50, "Sending")
    assert not all_ended()
    Delivery.objects.filter(status__in=OPEN).update(due_at=F("due_at") - jump, turn_at=F("turn_at") - jump)
    wait_until(all_ended, "The end of everything")
    claimed = WORKER_PROCESSES * settings.OUTBOX_BATCH
    judge_mails(sink, twice=claimed if jump > timedelta(0) else 0)
    judge_texts(gateway, unknown=WORKER_PROCESSES if jump > timedelta(0) else 0)


def test_a_lease_shorter_than_a_send_is_taken_over_and_the_row_ends_once(
    start_worker: StartWorker, sink: MailSink
) -> None:
    tries = Counter[str]()

    def stall(address: str) -> float:
        tries[address] += 1
        return 4.0 * TINY_LEASE_SECONDS if tries[address] == 1 else 0.0

    sink.stall = stall
    published_to(mails=4)
    start_worker(lease=TINY_LEASE_SECONDS)
    wait_until(lambda: all_ended() and len(sink.raw) >= sum(tries.values()), "The end of everything", ring=hurry)
    judge_mails(sink, twice=sum(tries.values()) - 4)
    assert max(mails_by_row(sink).values()) > 1, "it was taken over"
    assert set(Delivery.objects.values_list("status", "attempts", "claim_token")) == {(DeliveryStatus.SENT, 1, None)}


def hurry() -> None:
    time_passes()
    outbox.ring()
