"""What retention takes away from the outbox: addresses, histories, what was recorded or came in. Rows of deliveries
stay, without an address; the figures of their days stand apart (outbox.statistics)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from messaging.models import Delivery, DeliveryEvent, InboundText, JobRun, RecordedNotice
from messaging.outbox.claiming import SENT_BY_WORKER
from messaging.outbox.transitions import OPEN
from parents.models import ContactPoint, LegalHold
from schools import clock

_BATCH = 2_000
#: Rows that say that a job was done; the database lets them go after 400 days.
_JOB_RUN_DAYS = 401


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows lost their address or went."""

    addresses: int
    events: int
    recorded: int
    incoming: int
    job_runs: int


def purge(*, dry_run: bool = False, note: Callable[[str, int], object] = lambda what, number: None) -> Purged:
    """Take away what is older than its rule, in small transactions, each told to ``note`` within it; with ``dry_run``
    only count. Safe to stop and to run twice. Notices that are held stay whole, and what guardians of a held family
    were sent and texted."""
    rules: dict[str, tuple[QuerySet[Any], Callable[[QuerySet[Any]], int]]] = {
        "addresses": (_with_address(), _blank),
        "events": (_old_events(), _delete),
        "recorded": (_recorded(), _delete),
        "incoming": (_incoming(), _delete),
        "job_runs": (JobRun.objects.filter(at__lt=_ago(_JOB_RUN_DAYS)), _delete),
    }
    if dry_run:
        return Purged(**{name: rows.count() for name, (rows, _work) in rules.items()})
    return Purged(**{name: _each_batch(rows, work, partial(note, name)) for name, (rows, work) in rules.items()})


def _with_address() -> QuerySet[Delivery]:
    """Deliveries that ended long ago, or of which a person made nothing since, and that still say where they went."""
    known = ~Q(address="") | ~Q(provider_ref="") | Q(contact_point__isnull=False)
    return (
        Delivery.objects.exclude(status__in=OPEN, channel__in=SENT_BY_WORKER)
        .alias(ended_at=Coalesce("sent_at", "created_at"))
        .filter(known, ended_at__lt=_ago(settings.DELIVERY_ADDRESS_DAYS), notice__is_held=False)
        .exclude(guardian_id__in=LegalHold.objects.guardians())
    )


def _old_events() -> QuerySet[DeliveryEvent]:
    old = DeliveryEvent.objects.filter(at__lt=_ago(settings.DELIVERY_EVENT_DAYS), delivery__notice__is_held=False)
    return old.exclude(delivery__guardian_id__in=LegalHold.objects.guardians())


def _recorded() -> QuerySet[RecordedNotice]:
    return RecordedNotice.objects.filter(at__lt=_ago(settings.RECORDED_NOTICE_DAYS)).exclude(
        delivery__notice__is_held=True
    )


def _incoming() -> QuerySet[InboundText]:
    held = ContactPoint.objects.filter(uses__guardian_id__in=LegalHold.objects.guardians())
    old = InboundText.objects.filter(received_at__lt=_ago(settings.INBOUND_TEXT_DAYS))
    return old.exclude(number__in=held.values("value"))


def _ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def _blank(rows: QuerySet[Any]) -> int:
    return rows.update(address="", contact_point=None, provider_ref="")


def _delete(rows: QuerySet[Any]) -> int:
    return rows.delete()[0]


def _each_batch(rows: QuerySet[Any], work: Callable[[QuerySet[Any]], int], note: Callable[[int], object]) -> int:
    done = 0
    while True:
        with transaction.atomic():
            ids = list(rows.order_by("pk").values_list("pk", flat=True)[:_BATCH])
            if ids and (taken := work(rows.model.objects.filter(pk__in=ids))):
                note(taken)
                done += taken
        if len(ids) < _BATCH:
            return done
