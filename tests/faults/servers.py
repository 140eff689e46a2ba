"""PostgreSQL and Redis of one test's own, which it may crash: the other tests' servers stay up."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from celery import Celery
from django.db import connection
from kombu.exceptions import OperationalError

from tests.faults.processes import same_database
from tests.services import Postgres, Redis


@contextmanager
def folder() -> Iterator[Path]:
    """One that PostgreSQL's user can enter, with a path short enough for a socket."""
    found = Path(tempfile.mkdtemp(prefix="faults-"))
    try:
        yield found
    finally:
        shutil.rmtree(found, ignore_errors=True)


@contextmanager
def postgres_of_its_own() -> Iterator[Postgres]:
    """Started, with a copy of the test's database under the same name; what is committed survives its crash."""
    name = str(connection.settings_dict["NAME"])
    with folder() as home:
        server = Postgres(home, synchronous_commit="on")
        try:
            server.start()
            server.make_database(name)
            copy(dump(), server.url(name))
            yield server
        finally:
            server.end()


def dump(url: str = "") -> bytes:
    """The test's database, or another, as SQL."""
    return subprocess.run(["pg_dump", "--no-owner", url or this_url()], check=True, capture_output=True).stdout


def copy(sql: bytes, url: str) -> None:
    subprocess.run(
        ["psql", "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--single-transaction", url],
        input=sql,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def this_url() -> str:
    return same_database()["DATABASE_URL"]


@contextmanager
def connected_to(server: Postgres) -> Iterator[None]:
    """This process's Django speaks to that server."""
    options = connection.settings_dict["OPTIONS"]
    before = options["host"]
    connection.close()
    options["host"] = str(server.home)
    try:
        yield
    finally:
        connection.close()
        options["host"] = before


@contextmanager
def redis_of_its_own() -> Iterator[Redis]:
    with folder() as home:
        server = Redis(home)
        try:
            server.start()
            yield server
        finally:
            server.end()


def ring_at(server: Redis) -> None:
    """The bell as beat rings it: when the broker is away it does not ring."""
    with Celery(broker=server.url(), set_as_current=False) as bell:
        try:
            bell.send_task("messaging.tasks.deliver_due", retry=False)
        except OperationalError:
            return
