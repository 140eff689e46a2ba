"""Which reading is unusual: many families in an hour, outside the schools of the assignment, at night. Reads only.

What is usual for a person, and for people in the same role, is the median of the hours in which they opened families
at all, over the last weeks.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from statistics import median

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import TruncHour

from parents.models import Unusual
from schools import clock
from schools.models import AuditEntry, Participation, School

#: The verb and the kind of row under which a family's page stands in the access log.
OPENED = {"verb": "read", "target_kind": "parents.family"}
#: Looked at anew by each round; a round that was missed is made up for.
LOOKS_BACK = timedelta(hours=30)
_HOUR = timedelta(hours=1)
_USUAL_OVER = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Opened:
    """One opened family page. ``is_outside``: the assignment through which it was seen has nothing to do there."""

    person_id: int
    assignment_id: int | None
    role: str
    family_id: int
    at: datetime
    is_outside: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Unusual reading of one person on one day."""

    kind: Unusual
    day: date
    person_id: int
    assignment_id: int | None
    first_at: datetime
    last_at: datetime
    number: int
    usual: int | None = None


def unusual_reading(until: datetime) -> list[Found]:
    """What was unusual in the day before ``until``; the same again when asked again."""
    by_person: dict[int, list[Opened]] = defaultdict(list)
    for row in _opened(until):
        by_person[row.person_id].append(row)
    found: list[Found] = []
    for rows in by_person.values():
        found += _many(rows)
        found += _together(Unusual.OUTSIDE, (row for row in rows if row.is_outside))
        found += _together(Unusual.NIGHT, (row for row in rows if _is_night(row.at)))
    return found


def _opened(until: datetime) -> Iterator[Opened]:
    """Family pages that were opened, the oldest first."""
    rows = AuditEntry.objects.filter(Q(**OPENED), at__gt=until - LOOKS_BACK, at__lte=until, actor__isnull=False)
    places = ("assignment__role", "assignment__school_id", "assignment__clb_centre_id", "assignment__project_id")
    centres = dict(School.objects.values_list("pk", "clb_id"))
    taking_part = set(Participation.objects.values_list("project_id", "school_id"))
    order = rows.order_by("at", "pk")
    for person, post, family, at, school, role, own, centre, project in order.values_list(
        "actor_id", "assignment_id", "target_id", "at", "school_id", *places
    ):
        belongs = school is not None and (
            own == school or (centre and centre == centres.get(school)) or (project, school) in taking_part
        )
        yield Opened(person, post, role or "", family, at, is_outside=not belongs)


def _is_night(at: datetime) -> bool:
    """Within the hours of settings.UNUSUAL_READING_HOURS, by the clock on the wall."""
    begins, _dash, ends = settings.UNUSUAL_READING_HOURS.partition("-")
    if not begins:
        return False
    wall, first, last = at.astimezone(clock.BRUSSELS).time(), time.fromisoformat(begins), time.fromisoformat(ends)
    return first <= wall < last if first < last else wall >= first or wall < last


def _together(kind: Unusual, rows: Iterable[Opened]) -> Iterator[Found]:
    """One finding for each day."""
    days: dict[date, list[Opened]] = defaultdict(list)
    for row in rows:
        days[clock.local_date(row.at)].append(row)
    for day, opened in days.items():
        first, families = opened[0], {row.family_id for row in opened}
        yield Found(kind, day, first.person_id, first.assignment_id, first.at, opened[-1].at, number=len(families))


def _many(rows: list[Opened]) -> Iterator[Found]:
    """The fullest hour of each day, if it is above what is usual."""
    fullest: dict[date, Found] = {}
    window: deque[Opened] = deque()
    inside: Counter[int] = Counter()
    for row in rows:
        window.append(row)
        inside[row.family_id] += 1
        while window[0].at <= row.at - _HOUR:
            left = window.popleft()
            inside[left.family_id] -= 1
            if not inside[left.family_id]:
                del inside[left.family_id]
        day, number = clock.local_date(row.at), len(inside)
        if number > settings.UNUSUAL_READING_FAMILIES and number > getattr(fullest.get(day), "number", 0):
            fullest[day] = Found(
                Unusual.MANY, day, row.person_id, row.assignment_id, window[0].at, row.at, number=number
            )
    for found in fullest.values():
        own, of_role = _usual(found, {"actor_id": found.person_id}), _usual(found, {"assignment__role": rows[0].role})
        if found.number > settings.UNUSUAL_READING_TIMES * max(own or 0, of_role or 0):
            yield replace(found, usual=own)


def _usual(found: Found, who: dict[str, object]) -> int | None:
    """Families that these people open in an hour in which they open any, before that day; None if they never did."""
    midnight = clock.start_of(found.day)
    hours = (
        AuditEntry.objects.filter(Q(**OPENED), Q(**who), at__gte=midnight - _USUAL_OVER, at__lt=midnight)
        .annotate(hour=TruncHour("at", tzinfo=clock.BRUSSELS))
        .values("actor_id", "hour")
        .annotate(families=Count("target_id", distinct=True))
        .order_by()
        .values_list("families", flat=True)
    )
    counted = list(hours)
    return round(median(counted)) if counted else None
