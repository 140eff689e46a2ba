"""Quiet hours: when a notice may leave. Nothing rings at night, nor at the weekend; urgent notices pass.

ACTIE and INFO wait in the hours of settings.QUIET_HOURS and at the weekend, INFO in school holidays and on a school's
own free days too. Everything is judged by the clock on the wall in Brussels, across the nights on which it jumps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from django.conf import settings

from messaging.models import Notice, NoticeKind
from schools import clock
from schools.calendar import SATURDAY, SchoolCalendar
from schools.models import Holiday

_DAY = timedelta(days=1)
_NO_HOLIDAYS = SchoolCalendar([])


@dataclass(frozen=True, slots=True)
class Hours:
    """Quiet from ``begins`` until ``ends``, over midnight when it begins later than it ends."""

    begins: time
    ends: time

    def __contains__(self, at: time) -> bool:
        if self.begins < self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


@lru_cache(maxsize=8)
def read_hours(words: str) -> Hours | None:
    """The hours of a setting such as "20:00-07:00"; None for an empty one: no hour and no day is quiet then."""
    if not words:
        return None
    begins, _, ends = words.partition("-")
    hours = Hours(time.fromisoformat(begins), time.fromisoformat(ends))
    if hours.begins == hours.ends:
        raise ValueError(f"Quiet hours {words!r} never begin or never end.")
    return hours


def is_quiet(moment: datetime, *, kind: str, calendar: SchoolCalendar, hours: Hours | None) -> bool:
    """Whether a notice of this kind has to wait at this moment."""
    if hours is None or kind == NoticeKind.DRINGEND:
        return False
    local = moment.astimezone(clock.BRUSSELS)
    return local.time() in hours or _is_free(local.date(), kind, calendar)


def next_open(moment: datetime, *, kind: str, calendar: SchoolCalendar, hours: Hours | None) -> datetime:
    """The first moment from this one on that is not quiet: the moment itself, or the end of quiet hours on some day."""
    if not is_quiet(moment, kind=kind, calendar=calendar, hours=hours) or hours is None:
        return moment
    day = moment.astimezone(clock.BRUSSELS).date()
    while True:
        for candidate in _beginnings(day, hours):
            if candidate >= moment and not is_quiet(candidate, kind=kind, calendar=calendar, hours=hours):
                return candidate
        day += _DAY


def leaves_at(notice: Notice, wait_seconds: float | None = None) -> datetime:
    """When a notice sent now begins to leave, by the school's clock: after the time to undo (or ``wait_seconds``), and
    not in quiet hours."""
    wait = settings.UNDO_SECONDS if wait_seconds is None else wait_seconds
    return opens_at(clock.now() + timedelta(seconds=wait), notice.kind, notice.school_id)


def opens_at(moment: datetime, kind: str, school_id: int | None) -> datetime:
    """``next_open`` by the settings and calendar of this school."""
    hours = read_hours(settings.QUIET_HOURS)
    if hours is None or kind == NoticeKind.DRINGEND:
        return moment
    calendar = Holiday.objects.calendar(school_id) if kind == NoticeKind.INFO else _NO_HOLIDAYS
    return next_open(moment, kind=kind, calendar=calendar, hours=hours)


def next_digest(moment: datetime, *, weekday: int, at: time, calendar: SchoolCalendar, hours: Hours | None) -> datetime:
    """The first weekly moment from this one on at which INFO may leave; ``weekday`` 1 is Monday. Where quiet hours
    never let one through, the end of those of the first."""
    day = moment.astimezone(clock.BRUSSELS).date()
    day += (weekday - day.isoweekday()) % 7 * _DAY
    weeks = [datetime.combine(day + week * 7 * _DAY, at, tzinfo=clock.BRUSSELS).astimezone(UTC) for week in range(30)]
    coming = [candidate for candidate in weeks if candidate >= moment]
    for candidate in coming:
        if not is_quiet(candidate, kind=NoticeKind.INFO, calendar=calendar, hours=hours):
            return candidate
    return next_open(coming[0], kind=NoticeKind.INFO, calendar=calendar, hours=hours)


def digest_at(moment: datetime, school_id: int) -> datetime:
    """``next_digest`` by the settings and calendar of this school."""
    weekday, at = settings.DIGEST_AT
    hours = read_hours(settings.QUIET_HOURS)
    calendar = Holiday.objects.calendar(school_id) if hours else _NO_HOLIDAYS
    return next_digest(moment, weekday=weekday, at=at, calendar=calendar, hours=hours)


def is_in_time(notice: Notice, leaves_at: datetime) -> bool:
    """Whether what leaves then leaves before the days that the notice names, the last one to answer too."""
    named = [notice.last_day, notice.answer_by, notice.day_told]
    if notice.gathering is not None:
        named.append(clock.local_date(notice.gathering.starts_at))
    leaves = clock.local_date(leaves_at)
    return all(leaves < day for day in named if day is not None)


def _is_free(day: date, kind: str, calendar: SchoolCalendar) -> bool:
    return not calendar.is_school_day(day) if kind == NoticeKind.INFO else day.weekday() >= SATURDAY


def _beginnings(day: date, hours: Hours) -> Iterator[datetime]:
    """The moments of a day at which it may become open, in order. An hour that comes twice gives two."""
    for at in sorted({time(0), hours.ends}):
        for fold in (0, 1):
            yield datetime.combine(day, at.replace(fold=fold), tzinfo=clock.BRUSSELS).astimezone(UTC)
