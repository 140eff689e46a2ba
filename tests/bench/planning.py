"""Planning a notice's deliveries beside the bare statement that inserts the same rows, ready made.

In processor seconds of server and client together: the disk has no part in it (the bench's server does not wait for
it), and other people's work on a shared machine none either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from messaging.models import Delivery, Notice, NoticePupil, NoticeStatus
from messaging.outbox.planning import plan
from schools import clock
from schools.models import School
from tests import factories
from tests.bench.measure import Bar, Result, interleaved, processor_clock, result, same, seconds
from tests.bench.world import City

_FIELDS = [field for field in Delivery._meta.concrete_fields if not field.primary_key]
_COLUMNS = ", ".join(str(field.column) for field in _FIELDS)
_BATCH = 5_000
#: Measured 1.44: choosing the ways costs 0.35 of the bare statement, the calls' follow-ups 0.1.
_INSERT_BAR = Bar("at most", 1.5)
_BULK_BAR = Bar("at most", 0.5)  # twice as fast; measured likewise: about 0.35 to 0.4


def measure(city: City) -> list[Result]:
    """Every run begins with an empty outbox and ends with the rows committed, their foreign keys checked."""
    families = city.size.families
    whole, tenth = _notice(city, families), _notice(city, families // 10)
    n = city.size.guardians
    _checked_plan(tenth, n // 10)
    _checked_plan(whole, n)
    planned = _kept_ready()
    for insert in (_insert, _bulk_create):
        _on_empty_outbox(insert)
        same(f"rows of {insert.__name__}", _content(), planned)
    ours, bare, bulk, part = interleaved(
        lambda: _on_empty_outbox(lambda: plan(whole)),
        lambda: _on_empty_outbox(_insert),
        lambda: _on_empty_outbox(_bulk_create),
        lambda: _on_empty_outbox(lambda: plan(tenth)),
    )
    return [
        result("planning beside the bare INSERT … SELECT", ours, bare, "s", n, _INSERT_BAR),
        result("planning beside bulk_create(5000)", ours, bulk, "s", n, _BULK_BAR),
        result("planning beside planning a tenth of it", ours, part, "s", n, Bar("at most", 13)),
    ]


def _notice(city: City, families: int) -> Notice:
    """A notice that is being sent to the parents of the first families' children."""
    notice = factories.make_notice(None, city.writer, school=School.objects.order_by("pk")[0])
    notice.status, notice.published_at = NoticeStatus.PUBLISHING, clock.now()
    notice.save()
    table = NoticePupil._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (notice_id, pupil_id) SELECT %s, pupil_id FROM parents_familymembership "
            "WHERE family_id <= %s",
            [notice.pk, families],
        )
        cursor.execute(f"ANALYZE {table}")
    return notice


def _checked_plan(notice: Notice, guardians: int) -> None:
    """Plan once and compare the ways with what this world's addresses allow."""
    _on_empty_outbox(lambda: plan(notice))
    expected = Counter(_way(number) for number in range(1, guardians + 1))
    found = Counter(Delivery.objects.filter(notice=notice).values_list("channel", flat=True))
    same(f"deliveries of {guardians} guardians", found, expected)


def _way(guardian: int) -> str:
    """The way of a guardian of ``tests.bench.world``."""
    if guardian % 100 == 7:
        return "CALL"
    return "EMAIL" if guardian % 10 < 7 else "SMS" if guardian % 10 < 9 else "LETTER"


def _content() -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sum(guardian_id), sum(contact_point_id), sum(hashtext(concat_ws('|', notice_id, "
            "guardian_id, channel, round, language, contact_point_id, address, status, is_urgent, due_at))::bigint) "
            "FROM messaging_delivery"
        )
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def _kept_ready() -> tuple[Any, ...]:
    """Copy the rows just planned into a plain table, for the other ways to write the same; returns what they hold."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE ready AS SELECT {_COLUMNS} FROM messaging_delivery ORDER BY guardian_id")
        cursor.execute("ANALYZE ready")
    return _content()


def _insert() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO messaging_delivery ({_COLUMNS}) SELECT {_COLUMNS} FROM ready ORDER BY guardian_id")


def _bulk_create() -> None:
    """As a fan-out in Python writes it: an object for each row."""
    names = [field.attname for field in _FIELDS]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM ready ORDER BY guardian_id")
        rows = cursor.fetchall()
    with transaction.atomic():
        Delivery.objects.bulk_create(
            [Delivery(**dict(zip(names, row, strict=True))) for row in rows], batch_size=_BATCH
        )


def _on_empty_outbox(work: Callable[[], Any]) -> float:
    """Processor seconds of the work; rows of earlier work, and the calls that planning opens, are gone before."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE messaging_delivery, parents_followup CASCADE")
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    return seconds(work, processor_clock(backend))
