"""Sheets of paper with faces: counted at school and typed in together, so that no sheet stands alone."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from reports.measuring.answering import LONGEST, PAPER, count_in, finish, open_box
from reports.models import MeasurementWave
from schools import audit
from schools.limits import Limit
from schools.models import User

#: The sheets of one page; other ones that are typed in on it after Back are others.
SAME_SHEETS = Limit("same sheets of paper", 1, 3600)


@dataclass(frozen=True, slots=True)
class Typed:
    """Sheets that were typed in together: kept by who typed them, to take them back. Of what was written on them only
    marks, by which it is found again. ``form`` is the page on which it was done."""

    wave: int
    sheets: int
    counts: dict[str, list[int]]
    texts: list[str]
    form: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Typed:
        return cls(kept["wave"], kept["sheets"], kept["counts"], kept["texts"], kept.get("form", ""))


def type_in(
    *,
    wave: MeasurementWave,
    by: User,
    sheets: int,
    counts: Mapping[str, list[int]],
    texts: Sequence[str],
    form: str = "",
) -> Typed:
    """So many sheets, how often each face of each question, and what was written on them. ``form`` tells a page from
    another one: its sheets, sent twice by two taps, are typed in once.

    Raises ValidationError where there are more answers than sheets, and after the last day.
    """
    if sheets < 1 or len(texts) > sheets or any(sum(row) > sheets or min(row) < 0 for row in counts.values()):
        raise ValidationError(_("There are more answers than sheets. Count again."))
    rows = {key: list(row) for key, row in counts.items()}
    typed = Typed(wave.pk, sheets, rows, [_mark(text) for text in texts], form)
    with transaction.atomic():
        box = open_box(wave)  # a second tap waits here for the first
        if form and SAME_SHEETS.is_spent(str(typed)):
            return typed
        for key, row in counts.items():
            count_in(box, key, row)
        finish(box, list(texts), PAPER, sheets)
        audit.record(actor=by, verb="typed in sheets", target=wave, school_id=wave.school_id, sheets=sheets)
        if form:
            SAME_SHEETS.spend(str(typed))
    return typed


def take_back(*, wave: MeasurementWave, by: User, typed: Typed) -> None:
    """Take sheets that were typed in wrongly out of the box, with what was written on them.

    Raises ValidationError where they are not in it any more, and after the last day.
    """
    with transaction.atomic():
        box = open_box(wave)
        marks, kept = Counter(typed.texts), []
        for text in box.texts:
            if marks[_mark(text)]:
                marks[_mark(text)] -= 1
            else:
                kept.append(text)
        for key, row in typed.counts.items():
            count_in(box, key, [-number for number in row])
        short = min((min(row) for row in box.counts.values()), default=0) < 0
        if typed.wave != wave.pk or short or marks.total() or box.forms.get(PAPER, 0) < typed.sheets:
            raise ValidationError(_("These sheets are not in the box any more."))
        box.texts, box.counts = kept, {key: row for key, row in box.counts.items() if any(row)}
        finish(box, [], PAPER, -typed.sheets)
        audit.record(actor=by, verb="took back sheets", target=wave, school_id=wave.school_id, sheets=typed.sheets)
        if typed.form:
            SAME_SHEETS.give_back(str(typed))  # after Back they may be typed in once more


def _mark(text: str) -> str:
    return hashlib.sha256(text.strip()[:LONGEST].encode()).hexdigest()
