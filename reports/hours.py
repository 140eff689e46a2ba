"""The joint worker's hours: a week at a time, corrected without losing what was there, summed by month for others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from reports.models import TimeCorrection, TimeEntry
from schools import audit, clock
from schools.models import Assignment, CentreShare, Holiday, Project, Role, User

ACTIVITIES: tuple[str, ...] = tuple(TimeEntry.Activity.values)
#: More than these hours in a week is a slip of the pen.
MOST_IN_A_WEEK = 60
_WEEK = timedelta(weeks=1)
_HALF = Decimal("0.5")

Hours = dict[str, Decimal]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_within(project: Project, day: date) -> date:
    """The Monday of the day's week, or of the nearest week of the project that has begun."""
    last = monday_of(min(clock.today(), project.ends_on or clock.today()))
    return max(monday_of(project.starts_on), min(monday_of(day), last))


def hours_in(project: Project, user: User, week: date) -> Hours:
    """By activity; empty for a week in which nothing was noted."""
    rows = TimeEntry.objects.filter(project=project, user=user, week_of=week)
    return dict(rows.values_list("activity", "hours"))


def note_week(*, project: Project, week: date, hours: Mapping[str, Decimal], by: User) -> int:
    """Keep the hours of one's own week; what a changed entry said before stays as its correction. Returns how many
    entries are new or changed. Raises ValidationError for a week that has not begun, hours that are no halves, and
    more than a week holds.
    """
    if not Assignment.objects.filter(project=project, user=by, role=Role.JOINT_CLB).exists():
        raise ValidationError(_("Only the joint worker of the project notes hours in it."))
    if week != week_within(project, week):
        raise ValidationError(_("Choose a week of the project that has begun."))
    wanted = {activity: hours.get(activity, Decimal(0)) for activity in ACTIVITIES}
    if any(value < 0 or value % _HALF for value in wanted.values()) or sum(wanted.values()) > MOST_IN_A_WEEK:
        raise ValidationError(_("Note whole and half hours, %(most)d in a week at most.") % {"most": MOST_IN_A_WEEK})
    with transaction.atomic():
        # The button pressed twice: a week without entries has no row to wait for.
        Project.objects.select_for_update(of=("self",), no_key=True).get(pk=project.pk)
        known = {row.activity: row for row in TimeEntry.objects.filter(project=project, user=by, week_of=week)}
        changed = [row for row in known.values() if row.hours != wanted[row.activity]]
        TimeCorrection.objects.bulk_create(
            TimeCorrection(entry=row, hours=row.hours, corrected_at=clock.now()) for row in changed
        )
        for row in changed:
            row.hours = wanted[row.activity]
            row.save(update_fields=["hours"])
        fresh = [
            TimeEntry(project=project, user=by, week_of=week, activity=activity, hours=value)
            for activity, value in wanted.items()
            if activity not in known
        ]
        TimeEntry.objects.bulk_create(fresh)
        if fresh or changed:
            audit.record(actor=by, verb="noted hours", target=project, week=week.isoformat(), corrected=len(changed))
    return len(fresh) + len(changed)


def copy_last_week(*, project: Project, week: date, by: User) -> int:
    """The hours of the week before, in a week in which nothing was noted yet."""
    if hours_in(project, by, week):
        raise ValidationError(_("Hours are noted in this week already. Change them below."))
    before = hours_in(project, by, week - _WEEK)
    if not before:
        raise ValidationError(_("In the week before no hours were noted."))
    return note_week(project=project, week=week, hours=before, by=by)


def missing_weeks(project: Project, user: User) -> list[date]:
    """Mondays of past weeks with a school day on which the user had a post, in which nothing was noted."""
    rows = Assignment.objects.filter(project=project, user=user, role=Role.JOINT_CLB).order_by("starts_on")
    posts = list(rows.values_list("starts_on", "ends_on"))
    if not posts:
        return []
    noted = set(TimeEntry.objects.filter(project=project, user=user).values_list("week_of", flat=True))
    calendar = Holiday.objects.calendar()
    last = min(clock.today(), project.ends_on or clock.today())
    found, week = [], monday_of(max(posts[0][0], project.starts_on))
    while (sunday := week + timedelta(days=6)) <= last:
        worked = [(max(week, first), min(sunday, until or sunday)) for first, until in posts]
        has_class = any(
            first <= until and calendar.school_days_between(first - timedelta(days=1), until) for first, until in worked
        )
        if has_class and week not in noted:
            found.append(week)
        week += _WEEK
    return found


def corrections_in(project: Project, user: User, week: date) -> list[TimeCorrection]:
    """What the week said before, in the order of time."""
    rows = TimeCorrection.objects.filter(entry__project=project, entry__user=user, entry__week_of=week)
    return list(rows.select_related("entry")[:50])


@dataclass(frozen=True, slots=True)
class Month:
    """Hours of the weeks that begin in a month, by activity in the order of ``ACTIVITIES``; the project's first week
    belongs to its first month."""

    first: date
    hours: tuple[Decimal, ...]

    @property
    def total(self) -> Decimal:
        return sum(self.hours, Decimal(0))


def by_month(project: Project) -> list[Month]:
    """All hours of the project, whoever noted them; one query."""
    rows = TimeEntry.objects.filter(project=project).order_by().values_list("week_of", "activity")
    sums: dict[date, dict[str, Decimal]] = {}
    for week, activity, hours in rows.annotate(spent=Sum("hours")):
        month = sums.setdefault(max(week, project.starts_on).replace(day=1), {})
        month[activity] = month.get(activity, Decimal(0)) + hours
    zero = Decimal(0)
    return [Month(day, tuple(found.get(one, zero) for one in ACTIVITIES)) for day, found in sorted(sums.items())]


def totals(months: Iterable[Month]) -> list[Decimal]:
    """By activity over all months, then the whole."""
    listed = list(months)
    sums = [sum((month.hours[place] for month in listed), Decimal(0)) for place in range(len(ACTIVITIES))]
    return [*sums, sum(sums, Decimal(0))]


def by_centre(project: Project, total: Decimal) -> list[tuple[str, int, Decimal]]:
    """Each centre with its share in percent, and that part of the hours."""
    rows: Any = CentreShare.objects.filter(project=project).select_related("centre")
    return [(row.centre.name, row.share, total * row.share / 100) for row in rows]
