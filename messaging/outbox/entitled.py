"""To whom what was planned may still go: rights end, somebody objects, data are only kept, no child is at the school
any more. The worker asks it of each mail and text message it takes; letters and calls wait for a person, perhaps for
weeks, and are taken back here."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_noop

from messaging.models import CallTask, Channel, Delivery, DeliveryStatus, NoticePupil, Reason
from messaging.outbox.calls import close_calls
from messaging.outbox.transitions import move
from parents.models import Guardianship
from schools.models import Enrolment

BY_HAND = (Channel.LETTER, Channel.CALL)


def may_go(rows: QuerySet[Delivery]) -> Exists:
    """The condition on ``rows`` that the guardian may still be told of a child of the notice."""
    about = NoticePupil.objects.filter(notice_id=OuterRef(OuterRef("notice_id")), pupil_id=OuterRef("pupil_id"))
    return Exists(
        Guardianship.objects.informed().filter(
            Exists(about), guardian_id=OuterRef("guardian_id"), guardian_id__in=rows.values("guardian_id")
        )
    )


def may_be_told() -> Exists:
    """The condition on deliveries that their guardian may still be told of a child of the notice, who is at the school
    still."""
    here = Enrolment.objects.current().filter(pupil_id=OuterRef("pupil_id"), school_id=OuterRef("notice__school_id"))
    about = NoticePupil.objects.filter(
        Exists(here), notice_id=OuterRef(OuterRef("notice_id")), pupil_id=OuterRef("pupil_id")
    )
    return Exists(Guardianship.objects.informed().filter(Exists(about), guardian_id=OuterRef("guardian_id")))


def stop_unentitled(rows: QuerySet[Delivery] | None = None) -> int:
    """Take back the letters and calls (all of them, or those among ``rows``) that wait for whom nothing may be sent;
    returns how many."""
    known = Delivery.objects.all() if rows is None else rows
    by_hand = known.filter(~may_be_told(), channel__in=BY_HAND, status=DeliveryStatus.QUEUED)
    with transaction.atomic():
        ids = move(by_hand, DeliveryStatus.CANCELLED, reason=Reason.WITHDRAWN, due_at=None)
        close_calls(
            CallTask.objects.filter(delivery_id__in=ids),
            gettext_noop("The school does not tell this parent of the child any more."),
        )
    return len(ids)
