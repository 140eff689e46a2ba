"""The access log: who did or read what, through which assignment. Never holds content."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model

from schools import clock
from schools.access import assignment_for
from schools.models import AuditEntry, AuditSubject, User


def record(*, actor: object, verb: str, target: Model, school_id: int | None = None, **detail: Any) -> AuditEntry:
    """Write one line: ``actor`` (a User) did ``verb`` to ``target``. ``detail`` holds ids and states, never content."""
    user = actor if isinstance(actor, User) else None
    assignment = assignment_for(user, school_id=school_id) if user else None
    return AuditEntry.objects.create(
        at=clock.now(),
        actor=user,
        assignment=assignment,
        school_id=school_id,
        verb=verb,
        target_kind=target._meta.label_lower,
        target_id=target.pk,
        detail=detail,
    )


def record_reading(
    *,
    actor: object,
    verb: str,
    target: Model,
    pupils: Iterable[int] = (),
    school_id: int | None = None,
    guardians: Iterable[int] = (),
    pairs: Iterable[tuple[int, int]] = (),
    **detail: Any,
) -> AuditEntry:
    """The same for data that were opened, with the ids of the children they are about. Their guardians can see it
    (``parents.whoread``), only those named by ``guardians`` when it was theirs: the other does not learn of it. In a
    list of many people ``pairs`` say of which child each guardian is."""
    named: list[int | None] = [*sorted(set(guardians))]
    about: list[tuple[int, int | None]] = [
        *((pupil, guardian) for pupil in sorted(set(pupils)) for guardian in named or [None]),
        *sorted(set(pairs)),
    ]
    with transaction.atomic():
        entry = record(actor=actor, verb=verb, target=target, school_id=school_id, **detail)
        AuditSubject.objects.bulk_create(
            AuditSubject(entry=entry, at=entry.at, pupil_id=pupil, guardian_id=guardian) for pupil, guardian in about
        )
    return entry


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
