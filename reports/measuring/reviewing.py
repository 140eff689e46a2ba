"""Free answers, read by the joint worker before anybody else: released in her words, or withheld."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from reports.models import FreeAnswer
from schools import audit
from schools.models import User


def release(*, answer: FreeAnswer, words: str, by: User) -> None:
    """Let the school read it: ``words`` are Dutch, without names of anybody. May be done again with other words."""
    if not words.strip():
        raise ValidationError(_("Write in Dutch, without names, what the school may read."))
    _settle(answer, FreeAnswer.State.RELEASED, words.strip(), by)


def withhold(*, answer: FreeAnswer, by: User) -> None:
    """Nobody else reads it; it goes with the other notes of the school year."""
    _settle(answer, FreeAnswer.State.WITHHELD, "", by)


def _settle(answer: FreeAnswer, state: str, words: str, by: User) -> None:
    answer.state, answer.words, answer.reviewed_by = state, words, by
    answer.save(update_fields=["state", "words", "reviewed_by"])
    wave = answer.wave
    audit.record(actor=by, verb="reviewed a free answer", target=wave, school_id=wave.school_id, state=state)
