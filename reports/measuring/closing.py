"""A wave is closed: its box is opened once, all at the same moment, and who answered is forgotten."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from messaging import outbox
from messaging.models import CallTask, Notice
from messaging.services import discard_notice, unschedule_notice
from reports.measuring import invited
from reports.measuring.carrying import carry_on
from reports.models import FreeAnswer, MeasurementBox, MeasurementInvitee, MeasurementWave
from reports.models.measurements import FLOOR
from schools import audit, clock
from schools.models import User

#: How long a wave with too few answers waits to be given more days.
PATIENCE = timedelta(days=14)


def close_wave(*, wave: MeasurementWave, by: User | None) -> bool:
    """Close it now; whether there are results. With fewer answers than ``FLOOR`` what came in is erased, unread. A
    notice that did not leave yet would ask for answers to what is closed, from the list of notices too: it goes; of one
    that left, what still waits to go and who was still to be called.

    Raises ValidationError for one that is closed, and where its last day has come (``by`` is nobody) for one that was
    given more days a moment ago.
    """
    with transaction.atomic():
        rows = MeasurementBox.objects.select_for_update(of=("self", "wave")).select_related("wave")
        box = rows.filter(wave=wave).first()
        if box is None or (by is None and box.wave.closes_on >= clock.today()):
            raise ValidationError(_("This measurement is closed already."))
        row = box.wave
        _answered, row.invited = invited.count(row)
        row.forms, row.mailed_up_to = box.forms, None
        row.closes_on = max(row.opens_on, min(row.closes_on, clock.today()))
        if box.number >= FLOOR:
            row.counts = {key: counts for key, counts in box.counts.items() if sum(counts) >= FLOOR}
            _take_out(row, box.texts)
        row.save(update_fields=["invited", "forms", "closes_on", "counts", "mailed_up_to"])
        if row.counts:
            carry_on(row)
        if row.notice is not None and row.notice.was_sent:
            _ask_no_more(row.notice)
        elif row.notice is not None:
            with suppress(ValidationError):  # it left this very moment
                if row.notice.is_scheduled:
                    unschedule_notice(notice=row.notice, by=by)
                discard_notice(notice=row.notice, by=by)
        box.delete()
        MeasurementInvitee.objects.filter(wave=row).delete()
        audit.record(
            actor=by, verb="closed a measurement", target=row, school_id=row.school_id, answers=sum(row.forms.values())
        )
    return row.has_results


def close_due() -> int:
    """Close those whose last day has passed; one with too few answers waits a while for more days. Returns how many."""
    today, closed = clock.today(), 0
    for box in MeasurementBox.objects.filter(wave__closes_on__lt=today).select_related("wave"):
        if box.number >= FLOOR or box.wave.closes_on < today - PATIENCE:
            try:
                close_wave(wave=box.wave, by=None)
            except ValidationError:  # a colleague was quicker
                continue
            closed += 1
    return closed


def _ask_no_more(notice: Notice) -> None:
    outbox.cancel(notice)
    outbox.close_calls(CallTask.objects.filter(delivery__notice=notice), gettext_noop("The measurement is closed."))


def _take_out(wave: MeasurementWave, texts: list[str]) -> None:
    rows = [FreeAnswer(wave=wave, original=text) for text in texts]
    secrets.SystemRandom().shuffle(rows)
    FreeAnswer.objects.bulk_create(rows)
