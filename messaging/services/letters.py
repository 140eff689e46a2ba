"""Letters: taken into a batch, made as one PDF, given along or posted by a person, sometimes coming back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from messaging import outbox, printfiles, printing
from messaging.channels.letter import print_content
from messaging.letters import preview_sheet, print_run
from messaging.models import BatchState, Delivery, DeliveryStatus, LetterBatch, LetterPart, Notice, PrintedLetter
from messaging.pile import in_order, in_parts, waiting_for, waiting_letters
from schools import audit, clock
from schools.models import School, SchoolClass, User
from schools.typeset import typeset

_ROWS_AT_ONCE = 500


def print_letters(*, notice: Notice, by: User) -> LetterBatch:
    """Take all letters of a notice that wait to be printed into one batch. Raises ValidationError when none waits."""
    batch = LetterBatch(school_id=notice.school_id, notice=notice, made_by=by)
    return _made(batch, waiting_letters().filter(notice=notice))


def print_class(*, school_class: SchoolClass, by: User) -> LetterBatch:
    """Everything that waits for a class, of all notices whose letters ``by`` may hold."""
    batch = LetterBatch(school_id=school_class.school_id, school_class=school_class, made_by=by)
    return _made(batch, waiting_for(by).filter(notice__school=school_class.school_id, goes_with=school_class.pk))


def print_school(*, school: School, by: User) -> LetterBatch:
    """Everything that waits at a school and that ``by`` may hold."""
    return _made(LetterBatch(school=school, made_by=by), waiting_for(by).filter(notice__school=school))


def stop_letters(*, batch: LetterBatch, by: User) -> bool:
    """Stop making a batch; what is made is kept. False when it is not being made."""
    return _turn(batch, by, "stopped", BatchState.MAKING, to=BatchState.STOPPED)


def resume_letters(*, batch: LetterBatch, by: User) -> bool:
    """Go on with a batch that was stopped or failed, or make a file again that retention removed or a backup lost."""
    with transaction.atomic():
        row = LetterBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if row.state == BatchState.MAKING or printfiles.has(row.file):
            return False
        row.state, row.problem, row.file = BatchState.MAKING, "", ""
        row.claim_token = row.claimed_until = None
        row.letters_done = sum(row.parts.exclude(file="").values_list("letters", flat=True))
        row.save(update_fields=["state", "problem", "file", "letters_done", "claim_token", "claimed_until"])
        row.parts.update(attempts=0)
        audit.record(actor=by, verb="resumed", target=row, school_id=row.school_id)
        printing.ring()
    return True


def drop_letters(*, batch: LetterBatch, by: User) -> bool:
    """Give up a batch that never became ready: its letters wait again. False when it is made or being made."""
    with transaction.atomic():
        row = LetterBatch.objects.select_for_update(of=("self",)).filter(pk=batch.pk).first()
        if row is None:  # pressed twice
            return True
        if row.ready_at is not None or row.state == BatchState.MAKING:
            return False
        files = list(row.parts.values_list("file", flat=True))
        audit.record(actor=by, verb="dropped", target=row, school_id=row.school_id, letters=row.letters_total)
        row.delete()
        transaction.on_commit(lambda: printfiles.remove(files))
    return True


def give_letters(
    *, batch: LetterBatch, by: User, on: date, only: Collection[int] | None = None, by_post: bool = False
) -> int:
    """Letters of a batch were given along or posted on a day; returns how many.

    ``only`` are the ids of those that were (one child was absent): the others still lie there. Letters that ``by`` may
    not hold are left out.
    """
    refuse_day(batch, on)
    with transaction.atomic():
        rows = PrintedLetter.objects.visible_to(by).filter(batch=batch, batch__state=BatchState.READY)
        if only is not None:
            rows = rows.filter(pk__in=only)
        in_vain = outbox.stop_unentitled(_deliveries(rows))  # who gives must hear of it before it is noted as given
        given = outbox.mark_handed_over(_deliveries(rows))
        if not given and in_vain:
            raise ValidationError(_("These letters may not be given any more. Take them out of the pile."))
        if not given:
            raise ValidationError(_("These letters have been given along already."))
        facts = {"given_on": on, "given_by": by, "given_at": clock.now(), "by_post": by_post}
        for part in _in_chunks(given):
            PrintedLetter.objects.filter(delivery_id__in=part).update(**facts)
        audit.record(actor=by, verb="gave letters", target=batch, school_id=batch.school_id, letters=len(given))
    return len(given)


def take_back(*, batch: LetterBatch, by: User, only: Collection[int]) -> int:
    """Letters were noted as given by mistake: on the same day that is undone. Returns how many."""
    with transaction.atomic():
        rows = PrintedLetter.objects.visible_to(by).filter(batch=batch, pk__in=only)
        undone = outbox.mark_not_handed_over(_deliveries(rows.filter(given_at__gte=clock.start_of_today())))
        for part in _in_chunks(undone):
            PrintedLetter.objects.filter(delivery_id__in=part).update(
                given_on=None, given_by=None, given_at=None, by_post=False
            )
        if undone:
            audit.record(actor=by, verb="took back", target=batch, school_id=batch.school_id, letters=len(undone))
    return len(undone)


def return_letter(*, delivery: Delivery, by: User) -> bool:
    """A letter came back: the next way is tried. False when it was not on its way."""
    with transaction.atomic():
        returned = outbox.mark_returned(delivery)
        if returned:
            PrintedLetter.objects.filter(delivery=delivery).update(returned_on=clock.today())
            audit.record(actor=by, verb="returned", target=delivery, school_id=delivery.notice.school_id)
    return returned


def take_return_back(*, delivery: Delivery, by: User) -> bool:
    """It was noted as come back by mistake: on the same day that is undone. False when it was, or is too late."""
    with transaction.atomic():
        letter = PrintedLetter.objects.select_for_update(of=("self",)).get(delivery=delivery)
        if letter.returned_on != clock.today():
            return False
        undone = outbox.mark_not_returned(delivery, is_given=letter.given_on is not None)
        PrintedLetter.objects.filter(pk=letter.pk).update(returned_on=None)
        if undone:
            audit.record(actor=by, verb="took back", target=delivery, school_id=delivery.notice.school_id)
    return undone


def is_tried_on(delivery: Delivery) -> bool:
    """Whether another way to its guardian waits or is on its way: none does where the notice was stopped or its day is
    over, where the home was reached, or at the end of the school's ladder."""
    others = Delivery.objects.filter(notice=delivery.notice_id, guardian=delivery.guardian_id)
    return others.filter(status__in=(DeliveryStatus.QUEUED, DeliveryStatus.SENDING)).exists()


