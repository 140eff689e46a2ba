"""The access log: who did or read what, through which assignment. Never holds content."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from schools import clock
from schools.access import assignment_for
from schools.models import AuditEntry, User


def record(*, actor: object, verb: str, target: Model, school_id: int | None = None, **detail: Any) -> AuditEntry:
    """Write one line: ``actor`` (a User) did ``verb`` to ``target``. ``detail`` holds ids and states, never content."""
    user = actor if isinstance(actor, User) else None
    assignment = assignment_for(user, school_id=school_id) if user else None
    return AuditEntry.objects.create(
        at=clock.now(),
        actor=user,
        assignment=assignment,
        verb=verb,
        target_kind=target._meta.label_lower,
        target_id=target.pk,
        detail=detail,
    )


def record_by_guardian(*, guardian_id: int, verb: str, target: Model, **detail: Any) -> AuditEntry:
    """The same for something a guardian did."""
    return AuditEntry.objects.create(
        at=clock.now(),
        guardian_id=guardian_id,
        verb=verb,
        target_kind=target._meta.label_lower,
        target_id=target.pk,
        detail=detail,
    )
