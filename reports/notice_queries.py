"""What the indicators about notices and contact data count."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate, TruncMonth

from messaging.levels import handed_over
from messaging.models import Answer, Channel, Delivery, Notice, NoticePupil
from parents.models import ContactPointUse, FamilyMembership, Guardianship, PointKind
from reports.contact_queries import CONTACT_SOURCES
from reports.figure_queries import FAMILY_SOURCES, Counted, Source, pair, population
from reports.figure_scope import FigureScope, Period
from reports.meeting_queries import MEETING_SOURCES
from schools import languages
from schools.clock import BRUSSELS

ANSWER_WITHIN = timedelta(days=7)
CHECKED_WITHIN = timedelta(days=365)


def _published(scope: FigureScope, period: Period, notice: str = "") -> dict[str, Any]:
    """The conditions that a notice was published by these schools in the period; ``notice`` leads to it."""
    return {
        f"{notice}school_id__in": scope.school_ids(),
        f"{notice}published_at__gte": datetime.combine(period.first, time.min, BRUSSELS),
        f"{notice}published_at__lt": datetime.combine(period.last + timedelta(days=1), time.min, BRUSSELS),
    }


def _children(scope: FigureScope, period: Period) -> QuerySet[Any, Any]:
    """Children of the families of these classes."""
    families = population(scope, period).values("family_id")
    return FamilyMembership.objects.filter(family_id__in=families).values("pupil_id")


def _deliveries(scope: FigureScope, period: Period) -> QuerySet[Delivery]:
    """Deliveries that were handed over, of notices published in the period."""
    rows = Delivery.objects.filter(handed_over(), **_published(scope, period, "notice__"))
    if scope.classes:
        rows = rows.filter(guardian__guardianships__pupil_id__in=_children(scope, period))
    return rows.annotate(
        recipient=pair("notice_id", "guardian_id"),
        notice_month=TruncMonth("notice__published_at", tzinfo=BRUSSELS),
        until=ExpressionWrapper(F("notice__published_at") + ANSWER_WITHIN, output_field=DateTimeField()),
    ).order_by()


_PLACES = {
    "language": F("guardian__contact_language"),
    # Of a template in the words that everybody at a school knows it by.
    "template": Coalesce("notice__template__title_nl", Value("")),
    "school": F("notice__school__name"),
    "channel": F("channel"),
    "reading_mode": F("guardian__reading_mode"),
    "contact_language": Case(
        When(guardian__contact_language="nl", then=Value("nl")), default=Value("other"), output_field=CharField()
    ),
}


def acknowledged(scope: FigureScope, period: Period, by: str) -> Counted:
    answers = Answer.objects.filter(
        notice=OuterRef("notice_id"), guardian=OuterRef("guardian_id"), answered_at__lte=OuterRef("until")
    )
    rows = _deliveries(scope, period).annotate(has_answered=Exists(answers))
    seen = Q(opened_at__lte=F("until")) | Q(not_understood_at__lte=F("until")) | Q(has_answered=True)
    return _recipients(rows, seen)


def not_understood(scope: FigureScope, period: Period, by: str) -> Counted:
    return _recipients(_deliveries(scope, period), Q(not_understood_at__lte=F("until")))


def in_own_language(scope: FigureScope, period: Period, by: str) -> Counted:
    rows = _deliveries(scope, period).exclude(guardian__contact_language__in=["nl", ""])
    understood = Q(channel=Channel.CALL)
    for entry in languages.LANGUAGES.values():
        if entry.text != languages.MASTER:
            understood |= Q(guardian__contact_language=entry.code, language__in=[entry.code, entry.text])
    return _recipients(rows, understood)


def _recipients(rows: QuerySet[Delivery], hit: Q) -> Counted:
    return Counted(
        rows=rows,
        unit="recipient",
        hit=hit,
        dimensions=_PLACES,
        month="notice_month",
        overlapping=frozenset({"channel"}),
    )


def both_informed(scope: FigureScope, period: Period, by: str) -> Counted:
    """Children in notices, of whom parents with a right to information live at two addresses or more: at each of them
    somebody with that right got the notice. Where an address is not known, nobody can tell."""
    rows = NoticePupil.objects.filter(**_published(scope, period, "notice__"))
    if scope.classes:
        rows = rows.filter(pupil_id__in=_children(scope, period))
    entitled = Guardianship.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("sent_on")),
        pupil_id=OuterRef("pupil_id"),
        starts_on__lte=OuterRef("sent_on"),
        information_right=True,
    )
    theirs = Delivery.objects.filter(
        handed_over(), notice_id=OuterRef(OuterRef("notice_id")), guardian_id=OuterRef("guardian_id")
    )
    # Few children have more than one home: only of theirs is it asked who had which right on the day of the notice.
    of_child = Guardianship.objects.order_by().values("pupil_id").annotate(people=Count("guardian", distinct=True))
    homes = Count("guardian__household", distinct=True)
    apart = of_child.annotate(homes=homes, placed=Count("guardian__household")).filter(
        Q(homes__gte=2) | Q(placed__lt=Count("pk")), people__gte=2
    )
    rows = (
        rows.filter(pupil_id__in=apart.values("pupil_id"))
        .annotate(
            sent_on=TruncDate("notice__published_at", tzinfo=BRUSSELS),
            notice_month=TruncMonth("notice__published_at", tzinfo=BRUSSELS),
        )
        .order_by()
    )
    rows = rows.annotate(
        people=_number(entitled, "guardian"),
        homes=_number(entitled, "guardian__household"),
        homes_told=_number(entitled.filter(Exists(theirs)), "guardian__household"),
        is_unplaced=Exists(entitled.filter(guardian__household__isnull=True)),
    )
    return Counted(
        rows=rows.filter(homes__gte=2),
        unit="pk",
        hit=Q(homes_told=F("homes")),
        dimensions={"school": F("notice__school__name")},
        month="notice_month",
        apart={"address_unknown": rows.filter(people__gte=2, homes__lt=2, is_unplaced=True)},
    )


def _number(rows: QuerySet[Guardianship], what: str) -> Coalesce:
    """How many different ones a child's guardianships lead to."""
    counted = rows.order_by().values("pupil_id").annotate(number=Count(what, distinct=True)).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def plainly_written(scope: FigureScope, period: Period, by: str) -> Counted:
    """Notices by what the checker found in their Dutch when they left; those from before it looked stand apart."""
    rows = Notice.objects.sent().filter(**_published(scope, period))
    if scope.classes:
        rows = rows.filter(notice_pupils__pupil_id__in=_children(scope, period))
    rows = rows.annotate(month=TruncMonth("published_at", tzinfo=BRUSSELS)).order_by()
    return Counted(
        rows=rows.filter(plain_findings__isnull=False),
        unit="pk",
        hit=Q(plain_findings=0),
        dimensions={"school": F("school__name"), "template": Coalesce("template__title_nl", Value(""))},
        month="month",
        apart={"not_checked": rows.filter(plain_findings__isnull=True)},
    )


