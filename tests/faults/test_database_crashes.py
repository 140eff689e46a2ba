"""PostgreSQL that crashes while mails and text messages leave, and that comes late (sending.md, faults 9 and 10)."""

from __future__ import annotations

import pytest
from django.db import Error, connection

from messaging.models import Notice
from tests.faults.conftest import StartWeb, StartWorker
from tests.faults.processes import MAIL_CONNECTIONS, SHORT_LEASE_SECONDS, WORKER_PROCESSES, wait_until
from tests.faults.town import published_to
from tests.faults.verdict import all_ended, judge_mails, judge_texts
from tests.messaging.sinks import Gateway, MailSink
from tests.services import Postgres

MAILS, TEXTS = 500, 300
CRASHES_AT = (60, 250, 480)
READY = "/gezondheid/klaar/"

pytestmark = [pytest.mark.fault, pytest.mark.worker]


def seen() -> bool:
    """Whether everything ended, as far as the database answers."""
    try:
        return all_ended()
    except Error:
        connection.close()
        return False


def test_three_crashes_in_the_middle_lose_nothing_and_the_web_server_goes_on(
    database: Postgres, start_worker: StartWorker, start_web: StartWeb, sink: MailSink, gateway: Gateway
) -> None:
    sink.pause = 0.005
    published_to(mails=MAILS, phones=TEXTS)
    web = start_web()
    assert web.ask(READY) == 200
    start_worker(lease=SHORT_LEASE_SECONDS)
    for arrived in CRASHES_AT:
        wait_until(
            lambda arrived=arrived: len(sink.raw) + len(gateway.queries) >= arrived,  # type: ignore[misc]
            f"The arrival of {arrived} messages",
        )
        assert not seen(), "it crashes in the middle"
        database.crash()
        assert web.ask(READY) == 503
        database.start()
        wait_until(lambda: web.ask(READY) == 200, "The web server's next answer")
    wait_until(seen, "The end of everything")
    under_way = len(CRASHES_AT) * WORKER_PROCESSES
    judge_mails(sink, twice=under_way * MAIL_CONNECTIONS)
    judge_texts(gateway, unknown=under_way)
    assert web.runs


def test_a_worker_that_starts_before_its_database_connects_by_itself(
    database: Postgres, start_worker: StartWorker, sink: MailSink
) -> None:
    published_to(mails=20)
    connection.close()
    database.crash()
    worker = start_worker()
    wait_until(lambda: "OperationalError" in worker.said.read_text(), "A worker that meets no database", ring=ring)
    database.start()
    wait_until(seen, "The end of everything")
    judge_mails(sink, twice=0)
    assert Notice.objects.count() == 1


def ring() -> None:
    from celery import current_app

    current_app.send_task("messaging.tasks.deliver_due")  # as beat does: it needs no database
