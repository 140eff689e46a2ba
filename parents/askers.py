"""Who may ask about the own data where a colleague answers: the guardians whom the colleague sees, and those who were
seen there and answer for no child at a school any more. Their rights do not end with that. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q, QuerySet

from parents.models import Guardian, Guardianship
from parents.services.forgetting import without_child_at_school
from schools.models import Enrolment, Pupil
from schools.scope import scope_of


def askers(user: object) -> QuerySet[Guardian]:
    """For places that answer requests: schools by head and office, centres by their people. Who went on to another
    school asks there."""
    scope = scope_of(user)
    ever = Enrolment.objects.filter(Q(school_id__in=scope.kept_schools) | Q(school__clb_id__in=scope.note_centres))
    before = Guardianship.objects.filter(pupil_id__in=ever.values("pupil_id")).values("guardian_id")
    left = without_child_at_school().filter(pk__in=before, merged_into=None).exclude(first_name="", last_name="")
    return Guardian.objects.filter(
        Q(pk__in=Guardian.objects.visible_to(user).values("pk")) | Q(pk__in=left.values("pk"))
    )


def children_of(guardians: Collection[int], user: object) -> dict[int, list[Pupil]]:
    """By guardian the children whom the colleague sees: many parents have the same name. One query."""
    found: dict[int, list[Pupil]] = defaultdict(list)
    seen = Pupil.objects.visible_to(user).values("pk")
    ties = Guardianship.objects.current().filter(guardian_id__in=guardians, pupil_id__in=seen)
    for tie in ties.select_related("pupil").order_by("pupil__first_name", "pk"):
        found[tie.guardian_id].append(tie.pupil)
    return dict(found)
