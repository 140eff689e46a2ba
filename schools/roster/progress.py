"""How far the work at an upload is, and that somebody asked to stop it: in the cache, for one transaction holds the
database's rows meanwhile (on SQLite all of them). The work goes on while the cache is away."""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum
from typing import Any

from django.core.cache import cache

_KEPT_SECONDS = 24 * 3600


class Step(StrEnum):
    READING = "reading"
    COMPARING = "comparing"
    CLASSES = "classes"
    PUPILS = "pupils"
    PLACES = "places"
    GUARDIANS = "guardians"
    CONTACTS = "contacts"
    FAMILIES = "families"
    SAVING = "saving"


class Stopped(Exception):
    """Somebody asked to stop; nothing of the running transaction stays."""


class Progress:
    """The progress of nobody's upload: a command's, a test's."""

    def say(self, step: Step, done: int = 0, total: int = 0) -> None:
        """Tell how far it is. Raises Stopped when somebody asked to stop."""


class UploadProgress(Progress):
    def __init__(self, pk: int) -> None:
        self._pk = pk

    def say(self, step: Step, done: int = 0, total: int = 0) -> None:
        is_stopped = False
        with suppress(Exception):
            cache.set(_far(self._pk), {"step": step.value, "done": done, "total": total}, _KEPT_SECONDS)
            is_stopped = bool(cache.get(_stop(self._pk)))
        if is_stopped:
            raise Stopped


def how_far(pk: int) -> dict[str, Any]:
    """The last thing that was told: step, done, total; empty when nothing was."""
    told: dict[str, Any] = {}
    with suppress(Exception):
        told = cache.get(_far(pk)) or {}
    return told


def ask_to_stop(pk: int) -> None:
    """Raises while the cache is away: whoever asked would not be heard."""
    cache.set(_stop(pk), True, _KEPT_SECONDS)


def forget(pk: int) -> None:
    """A new beginning: nobody asked to stop it."""
    with suppress(Exception):
        cache.delete_many([_far(pk), _stop(pk)])


def _far(pk: int) -> str:
    return f"roster-{pk}-far"


def _stop(pk: int) -> str:
    return f"roster-{pk}-stop"
