"""Answers come in: the only writer of a box, and of who has answered.

Whoever could read all tables, with the marks that the database itself keeps of when rows were written, learns no more
from them than from the counts: a box is one row, the people of a wave are written all together at each answer, and
nothing else is written with it. No line of the access log is.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _

from parents.models import Guardian
from reports.measuring import invited
from reports.measuring.questions import FACES
from reports.measuring.statements import questions_for
from reports.models import MeasurementBox, MeasurementInvitee, MeasurementWave
from schools import clock
from schools.models import User

#: How a form came: by somebody who is asked, on the tablet at the gate, typed in from paper.
OWN, GATE, PAPER = "own", "gate", "paper"
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Given:
    """One form: for each question answered the place of its face, and perhaps words."""

    marks: Mapping[str, int] = field(default_factory=dict)
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.marks and not self.text.strip()


def answer(*, wave: MeasurementWave, person: Guardian | User, given: Given) -> bool:
    """Take in the one answer of somebody who is asked; False when there was one before, which stays as it is.

    Raises ValidationError after the last day, for a form without any answer, and for somebody who is not asked.
    """
    with transaction.atomic():
        box = open_box(wave)
        rows = list(invited.rows_of(wave, person))
        if any(row.has_answered for row in rows):
            return False
        if given.is_empty:
            raise ValidationError(_("Choose a face first, or write something."))
        if not rows:
            if not invited.is_invited(wave, person):
                raise ValidationError(_("These questions are for others."))
            invited.lay(wave, [person.pk])
            rows = list(invited.rows_of(wave, person))
        answered = When(pk__in=[row.pk for row in rows], then=Value(True))
        # All rows, so that none of them shows that it was written last.
        MeasurementInvitee.objects.filter(wave=wave).update(has_answered=Case(answered, default=F("has_answered")))
        _add(box, given, OWN)
    return True


def put_in(*, wave: MeasurementWave, given: Given, way: str) -> None:
    """One form of which nobody knows whose it is."""
    if given.is_empty:
        raise ValidationError(_("Choose a face first, or write something."))
    with transaction.atomic():
        _add(open_box(wave), given, way)


def open_box(wave: MeasurementWave) -> MeasurementBox:
    """The box, locked until the transaction ends. Raises ValidationError (``closed``) after the last day."""
    today = clock.today()
    boxes = MeasurementBox.objects.select_for_update(of=("self",)).select_related("wave")
    box = boxes.filter(wave=wave, wave__opens_on__lte=today, wave__closes_on__gte=today).first()
    if box is None:
        raise ValidationError(_("These questions are closed. Thank you all the same."), code="closed")
    return box


def _add(box: MeasurementBox, given: Given, way: str) -> None:
    for key, place in given.marks.items():
        count_in(box, key, [int(place == face) for face in range(len(FACES))])
    finish(box, [given.text] if given.text.strip() else [], way, 1)


def count_in(box: MeasurementBox, key: str, row: list[int]) -> None:
    """Add a row of faces of one question."""
    if key not in {one.key for one in questions_for(box.wave.audience)} or len(row) != len(FACES):
        raise ValueError(f"Nobody asks {key}.")
    counts: dict[str, Any] = box.counts
    counts[key] = [before + more for before, more in zip(counts.get(key, [0] * len(FACES)), row, strict=True)]


def finish(box: MeasurementBox, texts: list[str], way: str, forms: int) -> None:
    """So many forms more, with what was written on them; the box is closed again."""
    box.forms[way] = box.forms.get(way, 0) + forms
    if texts:
        box.texts = [*box.texts, *(text.strip()[:LONGEST] for text in texts)]
        secrets.SystemRandom().shuffle(box.texts)
    # In the order of the questions, whatever was answered first.
    box.counts = {one.key: box.counts[one.key] for one in questions_for(box.wave.audience) if one.key in box.counts}
    box.save(update_fields=["counts", "forms", "texts"])
