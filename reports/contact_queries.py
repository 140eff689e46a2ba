"""What the indicators about contacts, referrals and agreements count."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import or_

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, TruncMonth

from parents.models import (
    ContactKind,
    ContactMoment,
    FollowUp,
    FollowUpStatus,
    Initiative,
    InterpreterMode,
    InterpreterNeed,
    MomentStatus,
    Outcome,
    Purpose,
)
from reports.figure_queries import Counted, Source, group_of, moments, of_classes
from reports.figure_scope import FigureScope, Period
from reports.reach import QUALIFIED

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
#: The group of referrals of which nobody said to whom.
NO_PARTNER = "-"

_CONTACT_PLACES = {"school": F("school__name"), "language_group": F("language_group"), "kind": F("kind")}


#: Of the talks by kind I19 tells how many appointments took place, I10 how many visits; I19 counts the same ones.
_TOLD_TOGETHER = {"kind": [APPOINTMENTS, (ContactKind.HOME_VISIT,)]}


def _contacts(rows: QuerySet[ContactMoment], hit: Q, **also: Q) -> Counted:
    return Counted(rows=rows, unit="pk", hit=hit, dimensions=_CONTACT_PLACES, month="held_month", also=also)


def _talks(scope: FigureScope, period: Period, hit: Q) -> Counted:
    rows = moments(scope, period).filter(is_two_way=True)
    return replace(_contacts(rows, hit), together=_TOLD_TOGETHER)


def started_by_family(scope: FigureScope, period: Period, by: str) -> Counted:
    return _talks(scope, period, Q(initiative=Initiative.FAMILY))


def positive(scope: FigureScope, period: Period, by: str) -> Counted:
    return _talks(scope, period, Q(purpose__in=POSITIVE))


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
    counted = _contacts(rows, Q(status=MomentStatus.NO_SHOW))
    return replace(counted, together=_TOLD_TOGETHER, are_rests=True)


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
    counted = of_classes(rows.exclude(status=FollowUpStatus.DROPPED), scope, period)
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


CONTACT_SOURCES: dict[str, Source] = {
    "I10": visits_held,
    "I11": started_by_family,
    "I12": positive,
    "I17": interpreted,
    "I18": interpreted_informally,
    "I19": nobody_came,
    "I20": kept,
    "I28": arrived,
}
