"""Gatherings as one parent sees them: what is to come, whether the parent comes, not who else does. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.html import format_html

from parents.access import children_of
from parents.gatheringwords import KIND_PICTOGRAMS, kind_words
from parents.models import (
    Attendance,
    ContactKind,
    Gathering,
    GatheringSignUp,
    Guardian,
    SignUpState,
)
from parents.models.meetings import USUAL_LENGTH
from schools import clock
from schools.models import Enrolment

#: On a parent's page; a school has a handful ahead of it.
MOST_FOR_PARENTS = 20


@dataclass(frozen=True, slots=True)
class Invitation:
    """A gathering as one parent sees it: nothing of who else comes."""

    gathering: Gathering
    own: GatheringSignUp | None
    taken: int

    @property
    def kind(self) -> str:
        return kind_words(self.gathering.kind)

    @property
    def pictogram(self) -> str:
        return KIND_PICTOGRAMS[ContactKind(self.gathering.kind)]

    @property
    def partner(self) -> str:
        """Whose name is Dutch, within a sentence in the parent's language; "" for none."""
        partner = self.gathering.partner
        return format_html('<bdi lang="nl" dir="ltr">{}</bdi>', partner.name) if partner else ""

    @property
    def is_open(self) -> bool:
        return self.gathering.is_open

    @property
    def is_over(self) -> bool:
        return self.gathering.over_at <= clock.now()

    @property
    def comes(self) -> bool:
        return self.own is not None and not self.own.waits

    @property
    def waits(self) -> bool:
        return self.own is not None and self.own.waits

    @property
    def free(self) -> int | None:
        """Places that are left; None where as many come as like."""
        places = self.gathering.places
        return None if places is None else max(0, places - self.taken)

    @property
    def is_full(self) -> bool:
        return self.free == 0 and self.own is None


def gatherings_of(guardian: Guardian) -> QuerySet[Gathering]:
    """Those of the schools to which the guardian's children go today."""
    schools = Enrolment.objects.current().filter(pupil_id__in=children_of(guardian).values("pk")).values("school_id")
    return Gathering.objects.filter(school_id__in=schools).select_related("school", "partner")


def invitations_for(guardian: Guardian, gatherings: QuerySet[Gathering] | None = None) -> list[Invitation]:
    """What is still to come, the first first; a cancelled one only for who had signed up. Or some of them, whatever
    became of them. Two queries."""
    own = GatheringSignUp.objects.filter(gathering_id=OuterRef("pk"), guardian=guardian)
    if gatherings is None:
        gatherings = gatherings_of(guardian).filter(Q(cancelled_at__isnull=True) | Exists(own), _not_over())
    rows = list(with_taken(gatherings).order_by("starts_at", "pk")[:MOST_FOR_PARENTS])
    found = GatheringSignUp.objects.filter(gathering__in=[row.pk for row in rows], guardian=guardian)
    signed = {row.gathering_id: row for row in found} if rows else {}
    return [Invitation(row, signed.get(row.pk), row.taken) for row in rows]  # type: ignore[attr-defined]


def _not_over() -> Q:
    now = clock.now()
    return Q(ends_at__gt=now) | Q(ends_at__isnull=True, starts_at__gt=now - USUAL_LENGTH)


def with_taken(gatherings: QuerySet[Gathering]) -> QuerySet[Gathering]:
    """With ``taken``, how many people come, ``waiting``, how many parents wait, and ``came``, how many families did."""
    here = GatheringSignUp.objects.filter(gathering_id=OuterRef("pk")).order_by()
    coming = here.coming().values("gathering_id")
    waiting = here.filter(state=SignUpState.WAITING).values("gathering_id")
    came = Attendance.objects.standing().filter(gathering_id=OuterRef("pk")).order_by().values("gathering_id")
    return gatherings.annotate(
        taken=_counted(coming.annotate(n=Sum(F("adults") + F("children")))),
        waiting=_counted(waiting.annotate(n=Count("pk"))),
        came=_counted(came.annotate(n=Count("pk"))),
    )


def _counted(rows: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(rows.values("n"), output_field=IntegerField()), 0)
