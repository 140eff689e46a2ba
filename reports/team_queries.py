"""What the indicator about teachers counts: who spoke with families whose language is another one."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from parents.models import ContactKind, ContactMoment, FamilyMembership
from reports.figure_queries import Counted, Source, group_of, population
from reports.figure_scope import FigureScope, Period
from schools.models import Assignment, Role


def spoke_with_them(scope: FigureScope, period: Period, by: str) -> Counted:
    """Teachers of a class with a child of such a family, on any day of the period. A talk is the teacher's who wrote
    it down; parent–teacher meetings are left out, for to those everybody is invited."""
    teachers = Assignment.objects.overlapping(period.first, period.last).filter(
        role=Role.TEACHER, school_id__in=scope.school_ids()
    )
    if scope.classes:
        teachers = teachers.filter(school_class_id__in=scope.class_ids())
    families = _of_another_language(scope, period, OuterRef("school_class_id"))
    theirs = _of_another_language(scope, period, OuterRef(OuterRef("school_class_id")))
    talks = ContactMoment.objects.filter(
        is_two_way=True,
        held_on__range=(period.first, period.last),
        recorded_by_id=OuterRef("user_id"),
        school_id=OuterRef("school_id"),
        family_id__in=theirs.values("family_id"),
    ).exclude(kind=ContactKind.CONFERENCE)
    return Counted(
        rows=teachers.filter(Exists(families)).annotate(has_spoken=Exists(talks)).order_by(),
        unit="user_id",
        hit=Q(has_spoken=True),
        dimensions={"school": F("school__name")},
        overlapping=frozenset({"school"}),
    )


def _of_another_language(scope: FigureScope, period: Period, room: OuterRef) -> QuerySet[FamilyMembership]:
    """The population of one class, without families whose language is Dutch or not known."""
    families = population(scope, period, pupil__enrolments__school_class_id=room)
    return families.annotate(group=group_of("family__home_language")).filter(group="other")


TEAM_SOURCES: dict[str, Source] = {"I21": spoke_with_them}
