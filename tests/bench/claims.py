"""Claiming and finishing deliveries, in batches, beside a loop of two plain UPDATEs; by one, two and four workers."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.db import connection

from messaging.models import Delivery, DeliveryEvent, DeliveryStatus
from messaging.outbox.claiming import claim, settle_sent
from messaging.outbox.planning import plan
from schools import clock
from tests.bench.crew import Crew, crew
from tests.bench.mail import fresh_notice, publish
from tests.bench.measure import Bar, Result, interleaved, result, same
from tests.bench.world import City

_ROUNDS = 3
_WORKERS = (1, 2, 4)
#: Wished for: 0.4. Measured 0.10 to 0.17 on a loaded machine, a fifth off: refusals and rights are looked up again for
#: each batch, and its rows become objects.
_BAR = Bar("at least", 0.08)


def measure(city: City) -> list[Result]:
    n = city.size.claims
    notice = fresh_notice(city, n)
    publish(notice)
    same("planned deliveries", plan(notice), n)
    return [_by(count, n) for count in _WORKERS]


def outbox() -> Callable[[], int]:
    """As the worker does: with refusals and rights looked up again, one history line each."""

    def work() -> int:
        done = 0
        while (claimed := claim(["EMAIL"], settings.OUTBOX_BATCH)) is not None:
            done += settle_sent(claimed, {row.pk: "" for row in claimed.rows})
        return done

    return work


def two_updates() -> Callable[[], int]:
    take = (
        "UPDATE messaging_delivery SET status = 'SENDING', claim_token = %s, due_at = now() + interval '60 seconds' "
        "WHERE id IN (SELECT id FROM messaging_delivery WHERE status = 'QUEUED' AND channel IN ('EMAIL', 'SMS') "
        "AND due_at <= now() ORDER BY is_urgent DESC, turn_at LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id"
    )
    finish = (
        "UPDATE messaging_delivery SET status = 'SENT', claim_token = NULL, due_at = NULL, attempts = attempts + 1, "
        "sent_at = now() WHERE id = ANY(%s) AND claim_token = %s"
    )

    def work() -> int:
        done = 0
        with connection.cursor() as cursor:
            while True:
                token = str(uuid4())
                cursor.execute(take, [token, settings.OUTBOX_BATCH])
                ids = [pk for (pk,) in cursor.fetchall()]
                if not ids:
                    return done
                cursor.execute(finish, [ids, token])
                done += cursor.rowcount

    return work


def _by(count: int, n: int) -> Result:
    with crew(count, outbox) as ours, crew(count, two_updates) as bare:
        found, limit = interleaved(lambda: _finished(ours, n), lambda: _finished(bare, n), rounds=_ROUNDS)
    name = f"claims beside two plain UPDATEs, workers: {count}"
    return result(name, found, limit, "rows/s", n, _BAR)


def _finished(workers: Crew, n: int) -> float:
    """Rows a second; each was finished by one worker."""
    DeliveryEvent.objects.all()._raw_delete("default")
    Delivery.objects.update(status=DeliveryStatus.QUEUED, due_at=clock.now(), attempts=0, sent_at=None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE messaging_delivery")
    seconds, done = workers.timed()
    same("rows that were finished", sum(done), n)
    same("rows with another end", Delivery.objects.exclude(status=DeliveryStatus.SENT, attempts=1).count(), 0)
    return n / seconds
