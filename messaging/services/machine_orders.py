"""Asking the machine for a notice in some languages, behind the page; stopping it."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from messaging import machine
from messaging.machines.base import PROBLEMS
from messaging.models import MachineJob, MachineProblem, MachineState, Notice, NoticeText, TextOrigin
from messaging.services.drafts import locked_draft
from messaging.translatingjobs import ring
from schools import audit, clock
from schools.languages import LANGUAGES, MASTER
from schools.models import User

_OPEN = (MachineState.QUEUED, MachineState.RUNNING)


def ask_machine(*, notice: Notice, languages: Collection[str], by: User) -> int:
    """Order translations into these languages; returns how many. What a person wrote from the present Dutch is never
    replaced: such a language is left out. Raises ValidationError without a machine or a language."""
    if not machine.is_on_for_notices():
        raise ValidationError(str(PROBLEMS[MachineProblem.OFF]))
    wanted = [code for code in languages if code in LANGUAGES and LANGUAGES[code].text == code != MASTER]
    with transaction.atomic():
        row = locked_draft(notice)
        fresh = _written_by_people(row)
        running = set(row.machine_jobs.filter(state__in=_OPEN).values_list("language", flat=True))
        codes = [code for code in dict.fromkeys(wanted) if code not in fresh | running]
        if not codes:
            raise ValidationError(_("Choose a language that nobody has translated yet."))
        row.machine_jobs.filter(language__in=codes).delete()
        MachineJob.objects.bulk_create(
            [MachineJob(notice=row, language=code, asked_by=by, asked_at=clock.now()) for code in codes]
        )
        audit.record(actor=by, verb="asked the machine", target=row, school_id=row.school_id, languages=",".join(codes))
        ring()
    return len(codes)


def stop_machine(*, notice: Notice, by: User) -> int:
    """Stop what the machine has not finished; returns how many languages."""
    with transaction.atomic():
        stopped = _stop(notice.machine_jobs.all())
        audit.record(actor=by, verb="stopped the machine", target=notice, school_id=notice.school_id, stopped=stopped)
    return stopped


def stop_language(notice: Notice, code: str) -> None:
    """Somebody else gave the words of this language."""
    _stop(notice.machine_jobs.filter(language=code))


def _stop(jobs: QuerySet[MachineJob]) -> int:
    return jobs.filter(state__in=_OPEN).update(
        state=MachineState.STOPPED, claim_token=None, claimed_until=None, finished_at=clock.now()
    )


def _written_by_people(notice: Notice) -> set[str]:
    master = NoticeText.objects.get(notice=notice, language=MASTER)
    made = notice.texts.filter(source_hash=master.source_hash, origin__in=[TextOrigin.PERSON, TextOrigin.TRANSLATOR])
    return set(made.values_list("language", flat=True))
