"""Carries out what the machine was asked for, one language at a time, and translates it back.

The row is the truth, a task only says "now". A process owns an order by a token until its lease ends, by the database's
clock; each step is a conditional UPDATE, so that an order which was stopped or taken over stays as it is. The machine
is asked outside any transaction.
"""

from __future__ import annotations

import logging
import time
from uuid import UUID, uuid4

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F, Q, QuerySet

from messaging import machine, outbox
from messaging.machines.base import TranslationError
from messaging.models import MachineJob, MachineProblem, MachineState, Notice, NoticeText, TextOrigin, TextState
from messaging.outbox.clocks import in_seconds, is_past
from messaging.sealednotice import Words, seal_for, tame
from messaging.texts import hash_of, pin, put_words
from schools import audit, clock
from schools.languages import MASTER

logger = logging.getLogger(__name__)

#: An order that took a process down this often, or met a busy machine, is not tried again by itself.
MOST_ATTEMPTS = 3
LONGEST_RUN_SECONDS = 60.0
#: Longer than a machine may take for all questions of one notice.
LEASE_SECONDS = 300
_AGAIN = (MachineProblem.AWAY, MachineProblem.BUSY)


def ring() -> None:
    """Wake a worker after the running transaction commits. The clock rings again, so a lost bell loses nothing."""
    outbox.ring("messaging.tasks.translate_ordered")


def translate_ordered(seconds: float = LONGEST_RUN_SECONDS) -> int:
    """Go on with the orders that nobody is at, for about ``seconds``; returns how many became texts. One that met a
    machine that is away or busy is left for the next run."""
    until, done, met = time.monotonic() + seconds, 0, set[int]()
    while time.monotonic() < until:
        token = uuid4()
        job = _claim(token, met)
        if job is None:
            return done
        met.add(job.pk)
        done += _carry_out(job, token)
    return done


def _claim(token: UUID, met: set[int]) -> MachineJob | None:
    with transaction.atomic():
        free = Q(claimed_until__isnull=True) | is_past("claimed_until", LEASE_SECONDS)
        rows = MachineJob.objects.filter(free, state__in=[MachineState.QUEUED, MachineState.RUNNING])
        locked = rows.exclude(pk__in=met).order_by("asked_at", "pk").select_for_update(skip_locked=True, of=("self",))
        pk = locked.values_list("pk", flat=True).first()
        if pk is None:
            return None
        MachineJob.objects.filter(pk=pk).update(
            state=MachineState.RUNNING,
            claim_token=token,
            claimed_until=in_seconds(LEASE_SECONDS),
            attempts=F("attempts") + 1,
        )
    return MachineJob.objects.select_related("notice__school", "notice__author", "asked_by").get(pk=pk)


def _carry_out(job: MachineJob, token: UUID) -> int:
    try:
        if job.attempts > MOST_ATTEMPTS:
            raise TranslationError(MachineProblem.GAVE_UP)
        master = NoticeText.objects.get(notice_id=job.notice_id, language=MASTER)
        words, back = _translated(job.notice, Words.of(master), job.language)
        return int(_keep(job, token, words, back, source_hash=hash_of(master)))
    except TranslationError as error:
        _fail(job, token, error.problem)
    except SoftTimeLimitExceeded:
        _fail(job, token, MachineProblem.BUSY)
        raise
    except Exception as error:
        logger.error("Order %s could not be carried out: %s", job.pk, type(error).__name__)
        _fail(job, token, MachineProblem.GAVE_UP)
    return 0


def _translated(notice: Notice, dutch: Words, code: str) -> tuple[Words, dict[str, str]]:
    """The words in the language, and what title and text of them say in Dutch."""
    there = seal_for(notice, source=MASTER, target=code, with_terms=True)
    words = Words.joined(machine.opened(dutch.parts(), there, source=MASTER, target=code, tame=tame))
    home = seal_for(notice, source=code, target=MASTER)
    again = machine.opened([words.title, *words.body.split("\n")], home, source=code, target=MASTER, tame=tame)
    return words, {"title": again[0], "body": "\n".join(again[1:])}


def _keep(job: MachineJob, token: UUID, words: Words, back: dict[str, str], *, source_hash: str) -> bool:
    """As the notice's text; False when the order was stopped or taken over, or the Dutch changed meanwhile."""
    with transaction.atomic():
        Notice.objects.select_for_update(of=("self",)).get(pk=job.notice_id)
        master = NoticeText.objects.get(notice_id=job.notice_id, language=MASTER)
        is_unchanged = hash_of(master) == source_hash and not master.is_frozen
        done = {"state": MachineState.DONE} if is_unchanged else _failed(MachineProblem.CHANGED)
        if not _mine(job, token).update(claim_token=None, claimed_until=None, finished_at=clock.now(), **done):
            return False
        if not is_unchanged:
            return False
        row = NoticeText.objects.filter(notice_id=job.notice_id, language=job.language).first()
        row = row or NoticeText(notice_id=job.notice_id, language=job.language)
        put_words(row, words)
        pin(row, master)
        row.origin, row.state, row.machine, row.back = TextOrigin.MACHINE, TextState.MACHINE, machine.name(), back
        row.author, row.reviewed_by, row.reviewed_at = job.asked_by, None, None
        row.back_seen_by, row.back_seen_at = None, None
        row.save()
        audit.record(
            actor=job.asked_by,
            verb="translated by machine",
            target=job.notice,
            school_id=job.notice.school_id,
            language=job.language,
        )
    return True


def _fail(job: MachineJob, token: UUID, problem: str) -> None:
    """Or wait for the next run, where the machine is away or busy."""
    if problem in _AGAIN and job.attempts < MOST_ATTEMPTS:
        _mine(job, token).update(state=MachineState.QUEUED, claim_token=None, claimed_until=None)
        return
    _mine(job, token).update(claim_token=None, claimed_until=None, finished_at=clock.now(), **_failed(problem))


def _failed(problem: str) -> dict[str, str]:
    return {"state": MachineState.FAILED, "problem": problem}


def _mine(job: MachineJob, token: UUID) -> QuerySet[MachineJob]:
    return MachineJob.objects.filter(pk=job.pk, claim_token=token, state=MachineState.RUNNING)
