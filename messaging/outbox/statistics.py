"""Figures of each day, kept without people: they are written before addresses and people are erased."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Value, When
from django.db.models.functions import TruncDate

from messaging.levels import Level, handed_over, understood
from messaging.models import Answer, Channel, DailyDeliveries, Delivery, DeliveryStatus, JobRun
from schools import clock

#: The name of the nightly job.
STATISTICS = "daily deliveries"
_BATCH = 2_000
_KEYS = ("day", "school_id", "channel", "language", "kind", "status", "reason", "level")


def write_daily_deliveries() -> int:
    """Count anew every day before today that is not settled; returns how many rows were written.

    A day is settled when it was counted settings.STATISTICS_OPEN_DAYS after it: no late bounce or answer is to be
    expected any more. Its rows then stay as they are, whoever is erased later. Safe to run twice, and after nights on
    which nothing ran.
    """
    today = clock.today()
    opened = (_last_night(today) or today) - timedelta(days=settings.STATISTICS_OPEN_DAYS)
    with transaction.atomic():
        settled = set(DailyDeliveries.objects.filter(day__lt=opened).values_list("day", flat=True).distinct())
        DailyDeliveries.objects.filter(day__gte=opened).delete()
        rows = [row for row in counted_before(today) if row.day not in settled]
        DailyDeliveries.objects.bulk_create(rows, batch_size=_BATCH)
    return len(rows)


def _last_night(today: date) -> date | None:
    """The last earlier night on which this was done."""
    runs = JobRun.objects.filter(job=STATISTICS, period__lt=today.isoformat()).order_by("-period")
    period = runs.values_list("period", flat=True).first()
    return date.fromisoformat(period) if period else None


def counted_before(day: date) -> list[DailyDeliveries]:
    """The figures of all earlier days from the deliveries themselves, in one grouped pass. Nothing is stored."""
    midnight = clock.start_of(day)
    found = (
        Delivery.objects.filter(created_at__lt=midnight)
        .annotate(
            day=TruncDate("created_at", tzinfo=clock.BRUSSELS),
            school_id=F("notice__school_id"),
            kind=F("notice__kind"),
            level=_level(),
        )
        .values(*_KEYS)
        .annotate(number=Count("pk"))
        .order_by(*_KEYS)
    )
    return [DailyDeliveries(**{key: row[key] for key in _KEYS}, count=row["number"]) for row in found]


def _level() -> Case:
    """How far a delivery came with its guardian, the highest first."""
    answered = Answer.objects.filter(notice_id=OuterRef("notice_id"), guardian_id=OuterRef("guardian_id"))
    steps = [
        (understood(), Level.UNDERSTOOD),
        ({"channel": Channel.CALL, "status": DeliveryStatus.DELIVERED}, Level.SPOKEN),
        (Exists(answered), Level.ANSWERED),
        ({"opened_at__isnull": False}, Level.OPENED),
        (handed_over(), Level.HANDED_OVER),
        ({"status__in": [status for status in DeliveryStatus if status != DeliveryStatus.CANCELLED]}, Level.TRIED),
    ]
    cases = [
        When(**condition, then=Value(int(level))) if isinstance(condition, dict) else When(condition, Value(int(level)))
        for condition, level in steps
    ]
    return Case(*cases, default=Value(int(Level.NOT_TRIED)), output_field=IntegerField())
