"""A worker that is killed while it sends loses nothing and doubles no text message (sending.md, faults 1 to 3)."""

from __future__ import annotations

import random

import pytest

from messaging.models import Delivery
from tests.faults.conftest import StartWorker
from tests.faults.processes import MAIL_CONNECTIONS, SHORT_LEASE_SECONDS, WORKER_PROCESSES, wait_until
from tests.faults.town import published_to
from tests.faults.verdict import all_ended, judge_mails, judge_texts
from tests.messaging.sinks import Gateway, MailSink

MAILS, TEXTS = 1_700, 1_400
KILLS_OF_ALL = 3

pytestmark = [pytest.mark.fault, pytest.mark.worker, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("kills_of_one", [10, pytest.param(30, marks=pytest.mark.full)])
def test_killed_again_and_again_over_three_thousand_deliveries(
    start_worker: StartWorker, sink: MailSink, gateway: Gateway, kills_of_one: int
) -> None:
    sink.pause = 0.002
    published_to(mails=MAILS, phones=TEXTS)
    moments = sorted(random.sample(range(40, MAILS + TEXTS - 200), kills_of_one + KILLS_OF_ALL))
    of_all = set(random.sample(moments, KILLS_OF_ALL))
    worker = start_worker(lease=SHORT_LEASE_SECONDS)

    for arrived in moments:
        wait_until(
            lambda arrived=arrived: len(sink.raw) + len(gateway.queries) >= arrived,  # type: ignore[misc]
            f"The arrival of {arrived} messages",
        )
        assert not all_ended(), "it is killed in the middle"
        if arrived in of_all:
            worker.kill_and_start_again()
        else:
            wait_until(worker.kill_one, "The start of a process that can be killed")
    wait_until(all_ended, "The end of everything")

    killed = kills_of_one + KILLS_OF_ALL * WORKER_PROCESSES
    judge_mails(sink, twice=killed * MAIL_CONNECTIONS)
    judge_texts(gateway, unknown=killed)
    assert set(Delivery.objects.values_list("attempts", flat=True)) <= {0, 1}, "a kill is nobody's refusal"
