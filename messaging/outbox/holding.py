"""What is due in quiet hours waits for their end: retries, and rows of a server that was away until the evening.

Planning already gives rows a due time outside quiet hours; this moves those whose time came in them all the same. As
they are not due any more, nothing looks late over night.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from messaging import quiet
from messaging.models import Channel, Delivery, DeliveryStatus, Notice, NoticeKind
from messaging.outbox.clocks import database_now
from messaging.outbox.transitions import ROWS_AT_ONCE
from schools import clock
from schools.models import Holiday


def hold_quiet() -> int:
    """Put off everything due that may not leave now, set-wise; returns how many rows."""
    if quiet.read_hours(settings.QUIET_HOURS) is None:
        return 0
    now, today = clock.now(), clock.today()
    waiting = Delivery.objects.filter(
        status=DeliveryStatus.QUEUED, channel__in=[Channel.EMAIL, Channel.SMS], is_urgent=False, due_at__lte=Now()
    )
    after_night = quiet.opens_at(now, NoticeKind.ACTIE, None)
    held = _put_off(waiting.filter(notice__kind=NoticeKind.ACTIE), now, after_night)
    if after_night > now or Holiday.objects.filter(starts_on__lte=today, ends_on__gte=today).exists():
        of_kind = waiting.filter(notice__kind=NoticeKind.INFO)
        for school in list(of_kind.order_by().values_list("notice__school_id", flat=True).distinct()):
            opens, rows = quiet.opens_at(now, NoticeKind.INFO, school), of_kind.filter(notice__school_id=school)
            late = _too_late(rows, opens)
            held += _put_off(rows.exclude(notice_id__in=late), now, opens)
            held += _put_off(rows.filter(notice_id__in=late), now, after_night)
    return held


def _too_late(rows: QuerySet[Delivery], opens: datetime) -> list[int]:
    """Notices (ids) that after a free day would leave on the day that they name, or later: a free day that came in when
    they were planned already, such as for the mail of the week, keeps nobody from hearing. They wait for the night and
    the weekend alone."""
    notices = Notice.objects.filter(pk__in=rows.order_by().values("notice_id")).select_related("gathering")
    return [notice.pk for notice in notices if not quiet.is_in_time(notice, opens)]


def _put_off(rows: QuerySet[Delivery], now: datetime, opens: datetime) -> int:
    """``opens`` and ``now`` are the school's clock, the due time is the database's. Another process's rows are left."""
    if opens <= now:
        return 0
    with transaction.atomic():
        due_at = database_now() + (opens - now)
        locked = rows.order_by("pk").select_for_update(of=("self",), skip_locked=True)
        ids = list(locked.values_list("pk", flat=True))
        for start in range(0, len(ids), ROWS_AT_ONCE):
            Delivery.objects.filter(pk__in=ids[start : start + ROWS_AT_ONCE]).update(due_at=due_at, turn_at=due_at)
    return len(ids)
