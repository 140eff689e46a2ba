"""Data that are only kept at a guardian's request (GDPR art. 18), and who may work with them again. Reads only."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from parents.models import DataRequest, Decision, Guardian, Guardianship, RequestKind
from schools.models import Enrolment


def left_restrictions(guardians: Iterable[Guardian]) -> set[int]:
    """Of these guardians those whose restriction was decided by schools at which no child of theirs is any more: the
    children's present school decides then. What a centre decided, the centre ends."""
    ties = Guardianship.objects.current().filter(guardian_id=OuterRef(OuterRef("guardian_id"))).values("pupil_id")
    there = Enrolment.objects.current().filter(pupil_id__in=ties, school_id=OuterRef("school_id"))
    decided = DataRequest.objects.filter(
        Q(centre__isnull=False) | Exists(there),
        guardian_id=OuterRef("pk"),
        kind=RequestKind.RESTRICT,
        decided_at__isnull=False,
    ).exclude(decision=Decision.REFUSED)
    rows = Guardian.objects.filter(~Exists(decided), pk__in=[one.pk for one in guardians], restricted_on__isnull=False)
    return set(rows.values_list("pk", flat=True))
