"""Doors for the worker. A task may run twice, late or never: what must be done is in the tables."""

from __future__ import annotations

from celery import shared_task

from parents import services


@shared_task
def watch_reading() -> int:
    """Lay unusual reading before those responsible."""
    return services.watch_reading()
