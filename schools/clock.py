"""What time it is for the school.

Business rules ask this clock. A demo world is anchored to a fixed day, so its clock runs at the real time of day on
that day. The outbox's due and lease times do not use it: they follow the database's own clock.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

BRUSSELS = ZoneInfo("Europe/Brussels")


def shift() -> timedelta:
    """How far the school's clock is ahead of the real one: zero outside a demo."""
    anchor: date | None = settings.DEMO_TODAY
    if anchor is None:
        return timedelta(0)
    return ahead_on(anchor)


def ahead_on(day: date) -> timedelta:
    """How far a clock is ahead that shows this day and the real time of day in Brussels, in summer as in winter."""
    moment = timezone.now()
    return datetime.combine(day, moment.astimezone(BRUSSELS).time(), tzinfo=BRUSSELS) - moment


def now() -> datetime:
    """The present moment, aware."""
    return timezone.now() + shift()


def today() -> date:
    """The present day in Brussels."""
    return now().astimezone(BRUSSELS).date()


def start_of(day: date) -> datetime:
    """Midnight in Brussels, with which a day begins."""
    return datetime.combine(day, time(), tzinfo=BRUSSELS)


def start_of_today() -> datetime:
    return start_of(today())


def local_date(moment: datetime) -> date:
    """The school-local day of a moment."""
    return moment.astimezone(BRUSSELS).date()


def month_of(day: date) -> date:
    """The first day of a month, the key under which figures are grouped."""
    return day.replace(day=1)
