"""Jobs that are done once for a period, however many clocks ring."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from messaging.models import JobRun
from schools import clock

#: The job that removes what may not be kept.
RETENTION = "retention"
#: So many days without it are a clock that is far ahead, or a portal that stood still: a person looks first.
_LEAP = timedelta(days=45)


def leapt() -> bool:
    """Whether the clock shows a day so long after the last run of retention that it may be wrong."""
    last = JobRun.objects.filter(job=RETENTION, at__lte=clock.now()).order_by("-at").first()
    return last is not None and clock.now() - last.at > _LEAP


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