def complete_data(scope: FigureScope, period: Period, by: str) -> Counted:
    """Parents of children enrolled on the period's last day."""
    last = period.last
    enrolled = Q(pupil__enrolments__ends_on__isnull=True) | Q(pupil__enrolments__ends_on__gte=last)
    conditions = [enrolled, Q(pupil__enrolments__school_id__in=scope.school_ids())]
    if scope.classes:
        conditions.append(Q(pupil__enrolments__school_class_id__in=scope.class_ids()))
    checked = ContactPointUse.objects.filter(
        Q(contact_point__valid_until__isnull=True) | Q(contact_point__valid_until__gt=last),
        guardian=OuterRef("guardian_id"),
        contact_point__kind=PointKind.PHONE,
        contact_point__verified_on__range=(last - CHECKED_WITHIN, last),
    )
    rows = Guardianship.objects.on(last).filter(
        *conditions, information_right=True, pupil__enrolments__starts_on__lte=last
    )
    return Counted(
        rows=rows.annotate(has_number=Exists(checked)),
        unit="guardian_id",
        hit=Q(guardian__language_confirmed_on__lte=last, has_number=True),
        dimensions={
            "school": F("pupil__enrolments__school__name"),
            "level": F("pupil__enrolments__school_class__level"),
            "reading_mode": F("guardian__reading_mode"),
        },
        overlapping=frozenset({"school", "level"}),
    )


ALL_SOURCES: dict[str, Source] = {
    **FAMILY_SOURCES,
    **CONTACT_SOURCES,
    **MEETING_SOURCES,
    "I08": both_informed,
    "I14": acknowledged,
    "I15": in_own_language,
    "I16": plainly_written,
    "I27": complete_data,
    "I32": not_understood,
}
