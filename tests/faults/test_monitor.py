"""A monitor that asks the running web server sees the outbox stand still, and go on (sending.md, fault 22)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F

from messaging.models import Delivery
from messaging.outbox.health import LONGEST_WAIT_SECONDS
from tests.faults.conftest import StartWeb, StartWorker
from tests.faults.processes import wait_until
from tests.faults.town import published_to
from tests.faults.verdict import all_ended
from tests.messaging.sinks import MailSink

READY = "/gezondheid/klaar/"

pytestmark = [pytest.mark.fault, pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def test_without_a_worker_it_turns_red_and_with_one_green_again(
    start_web: StartWeb, start_worker: StartWorker, sink: MailSink
) -> None:
    web = start_web()
    published_to(mails=5)
    assert web.ask(READY) == 200
    Delivery.objects.update(due_at=F("due_at") - timedelta(seconds=LONGEST_WAIT_SECONDS + 5))
    assert web.ask(READY) == 503
    assert web.ask("/gezondheid/leeft/") == 200, "the web server itself is not ill"
    start_worker()
    wait_until(all_ended, "The end of everything")
    assert web.ask(READY) == 200
