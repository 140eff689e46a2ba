"""Unusual reading becomes a row on the page of who answers for it, once, and somebody says what it was."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parents.models import ReadingAlert
from parents.reading import Found, unusual_reading
from schools import audit, clock
from schools.models import Assignment, CentreShare, Role, User

#: Who answers for a place, and is not watched by oneself.
RESPONSIBLE = frozenset({Role.HEAD, Role.CLB_DIRECTOR})


def watch_reading() -> int:
    """Lay what was unusual in the last day before those responsible; returns how many rows are new. Safe to repeat:
    a person, a kind and a day are one row, which grows until somebody acknowledges it."""
    return sum(_lay_before(found) for found in unusual_reading(clock.now()))


def acknowledge(*, alert: ReadingAlert, by: User, finding: str) -> None:
    """Say what it was. Raises ValidationError when somebody did so already, or for reading of one's own."""
    if alert.person_id == by.pk:
        raise ValidationError(_("Somebody else judges what you read yourself."))
    with transaction.atomic():
        open_one = ReadingAlert.objects.filter(pk=alert.pk, seen_at__isnull=True)
        if not open_one.update(seen_at=clock.now(), seen_by=by, finding=finding):
            raise ValidationError(_("Somebody acknowledged this already."))
        audit.record(actor=by, verb="acknowledged unusual reading", target=alert, school_id=alert.school_id)


@transaction.atomic
def _lay_before(found: Found) -> int:
    facts: dict[str, object] = {
        "assignment_id": found.assignment_id,
        "first_at": found.first_at,
        "last_at": found.last_at,
        "number": found.number,
        "usual": found.usual,
        "raised_at": clock.now(),
    }
    places, facts["is_about_responsible"] = _places(found)
    new = 0
    for place in places:
        alert, is_new = ReadingAlert.objects.get_or_create(
            person_id=found.person_id, kind=found.kind, day=found.day, **place, defaults=facts
        )
        new += is_new
        if not is_new and alert.seen_at is None and alert.number < found.number:
            alert.first_at, alert.last_at, alert.number = found.first_at, found.last_at, found.number
            alert.save(update_fields=["first_at", "last_at", "number"])
    return new


def _places(found: Found) -> tuple[list[dict[str, int | None]], bool]:
    """The school of the assignment, or its centre; of the joint worker both centres; without an assignment those of
    every post that the person held that day, or else of the last one. Who heads or directs the place is judged one
    level up."""
    posts = Assignment.objects.with_places()
    own = posts.filter(user_id=found.person_id)
    held = list(posts.filter(pk=found.assignment_id or 0)) or list(own.on(found.day)) or list(own[:1])
    places = dict.fromkeys(place for post in held for place in _places_of(post))
    is_about_responsible = any(post.role in RESPONSIBLE for post in held)
    return [{"school_id": school, "centre_id": centre} for school, centre in places], is_about_responsible


def _places_of(post: Assignment) -> list[tuple[int | None, int | None]]:
    """School and centre, of which one is named."""
    centres: Iterable[int] = [post.clb_centre_id] if post.clb_centre_id else []
    if post.project_id and not post.school_id:
        centres = CentreShare.objects.filter(project_id=post.project_id).values_list("centre_id", flat=True)
    if post.role == Role.HEAD and post.school:
        centres = [post.school.clb_id]
    elif post.school_id:
        return [(post.school_id, None)]
    return [(None, centre) for centre in centres]
