from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parents.models import Guardian
from schools import audit, clock, languages


def change_language(*, guardian: Guardian, language: str) -> None:
    """A guardian's own choice of the language for contact; trusted at once (rulings 6: only after signing in)."""
    if language not in languages.LANGUAGES:
        raise ValidationError(_("Choose one of the languages in the list."))
    with transaction.atomic():
        guardian.contact_language = language
        guardian.language_confirmed_on = clock.today()
        guardian.save(update_fields=["contact_language", "language_confirmed_on"])
        audit.record_by_guardian(guardian_id=guardian.pk, verb="chose language", target=guardian, language=language)
