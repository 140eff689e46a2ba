"""Signs of life of beat and of the workers, in the cache that all processes share.

They are no truth: a cache that was emptied, or is away, has heard nobody; within seconds it has heard them again.
"""

from __future__ import annotations

import contextlib
import time
from typing import Any

from celery import signals
from django.core.cache import cache

BEAT, WORKER = "beat", "worker"
#: Beat rings every 15 seconds, and each ring is work for a worker.
SILENT_SECONDS = 120
_NOT_MORE_OFTEN = 5.0

_noted: dict[str, float] = {}


def note(who: str) -> None:
    """``who`` lives. A cache that is away is no reason to stop working."""
    now = time.monotonic()
    if now - _noted.get(who, -_NOT_MORE_OFTEN) < _NOT_MORE_OFTEN:
        return
    _noted[who] = now
    with contextlib.suppress(Exception):
        cache.set(_key(who), time.time(), timeout=None)


def forget() -> None:
    """Note the next sign at once."""
    _noted.clear()


def silent_seconds(who: str) -> int | None:
    """How long nobody heard of ``who``; None when never, or when the cache is away."""
    with contextlib.suppress(Exception):
        at = cache.get(_key(who))
        return None if at is None else max(0, int(time.time() - at))
    return None


def is_silent(seconds: int | None) -> bool:
    return seconds is None or seconds > SILENT_SECONDS


def _key(who: str) -> str:
    return f"pulse:{who}"


def _beat_rang(**_more: Any) -> None:
    note(BEAT)


def _worked(**_more: Any) -> None:
    note(WORKER)


def listen_to_beat() -> None:
    """In beat's own process: it is heard whenever it rings."""
    signals.before_task_publish.connect(_beat_rang)


def listen_to_worker() -> None:
    """In a worker's process: it is heard whenever it has done something."""
    signals.task_postrun.connect(_worked)
