"""A mail server in all its moods: later, never, gone after the final dot, silent, away (sending.md, faults 4 to 7)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from messaging import outbox
from messaging.models import Channel, Delivery, DeliveryStatus
from messaging.outbox.providers import away
from tests.faults.conftest import StartWorker
from tests.faults.processes import MAIL_CONNECTIONS, WORKER_PROCESSES, wait_until
from tests.faults.town import published_to, time_passes
from tests.faults.verdict import all_ended, judge_mails
from tests.messaging.sinks import MailSink

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def drain() -> None:
    """Everything to its end, however often it must be tried."""
    for _ in range(20):
        outbox.deliver_due()
        if all_ended():
            return
        time_passes()
    raise AssertionError("something never ends")


def addresses(every: int, place: int) -> set[str]:
    """Of the mails that were planned those at some places, as a share of one in ``every``."""
    found = Delivery.objects.filter(channel=Channel.EMAIL).order_by("pk").values_list("address", flat=True)
    return {address for n, address in enumerate(found) if n % every == place}


def rows_to(wanted: set[str]) -> set[int]:
    return set(Delivery.objects.filter(channel=Channel.EMAIL, address__in=wanted).values_list("pk", flat=True))


def test_later_never_and_cut_off_after_the_final_dot(sink: MailSink) -> None:
    published_to(mails=300)
    later, never, cut = addresses(20, 3), addresses(50, 7), addresses(50, 11)
    later_and_then_never = addresses(100, 29)
    tries: Counter[str] = Counter()

    def answer(address: str) -> str:
        tries[address] += 1
        if address in never or (address in later_and_then_never and tries[address] > 1):
            return "554 5.7.1 no"
        if tries[address] == 1 and address in later | later_and_then_never:
            return "451 4.3.0 later"
        return "cut" if tries[address] == 1 and address in cut else ""

    sink.answer_data = answer
    drain()
    refused = rows_to(never | later_and_then_never)
    judge_mails(sink, twice=len(cut), failed=refused)
    assert len(sink.raw) - len({address for address, _ in sink.raw}) == len(cut), "those came a second time, no other"
    assert {tries[address] for address in never} == {1}, "a refusal is final"
    assert {tries[address] for address in later | cut | later_and_then_never} == {2}
    guardians = set(Delivery.objects.filter(pk__in=refused).values_list("guardian_id", flat=True))
    assert set(Delivery.objects.exclude(channel=Channel.EMAIL).values_list("guardian_id", flat=True)) == guardians


def test_a_server_that_stalls_costs_only_its_own_mails_a_second_try(sink: MailSink, settings: Any) -> None:
    settings.EMAIL_TIMEOUT, settings.MAIL_CONNECTIONS = 1, 4
    sink.pause = 0.03  # slow enough for several connections
    published_to(mails=120)
    hanging, tries = addresses(40, 9), Counter[str]()

    def stall(address: str) -> float:
        tries[address] += 1
        return 2.5 if address in hanging and tries[address] == 1 else 0.0

    sink.stall = stall
    drain()
    judge_mails(sink, twice=len(hanging))
    assert {address for address, times in tries.items() if times > 1} == hanging


@pytest.mark.worker
def test_a_server_that_is_away_at_first_and_again_in_the_middle(start_worker: StartWorker, sink: MailSink) -> None:
    sink.shut()
    sink.pause = 0.005
    published_to(mails=300)
    start_worker()
    wait_until(lambda: away() == [Channel.EMAIL], "Finding that the server is away")
    rows = Delivery.objects.filter(channel=Channel.EMAIL)
    wait_until(lambda: not rows.exclude(status=DeliveryStatus.QUEUED).exists(), "Giving back", ring=lambda: None)
    assert set(rows.values_list("attempts", "first_tried_at")) == {(0, None)}, "nothing was tried"

    sink.listen()
    wait_until(lambda: len(sink.raw) >= 100, "Sending when it is back", ring=hurry)
    sink.shut()
    assert not all_ended()
    sink.listen()
    wait_until(all_ended, "The end of everything", ring=hurry)
    under_way = WORKER_PROCESSES * MAIL_CONNECTIONS
    judge_mails(sink, twice=under_way)
    assert rows.filter(attempts__gt=1).count() <= under_way


def hurry() -> None:
    time_passes()
    outbox.ring()
