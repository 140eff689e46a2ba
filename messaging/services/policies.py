"""A school's own ladder: set, or given back to the institution's."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from messaging import policies
from messaging.models import LadderPolicy
from messaging.policies import Ladder, Rung
from schools import audit, clock
from schools.models import School, User


def set_ladder(*, school: School, kind: str, rungs: Sequence[Rung], caller: str, by: User) -> Ladder:
    """From now on notices of this kind climb these rungs, those under way too. Raises ValidationError in sentences."""
    policies.check(kind, rungs)
    with transaction.atomic():
        row, _is_new = LadderPolicy.objects.update_or_create(
            school=school,
            kind=kind,
            defaults={
                "rungs": [rung.as_data() for rung in rungs],
                "caller": caller,
                "changed_at": clock.now(),
                "changed_by": by,
            },
        )
        audit.record(
            actor=by,
            verb="changed the ladder",
            target=row,
            school_id=school.pk,
            kind=kind,
            rungs=row.rungs,
            caller=caller,
        )
    return policies.ladder_for(school.pk, kind)


def reset_ladder(*, school: School, kind: str, by: User) -> Ladder:
    """The school follows the institution's ladder again."""
    with transaction.atomic():
        row = LadderPolicy.objects.filter(school=school, kind=kind).first()
        if row is not None:
            audit.record(actor=by, verb="gave up its own ladder", target=row, school_id=school.pk, kind=kind)
            row.delete()
    return policies.ladder_for(school.pk, kind)
