"""What each indicator counts, as a query: the same object gives the number and the list behind it.

A query has one row per unit and place. A unit is counted once however many rows it has, so a family with children in
two schools is one family in a project's total and one in each of the schools.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
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
from django.db.models.functions import Coalesce, TruncMonth

from parents.models import (
    ContactKind,
    ContactMoment,
    FamilyMembership,
    FollowUp,
    FollowUpStatus,
    Initiative,
    InterpreterMode,
    InterpreterNeed,
    MomentStatus,
    Outcome,
    Purpose,
)
from reports.figure_scope import FigureScope, Period
from reports.reach import QUALIFIED, handed_over
from schools import languages
from schools.clock import month_of

INFORMAL = (InterpreterMode.ADULT_ACQUAINTANCE, InterpreterMode.CHILD)
POSITIVE = (Purpose.WELCOME, Purpose.PRAISE, Purpose.INFORMATION, Purpose.INVITATION)
#: Contacts for which a family has an appointment of its own.
APPOINTMENTS = (
    ContactKind.HOME_VISIT,
    ContactKind.CONFERENCE,
    ContactKind.INTAKE,
    ContactKind.VIDEO,
    ContactKind.MDO,
    ContactKind.ORIENTATION,
    ContactKind.CLB_TALK,
    ContactKind.REFERRAL,
)
_BIG = 2**32
#: The group of referrals of which nobody said to whom.
NO_PARTNER = "-"


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
    nobody can place, because a fact is not known: they are in no denominator and stand beside the figure.
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
    return _of_classes(rows, scope, period)


def _of_classes(rows: QuerySet[Any], scope: FigureScope, period: Period) -> QuerySet[Any]:
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
    attempt = Case(When(tried, then=Value("tried")), default=Value("not_tried"), output_field=CharField())
    return Counted(
        rows=counted.rows,
        unit=counted.unit,
        hit=Q(first_month__isnull=True),
        dimensions={**FAMILY_PLACES, "attempt": attempt},
        overlapping=counted.overlapping,
        firsts=counted.firsts and replace(counted.firsts, wants_none=True),
    )


_CONTACT_PLACES = {"school": F("school__name"), "language_group": F("language_group"), "kind": F("kind")}


def _contacts(rows: QuerySet[ContactMoment], hit: Q, **also: Q) -> Counted:
    return Counted(rows=rows, unit="pk", hit=hit, dimensions=_CONTACT_PLACES, month="held_month", also=also)


def started_by_family(scope: FigureScope, period: Period, by: str) -> Counted:
    return _contacts(moments(scope, period).filter(is_two_way=True), Q(initiative=Initiative.FAMILY))


def positive(scope: FigureScope, period: Period, by: str) -> Counted:
    return _contacts(moments(scope, period).filter(is_two_way=True), Q(purpose__in=POSITIVE))


def interpreted(scope: FigureScope, period: Period, by: str) -> Counted:
    return _contacts(_in_need(scope, period), Q(interpreter_mode__in=QUALIFIED))


def interpreted_informally(scope: FigureScope, period: Period, by: str) -> Counted:
    child = Q(interpreter_mode=InterpreterMode.CHILD)
    return _contacts(_in_need(scope, period), Q(interpreter_mode__in=INFORMAL), child=child)


def _in_need(scope: FigureScope, period: Period) -> QuerySet[ContactMoment]:
    return moments(scope, period).filter(is_reach=True, interpreter_need=InterpreterNeed.YES)


def nobody_came(scope: FigureScope, period: Period, by: str) -> Counted:
    states = (MomentStatus.HELD, MomentStatus.NO_SHOW)
    rows = moments(scope, period).filter(kind__in=APPOINTMENTS, status__in=states)
    return _contacts(rows, Q(status=MomentStatus.NO_SHOW))


def visits_held(scope: FigureScope, period: Period, by: str) -> Counted:
    """A visit that was moved counts on the day it is made; one that is still planned does not count yet."""
    rows = moments(scope, period).filter(kind=ContactKind.HOME_VISIT)
    held = Q(status=MomentStatus.HELD)
    not_held = {
        "not_at_home": Q(status__in=[MomentStatus.NOT_REACHED, MomentStatus.NO_SHOW]),
        "cancelled_family": Q(status=MomentStatus.CANCELLED_FAMILY),
        "cancelled_school": Q(status=MomentStatus.CANCELLED_SCHOOL),
    }
    return _contacts(rows.filter(held | reduce(or_, not_held.values())), held, **not_held)


def arrived(scope: FigureScope, period: Period, by: str) -> Counted:
    referrals = Q(kind=ContactKind.REFERRAL) | Q(outcome=Outcome.REFERRED)
    beside = {"not_arrived": Q(arrived=False), "arrival_unknown": Q(arrived__isnull=True)}
    counted = _contacts(moments(scope, period).filter(referrals, is_reach=True), Q(arrived=True), **beside)
    named = Coalesce("partner__name", Value(NO_PARTNER))
    return replace(counted, dimensions={**counted.dimensions, "partner": named})


def kept(scope: FigureScope, period: Period, by: str) -> Counted:
    rows = FollowUp.objects.filter(school_id__in=scope.school_ids(), due_on__range=(period.first, period.last))
    counted = _of_classes(rows.exclude(status=FollowUpStatus.DROPPED), scope, period)
    return Counted(
        rows=counted.annotate(due_month=TruncMonth("due_on")).order_by(),
        unit="pk",
        hit=Q(status=FollowUpStatus.DONE, done_on__lte=F("due_on")),
        dimensions={
            "school": F("school__name"),
            "language_group": group_of("family__home_language"),
            "kind": F("kind"),
        },
        month="due_month",
        also={
            "late": Q(status=FollowUpStatus.DONE, done_on__gt=F("due_on")),
            "open": Q(status=FollowUpStatus.OPEN),
        },
    )


Source = Callable[[FigureScope, Period, str], Counted]

SOURCES: dict[str, Source] = {
    "I01": reached,
    "I02": reached_two_way,
    "I03": unreached,
    "I09": visited,
    "I10": visits_held,
    "I11": started_by_family,
    "I12": positive,
    "I17": interpreted,
    "I18": interpreted_informally,
    "I19": nobody_came,
    "I20": kept,
    "I23": reached,
    "I28": arrived,
}
