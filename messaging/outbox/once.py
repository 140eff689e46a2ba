"""Jobs that are done once for a period, however many clocks ring."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from messaging.models import JobRun
from schools import clock


def once(job: str, period: str, work: Callable[[], object]) -> bool:
    """Do ``work`` unless it was done for this period; whether it was done now.

    The row that says so comes in with the work's own transaction: a second process waits for the first one's end and
    then leaves it, and what was killed half-way never was.
    """
    with transaction.atomic():
        _row, is_new = JobRun.objects.get_or_create(job=job, period=period, defaults={"at": clock.now()})
        if is_new:
            work()
    return is_new
