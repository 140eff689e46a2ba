"""The statements of both questionnaires: those of parents (``questions``, in all languages) and of teams (I26)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from reports.measuring.questions import PARENTS, Question
from reports.models import MeasurementWave

TEAM = (
    Question("dare_contact", _("I dare to contact parents with whom I share no language.")),
    Question("book_interpreter", _("I know how to book an interpreter.")),
    Question("plain_notices", _("I can write a notice that every parent understands.")),
    Question("know_families", _("I know how to reach each family of my class.")),
    Question("backed", _("I get help when contact with a parent is difficult.")),
)


def questions_for(audience: str) -> Sequence[Question]:
    return TEAM if audience == MeasurementWave.Audience.TEAM else PARENTS


def words_of(key: str) -> str:
    """The statement behind a key, in the reader's language; the key itself where nobody knows it any more."""
    return next((str(one.words) for one in (*PARENTS, *TEAM) if one.key == key), key)
