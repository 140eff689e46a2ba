"""Parents answer, a worker sends and a whole city is planned, all at once on the embedded database (sending.md, 16)."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from messaging.models import Delivery, Notice
from messaging.models.notices import NoticeStatus
from messaging.services import publish_notice
from messaging.tokens import make_token
from tests.faults.conftest import StartWeb, StartWorker
from tests.faults.processes import wait_until
from tests.faults.town import draft_to, published_to
from tests.messaging.sinks import MailSink

GUARDIANS, WRITERS, PARENTS = 6_000, 4, 40

pytestmark = [pytest.mark.fault, pytest.mark.worker, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_nobody_meets_a_locked_database(
    start_web: StartWeb, start_worker: StartWorker, sink: MailSink, settings: Any
) -> None:
    read = published_to(mails=PARENTS)
    large = draft_to(mails=GUARDIANS)
    paths = [reverse("token_read", args=[make_token(row)]) for row in Delivery.objects.filter(notice=read)]
    web, worker = start_web(), start_worker()
    answers: list[int] = []

    def write(mine: list[str]) -> None:
        while not is_planned.is_set():
            answers.extend(web.ask(path, post=True) for path in mine)

    is_planned = threading.Event()
    writers = [threading.Thread(target=write, args=[paths[n::WRITERS]]) for n in range(WRITERS)]
    publish_notice(notice=large, by=large.author)
    assert not large.deliveries.exists(), "it is planned behind the request"
    for writer in writers:
        writer.start()
    try:
        wait_until(
            lambda: Notice.objects.get(pk=large.pk).status == NoticeStatus.PUBLISHED, "The planning of everybody"
        )
        wait_until(lambda: len(answers) >= PARENTS, "An answer of every parent")
    finally:
        is_planned.set()
        for writer in writers:
            writer.join()
    worker.kill()
    assert large.deliveries.count() == GUARDIANS
    assert set(answers) == {303}, "everybody's answer was taken"
    assert Delivery.objects.filter(notice=read, opened_at=None).count() == 0
    assert "locked" not in worker.said.read_text()
    connection.close()
