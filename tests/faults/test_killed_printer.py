"""A worker that is killed while it makes a school's letters: what it made is kept, the next one goes on."""

from __future__ import annotations

import time
from typing import Any

import pypdfium2
import pytest
from django.db import transaction

from messaging import printfiles, printing
from messaging.models import BatchState, Delivery, DeliveryStatus, LetterBatch
from messaging.services import print_letters, publish_notice, resume_letters, stop_letters
from messaging.tokens import short_code
from tests import factories as make
from tests.faults.conftest import StartWorker
from tests.faults.processes import SHORT_LEASE_SECONDS, wait_until

CLASSES, IN_EACH = 6, 2
ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


@pytest.fixture
def batch(settings: Any) -> LetterBatch:
    """Letters of a school, in parts of one class."""
    settings.LETTERS_IN_REQUEST, settings.LETTERS_IN_PART = 0, IN_EACH
    with transaction.atomic():
        school = make.make_school()
        for number in range(CLASSES):
            room = make.make_class(school, f"{number + 1}A")
            for _ in range(IN_EACH):
                make.make_family(room, languages=["ar"], emails=[None])
        notice = make.make_notice(None, school=school)
    publish_notice(notice=notice, by=notice.author)
    return print_letters(notice=notice, by=notice.author)


def ring() -> None:
    with transaction.atomic():
        printing.ring()


def kept(batch: LetterBatch) -> list[str]:
    return list(batch.parts.exclude(file="").order_by("number").values_list("file", flat=True))


def state_of(batch: LetterBatch) -> str:
    batch.refresh_from_db()
    return batch.state


@pytest.mark.fault
@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_and_stopped_once_every_letter_is_there_once(
    start_worker: StartWorker, batch: LetterBatch
) -> None:
    worker = start_worker(lease=SHORT_LEASE_SECONDS, LETTERS_IN_PART=str(IN_EACH))
    wait_until(lambda: len(kept(batch)) >= 2, "The making of two parts", ring=ring)
    worker.kill_and_start_again()
    before = kept(batch)
    assert 2 <= len(before) < CLASSES, "it was killed in the middle"
    assert state_of(batch) == BatchState.MAKING

    wait_until(lambda: len(kept(batch)) > len(before), "Going on after the kill", ring=ring)
    assert kept(batch)[: len(before)] == before, "what was made is not made again"
    if stop_letters(batch=batch, by=batch.made_by):
        time.sleep(1.5)
        assert state_of(batch) == BatchState.STOPPED
        assert resume_letters(batch=batch, by=batch.made_by)
    wait_until(lambda: state_of(batch) == BatchState.READY, "The end of the work", ring=ring)

    document = pypdfium2.PdfDocument(printfiles.read(batch.file))
    pages = [page.get_textpage().get_text_bounded().translate(ISOLATES) for page in document][2:]
    for delivery in Delivery.objects.all():
        assert delivery.status == DeliveryStatus.SENT
        assert sum(short_code(delivery) in page for page in pages) == 1
    assert batch.letters_done == batch.letters_total == CLASSES * IN_EACH
