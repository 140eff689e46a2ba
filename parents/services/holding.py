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
    """Raises ValidationError for a day that has passed."""
    if until < clock.today():
        raise ValidationError(_("Choose a day that is still to come."))
    with transaction.atomic():
        hold = LegalHold.objects.create(
            family=family, school_id=school_id, because=because, until=until, held_by=by, held_at=clock.now()
        )
        audit.record(actor=by, verb="held", target=family, school_id=school_id, until=until.isoformat())
    return hold


def release_family(*, hold: LegalHold, by: User, school_id: int | None = None) -> bool:
    """End a hold today; False when it was ended before."""
    with transaction.atomic():
        running = LegalHold.objects.running().filter(pk=hold.pk)
        ended = running.update(released_at=clock.now(), released_by=by)
        if ended:
            audit.record(actor=by, verb="released", target=hold.family, school_id=school_id)
    return bool(ended)
