"""Legal holds: a family's data stay beyond their time, for a reason and until a day."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parents.models import Family, LegalHold
from schools import audit, clock
from schools.models import User


def hold_family(*, family: Family, by: User, because: str, until: date, school_id: int | None = None) -> LegalHold:
    """A hold that runs for the same reason until the same day is that one: a form was sent twice. Raises
    ValidationError for a day that has passed."""
    if until < clock.today():
        raise ValidationError(_("Choose a day that is still to come."))
    with transaction.atomic():
        Family.objects.select_for_update(of=("self",), no_key=True).get(pk=family.pk)
        same = LegalHold.objects.running().filter(family=family, because=because, until=until, held_by=by)
        if held := next((row for row in same if row.school_id == school_id), None):
            return held
        hold = LegalHold.objects.create(
            family=family, school_id=school_id, because=because, until=until, held_by=by, held_at=clock.now()
        )
        audit.record(actor=by, verb="held", target=family, school_id=school_id, until=until.isoformat())
    return hold


def release_family(*, hold: LegalHold, by: User, school_id: int | None = None) -> bool:
    """End a hold today; False when it was ended before. Where it holds two families since they were parted
    (``parents.samefamily.moving``) it ends for both: who laid it sees one of them only."""
    with transaction.atomic():
        same = {"held_at": hold.held_at, "held_by": hold.held_by_id, "school": hold.school_id}
        running = LegalHold.objects.running().select_for_update(of=("self",)).select_related("family")
        rows = list(running.filter(**same).order_by("pk"))
        if hold not in rows:
            return False
        LegalHold.objects.filter(pk__in=[row.pk for row in rows]).update(released_at=clock.now(), released_by=by)
        for row in rows:
            audit.record(actor=by, verb="released", target=row.family, school_id=school_id)
    return True
