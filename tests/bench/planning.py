"""Planning a notice's deliveries beside the bare statements that insert the same rows, ready made: the deliveries, and
for whom only a person can reach (one in a hundred) a follow-up and what ties it to the delivery.

In processor seconds of server and client together: the disk has no part in it (the bench's server does not wait for
it), and other people's work on a shared machine none either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from messaging.models import CallTask, Delivery, Notice, NoticePupil, NoticeStatus
from messaging.outbox.planning import plan
from parents.models import FollowUp
from schools import clock
from schools.models import School
from tests import factories
from tests.bench.measure import Bar, Result, interleaved, processor_clock, result, same, seconds
from tests.bench.world import City

#: What planning writes, in the order in which one refers to another.
_WRITTEN: tuple[type[Model], ...] = (Delivery, FollowUp, CallTask)
_BATCH = 5_000
#: Measured 1.44 to 1.52: choosing the ways costs 0.4 of the bare statements.
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
        result("planning beside a bare INSERT … SELECT of its rows", ours, bare, "s", n, _INSERT_BAR),
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
            "SELECT (SELECT count(*) FROM messaging_calltask), (SELECT count(*) FROM parents_followup), count(*), "
            "sum(guardian_id), sum(contact_point_id), sum(hashtext(concat_ws('|', notice_id, "
            "guardian_id, channel, round, language, contact_point_id, address, status, is_urgent, due_at))::bigint) "
            "FROM messaging_delivery"
        )
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def _kept_ready() -> tuple[Any, ...]:
    """Copy the rows just planned into plain tables, for the other ways to write the same; returns what they hold."""
    with connection.cursor() as cursor:
        for model in _WRITTEN:
            ready = _ready(model)
            cursor.execute(
                f"CREATE TEMP TABLE {ready} AS SELECT {_columns(model)} FROM {model._meta.db_table} ORDER BY id"
            )
            cursor.execute(f"ANALYZE {ready}")
    return _content()


def _ready(model: type[Model]) -> str:
    return f"ready_{model._meta.model_name}"


def _columns(model: type[Model]) -> str:
    return ", ".join(str(field.column) for field in model._meta.concrete_fields)


def _insert() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for model in _WRITTEN:
            columns = _columns(model)
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {columns} FROM {_ready(model)} ORDER BY id"
            )


def _bulk_create() -> None:
    """As a fan-out in Python writes it: an object for each row."""
    with transaction.atomic():
        for model in _WRITTEN:
            names = [field.attname for field in model._meta.concrete_fields]
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {_columns(model)} FROM {_ready(model)} ORDER BY id")
                rows = cursor.fetchall()
            objects = [model(**dict(zip(names, row, strict=True))) for row in rows]
            model._default_manager.bulk_create(objects, batch_size=_BATCH)


def _on_empty_outbox(work: Callable[[], Any]) -> float:
    """Processor seconds of the work; rows of earlier work, and the calls that planning opens, are gone before."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE messaging_delivery, parents_followup CASCADE")
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    return seconds(work, processor_clock(backend))
