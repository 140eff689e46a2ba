"""Makes the PDF of a batch, in parts that are kept: whoever goes on after a crash begins with the first missing one.

The row is the truth, a task only says "now". A process owns a batch by a token until its lease ends, by the database's
clock; each step is a conditional UPDATE, so that a batch which was stopped or taken over stays as it is.
"""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from messaging import outbox, printfiles
from messaging.channels.letter import print_content
from messaging.letters import letters_for, listed_for, print_run, title_of
from messaging.models import BatchState, Delivery, DeliveryStatus, LetterBatch, LetterPart, PrintedLetter, PrintProblem
from messaging.outbox.clocks import in_seconds, is_past
from messaging.outbox.entitled import stop_unentitled
from messaging.printbook import PrintBook, still_wanted
from schools import clock
from schools.typeset import TypesettingError, typeset

logger = logging.getLogger(__name__)

#: A part that took a process down this often is not tried again by itself.
MOST_ATTEMPTS = 3
LONGEST_RUN_SECONDS = 60.0


def ring() -> None:
    """Wake a worker after the running transaction commits. The clock rings again, so a lost bell loses nothing."""
    outbox.ring("messaging.tasks.make_letters")


def make_letters(seconds: float = LONGEST_RUN_SECONDS) -> int:
    """Go on with the batches that nobody is making, for about ``seconds``; returns how many became ready."""
    until, ready = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        making = _claim(LetterBatch.objects.all())
        if making is None:
            return ready
        ready += making.go_on(until)
    ring()
    return ready


def make_now(batch: LetterBatch) -> bool:
    """Make a small batch in the request that asked for it; True when it is ready."""
    making = _claim(LetterBatch.objects.filter(pk=batch.pk))
    is_ready = making is not None and making.go_on(time.monotonic() + LONGEST_RUN_SECONDS)
    batch.refresh_from_db()
    return is_ready


def _claim(batches: QuerySet[LetterBatch]) -> _Making | None:
    token = uuid4()
    with transaction.atomic():
        free = Q(claimed_until__isnull=True) | is_past("claimed_until", settings.OUTBOX_LEASE_SECONDS)
        rows = batches.filter(free, state=BatchState.MAKING).order_by("pk")
        pk = rows.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True).first()
        if pk is None:
            return None
        LetterBatch.objects.filter(pk=pk).update(claim_token=token, claimed_until=_lease_end())
    return _Making(LetterBatch.objects.select_related("school", "notice", "school_class").get(pk=pk), token)


def _lease_end() -> object:
    return in_seconds(settings.OUTBOX_LEASE_SECONDS)


@dataclass(frozen=True, slots=True)
class _Sheets:
    """What is laid out for a part; ``numbers`` are the places of its deliveries in the batch."""

    part: int
    numbers: dict[int, int]
    content: dict[str, object]


