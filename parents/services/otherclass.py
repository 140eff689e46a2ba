"""A child that went to another class: its place in a round of talks for which no time is chosen goes along, so that its
parents choose among the times of the teacher who has it now. A time that was chosen stands until somebody cancels it:
the teacher reads that the child is in another class. The tables are the truth, as with who left (``leaving``)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Case, DateField, Exists, F, OuterRef, QuerySet, Subquery, Value, When

from parents.models import ConferenceHost, ConferenceSlot, SlotStatus
from schools import audit, clock
from schools.models import Enrolment
from schools.models.periods import running_on


def let_places_follow() -> int:
    """Returns how many places went to the class in which the child is on the day of the round, or today when that has
    passed and one still catches up. Where nobody of the new class receives, they stay."""
    rows = list(_astray().order_by("pk"))
    receives = set(
        ConferenceHost.objects.filter(round__in={row.round_id for row in rows}).values_list(
            "round_id", "school_class_id"
        )
    )
    return sum(_follow(row) for row in rows if (row.round_id, row.room) in receives)


def _astray() -> QuerySet[Any, Any]:
    """Places without a time of children who are in another class of the school, with ``room``, the id of that class."""
    today = clock.today()
    day = Case(When(round__held_on__gt=today, then=F("round__held_on")), default=Value(today), output_field=DateField())
    places = Enrolment.objects.filter(
        running_on(OuterRef("counts_on")), pupil=OuterRef("pupil_id"), school=OuterRef("round__school_id")
    )
    rows = ConferenceSlot.objects.filter(status=SlotStatus.OFFERED, round__catch_up_until__gte=today).alias(
        counts_on=day
    )
    elsewhere = rows.filter(~Exists(places.filter(school_class=OuterRef("school_class_id"))))
    room = Subquery(places.order_by("-starts_on", "-pk").values("school_class_id")[:1])
    return elsewhere.annotate(room=room).filter(room__isnull=False)


def _follow(row: Any) -> bool:
    with transaction.atomic():
        still = ConferenceSlot.objects.filter(pk=row.pk, status=SlotStatus.OFFERED, school_class_id=row.school_class_id)
        if not still.update(school_class_id=row.room):
            return False
        audit.record(
            actor=None,
            verb="let a place follow the class",
            target=row,
            school_id=row.round.school_id,
            before=row.school_class_id,
            school_class=row.room,
        )
    return True
