"""Doors for the worker that need all apps."""

from __future__ import annotations

from celery import shared_task

from ingroeibloei import retention
from ingroeibloei.operating import alerts


@shared_task(soft_time_limit=3600)
def keep_to_retention() -> int:
    """Take away what may not be kept; returns how many rows that touched."""
    return sum(line.number for line in retention.run_at_night())


@shared_task
def tell_operator() -> bool:
    """Mail the operator what is wrong."""
    return alerts.tell_operator()
