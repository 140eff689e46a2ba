from __future__ import annotations

from django.db import transaction

from parents.models import Guardian
from schools import audit, clock


def note_privacy_shown(*, guardian: Guardian) -> None:
    """The notice about privacy was shown; the first day counts."""
    with transaction.atomic():
        first = Guardian.objects.filter(pk=guardian.pk, privacy_shown_on__isnull=True)
        if first.update(privacy_shown_on=clock.today()):
            audit.record_by_guardian(guardian_id=guardian.pk, verb="read privacy notice", target=guardian)
