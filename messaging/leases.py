"""A word that is told once though a process dies: who is about to tell takes the row (``taken_at``), and says after it
that it was told. What was taken and not told, because its process was killed or no way worked, another takes later.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from anymail.exceptions import AnymailError
from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)

#: Longer than any word takes; and an address that a server refuses is asked no more often.
LEASE = timedelta(hours=1)


def free(now: datetime) -> Q:
    """What no process is telling. What was taken in an hour that has not come was taken by a clock that was ahead."""
    return Q(taken_at__isnull=True) | Q(taken_at__lt=now - LEASE) | Q(taken_at__gt=now + LEASE)


def untold(now: datetime) -> Q:
    """What no sweep told or is telling."""
    return Q(told_at__isnull=True) & free(now)


@contextmanager
def taken(rows: QuerySet[Row], moment: datetime) -> Iterator[QuerySet[Row] | None]:
    """Those of the rows of which this process alone tells now, None if there are none. A process whose time is over, or
    whose mail server is away, gives them back. Else they stay taken until the lease is over: of one that was killed or
    told nobody, and of one that met something unexpected, for then they keep no others waiting."""
    facts: dict[str, Any] = {"taken_at": moment}
    if not rows.filter(free(moment)).update(**facts):
        yield None
        return
    mine = rows.filter(**facts)
    try:
        yield mine
    except (SoftTimeLimitExceeded, OSError, AnymailError):
        mine.update(taken_at=None)
        raise