class _Making:
    """One process at one batch."""

    def __init__(self, batch: LetterBatch, token: UUID) -> None:
        self.batch = batch
        self._mine = LetterBatch.objects.filter(pk=batch.pk, claim_token=token, state=BatchState.MAKING)
        self._ahead: _Sheets | None = None
        self._book = PrintBook(batch)

    def go_on(self, until: float) -> bool:
        """Make part after part, then bind them. True when the batch became ready; False when it was stopped, taken
        over or failed, or the time is over: then the next run goes on."""
        try:
            for part in self._parts_to_make():
                if time.monotonic() > until or not self._make(part):
                    return False
            return self._bind()
        except TypesettingError as error:
            logger.error("Letters %s were not laid out: %s", self.batch.pk, type(error).__name__)
            self._fail(PrintProblem.LAYOUT)
        except OSError as error:
            logger.error("Letters %s were not kept: %s", self.batch.pk, error.strerror)
            self._fail(PrintProblem.DISK)
        finally:
            self._mine.update(claim_token=None, claimed_until=None)
        return False

    def _make(self, part: LetterPart) -> bool:
        if not self._mine.update(claimed_until=_lease_end()):
            return False
        if part.attempts >= MOST_ATTEMPTS:
            self._fail(PrintProblem.GAVE_UP)
            return False
        LetterPart.objects.filter(pk=part.pk).update(attempts=F("attempts") + 1)
        is_only = not self.batch.parts.exclude(pk=part.pk).exists()
        name = printfiles.keep(self._set(part, with_list=is_only))
        with transaction.atomic():
            is_kept = bool(self._mine.update(letters_done=F("letters_done") + part.letters)) and bool(
                LetterPart.objects.filter(pk=part.pk, file="").update(file=name)
            )
            if not is_kept:
                transaction.set_rollback(True)
        if not is_kept:
            printfiles.remove([name])
        return is_kept

    def _parts_to_make(self) -> QuerySet[LetterPart]:
        return self.batch.parts.filter(file="").order_by("number")

    def _set(self, part: LetterPart, *, with_list: bool) -> bytes:
        """The part as PDF; nothing at all when its letters were withdrawn. Typesetting is a program of its own:
        meanwhile the letters of the following part are written and the parts before are bound (measured: a third of
        the time)."""
        sheets = self._sheets(part, with_list=with_list)
        if not sheets.numbers and not with_list:
            return b""
        with ThreadPoolExecutor(1, thread_name_prefix="typesetting") as beside:
            pdf = beside.submit(typeset, "letter", sheets.content)
            self._ahead = self._sheets_after(part)
            if not with_list:
                self._book.catch_up()
            return pdf.result()

    def _sheets_after(self, part: LetterPart) -> _Sheets | None:
        following = self._parts_to_make().filter(number__gt=part.number).first()
        try:
            return self._sheets(following) if following else None
        except Exception:  # it is that part's own, and comes again in its turn
            logger.exception("Letters %s could not be written ahead", self.batch.pk)
            return None

    def _sheets(self, part: LetterPart, *, with_list: bool = False) -> _Sheets:
        """What is to be set for a part, as it was written ahead unless a letter was withdrawn since."""
        stop_unentitled(Delivery.objects.filter(printed__part=part))
        numbers = dict(still_wanted(self.batch).filter(part=part).values_list("delivery_id", "position"))
        if self._ahead and (self._ahead.part, self._ahead.numbers) == (part.pk, numbers):
            return self._ahead
        rows = Delivery.objects.filter(pk__in=numbers).select_related(
            "notice__school", "notice__author", "guardian__household", "contact_point"
        )
        letters = letters_for(sorted(rows, key=lambda row: numbers[row.pk]), numbers)
        run = print_run(self.batch.school, {letter.language for letter in letters}, title_of(self.batch))
        listed = listed_for(still_wanted(self.batch)) if with_list else None
        return _Sheets(part.pk, numbers, print_content(run, letters, listed))

    def _bind(self) -> bool:
        if not self._mine.update(claimed_until=_lease_end()):
            return False
        parts = [name for name in self.batch.parts.order_by("number").values_list("file", flat=True) if name]
        content = printfiles.read(parts[0]) if len(parts) == 1 else self._book.finished()
        name = printfiles.keep(content)
        with transaction.atomic():
            is_ready = bool(
                self._mine.update(
                    state=BatchState.READY,
                    ready_at=clock.now(),
                    file=name,
                    letters_done=F("letters_total"),
                    claim_token=None,
                    claimed_until=None,
                )
            )
            if is_ready:
                self.batch.parts.update(file="", attempts=0)
                outbox.mark_printed(Delivery.objects.filter(printed__batch=self.batch))
        printfiles.remove(parts if is_ready else [name])
        return is_ready

    def _fail(self, problem: PrintProblem) -> None:
        self._mine.update(state=BatchState.FAILED, problem=problem, claim_token=None, claimed_until=None)


def forget_files() -> int:
    """Remove the files of letters that have been given for settings.LETTER_FILE_DAYS, or that nobody gave, or went on
    making, while their codes worked. The rows stay: a file can be made again. Returns how many batches lost theirs."""
    today = clock.today()
    given_before = today - timedelta(days=settings.LETTER_FILE_DAYS)
    made_before = clock.now() - timedelta(days=settings.NOTICE_LINK_DAYS)
    lying = PrintedLetter.objects.filter(delivery__status__in=[DeliveryStatus.QUEUED, DeliveryStatus.SENT])
    young = PrintedLetter.objects.filter(given_on__gt=given_before)
    done = (
        ~Q(pk__in=lying.values("batch_id")) & ~Q(pk__in=young.values("batch_id")) & Q(ready_at__date__lte=given_before)
    )
    batches = LetterBatch.objects.exclude(file="").filter(done | Q(ready_at__lt=made_before), state=BatchState.READY)
    forgotten = dict(batches.values_list("pk", "file"))
    for pk, name in forgotten.items():
        LetterBatch.objects.filter(pk=pk, file=name).update(file="")
        printfiles.remove([name])
    unfinished = list(
        LetterBatch.objects.filter(
            state__in=[BatchState.STOPPED, BatchState.FAILED], created_at__lt=made_before, parts__file__gt=""
        ).distinct()
    )
    for batch in unfinished:
        names = list(batch.parts.values_list("file", flat=True))
        with transaction.atomic():
            is_still = LetterBatch.objects.filter(pk=batch.pk, state=batch.state).update(letters_done=0)
            batch.parts.filter(file__in=names if is_still else []).update(file="")
        printfiles.remove(names if is_still else [])
    known = {*LetterBatch.objects.values_list("file", flat=True), *LetterPart.objects.values_list("file", flat=True)}
    printfiles.remove_unknown(known)
    return len(forgotten) + len(unfinished)
