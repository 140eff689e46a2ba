"""Which request or task a line of the log belongs to: a random word that says nothing about anybody."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from celery import current_task

_request: ContextVar[str] = ContextVar("request", default="")
#: Under which a request that was answered keeps its id.
NAMED = "activity_id"


def request_id() -> str:
    """Of the request that is being answered; empty outside of any."""
    return _request.get()


def task_id() -> str:
    """Of the task that is being done; empty outside of any."""
    return str(current_task.request.id or "") if current_task else ""


@contextmanager
def of_a_request() -> Iterator[str]:
    """A new id, for all that happens within. It is our own: what a visitor sends would stand in the log."""
    token = _request.set(secrets.token_hex(8))
    try:
        yield _request.get()
    finally:
        _request.reset(token)


class Activity(logging.Filter):
    """Puts the ids on each record, for whatever writes it. What Django says of an answer, such as that a page was not
    found, it says when the request is over, and names it."""

    def filter(self, record: logging.LogRecord) -> bool:
        answered = getattr(record, "request", "")
        of_answered = answered if isinstance(answered, str) else getattr(answered, NAMED, "")
        ids = {"request": request_id() or of_answered, "task": task_id()}
        words = [f"{name}={value}" for name, value in ids.items() if value]
        record.__dict__ |= ids | {"activity": f"[{' '.join(words)}] " if words else ""}
        return True
