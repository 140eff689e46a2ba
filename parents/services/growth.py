"""A teacher tells the parents what goes well, or takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parents.models import GrowthNote
from parents.models.growth import MOST_PHRASES
from schools import audit, clock
from schools.models import Pupil, School, User


def share_growth(
    *, client_id: UUID, pupil: Pupil, school: School, by: User, phrases: Sequence[str], sentence: str = ""
) -> GrowthNote:
    """The parents can read it from now on; the same ``client_id`` again is the same note of the same writer about the
    same child, for a form may be sent by the next who sits there. Raises ValidationError for no phrase or more than
    three."""
    if not 0 < len(phrases) <= MOST_PHRASES:
        raise ValidationError(_("Choose one, two or three phrases."))
    facts = {
        "pupil": pupil,
        "school": school,
        "phrases": list(phrases),
        "sentence": sentence,
        "written_by": by,
        "written_at": clock.now(),
    }
    with transaction.atomic():
        note, is_new = GrowthNote.objects.get_or_create(
            client_id=uuid5(client_id, f"{by.pk} {pupil.pk}"), defaults=facts
        )
        if is_new:
            audit.record(actor=by, verb="shared growth", target=note, school_id=school.pk, pupil=pupil.pk)
    return note


def take_back_growth(*, note: GrowthNote, by: User) -> None:
    """Nobody reads it any more."""
    with transaction.atomic():
        audit.record(actor=by, verb="took growth back", target=note, school_id=note.school_id, pupil=note.pupil_id)
        note.delete()
