"""While the database or Redis is away each request says so in one line, and a mistake of ours with its place."""

from __future__ import annotations

import logging
import logging.config
import sqlite3
import sys
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import psycopg2
import pytest
import redis
from celery.beat import SchedulingError
from django.conf import settings
from django.db import InternalError, OperationalError, ProgrammingError


def wrapped(kind: type[Exception], cause: Exception) -> Exception:
    try:
        raise kind(*cause.args) from cause
    except Exception as error:
        return error


class Stopping(psycopg2.OperationalError):
    """The server, to whoever asks while it stops."""

    pgcode = "57P01"


class ReadOnly(psycopg2.InternalError):
    """A server that follows another, to whoever writes."""

    pgcode = "25006"


class Deadlock(psycopg2.OperationalError):
    pgcode = "40P01"


AWAY: list[Callable[[], Exception]] = [
    lambda: wrapped(
        OperationalError, psycopg2.OperationalError("connection to server failed: Connection refused\nIs it?")
    ),
    lambda: wrapped(OperationalError, Stopping("terminating connection due to administrator command")),
    lambda: redis.ConnectionError("Error 111 connecting to 127.0.0.1:6379. Connection refused."),
    lambda: redis.exceptions.OutOfMemoryError("command not allowed when used memory > 'maxmemory'."),
    lambda: redis.ResponseError("MISCONF Redis is configured to save RDB snapshots, but it cannot persist on disk."),
    lambda: wrapped(InternalError, ReadOnly("cannot execute UPDATE in a read-only transaction")),
]
MISTAKES: list[Callable[[], Exception]] = [
    lambda: wrapped(OperationalError, Deadlock("deadlock detected")),
    lambda: wrapped(ProgrammingError, psycopg2.ProgrammingError("no such column")),
    lambda: wrapped(OperationalError, sqlite3.OperationalError("no such table: x")),
    lambda: wrapped(InternalError, psycopg2.InternalError("current transaction is aborted")),
    lambda: redis.ResponseError("WRONGTYPE Operation against a key holding the wrong kind of value"),
    lambda: ValueError("kapot"),
]


def written(
    error: Exception, words: str = "Internal Server Error: %s", arguments: tuple[Any, ...] = ("/b/geheim/",)
) -> str:
    """As the console's handler writes what Django says of a request that failed."""
    handler = logging.StreamHandler()
    try:
        raise error
    except Exception:
        record = logging.getLogger("django.request").makeRecord(
            "django.request", logging.ERROR, __file__, 1, words, arguments, sys.exc_info()
        )
    told: Any = deepcopy(settings.LOGGING)
    configured = logging.config.DictConfigurator(told)
    for name in told["handlers"]["console"]["filters"]:
        handler.addFilter(configured.configure_filter(told["filters"][name]))
    handler.setFormatter(configured.configure_formatter(told["formatters"]["line"]))
    assert handler.filter(record)
    return handler.format(record)


@pytest.mark.parametrize("error", AWAY)
def test_what_is_away_takes_one_line(error: Callable[[], Exception]) -> None:
    line = written(error())
    assert line.count("\n") == 0
    assert "Error: " in line
    assert "/b/…/" in line
    assert "geheim" not in line


@pytest.mark.parametrize("error", MISTAKES)
def test_a_mistake_keeps_its_place_in_the_program(error: Callable[[], Exception]) -> None:
    assert "  File " in written(error())


@pytest.mark.parametrize("error", AWAY)
def test_a_mistake_made_while_it_was_handled_keeps_its_place_too(error: Callable[[], Exception]) -> None:
    """What is away comes back by itself; what goes wrong then is mended by somebody who can see where."""
    try:
        try:
            raise error()
        except Exception:
            dict[str, int]()["kapot"]
    except KeyError as mistake:
        lines = written(mistake)
    assert "KeyError" in lines
    assert __file__ in lines


@pytest.mark.parametrize("error", AWAY)
def test_what_says_the_same_in_words_of_its_own_takes_one_line(error: Callable[[], Exception]) -> None:
    assert written(wrapped(RuntimeError, error())).count("\n") == 0


def test_beat_says_where_it_stands_in_no_line_either() -> None:
    """It writes the place as words, beside the error: three kilobytes for each ring, and it rings twice a second."""
    try:
        try:
            raise AWAY[2]()
        except Exception:
            raise SchedulingError("Couldn't apply scheduled task")  # noqa: B904 - as beat does
    except SchedulingError as error:
        line = written(error, "Message Error: %s\n%s", (error, ["  File beat.py, line 1"]))
    assert "Couldn't apply scheduled task" in line
    assert "beat.py" not in line
    assert "File" not in line
