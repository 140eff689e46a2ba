"""The database's clock: all due, lease and turn times follow it, whatever a worker's own clock says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

#: For SQL of our own: that clock, some seconds later; ``{}`` is the expression of the seconds.
LATER = {
    "postgresql": "STATEMENT_TIMESTAMP() + MAKE_INTERVAL(secs => {})",
    "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW', ({}) || ' seconds')",
}
#: By so much more a moment of the tables may lie ahead than was written; beyond that the clock was set back meanwhile.
A_LITTLE = 60.0
_NOW = {"postgresql": "SELECT STATEMENT_TIMESTAMP()", "sqlite": "SELECT STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')"}


def in_seconds(seconds: float) -> Combinable:
    """A moment for an UPDATE."""
    return ExpressionWrapper(Now() + Value(timedelta(seconds=seconds)), output_field=DateTimeField())


def is_past(name: str, most: float) -> Q:
    """That the moment in a column has come, which is written at most so many seconds ahead. One that lies further ahead
    was written by a clock that was ahead and is set right since: what waits for it would wait until the wrong hour."""
    return Q(**{f"{name}__lte": Now()}) | is_ahead(name, most)


def is_ahead(name: str, most: float = 0.0) -> Q:
    """That the moment in a column lies further ahead than the so many seconds at most that it was written ahead."""
    return Q(**{f"{name}__gt": in_seconds(most + A_LITTLE)})


def database_now() -> datetime:
    """The present moment."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW[connection.vendor])
        moment = cursor.fetchone()[0]
    return datetime.fromisoformat(moment).replace(tzinfo=UTC) if isinstance(moment, str) else moment
