"""Of which schools, for which reader, over which days a figure is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from schools.models import Participation, ParticipationRole, Project, School, SchoolClass, SchoolYear

_DAY = timedelta(days=1)
BASELINE_MONTHS = (9, 10)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"A period ends on {self.last} before it begins on {self.first}.")

    def months(self) -> Iterator[date]:
        """The first day of every month that the period touches."""
        month = self.first.replace(day=1)
        while month <= self.last:
            yield month
            month = next_month(month)

    def start_and_end(self) -> tuple[Period, Period] | None:
        """Two windows of two whole months: September and October of the school year in which the period begins, and
        its last ones. None where they would overlap."""
        year = self.first.year if self.first.month >= BASELINE_MONTHS[0] else self.first.year - 1
        start = Period(date(year, BASELINE_MONTHS[0], 1), date(year, BASELINE_MONTHS[-1], 31))
        after = next_month(self.last) if next_month(self.last) == self.last + _DAY else self.last.replace(day=1)
        last = after - _DAY
        first = (last.replace(day=1) - _DAY).replace(day=1)
        return (start, Period(first, last)) if first > start.last else None

    @classmethod
    def to_date(cls, project: Project | SchoolYear, today: date) -> Period:
        """From the project's start to today, or to its end when that has passed."""
        last = min(today, project.ends_on or today)
        return cls(project.starts_on, max(last, project.starts_on))

    @classmethod
    def of_whole_months(cls, project: Project | SchoolYear, today: date) -> Period:
        """What readers outside the school get: never a free day, so that no two readings can be subtracted."""
        whole = cls.to_date(project, today)
        if project.ends_on and whole.last == project.ends_on:
            return whole
        last = whole.last.replace(day=1) - _DAY if next_month(whole.last) - _DAY != whole.last else whole.last
        return cls(whole.first, last if last >= whole.first else next_month(whole.first) - _DAY)

    @classmethod
    def has_whole_month(cls, project: Project | SchoolYear, today: date) -> bool:
        """Whether there is something for readers outside the school: before the end of the first month there is not."""
        return cls.of_whole_months(project, today).last <= today

    @classmethod
    def baseline(cls, project: Project | SchoolYear) -> Period:
        """September and October of the project's first school year."""
        day = project.starts_on
        year = day.year if day.month >= BASELINE_MONTHS[0] else day.year - 1
        return cls(date(year, 9, 1), date(year, 10, 31))


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureScope:
    """The schools a figure is about: one, some, or the pilot schools of a project; or single classes.

    ``comparison`` takes the project's comparison schools instead of its pilots. ``viewer`` is the account that will
    read the figure; without one the portal itself counts, and nothing is protected. ``kept`` marks a scope of so many
    schools that its figures are counted beforehand (reports.kept).
    """

    project: Project | None = None
    schools: Sequence[School] = ()
    school: School | None = None
    classes: Sequence[SchoolClass] = ()
    viewer: Any = None
    comparison: bool = False
    kept: str = ""

    def school_ids(self) -> Any:
        """Ids for ``school_id__in``: of the given schools, else a subquery for the project's."""
        given = [self.school] if self.school else list(self.schools)
        if given:
            return [one.pk for one in given]
        if self.classes:
            return sorted({one.school_id for one in self.classes})
        if self.project is None:
            raise ValueError("A figure is about schools, classes or a project.")
        return self._taking_part().values("school_id")

    def listed_school_ids(self) -> list[int]:
        """The ids themselves; one query for those of a project."""
        ids = self.school_ids()
        return ids if isinstance(ids, list) else list(ids.values_list("school_id", flat=True))

    def class_ids(self) -> list[int]:
        return [one.pk for one in self.classes]

    def is_for_outsiders(self) -> bool:
        """Whether the reader does not work in, or accompany, every one of these schools, or there is none yet. One
        query."""
        if self.viewer is None:
            return False
        if self.classes:
            visible = SchoolClass.objects.visible_to(self.viewer).filter(pk__in=self.class_ids())
            return visible.count() < len(set(self.class_ids()))
        is_seen = Q(pk__in=School.objects.visible_to(self.viewer).values("pk"))
        known = School.objects.filter(pk__in=self.school_ids()).aggregate(
            all=Count("pk"), seen=Count("pk", filter=is_seen)
        )
        return not known["all"] or known["seen"] < known["all"]

    @property
    def name(self) -> str:
        if self.school:
            return self.school.name
        named = [*(one.name for one in self.schools), *(one.name for one in self.classes)]
        return ", ".join(named) if named else str(self.project or "")

    def _taking_part(self) -> QuerySet[Participation]:
        role = Q(role=ParticipationRole.COMPARISON)
        return Participation.objects.filter(role if self.comparison else ~role, project=self.project)


def next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
