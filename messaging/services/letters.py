"""Letters: printed as one PDF by class, given by hand or posted by a person, sometimes coming back."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from messaging import outbox
from messaging.channels.letter import print_content
from messaging.letters import letters_for, preview_sheet, print_run
from messaging.models import Delivery, LetterBatch, Notice
from schools import audit, clock
from schools.languages import MASTER
from schools.models import User
from schools.typeset import typeset


def print_letters(*, notice: Notice, by: User) -> LetterBatch:
    """Take all letters of a notice that wait to be printed into one batch. Raises ValidationError when none waits."""
    with transaction.atomic():
        printed = outbox.mark_printed(notice)
        if not printed:
            raise ValidationError(_("There are no letters to print."))
        batch = LetterBatch.objects.create(notice=notice, created_at=clock.now(), made_by=by)
        batch.deliveries.set(printed)
        audit.record(actor=by, verb="printed", target=batch, school_id=notice.school_id, letters=len(printed))
    return batch


def letters_pdf(batch: LetterBatch) -> bytes:
    """The batch as one accessible PDF: a print list, then the letters by class and child."""
    rows = batch.deliveries.select_related("notice__school", "notice__author", "guardian__household", "contact_point")
    letters = letters_for(rows.order_by("pk"))
    title = batch.notice.texts.get(language=MASTER).title
    run = print_run(batch.notice, {letter.language for letter in letters}, title)
    return typeset("letter", print_content(run, letters))


def give_letters(*, batch: LetterBatch, by: User, on: date) -> int:
    """The letters of a batch were given along or posted on a day; returns how many."""
    if on > clock.today():
        raise ValidationError(_("Choose today or an earlier day."))
    with transaction.atomic():
        row = LetterBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if row.given_on is not None:
            raise ValidationError(_("These letters have been given along already."))
        row.given_on, row.given_by = on, by
        row.save(update_fields=["given_on", "given_by"])
        given = outbox.mark_handed_over(row.deliveries.values_list("pk", flat=True))
        audit.record(actor=by, verb="gave letters", target=row, school_id=row.notice.school_id, letters=given)
    return given


def return_letter(*, delivery: Delivery, by: User) -> bool:
    """A letter came back: the next way is tried. False when it was not on its way."""
    with transaction.atomic():
        returned = outbox.mark_returned(delivery)
        if returned:
            audit.record(actor=by, verb="returned", target=delivery, school_id=delivery.notice.school_id)
    return returned


def preview_letter(notice: Notice, code: str) -> bytes:
    """How a letter of a draft looks in a language, with a code that opens nothing."""
    letter = preview_sheet(notice, code)
    run = print_run(notice, {letter.language}, letter.dutch.title)
    return typeset("letter", print_content(run, [letter]) | {"cover": None})
