"""The nightly work on what was sent: figures first, then what retention takes away."""

from __future__ import annotations

from django.db import transaction

from messaging import outbox
from messaging.models import JobRun, Notice
from messaging.outbox import Purged
from messaging.services.attached_files import forget_lost_files
from messaging.services.voice_files import forget_lost_recordings
from schools import audit, clock


def nightly() -> bool:
    """Once for each night, however many clocks ring; whether it was done now. Nothing is taken away in a night whose
    figures could not be written, or whose clock may be far ahead."""
    night = clock.today().isoformat()
    is_new = outbox.once(outbox.STATISTICS, night, outbox.write_daily_deliveries)
    if not outbox.leapt():
        _purge(JobRun.objects.get(job=outbox.STATISTICS, period=night))
    return is_new


def purge_deliveries(*, dry_run: bool = False) -> Purged:
    """The same by hand; with ``dry_run`` nothing is written at all."""
    if dry_run:
        return outbox.purge(dry_run=True)
    night = clock.today().isoformat()
    outbox.once(outbox.STATISTICS, night, outbox.write_daily_deliveries)
    return _purge(JobRun.objects.get(job=outbox.STATISTICS, period=night))


def _purge(run: JobRun) -> Purged:
    """A line for each batch, in its transaction: of a night that is killed half-way it stands written what went."""
    purged = outbox.purge(
        note=lambda what, number: audit.record(actor=None, verb="purged", target=run, **{what: number})
    )
    forget_lost_files()
    forget_lost_recordings()
    return purged


def hold_notice(*, notice: Notice, held: bool) -> None:
    """Keep everything about a notice, for a complaint or a case, or no longer."""
    with transaction.atomic():
        notice.is_held = held
        notice.save(update_fields=["is_held"])
        audit.record(actor=None, verb="held" if held else "released", target=notice, school_id=notice.school_id)
