"""A worker that is killed in the middle of sending loses nothing (sending.md, fault 1)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction

from ingroeibloei.processes import die_with_parent
from messaging import outbox
from messaging.models import Delivery, DeliveryStatus
from messaging.services import publish_notice
from tests import factories as make
from tests.messaging.sinks import MailSink, mail_sink

DELIVERIES = 300
PROCESSES = 2
KILLS_AT = (60, 150)
LEASE_SECONDS = 2
PATIENCE_SECONDS = 120.0


class Worker:
    """A real Celery worker on the test's database and broker, in a process group of its own."""

    def __init__(self, mail_port: int, log: IO[bytes]) -> None:
        self._environment = (
            os.environ
            | _same_database()
            | {
                "EMAIL_PORT": str(mail_port),
                "OUTBOX_LEASE_SECONDS": str(LEASE_SECONDS),
            }
        )
        self._log = log
        self._start()

    def _start(self) -> None:
        command = [sys.executable, "-m", "celery", "-A", "ingroeibloei", "worker", "--pool=prefork"]
        command += [f"--concurrency={PROCESSES}", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        self._process = subprocess.Popen(
            command,
            env=self._environment,
            cwd=settings.BASE_DIR,
            stdout=self._log,
            stderr=self._log,
            process_group=0,
            preexec_fn=die_with_parent(os.getpid()),
        )

    def kill_and_start_again(self) -> None:
        """SIGKILL to the worker and its children, as when the machine's power goes; then a new one."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._start()

    def end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _same_database() -> dict[str, str]:
    """The environment in which another process finds this test's database."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql":
        url = urlsplit(os.environ["DATABASE_URL"])
        return {"DATABASE_URL": f"{url.scheme}://{url.netloc}/{name}?{url.query}".removesuffix("?")}
    usual = Path(settings.VAR_DIR) / "ingroeibloei.sqlite3"
    if not usual.exists():
        usual.symlink_to(name)
    return {}


@pytest.fixture
def worker(tmp_path: Path, sink: MailSink) -> Iterator[Worker]:
    with (tmp_path / "worker.log").open("wb") as log:
        running = Worker(sink.port, log)
        try:
            yield running
        finally:
            running.end()


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with mail_sink() as server:
        server.pause = 0.01
        yield server


def wait_until(happened: Callable[[], bool], what: str) -> None:
    """Rings the bell every half second, as beat does every fifteen."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline, f"{what} did not happen in {PATIENCE_SECONDS} s"
        outbox.ring()
        time.sleep(0.5)


@pytest.mark.fault
@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_killed_twice_in_the_middle_nothing_is_lost(worker: Worker, sink: MailSink) -> None:
    with transaction.atomic():
        school_class = make.make_class()
        for _ in range(DELIVERIES):
            make.make_family(school_class)
        notice = make.make_notice(school_class)
    assert publish_notice(notice=notice, by=notice.author) == DELIVERIES

    for arrived in KILLS_AT:
        wait_until(lambda arrived=arrived: len(sink.raw) >= arrived, f"The arrival of {arrived} mails")  # type: ignore[misc]
        assert len(sink.raw) < DELIVERIES, "it was killed in the middle"
        worker.kill_and_start_again()
    rows = Delivery.objects.filter(notice=notice)
    wait_until(lambda: not rows.exclude(status=DeliveryStatus.SENT).exists(), "The sending of everything")

    mails = sink.messages()
    arrivals = Counter(str(mail["To"]) for mail in mails)
    names = {address: {mail["Message-ID"] for mail in mails if mail["To"] == address} for address in arrivals}
    assert set(arrivals) == set(rows.values_list("address", flat=True)), "nobody was left out"
    under_way = PROCESSES * settings.MAIL_CONNECTIONS
    assert sum(arrivals.values()) - DELIVERIES <= len(KILLS_AT) * under_way
    assert {len(found) for found in names.values()} == {1}, "who got it twice got the same message"
    assert set(rows.values_list("attempts", flat=True)) == {1}
