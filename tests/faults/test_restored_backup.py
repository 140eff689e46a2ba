"""A backup that was made while messages left is restored: held back until somebody looked, then every row comes to its
end. What left after the backup was made leaves again (README, Decisions); sending.md, fault 21."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection

from messaging import outbox
from messaging.models import Channel, Delivery, DeliveryStatus, Reason
from tests.faults.conftest import StartWorker
from tests.faults.processes import SHORT_LEASE_SECONDS, wait_until
from tests.faults.servers import copy, dump, this_url
from tests.faults.town import published_to
from tests.faults.verdict import all_ended, mails_by_row, texts_by_row
from tests.messaging.sinks import Gateway, MailSink

pytestmark = [pytest.mark.fault, pytest.mark.worker, pytest.mark.full, pytest.mark.django_db(transaction=True)]


def test_a_backup_is_held_until_somebody_looked_and_then_goes_on(
    start_worker: StartWorker, sink: MailSink, gateway: Gateway, settings: Any, tmp_path: Path
) -> None:
    sink.pause = 0.01
    published_to(mails=150, phones=150)
    worker = start_worker(lease=SHORT_LEASE_SECONDS)
    wait_until(lambda: len(sink.raw) >= 30 and len(gateway.queries) >= 10, "Sending")
    worker.kill()
    restore = backup(tmp_path)
    unfinished = set(Delivery.objects.exclude(status=DeliveryStatus.SENT).values_list("pk", flat=True))
    intended = set(
        Delivery.objects.filter(channel=Channel.SMS, status=DeliveryStatus.SENDING).values_list("pk", flat=True)
    )
    worker = start_worker(lease=SHORT_LEASE_SECONDS)
    wait_until(all_ended, "The end of everything")
    worker.end()
    first = mails_by_row(sink) + texts_by_row(gateway)

    restore()
    assert not all_ended()
    settings.OUTBOX_PAUSED = True
    assert outbox.deliver_due() == 0
    assert outbox.health().state == "paused"
    assert mails_by_row(sink) + texts_by_row(gateway) == first, "nothing leaves while somebody looks"

    settings.OUTBOX_PAUSED = False
    start_worker(lease=SHORT_LEASE_SECONDS)
    wait_until(all_ended, "The end of everything after the backup")
    rows = Delivery.objects.filter(channel__in=[Channel.EMAIL, Channel.SMS])
    unknown = set(rows.filter(reason=Reason.OUTCOME_UNKNOWN).values_list("pk", flat=True))
    assert unknown == intended
    assert set(rows.exclude(pk__in=unknown).values_list("status", flat=True)) == {DeliveryStatus.SENT}
    again = (mails_by_row(sink) + texts_by_row(gateway)) - first
    assert set(again) <= unfinished, "what had left before the backup does not leave again"
    assert not set(again) & intended
    assert set(mails_by_row(sink) + texts_by_row(gateway)) >= set(rows.values_list("pk", flat=True)) - unknown


def backup(folder: Path) -> Callable[[], None]:
    """Take one; returns what restores it."""
    if connection.vendor == "postgresql":
        content = dump()
        return lambda: copy(b"DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n" + content, this_url())
    kept = folder / "backup.sqlite3"
    live = Path(django_settings.VAR_DIR) / "ingroeibloei.sqlite3"
    _copy(live, kept)
    return lambda: _copy(kept, live)


def _copy(source: Path, target: Path) -> None:
    connection.close()
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target, timeout=20)) as there:
        here.backup(there)
