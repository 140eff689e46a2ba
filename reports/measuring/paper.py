"""Sheets of paper with faces: counted at school and typed in together, so that no sheet stands alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from reports.measuring.answering import PAPER, count_in, finish, open_box
from reports.models import MeasurementWave
from schools import audit
from schools.models import User


def type_in(
    *, wave: MeasurementWave, by: User, sheets: int, counts: Mapping[str, list[int]], texts: Sequence[str]
) -> None:
    """So many sheets, how often each face of each question, and what was written on them.

    Raises ValidationError where there are more answers than sheets, and after the last day.
    """
    if sheets < 1 or len(texts) > sheets or any(sum(row) > sheets or min(row) < 0 for row in counts.values()):
        raise ValidationError(_("There are more answers than sheets. Count again."))
    with transaction.atomic():
        box = open_box(wave)
        for key, row in counts.items():
            count_in(box, key, row)
        finish(box, list(texts), PAPER, sheets)
        audit.record(actor=by, verb="typed in sheets", target=wave, school_id=wave.school_id, sheets=sheets)
