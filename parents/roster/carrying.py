"""Reads uploads and brings them in, behind the request: whoever goes on after a crash begins the step anew.

The row is the truth, a task only says "now". While a file is read, a lease by the database's clock says who does it.
What is brought in is one transaction that holds the upload's row (on SQLite the whole database): while it lives nobody
else comes to it, and with a killed process both end at once, so that nothing is left half and nothing waits.
"""

from __future__ import annotations

import gc
import logging
import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import Now

from parents.roster.previewing import store
from parents.roster.whole import WholePlan, apply_whole, plan_whole
from schools import audit, clock
from schools.bell import ring
from schools.models import RosterUpload, School, UploadState
from schools.roster import storage
from schools.roster.choosing import preset_of
from schools.roster.findings import Unreadable
from schools.roster.progress import Step, Stopped, UploadProgress
from schools.roster.reading import read_roster
from schools.roster.rings import no_search_for_rings
from schools.roster.rows import Roster
from schools.roster.states import FREE, move
from schools.roster.uploads import CARRY

logger = logging.getLogger(__name__)

_TO_DO = (UploadState.UPLOADED, UploadState.READING, UploadState.APPLYING)
#: Longer than reading and comparing the largest file takes on a slow machine.
_LEASE = timedelta(minutes=5)
#: Between the lease and the transaction that is one; after it another process takes up what a dead one was at.
_HANDOVER = timedelta(seconds=10)
#: A file that took a process down this often is not tried again by itself.
_MOST_ATTEMPTS = 3
_LONGEST_RUN_SECONDS = 60.0
#: What PostgreSQL calls two transactions that touched the same rows, or brought the same one in: the later one begins
#: anew.
_BEGIN_ANEW = frozenset({"40001", "40P01", "23505", "23P01"})


class _LooksOtherwise(Exception):
    """What would be brought in is not what was looked at."""

    def __init__(self, plan: WholePlan) -> None:
        super().__init__()
        self.plan = plan


def carry_on(seconds: float = _LONGEST_RUN_SECONDS) -> int:
    """Take up what waits, for about ``seconds``; returns how many uploads were carried a step further."""
    until, carried = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        work = _claim()
        if work is None:
            return carried
        with no_search_for_rings():
            work.go_on()
        gc.collect()  # a worker lives on: what was left in rings goes
        carried += 1
    ring(CARRY)
    return carried


def _claim() -> _Work | None:
    token = uuid4()
    with transaction.atomic():
        over = Q(claimed_until__lte=Now()) | Q(claimed_until__gt=_after(2 * _LEASE))  # of a clock that was ahead
        free = Q(claimed_until__isnull=True) | over
        rows = RosterUpload.objects.filter(free, state__in=_TO_DO).order_by("pk")
        pk = rows.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True).first()
        if pk is None:
            return None
        row = RosterUpload.objects.filter(pk=pk)
        row.update(claim_token=token, claimed_until=_after(_LEASE), attempts=F("attempts") + 1)
        move(row.exclude(state=UploadState.APPLYING), UploadState.READING)
    return _Work(RosterUpload.objects.select_related("school", "applied_by").get(pk=pk), token)


def _after(time: timedelta) -> Any:
    return ExpressionWrapper(Now() + Value(time), output_field=DateTimeField())


class _Work:
    """One process at one upload."""

    def __init__(self, upload: RosterUpload, token: UUID) -> None:
        self.upload = upload
        self._mine = RosterUpload.objects.filter(pk=upload.pk, claim_token=token)
        self._progress = UploadProgress(upload.pk)

    def go_on(self) -> None:
        is_applying = self.upload.state == UploadState.APPLYING
        try:
            if self.upload.attempts > _MOST_ATTEMPTS:
                self._end(UploadState.STOPPED if is_applying else UploadState.REFUSED, "plan_gave_up")
            elif is_applying:
                self._apply(self._read())
            else:
                self._preview(self._read())
        except Stopped:
            self._end(UploadState.STOPPED, "plan_stopped")
        except Unreadable as error:
            self._end(UploadState.REFUSED, error.finding.code, dict(error.finding.values))
        except FileNotFoundError:
            self._end(UploadState.STOPPED, "plan_file_gone")
        except _LooksOtherwise as changed:
            self._show(changed.plan, "plan_changed")
        except DatabaseError as error:
            self._failed(error)

    def _read(self) -> Roster:
        self._progress.say(Step.READING)
        upload = self.upload
        preset = preset_of(upload.school, upload.preset) if upload.preset else None
        return read_roster(storage.path(upload.file), name=upload.name, preset=preset, mapping=upload.mapping)

    def _preview(self, roster: Roster) -> None:
        self._progress.say(Step.COMPARING)
        self._show(plan_whole(roster, self.upload.school), "")

    def _show(self, plan: WholePlan, problem: str) -> None:
        """Store the preview; nothing of it when this process no longer has the upload."""
        with transaction.atomic():
            fields = store(self.upload, plan) | {"read_at": clock.now(), "problem": problem, "attempts": 0}
            if not move(self._mine, UploadState.READY, **fields, **FREE):
                transaction.set_rollback(True)

    def _apply(self, roster: Roster) -> None:
        self._progress.say(Step.COMPARING)
        # From here on the transaction is the lease: it ends with this process.
        self._mine.update(claimed_until=_after(_HANDOVER))
        with _one_snapshot():
            if not self._mine.select_for_update(of=("self",)).exists():
                return
            # Who types a child in writes this row too, and so does another list: which did not see that begins anew.
            School.objects.filter(pk=self.upload.school_id).update(name=F("name"))
            plan = plan_whole(roster, self.upload.school)
            if plan.has_errors or plan.key != self.upload.plan_key:
                raise _LooksOtherwise(plan)
            apply_whole(plan, self._progress)
            self._progress.say(Step.SAVING)
            counts = plan.counts()
            move(self._mine, UploadState.APPLIED, applied_at=clock.now(), counts=counts, **FREE)
            audit.record(
                actor=self.upload.applied_by,
                verb="applied a roster",
                target=self.upload,
                school_id=self.upload.school_id,
                counts=counts,
            )
            ring("parents.tasks.offer_same_families")

    def _end(self, state: str, problem: str, values: dict[str, str] | None = None) -> None:
        move(self._mine, state, problem=problem, problem_values=values or {}, **FREE)

    def _failed(self, error: DatabaseError) -> None:
        """Somebody wrote the same rows, or the database refused one: nothing was saved."""
        state = getattr(error.__cause__, "pgcode", "")
        if state in _BEGIN_ANEW or (isinstance(error, OperationalError) and connection.vendor == "sqlite"):
            self._mine.update(attempts=0, **FREE)  # the process lives
            return
        logger.error("Roster %s was not saved: %s %s", self.upload.pk, type(error).__name__, state)
        self._end(UploadState.STOPPED, "plan_not_saved")


def _one_snapshot() -> Any:
    """A transaction that sees the database as it is at its beginning: who changes a row that it changes too meets an
    error, not a silent mixture. SQLite lets nobody else write meanwhile."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        return _Snapshot()
    return transaction.atomic()


class _Snapshot:
    def __init__(self) -> None:
        self._atomic = transaction.atomic()

    def __enter__(self) -> None:
        self._atomic.__enter__()
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    def __exit__(self, *error: Any) -> None:
        self._atomic.__exit__(*error)
