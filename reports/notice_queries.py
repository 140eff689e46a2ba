"""What the indicators about notices and contact data count."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth

from messaging.levels import handed_over
from messaging.models import Answer, Channel, Delivery
from parents.models import ContactPointUse, FamilyMembership, Guardianship, PointKind
from reports.figure_queries import SOURCES, Counted, Source, pair, population
from reports.figure_scope import FigureScope, Period
from reports.meeting_queries import MEETING_SOURCES
from schools import languages
from schools.clock import BRUSSELS

ANSWER_WITHIN = timedelta(days=7)
CHECKED_WITHIN = timedelta(days=365)


def _deliveries(scope: FigureScope, period: Period) -> QuerySet[Delivery]:
    """Deliveries that were handed over, of notices published in the period."""
    start = datetime.combine(period.first, time.min, BRUSSELS)
    end = datetime.combine(period.last + timedelta(days=1), time.min, BRUSSELS)
    rows = Delivery.objects.filter(
        handed_over(),
        notice__school_id__in=scope.school_ids(),
        notice__published_at__gte=start,
        notice__published_at__lt=end,
    )
    if scope.classes:
        families = population(scope, period).values("family_id")
        children = FamilyMembership.objects.filter(family_id__in=families).values("pupil_id")
        rows = rows.filter(guardian__guardianships__pupil_id__in=children)
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
    **SOURCES,
    **MEETING_SOURCES,
    "I14": acknowledged,
    "I15": in_own_language,
    "I27": complete_data,
    "I32": not_understood,
}
