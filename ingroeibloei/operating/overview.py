"""What the operator's page shows beside the findings: versions, open deliveries, and when each job was last done."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext as _

import ingroeibloei
from ingroeibloei.backups.making import BACKUP, BACKUP_OF_KEYS
from ingroeibloei.operating.metrics import OPEN, last_done
from ingroeibloei.retention import RETENTION
from messaging import outbox
from messaging.models import Channel, Delivery, DeliveryStatus


@dataclass(frozen=True, slots=True)
class Row:
    """Deliveries of one channel that did not come to an end."""

    channel: str
    queued: int
    sending: int


def open_deliveries() -> list[Row]:
    counts = Delivery.objects.filter(status__in=OPEN).order_by().values_list("channel", "status")
    found = {(channel, status): number for channel, status, number in counts.annotate(number=Count("pk"))}
    return [
        Row(
            str(channel.label),
            found.get((channel, DeliveryStatus.QUEUED), 0),
            found.get((channel, DeliveryStatus.SENDING), 0),
        )
        for channel in Channel
    ]


def last_jobs() -> list[dict[str, Any]]:
    """When what keeps the portal safe was last done."""
    jobs = (
        (_("Backup"), BACKUP),
        (_("Backup of the keys"), BACKUP_OF_KEYS),
        (_("Retention"), RETENTION),
        (_("Days counted"), outbox.STATISTICS),
    )
    return [{"label": label, "at": last_done(job)} for label, job in jobs]


def versions() -> list[dict[str, Any]]:
    """Of what the portal is made of and runs on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        engine = cursor.fetchone()[0]
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    return [
        {"term": _("Portal"), "value": ingroeibloei.__version__},
        {"term": "Python", "value": platform.python_version()},
        {"term": "Django", "value": django.get_version()},
        {"term": names[connection.vendor], "value": engine},
        {"term": _("Broker"), "value": "Redis" if settings.REDIS_URL else "filesystem"},
    ]
