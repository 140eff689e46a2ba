"""The database's clock: all due, lease and turn times follow it, whatever a worker's own clock says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

#: For SQL of our own: that clock, some seconds later; ``{}`` is the expression of the seconds.
LATER = {
    "postgresql": "STATEMENT_TIMESTAMP() + MAKE_INTERVAL(secs => {})",
    "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW', ({}) || ' seconds')",
}
_NOW = {"postgresql": "SELECT STATEMENT_TIMESTAMP()", "sqlite": "SELECT STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')"}


def in_seconds(seconds: float) -> Combinable:
    """A moment for an UPDATE."""
    return ExpressionWrapper(Now() + Value(timedelta(seconds=seconds)), output_field=DateTimeField())


def database_now() -> datetime:
    """The present moment."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW[connection.vendor])
        moment = cursor.fetchone()[0]
    return datetime.fromisoformat(moment).replace(tzinfo=UTC) if isinstance(moment, str) else moment
