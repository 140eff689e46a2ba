from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parents.models import Guardian
from schools import audit, clock, languages


def change_language(*, guardian: Guardian, language: str, second: str = "") -> None:
    """A guardian's own choice of the language for contact, and of a ``second`` one that they read; trusted at once
    (rulings 6: only after signing in)."""
    if not {language, second or language} <= set(languages.LANGUAGES):
        raise ValidationError(_("Choose one of the languages in the list."))
    with transaction.atomic():
        guardian.contact_language = language
        guardian.language_confirmed_on = clock.today()
        guardian.second_language = "" if second == language else second
        guardian.save(update_fields=["contact_language", "second_language", "language_confirmed_on"])
        audit.record_by_guardian(guardian_id=guardian.pk, verb="chose language", target=guardian, language=language)
