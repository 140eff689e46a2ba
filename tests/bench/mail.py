"""E-mails per second from Send to the last arrival, beside clients and a peer that send the same mails to one sink."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from messaging.models import Channel, Delivery, DeliveryStatus, Notice, NoticePupil, NoticeStatus
from messaging.outbox import deliver_due
from messaging.rendering import Renderer
from schools import clock
from schools.models import School
from tests import factories
from tests.bench import mails, post_office
from tests.bench.crew import Crew, crew
from tests.bench.measure import Bar, Result, interleaved, result, same
from tests.bench.sink import Sink, running
from tests.bench.world import City

_ROUNDS = 3
#: As a portal has them that nobody set otherwise (``ingroeibloei.settings.sending``); tests claim fewer together.
_CONNECTIONS, _BATCH = 8, 500
_PEER_WORKERS = 2
#: Django's own way is slow: it gets every tenth mail.
_DJANGO_PART = 10
_SLOW_SECONDS = 0.05
#: In the city both guardians of three families in five have an e-mail address, and of the others nobody.
_WITH_ADDRESS = "family_id %% 5 IN (1, 2, 3)"


def measure(city: City) -> list[Result]:
    n = city.size.mails
    notice = fresh_notice(city, n)
    return [*_quick_server(notice, n), *_slow_server(city)]


def drain() -> Callable[[], int]:
    """The work of a worker until nothing waits: as in a portal, one that came while another plans is rung for again."""

    def work() -> int:
        sent = deliver_due()
        while _something_waits():
            sent += deliver_due()
        return sent

    return work


def _something_waits() -> bool:
    waiting = Delivery.objects.filter(channel=Channel.EMAIL, status=DeliveryStatus.QUEUED)
    return waiting.exists() or Notice.objects.filter(status=NoticeStatus.PUBLISHING).exists()


def _quick_server(notice: Notice, n: int) -> list[Result]:
    with _ready_mails(notice) as ready, running() as sink, ExitStack() as stack:

        def waiting(work: Callable[..., Any], *words: object, count: int = 1, **environment: object) -> Crew:
            return stack.enter_context(crew(count, work, *words, EMAIL_PORT=sink.port, **environment))

        as_set = {"MAIL_CONNECTIONS": _CONNECTIONS, "OUTBOX_BATCH": _BATCH}
        ours, ours_by_two = (waiting(drain, count=count, **as_set) for count in (1, _PEER_WORKERS))
        building = waiting(mails.building_client, ready, sink.port)
        prebuilt = waiting(mails.ready_client, ready, sink.port)
        by_django = waiting(mails.django_client, ready, sink.port, _DJANGO_PART)
        peer = stack.enter_context(crew(1, post_office.peer, ready, _PEER_WORKERS, **_peer_environment(sink)))
        one, built, bare, django, two, office = interleaved(
            lambda: _sent(ours, sink, n, notice),
            lambda: _sent(building, sink, n),
            lambda: _sent(prebuilt, sink, n),
            lambda: _sent(by_django, sink, -(-n // _DJANGO_PART)),
            lambda: _sent(ours_by_two, sink, n, notice),
            lambda: _sent(peer, sink, n),
            rounds=_ROUNDS,
        )
    unit = "mails/s"
    return [
        result("mail beside a bare client that builds the same", one, built, unit, n, Bar("at least", 0.8)),
        result("mail beside ready bytes on one connection", one, bare, unit, n, Bar("at least", 0.45)),
        result("mail beside Django's send() for each", one, django, unit, n, Bar("at least", 3)),
        result("mail beside django-post_office, two workers each", two, office, unit, n, Bar("at least", 5)),
    ]


def _slow_server(city: City) -> list[Result]:
    """What counts beside a server that takes its time is the number of connections."""
    results = []
    for connections in city.size.slow_connections:
        n = connections * city.size.slow_mails
        notice = fresh_notice(city, n)
        with (
            running(_SLOW_SECONDS) as sink,
            crew(1, drain, EMAIL_PORT=sink.port, MAIL_CONNECTIONS=connections) as ours,
        ):
            [found] = interleaved(lambda: _sent(ours, sink, n, notice), rounds=_ROUNDS)  # noqa: B023 - called here
        name = f"mail to a server that takes 50 ms, connections: {connections}"
        results.append(result(name, found, connections / _SLOW_SECONDS, "mails/s", n, Bar("at least", 0.9)))
    return results


def fresh_notice(city: City, count: int) -> Notice:
    """A notice to so many guardians, all with an e-mail address, as Send leaves one to more than 500."""
    notice = factories.make_notice(None, city.writer, school=School.objects.order_by("pk")[0])
    table = NoticePupil._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (notice_id, pupil_id) SELECT %s, pupil_id FROM (SELECT DISTINCT ON (family_id) "
            f"family_id, pupil_id FROM parents_familymembership WHERE {_WITH_ADDRESS} ORDER BY family_id, pupil_id) "
            "AS child ORDER BY family_id LIMIT %s",
            [notice.pk, count // 2],
        )
        # Nothing leaves for a child who is not at the notice's school, and no school is as large as that.
        cursor.execute(
            f"UPDATE schools_enrolment SET school_id = %s WHERE pupil_id IN (SELECT pupil_id FROM {table} "
            "WHERE notice_id = %s)",
            [notice.school_id, notice.pk],
        )
        cursor.execute(f"ANALYZE {table}, schools_enrolment")
    return notice


def publish(notice: Notice) -> None:
    """Leave it planned by nobody yet, in an empty outbox, and nothing else to be sent."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE messaging_delivery, parents_followup CASCADE")
    Notice.objects.update(status=NoticeStatus.DRAFT)
    Notice.objects.filter(pk=notice.pk).update(
        status=NoticeStatus.PUBLISHING, planned_up_to=0, published_at=clock.now()
    )
    notice.refresh_from_db()


@contextmanager
def _ready_mails(notice: Notice) -> Iterator[Path]:
    """The mails of this notice, written down for those who have no rows."""
    from messaging.outbox.planning import plan

    publish(notice)
    plan(notice)
    rows = Delivery.objects.select_related("notice__school", "notice__author", "guardian", "contact_point")
    waiting = list(rows.filter(notice=notice, channel=Channel.EMAIL).order_by("pk"))
    renderer = Renderer(waiting)
    with tempfile.TemporaryDirectory(prefix="ingroeibloei-mails-") as folder:
        path = Path(folder) / "mails.json"
        mails.write(path, [renderer.outgoing(row) for row in waiting])
        yield path


def _sent(workers: Crew, sink: Sink, n: int, notice: Notice | None = None) -> float:
    """Mails a second; everything came in, and nothing twice."""
    if notice is not None:
        publish(notice)
    sink.arrivals()
    began, _answers = workers.work()
    found = sink.arrivals()
    same("mails that arrived, and addresses", (found.arrived, found.distinct), (n, n))
    if notice is not None:
        rows = Delivery.objects.filter(notice=notice, status=DeliveryStatus.SENT)
        same("deliveries that were sent", rows.count(), n)
    return n / (found.last - began)


def _peer_environment(sink: Sink) -> dict[str, object]:
    name = "post_office"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    place = connection.settings_dict
    return {
        "DJANGO_SETTINGS_MODULE": post_office.__name__,
        "EMAIL_PORT": sink.port,
        "PEER_DATABASE": name,
        "PEER_HOST": place["HOST"] or place["OPTIONS"].get("host", ""),
        "PEER_USER": place["USER"],
    }
