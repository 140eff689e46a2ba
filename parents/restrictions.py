"""Data that are only kept at a guardian's request (GDPR art. 18), and who may work with them again. Reads only."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from parents.models import DataRequest, Decision, Guardian, Guardianship, RequestKind
from schools.models import Enrolment


def left_restrictions(guardians: Iterable[Guardian]) -> dict[int, list[RequestKind]]:
    """By guardian of these (id) what still runs and was decided by schools at which no child of theirs is any more,
    that the data are only kept or that nothing is sent: the children's present school decides then. What a centre
    decided, the centre ends. While data are only kept that goes first: who ends it ends the rest with it
    (``liftable``)."""
    runs = {RequestKind.RESTRICT: Q(restricted_on__isnull=False), RequestKind.OBJECT: Q(may_be_contacted=False)}
    people = {one.pk: one for one in guardians}
    found: dict[int, list[RequestKind]] = {}
    for kind, is_on in runs.items():
        decided = standing(kind).filter(guardian_id=OuterRef("pk"))
        rows = Guardian.objects.filter(is_on, ~Exists(decided), pk__in=people)
        for pk in rows.values_list("pk", flat=True):
            found.setdefault(pk, []).append(kind)
    return {pk: kinds for pk, kinds in found.items() if RequestKind.RESTRICT in kinds or not people[pk].restricted_on}


def liftable(request: DataRequest) -> set[RequestKind]:
    """What the place of this request may end for its guardian: what it decided itself, and what nobody decided who is
    still a place of the guardian's children."""
    guardian = request.guardian
    runs = {
        RequestKind.RESTRICT: guardian.restricted_on is not None,
        RequestKind.OBJECT: not guardian.may_be_contacted,
    }
    place = {"school_id": request.school_id, "centre_id": request.centre_id}
    may = set()
    for kind in (kind for kind, is_on in runs.items() if is_on):
        own = granted(kind).filter(guardian=guardian, **place)
        if own.exists() or not standing(kind).filter(guardian=guardian).exists():
            may.add(kind)
    return may


def granted(kind: str) -> QuerySet[DataRequest]:
    """What was decided so, and not ended by the place that did."""
    decided = DataRequest.objects.filter(kind=kind, decided_at__isnull=False, lifted_on__isnull=True)
    return decided.exclude(decision=Decision.REFUSED)


def in_force() -> QuerySet[DataRequest]:
    """By which data of somebody who is known are only kept, or nothing is sent: without it nobody could end that."""
    kept = granted(RequestKind.RESTRICT).filter(guardian__restricted_on__isnull=False)
    silent = granted(RequestKind.OBJECT).filter(guardian__may_be_contacted=False)
    return (kept | silent).exclude(guardian__first_name="", guardian__last_name="")


def standing(kind: str) -> QuerySet[DataRequest]:
    """Granted by a centre, or by a school at which a child of the guardian is now."""
    ties = Guardianship.objects.current().filter(guardian_id=OuterRef(OuterRef("guardian_id"))).values("pupil_id")
    there = Enrolment.objects.current().filter(pupil_id__in=ties, school_id=OuterRef("school_id"))
    return granted(kind).filter(Q(centre__isnull=False) | Exists(there))
