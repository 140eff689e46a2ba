"""Taking a notice back: undone before anything left, stopped half-way, or corrected by another."""

from __future__ import annotations

from collections import Counter

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging import outbox, questionnaires
from messaging.models import CallTask, Channel, Delivery, DeliveryStatus, LanguageChoice, Notice
from messaging.models.notices import NoticeStatus
from messaging.services.writing import copy_notice
from parents.ownwords import SENDER_TOOK_BACK
from schools import audit, clock
from schools.models import User
from schools.twice import SAME_PRESS

_WAITS = (DeliveryStatus.QUEUED, DeliveryStatus.CANCELLED)


def cancel_notice(*, notice: Notice, by: User) -> int:
    """Stop what has not left yet; returns how many deliveries that was. What left, left."""
    with transaction.atomic():
        row = _locked(notice)
        stopped = _stop(row)
        audit.record(actor=by, verb="cancelled", target=row, school_id=row.school_id, deliveries=stopped)
    return stopped


def undo_notice(*, notice: Notice, by: User) -> Notice:
    """Take a notice back of which nothing has left; returns a new draft with the same content, and with what readers of
    a language without a text get; what waited for its translation has waited.

    Raises ValidationError, and stops nothing, when something has left: the sender decides what to do about the rest.
    """
    with transaction.atomic():
        row = _locked(notice)
        _refuse_if_left(row)
        stopped = _stop(row)
        _refuse_if_left(row)  # a worker may have taken one in between: all or nothing
        draft = copy_notice(row, by=by)
        draft.language_choices = {
            code: choice for code, choice in row.language_choices.items() if choice != LanguageChoice.WAIT
        }
        draft.save(update_fields=["language_choices"])
        questionnaires.passes_on(row, row.corrects or draft)
        audit.record(actor=by, verb="undone", target=row, school_id=row.school_id, deliveries=stopped, draft=draft.pk)
    return draft


def correct_notice(*, notice: Notice, by: User, with_files: bool = True) -> Notice:
    """A draft that will replace a notice that was sent, to the same group and with the same words, and the same files
    unless not ``with_files``, to begin with. Pressed twice it is the same draft."""
    if notice.status not in (NoticeStatus.PUBLISHING, NoticeStatus.PUBLISHED):
        raise ValidationError(_("Only a notice that was sent can be corrected."))
    with transaction.atomic():
        Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
        drafts = Notice.objects.filter(corrects=notice, author=by, status=NoticeStatus.DRAFT, revision=0)
        begun = drafts.filter(created_at__gt=clock.now() - SAME_PRESS).first()
        carries = with_files and notice.attachments.exists()
        if begun is not None and begun.attachments.exists() == carries:
            return begun
        return copy_notice(notice, by=by, corrects=notice, with_files=with_files)


def left_of(notice: Notice) -> Counter[str]:
    """How many deliveries have left or are leaving, or were found in the portal by a parent, by channel. A printed
    letter that lies there has not."""
    rows = Delivery.objects.filter(notice=notice).exclude(status__in=_WAITS, opened_at=None)
    rows = rows.exclude(pk__in=Delivery.objects.filter(outbox.lying(), notice=notice, opened_at=None).values("pk"))
    return Counter(rows.values_list("channel", flat=True))


def _locked(notice: Notice) -> Notice:
    row = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if row.status not in (NoticeStatus.PUBLISHING, NoticeStatus.PUBLISHED):
        raise ValidationError(_("Only a notice that was sent can be taken back."))
    return row


def _stop(row: Notice) -> int:
    """Stop what waits, and the calls that nobody made yet."""
    row.status = NoticeStatus.CANCELLED
    row.save(update_fields=["status"])
    stopped = outbox.cancel(row)
    calls = CallTask.objects.filter(delivery__notice=row, delivery__status=DeliveryStatus.CANCELLED)
    outbox.close_calls(calls, SENDER_TOOK_BACK)
    return stopped


def _refuse_if_left(row: Notice) -> None:
    left = left_of(row)
    if not left:
        return
    words = ", ".join(f"{count} × {Channel(channel).label}" for channel, count in sorted(left.items()))
    raise ValidationError(
        ngettext(
            "Too late to undo: %(count)d has left already (%(words)s). You can still stop the rest.",
            "Too late to undo: %(count)d have left already (%(words)s). You can still stop the rest.",
            left.total(),
        )
        % {"count": left.total(), "words": words},
        code="left",
    )
