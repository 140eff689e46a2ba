"""What each indicator counts, as a query: the same object gives the number and the list behind it.

A query has one row per unit and place. A unit is counted once however many rows it has, so a family with children in
two schools is one family in a project's total and one in each of the schools.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models import Subquery as Sub

from parents.models import (
    ContactKind,
    ContactMoment,
    FamilyMembership,
)
from reports.figure_scope import FigureScope, Period
from reports.reach import handed_over
from schools import languages
from schools.clock import month_of

#: The group of I03 with which something was tried.
TRIED = "tried"
_BIG = 2**32


@dataclass(frozen=True, slots=True)
class Firsts:
    """First contacts as ``unit``, ``place`` and ``month``; ``place`` says where a row of the population stands.

    ``wants_none``: the numerator is those without any.
    """

    rows: QuerySet[Any, Any]
    place: Any
    wants_none: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """The units of an indicator: ``hit`` says which are in the numerator, ``also`` which in a second one.

    ``month`` dates a unit; ``is_cumulative`` means that it is the month in which the unit entered the numerator.
    ``overlapping`` names the breakdowns in which a unit can stand in several groups. ``firsts`` gives the month of all
    units at once (``reports.figure_firsts``), where asking ``rows`` for each would be slow. ``apart`` are units that
    nobody can place, because a fact is not known: they are in no denominator and stand beside the figure. ``together``
    names groups of a breakdown of which another figure tells how many units they have, or with ``are_rests`` how many
    of these are not in the numerator.
    """

    rows: QuerySet[Any]
    unit: str
    hit: Q
    dimensions: Mapping[str, Any]
    month: str = ""
    is_cumulative: bool = False
    overlapping: frozenset[str] = frozenset()
    also: Mapping[str, Q] = field(default_factory=dict)
    firsts: Firsts | None = None
    apart: Mapping[str, QuerySet[Any]] = field(default_factory=dict)
    together: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    are_rests: bool = False


def group_of(path: str) -> Case:
    """The language group of a home language: nl, other or unknown (domain 2.3)."""
    unknown = [languages.UNKNOWN_LANGUAGE, languages.PREFERS_NOT_TO_SAY]
    return Case(
        When(**{f"{path}__in": unknown}, then=Value("unknown")),
        When(**{path: "nl"}, then=Value("nl")),
        When(**{f"{path}__isnull": True}, then=Value("unknown")),
        default=Value("other"),
        output_field=CharField(),
    )


def pair(first: str, second: str) -> ExpressionWrapper:
    """Two ids as one number: what is counted once when a unit is a pair, such as a notice and its recipient."""
    return ExpressionWrapper(F(first) * _BIG + F(second), output_field=BigIntegerField())


def population(scope: FigureScope, period: Period) -> QuerySet[FamilyMembership]:
    """N(s, P): memberships of children enrolled on at least one day of the period, one row per child and place."""
    first, last = period.first, period.last
    ends, starts = "pupil__enrolments__ends_on", "pupil__enrolments__starts_on"
    conditions = [
        Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gte": first}),
        Q(**{f"{starts}__lte": last}),
        Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gte": F("starts_on")}),
        Q(ends_on__isnull=True) | Q(ends_on__gte=F(starts)),
        Q(pupil__enrolments__school_id__in=scope.school_ids()),
    ]
    if scope.classes:
        conditions.append(Q(pupil__enrolments__school_class_id__in=scope.class_ids()))
    return FamilyMembership.objects.overlapping(first, last).filter(*conditions)


def moments(scope: FigureScope, period: Period) -> QuerySet[ContactMoment]:
    """Contact moments of the scope in the period that were not withdrawn, in whatever state."""
    rows = ContactMoment.objects.filter(
        school_id__in=scope.school_ids(), held_on__range=(period.first, period.last), withdrawn_at__isnull=True
    )
    return of_classes(rows, scope, period)


def of_classes(rows: QuerySet[Any], scope: FigureScope, period: Period) -> QuerySet[Any]:
    """Those of the families of the scope's classes; all of them where it has none."""
    if not scope.classes:
        return rows
    return rows.filter(family_id__in=population(scope, period).values("family_id"))


FAMILY_PLACES = {
    "school": F("pupil__enrolments__school__name"),
    "level": F("pupil__enrolments__school_class__level"),
    "language_group": group_of("family__home_language"),
}


def _families(scope: FigureScope, period: Period, by: str, **kind: Any) -> Counted:
    """Families by the month of their first such contact; in a breakdown by school, of the first at that school."""
    contacts = ContactMoment.objects.filter(
        school_id__in=scope.school_ids(), held_on__range=(period.first, period.last), is_reach=True, **kind
    ).order_by()
    # Said besides the days, because it is what the index of these rows begins with.
    contacts = contacts.filter(held_month__range=(month_of(period.first), month_of(period.last)))
    own = contacts.filter(family=OuterRef("family_id"))
    here: Any = Value(0)
    at: Any = Value(0)
    if by == "school":
        here, at = F("pupil__enrolments__school_id"), F("school_id")
        own = own.filter(school_id=OuterRef("pupil__enrolments__school_id"))
    firsts = contacts.values(unit=F("family_id"), place=at).annotate(month=Min("held_month"))
    return Counted(
        rows=population(scope, period).annotate(first_month=Sub(own.order_by("held_on").values("held_month")[:1])),
        unit="family_id",
        hit=Q(first_month__isnull=False),
        dimensions=FAMILY_PLACES,
        month="first_month",
        is_cumulative=True,
        overlapping=frozenset({"school", "level"}),
        firsts=Firsts(firsts, here),
    )


def reached(scope: FigureScope, period: Period, by: str) -> Counted:
    return _families(scope, period, by)


def reached_two_way(scope: FigureScope, period: Period, by: str) -> Counted:
    return _families(scope, period, by, is_two_way=True)


def visited(scope: FigureScope, period: Period, by: str) -> Counted:
    return _families(scope, period, by, kind=ContactKind.HOME_VISIT)


def unreached(scope: FigureScope, period: Period, by: str) -> Counted:
    """A family is tried when these schools planned or tried any contact with it, or handed a notice over to it: a
    school's figure does not tell what another one did."""
    counted = _families(scope, period, by)
    schools = scope.school_ids()
    tried = Exists(
        ContactMoment.objects.filter(
            school_id__in=schools,
            family=OuterRef("family_id"),
            held_on__range=(period.first, period.last),
            withdrawn_at__isnull=True,
        )
    ) | handed_over(period.first, period.last, "family_id", schools=schools)
    attempt = Case(When(tried, then=Value(TRIED)), default=Value("not_tried"), output_field=CharField())
    return Counted(
        rows=counted.rows,
        unit=counted.unit,
        hit=Q(first_month__isnull=True),
        dimensions={**FAMILY_PLACES, "attempt": attempt},
        overlapping=counted.overlapping,
        firsts=counted.firsts and replace(counted.firsts, wants_none=True),
    )


Source = Callable[[FigureScope, Period, str], Counted]

FAMILY_SOURCES: dict[str, Source] = {
    "I01": reached,
    "I02": reached_two_way,
    "I03": unreached,
    "I09": visited,
    "I23": reached,
}