def refuse_day(batch: LetterBatch, on: date) -> None:
    """Raise ValidationError for a day on which nobody can have held these letters: to come, or before they were
    printed."""
    if on > clock.today():
        raise ValidationError(_("Choose today or an earlier day."))
    if on < clock.local_date(batch.created_at):
        raise ValidationError(_("On that day the letter was not printed yet. Choose a later day."))


def preview_letter(notice: Notice, code: str) -> bytes:
    """How a letter of a draft looks in a language, with a code that opens nothing."""
    letter = preview_sheet(notice, code)
    run = print_run(notice.school, {letter.language}, letter.dutch.title)
    return typeset("letter", print_content(run, [letter]))


def _made(batch: LetterBatch, waiting: QuerySet[Any, Any]) -> LetterBatch:
    """Put the letters that wait into the new batch. A few are made at once, many by the worker."""
    with transaction.atomic():
        pile = in_order(waiting)
        batch.created_at = clock.now()
        batch.save(force_insert=True)
        place = 1
        for number, members in enumerate(in_parts(pile), 1):
            part = LetterPart.objects.create(batch=batch, number=number, letters=len(members))
            letters = [
                PrintedLetter(
                    batch=batch,
                    part=part,
                    delivery_id=member.delivery_id,
                    school_class_id=member.class_id,
                    position=position,
                )
                for position, member in enumerate(members, place)
            ]
            place += len(members)
            # Who pressed at the same moment may have taken some of them: a letter lies in one pile only.
            PrintedLetter.objects.bulk_create(letters, batch_size=_ROWS_AT_ONCE, ignore_conflicts=True)
            LetterPart.objects.filter(pk=part.pk).update(letters=PrintedLetter.objects.filter(part=part).count())
        batch.parts.filter(letters=0).delete()
        batch.letters_total = batch.letters.count()
        if not batch.letters_total:
            raise ValidationError(_("There are no letters to print."))
        batch.save(update_fields=["letters_total"])
        audit.record(
            actor=batch.made_by, verb="printed", target=batch, school_id=batch.school_id, letters=batch.letters_total
        )
        if batch.letters_total > settings.LETTERS_IN_REQUEST:
            printing.ring()
    if batch.letters_total <= settings.LETTERS_IN_REQUEST:
        printing.make_now(batch)
    return batch


def _turn(batch: LetterBatch, by: User, verb: str, *states: str, to: str) -> bool:
    with transaction.atomic():
        turned = LetterBatch.objects.filter(pk=batch.pk, state__in=states).update(state=to)
        if turned:
            audit.record(actor=by, verb=verb, target=batch, school_id=batch.school_id)
    return bool(turned)


def _deliveries(letters: QuerySet[PrintedLetter]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk__in=letters.values("delivery_id"))


def _in_chunks(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + _ROWS_AT_ONCE] for start in range(0, len(ids), _ROWS_AT_ONCE)]
