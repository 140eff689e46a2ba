"""To whom what was planned may still go. The worker asks it of each mail and text message it takes; of what a person
prints or calls it is asked here: a right may have ended since, or the guardian wants nothing more."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_noop

from messaging.models import CallTask, Channel, Delivery, DeliveryStatus, NoticePupil, Reason
from messaging.outbox.calls import close_calls
from messaging.outbox.transitions import move
from parents.models import Guardianship

BY_HAND = (Channel.LETTER, Channel.CALL)


def may_go(rows: QuerySet[Delivery]) -> Exists:
    """The condition on ``rows`` that the guardian may still be told of a child of the notice."""
    about = NoticePupil.objects.filter(notice_id=OuterRef(OuterRef("notice_id")), pupil_id=OuterRef("pupil_id"))
    return Exists(
        Guardianship.objects.informed().filter(
            Exists(about), guardian_id=OuterRef("guardian_id"), guardian_id__in=rows.values("guardian_id")
        )
    )


def stop_unentitled(rows: QuerySet[Delivery] | None = None) -> int:
    """Stop letters and calls (all of them, or those among ``rows``) that wait for a person and may not go to their
    guardian any more; returns how many."""
    known = Delivery.objects.all() if rows is None else rows
    waiting = known.filter(channel__in=BY_HAND, status=DeliveryStatus.QUEUED)
    with transaction.atomic():
        ids = move(waiting.filter(~may_go(waiting)), DeliveryStatus.CANCELLED, reason=Reason.WITHDRAWN, due_at=None)
        close_calls(CallTask.objects.filter(delivery_id__in=ids), gettext_noop("This adult is told nothing any more."))
    return len(ids)
