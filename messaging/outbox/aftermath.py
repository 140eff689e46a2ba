"""What a restored backup would let leave: whether it did already nobody here knows."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from messaging.models import Notice
from messaging.models.notices import NoticeStatus
from messaging.outbox.claiming import SENT_BY_WORKER
from messaging.outbox.transitions import OPEN


def leaving() -> QuerySet[Any, Any]:
    """Notices of which mails or text messages wait, and those that leave at their hour: number, school, the author's
    address, and how many wait."""
    by_worker = Q(deliveries__channel__in=SENT_BY_WORKER, deliveries__status__in=OPEN)
    will_leave = Q(status__in=[NoticeStatus.SCHEDULED, NoticeStatus.PUBLISHING])
    return (
        Notice.objects.exclude(status=NoticeStatus.CANCELLED)
        .annotate(waits=Count("deliveries", filter=by_worker))
        .filter(will_leave | Q(waits__gt=0))
        .order_by("pk")
        .values_list("pk", "school__name", "author__email", "waits")
    )
