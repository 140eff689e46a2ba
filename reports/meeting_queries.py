"""What the indicators about parent–teacher meetings count: a child's place in a round."""

from __future__ import annotations

from django.db.models import Case, DateField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, TruncDate, TruncMonth

from parents.models import ConferenceSlot, SlotStatus
from reports.figure_queries import Counted, Source, group_of, pair
from reports.figure_scope import FigureScope, Period
from schools import clock
from schools.models import Enrolment


def _slots(scope: FigureScope, period: Period) -> QuerySet[ConferenceSlot]:
    """Places of the period, by the ``own_day`` of the child: that of the first time chosen for it, or the last day of
    the round, until which a family could come. Of children enrolled at the school on that day."""
    enrolled = Enrolment.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("own_day")),
        pupil_id=OuterRef("pupil_id"),
        school_id=OuterRef("round__school_id"),
        starts_on__lte=OuterRef("own_day"),
    )
    times = ConferenceSlot.objects.filter(
        round=OuterRef("round_id"), pupil=OuterRef("pupil_id"), starts_at__isnull=False
    )
    first = Subquery(times.order_by("starts_at").values("starts_at")[:1], output_field=DateTimeField())
    chosen = TruncDate(first, tzinfo=clock.BRUSSELS)
    # The times of a round of one day are all on that day: only of longer ones it is looked up.
    own_day = Case(
        When(round__last_on__isnull=True, then=F("round__held_on")),
        default=Coalesce(chosen, "round__last_on"),
        output_field=DateField(),
    )
    rows = ConferenceSlot.objects.annotate(own_day=own_day).filter(
        Exists(enrolled),
        round__school_id__in=scope.school_ids(),
        own_day__range=(period.first, period.last),
    )
    if scope.classes:
        rows = rows.filter(school_class_id__in=scope.class_ids())
    return rows.order_by()


_AT_THE_EVENING = Q(status=SlotStatus.HELD)
_CAUGHT_UP = Q(status=SlotStatus.CAUGHT_UP) & (
    Q(contact_moment__isnull=True) | Q(contact_moment__held_on__lte=F("round__catch_up_until"))
)
_SLOT_PLACES = {
    "school": F("round__school__name"),
    "level": F("school_class__level"),
    "language_group": group_of("family__home_language"),
}


def attended(scope: FigureScope, period: Period, by: str) -> Counted:
    """Two separated parents may have a place each: the child counts once."""
    rows = _slots(scope, period).annotate(child_in_round=pair("round_id", "pupil_id"), own_month=TruncMonth("own_day"))
    return Counted(
        rows=rows,
        unit="child_in_round",
        hit=_AT_THE_EVENING | _CAUGHT_UP,
        dimensions={**_SLOT_PLACES, "round": F("round__name")},
        month="own_month",
        also={"evening": _AT_THE_EVENING},
    )


def attended_once(scope: FigureScope, period: Period, by: str) -> Counted:
    rows = _slots(scope, period).filter(family__isnull=False)
    came = _slots(scope, period).filter(
        _AT_THE_EVENING | _CAUGHT_UP, round=OuterRef("round_id"), pupil=OuterRef("pupil_id")
    )
    missed = _slots(scope, period).filter(~Exists(came), family=OuterRef("family_id"))
    return Counted(
        rows=rows.annotate(missed_one=Exists(missed)),
        unit="family_id",
        hit=_AT_THE_EVENING | _CAUGHT_UP,
        dimensions=_SLOT_PLACES,
        overlapping=frozenset({"school", "level"}),
        also={"every_round": Q(missed_one=False)},
    )


MEETING_SOURCES: dict[str, Source] = {"I06": attended, "I07": attended_once}
