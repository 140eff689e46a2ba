"""The indicator about teachers: who spoke with families that have another language at home."""

from __future__ import annotations

from collections import defaultdict

from parents.models import ContactKind
from reports.disclosure import Cell
from reports.figure_queries import group_of, moments, population
from reports.figure_result import Figure
from reports.figure_scope import FigureScope, Period
from reports.indicators import Indicator
from schools.models import Assignment, Role


def teachers(definition: Indicator, scope: FigureScope, period: Period, by: str) -> Figure:
    """Teachers of a class with a child of such a family, on any day of the period. A talk is the teacher's who wrote
    it down; parent–teacher meetings are left out, for to those everybody is invited. Three queries."""
    posts = Assignment.objects.overlapping(period.first, period.last).filter(
        role=Role.TEACHER, school_id__in=scope.school_ids()
    )
    families = _families_by_class(scope, period)
    talks = _families_by_writer(scope, period)
    spoke: dict[int, bool] = {}
    at_school: dict[str, dict[int, bool]] = defaultdict(dict)
    for user, school, name, room in posts.values_list("user_id", "school_id", "school__name", "school_class_id"):
        if theirs := families.get(room):
            here = bool(theirs & talks.get((user, school), set()))
            spoke[user] = spoke.get(user, False) or here
            at_school[name][user] = at_school[name].get(user, False) or here
    return Figure(
        definition=definition,
        period=period,
        by=by,
        total=_cell(spoke),
        rows={name: _cell(found) for name, found in sorted(at_school.items())} if by == "school" else {},
        is_overlapping=True,
    )


def _families_by_class(scope: FigureScope, period: Period) -> dict[int | None, set[int]]:
    """Families whose home language is another one; not those of whom it is not known."""
    rows = population(scope, period).annotate(group=group_of("family__home_language")).filter(group="other")
    found: dict[int | None, set[int]] = defaultdict(set)
    for room, family in rows.order_by().values_list("pupil__enrolments__school_class_id", "family_id").distinct():
        found[room].add(family)
    return found


def _families_by_writer(scope: FigureScope, period: Period) -> dict[tuple[int, int], set[int]]:
    """With which families somebody noted a two-way contact at a school."""
    rows = moments(scope, period).filter(is_two_way=True).exclude(kind=ContactKind.CONFERENCE)
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for writer, school, family in rows.order_by().values_list("recorded_by_id", "school_id", "family_id").distinct():
        found[writer, school].add(family)
    return found


def _cell(found: dict[int, bool]) -> Cell:
    return Cell(sum(found.values()), len(found))
