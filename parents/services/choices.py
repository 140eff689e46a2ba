from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from parents.models import Guardian
from parents.services.wishes import choose_reading
from schools import audit, clock, languages
from schools.models import School, User

#: Sent when a guardian reads another language from now on, with the guardian: what waits for them follows.
language_told = Signal()


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
        language_told.send(Guardian, guardian=guardian)
        audit.record_by_guardian(guardian_id=guardian.pk, verb="chose language", target=guardian, language=language)


def note_language(*, guardian: Guardian, language: str, by: User, school: School) -> None:
    """The language for contact that a guardian told the school. It holds as an own choice does: no list changes it."""
    if language not in languages.LANGUAGES:
        raise ValidationError(_("Choose one of the languages in the list."))
    with transaction.atomic():
        guardian.contact_language = language
        guardian.language_confirmed_on = clock.today()
        if guardian.second_language == language:
            guardian.second_language = ""
        guardian.save(update_fields=["contact_language", "second_language", "language_confirmed_on"])
        language_told.send(Guardian, guardian=guardian)
        audit.record(actor=by, verb="noted a language", target=guardian, school_id=school.pk, language=language)


def answer_first_question(*, guardian: Guardian, language: str, reading_mode: str) -> None:
    """Language and reading, asked once at first contact; trusted as the same choices made later are. ``language`` is
    "" where reading alone was asked."""
    with transaction.atomic():
        if language:
            change_language(guardian=guardian, language=language, second=guardian.second_language)
        choose_reading(guardian=guardian, reading_mode=reading_mode, preferred_channel=guardian.preferred_channel)
        _was_asked(guardian)


def set_first_question_aside(*, guardian: Guardian) -> None:
    """Prefers not to say: nothing changes, and the question does not come again. Needs no code: who only holds a link
    can hide a question with it, and change nothing (rulings 6). Nothing when there is nothing to ask."""
    if not guardian.asks_first_question:
        return
    with transaction.atomic():
        _was_asked(guardian)
        audit.record_by_guardian(guardian_id=guardian.pk, verb="set the first question aside", target=guardian)


def _was_asked(guardian: Guardian) -> None:
    guardian.first_question_on = clock.today()
    guardian.save(update_fields=["first_question_on"])
