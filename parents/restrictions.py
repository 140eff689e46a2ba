"""Data that are only kept at a guardian's request (GDPR art. 18), and who may work with them again. Reads only."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from parents.models import DataRequest, Decision, Guardian, Guardianship, RequestKind
from schools.models import Enrolment


def left_restrictions(guardians: Iterable[Guardian]) -> set[int]:
    """Of these guardians those whose restriction was decided by schools at which no child of theirs is any more: the
    children's present school decides then. What a centre decided, the centre ends."""
    decided = _standing(RequestKind.RESTRICT).filter(guardian_id=OuterRef("pk"))
    rows = Guardian.objects.filter(~Exists(decided), pk__in=[one.pk for one in guardians], restricted_on__isnull=False)
    return set(rows.values_list("pk", flat=True))


def liftable(request: DataRequest) -> set[RequestKind]:
    """What the place of this request may end for its guardian: what it decided itself, and what nobody decided who is
    still a place of the guardian's children."""
    guardian = request.guardian
    runs = {
        RequestKind.RESTRICT: guardian.restricted_on is not None,
        RequestKind.OBJECT: not guardian.may_be_contacted,
    }
    own = {"school_id": request.school_id, "centre_id": request.centre_id}
    may = set()
    for kind in (kind for kind, is_on in runs.items() if is_on):
        granted = _granted(kind).filter(guardian=guardian)
        if granted.filter(**own).exists() or not _standing(kind).filter(guardian=guardian).exists():
            may.add(kind)
    return may


def _granted(kind: RequestKind) -> QuerySet[DataRequest]:
    """What was decided so; of data that are only kept, since that began: what was ended before explains nothing now."""
    decided = DataRequest.objects.filter(kind=kind, decided_at__isnull=False).exclude(decision=Decision.REFUSED)
    if kind == RequestKind.RESTRICT:
        return decided.filter(decided_at__date__gte=F("guardian__restricted_on"))
    return decided


def _standing(kind: RequestKind) -> QuerySet[DataRequest]:
    """Granted by a centre, or by a school at which a child of the guardian is now."""
    ties = Guardianship.objects.current().filter(guardian_id=OuterRef(OuterRef("guardian_id"))).values("pupil_id")
    there = Enrolment.objects.current().filter(pupil_id__in=ties, school_id=OuterRef("school_id"))
    return _granted(kind).filter(Q(centre__isnull=False) | Exists(there))
