"""The other side of every fault test: a mail server and a gateway, and a world that was sent a notice."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.core.cache import cache

from ingroeibloei.operating import pulses
from tests.faults.processes import LONG_LEASE_SECONDS, MAIL_CONNECTIONS, Web, Worker, wait_until
from tests.faults.servers import connected_to, postgres_of_its_own
from tests.messaging.otherside import gateway, sink, static_folder
from tests.services import Postgres

__all__ = ["gateway", "sink", "static_folder"]

StartWorker = Callable[..., Worker]
StartWeb = Callable[..., Web]

#: What only one of the engines has: its servers that crash, its one writer. Collected where it is.
collect_ignore = (
    ["test_many_writers.py"]
    if os.environ["INGROEIBLOEI_TEST_ENGINE"] == "postgres"
    else [
        *("test_database_crashes.py", "test_broker_crashes.py", "test_restart_under_load.py"),
        *("test_lists_at_once.py", "test_posts_race.py", "test_round_race.py", "test_takes_nothing.py"),
    ]
)


@pytest.fixture
def other_side(request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment in which a process finds the mail server and the gateway of this test."""
    found = {"MAIL_CONNECTIONS": str(MAIL_CONNECTIONS)}
    if "sink" in request.fixturenames:
        found |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(request.getfixturevalue("sink").port)}
    if "gateway" in request.fixturenames:
        found |= {"SMS_DRIVER": "gateway", "SMS_GATEWAY_URL": request.getfixturevalue("gateway").url}
    return found


@pytest.fixture
def start_worker(tmp_path: Path, other_side: dict[str, str]) -> Iterator[StartWorker]:
    """Starts workers that live as long as the test; ``lease`` in seconds is what they own their rows for."""
    with ExitStack() as stack:

        def start(kind: type[Worker] = Worker, *, lease: int = LONG_LEASE_SECONDS, **environment: str) -> Worker:
            worker = kind(tmp_path, other_side | {"OUTBOX_LEASE_SECONDS": str(lease)} | environment)
            stack.callback(worker.end)
            return worker

        yield start


@pytest.fixture
def start_web(tmp_path: Path) -> Iterator[StartWeb]:
    """Starts a web server that lives as long as the test, and waits for its first page."""
    with ExitStack() as stack:

        def start(**environment: str) -> Web:
            cache.set(f"pulse:{pulses.BEAT}", time.time() + 3600)  # tests ring in its place
            web = Web(tmp_path, environment)
            stack.callback(web.end)
            wait_until(lambda: web.ask("/gezondheid/leeft/") == 200, "The start of the web server", ring=lambda: None)
            return web

        yield start


@pytest.fixture
def database(transactional_db: None) -> Iterator[Postgres]:
    """A PostgreSQL of this test's own, to which it and its processes are connected."""
    with postgres_of_its_own() as server, connected_to(server):
        yield server
