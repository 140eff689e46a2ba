"""A guardian who refuses while mails leave: nothing more is begun after that is written down (sending.md, fault 19)."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import transaction

from messaging import outbox
from messaging.models import Channel, Delivery, DeliveryStatus, OptOut, Reason
from messaging.outbox.transitions import OPEN
from parents.models import Guardianship
from schools import clock
from tests.faults.conftest import StartWorker
from tests.faults.processes import WORKER_PROCESSES, wait_until
from tests.faults.town import published_to
from tests.faults.verdict import all_ended, mails_by_row, texts_by_row
from tests.messaging.sinks import Gateway, MailSink

#: More than are under way at any time, so that some have not been begun when the withdrawal comes.
MAILS, TEXTS = 2 * WORKER_PROCESSES * settings.OUTBOX_BATCH, 200
BY_WORKER = [Channel.EMAIL, Channel.SMS]

pytestmark = [pytest.mark.fault, pytest.mark.worker, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("what", [pytest.param("the way", marks=pytest.mark.full), "the right to be told"])
def test_what_was_not_under_way_stays_here(
    start_worker: StartWorker, sink: MailSink, gateway: Gateway, what: str
) -> None:
    sink.pause = 0.01
    published_to(mails=MAILS, phones=TEXTS)
    start_worker()
    wait_until(lambda: len(sink.raw) >= 40, "Sending")

    theirs = withdraw(what)
    unwanted = Delivery.objects.filter(guardian_id__in=theirs, channel__in=BY_WORKER)
    held = set(unwanted.filter(status__in=OPEN).exclude(claim_token=None).values_list("pk", flat=True))
    before = set(mails_by_row(sink)) | set(texts_by_row(gateway))

    wait_until(all_ended, "The end of everything")
    rows = set(unwanted.values_list("pk", flat=True))
    arrived = rows & (set(mails_by_row(sink)) | set(texts_by_row(gateway)))
    stayed = set(unwanted.filter(status=DeliveryStatus.CANCELLED).values_list("pk", flat=True))
    assert stayed, "some had not left"
    assert stayed | arrived == rows
    assert not stayed & arrived, "what was taken back did not leave"
    assert arrived <= before | held, "nothing is begun after the withdrawal"
    wanted = Delivery.objects.filter(channel__in=BY_WORKER).exclude(guardian_id__in=theirs)
    assert set(wanted.values_list("status", flat=True)) == {DeliveryStatus.SENT}
    reason = Reason.OPTED_OUT if what == "the way" else Reason.WITHDRAWN
    assert set(unwanted.filter(pk__in=stayed).values_list("reason", flat=True)) == {reason}


def withdraw(what: str) -> set[int]:
    """A third of all guardians, of those to whom nothing left yet. A claim that is being made ends before."""
    with transaction.atomic():
        waiting = Delivery.objects.filter(channel__in=BY_WORKER, status=DeliveryStatus.QUEUED, claim_token=None)
        theirs = list(waiting.order_by("-pk").values_list("guardian_id", flat=True)[: (MAILS + TEXTS) // 3])
        rows = Delivery.objects.filter(guardian_id__in=theirs).order_by("pk")
        list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
        if what == "the right to be told":
            Guardianship.objects.filter(guardian_id__in=theirs).update(information_right=False)
            return set(theirs)
        OptOut.objects.bulk_create(
            OptOut(guardian_id=pk, channel=way, category="", since=clock.now()) for pk in theirs for way in BY_WORKER
        )
        for way in BY_WORKER:
            outbox.take_back_unwanted(theirs, way, "")
    return set(theirs)
