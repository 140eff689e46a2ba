"""Letters and calls wait for a person, perhaps for weeks. To whom nothing may be sent any more they do not go: rights
end, somebody objects, data are only kept, or no child is at the school any more. Mails are asked for when they are
claimed (``claiming``)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_noop

from messaging.models import CallTask, Channel, Delivery, DeliveryStatus, NoticePupil, Reason
from messaging.outbox.calls import close_calls
from messaging.outbox.transitions import move
from parents.models import Guardianship
from schools.models import Enrolment


def may_be_told() -> Exists:
    """The condition on deliveries that their guardian still has the right to this information, of a child of the notice
    who is at the school."""
    here = Enrolment.objects.current().filter(pupil_id=OuterRef("pupil_id"), school_id=OuterRef("notice__school_id"))
    about = NoticePupil.objects.filter(
        Exists(here), notice_id=OuterRef(OuterRef("notice_id")), pupil_id=OuterRef("pupil_id")
    )
    return Exists(Guardianship.objects.informed().filter(Exists(about), guardian_id=OuterRef("guardian_id")))


def stop_unentitled(rows: QuerySet[Delivery]) -> int:
    """Take back those of these letters and calls that wait for whom nothing may be sent; returns how many."""
    by_hand = rows.filter(~may_be_told(), channel__in=[Channel.LETTER, Channel.CALL], status=DeliveryStatus.QUEUED)
    with transaction.atomic():
        ids = move(by_hand, DeliveryStatus.CANCELLED, reason=Reason.WITHDRAWN, due_at=None)
        close_calls(
            CallTask.objects.filter(delivery_id__in=ids),
            gettext_noop("The school does not tell this parent of the child any more."),
        )
    return len(ids)
