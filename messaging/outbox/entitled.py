"""To whom what was planned may still go: rights end, somebody objects, data are only kept, no child is at the school
any more. The worker asks it of each mail and text message it takes; letters and calls wait for a person, perhaps for
weeks, and are taken back here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from messaging.models import CallTask, Channel, Delivery, DeliveryStatus, Notice, NoticeKind, NoticePupil, Reason
from messaging.models.notices import AudienceKind
from messaging.outbox.calls import close_calls
from messaging.outbox.transitions import move
from parents.models import Guardianship
from parents.ownwords import DAY_IS_OVER, GATHERING_CANCELLED, TOLD_NO_MORE
from schools import clock
from schools.models import Enrolment

BY_HAND = (Channel.LETTER, Channel.CALL)
#: A printed letter that nobody noted as given for so long was given all the same, and counts as it did.
LIES_FOR = timedelta(days=14)


def may_go(rows: QuerySet[Delivery]) -> Exists:
    """As ``may_be_told``, asked of a few ``rows``: their guardians are looked up together."""
    return Exists(_ties().filter(guardian_id__in=rows.values("guardian_id")))


def may_be_told() -> Exists:
    """The condition on deliveries that their guardian may still be told of a child of the notice, who is at the school
    still. What a family is owed after its child left (a talk that is cancelled, a request about data) is no delivery:
    it is told directly."""
    return Exists(_ties())


def _ties() -> QuerySet[Guardianship]:
    here = Enrolment.objects.lasting().filter(pupil_id=OuterRef("pupil_id"), school_id=OuterRef("notice__school_id"))
    about = NoticePupil.objects.filter(
        Exists(here), notice_id=OuterRef(OuterRef("notice_id")), pupil_id=OuterRef("pupil_id")
    )
    return Guardianship.objects.informed().filter(Exists(about), guardian_id=OuterRef("guardian_id"))


def lies_in_vain(deliveries: Sequence[Delivery]) -> set[int]:
    """Ids of those of these letters that lie printed for somebody who may not be told any more, before a sweep says so
    too."""
    ids = [row.pk for row in deliveries if row.status == DeliveryStatus.SENT]
    return (
        set(Delivery.objects.filter(lying(), ~may_be_told(), pk__in=ids).values_list("pk", flat=True)) if ids else set()
    )


def stop_unentitled(rows: QuerySet[Delivery] | None = None) -> int:
    """Take back the letters and calls (all of them, or those among ``rows``) that wait for whom nothing may be sent,
    also letters that lie printed and were not given yet; returns how many."""
    known = Delivery.objects.all() if rows is None else rows
    waiting = Q(channel__in=BY_HAND, status=DeliveryStatus.QUEUED)
    by_hand = known.filter(waiting | lying(), ~may_be_told())
    with transaction.atomic():
        ids = move(by_hand, DeliveryStatus.CANCELLED, reason=Reason.WITHDRAWN, of_paper=True, due_at=None)
        close_calls(CallTask.objects.filter(delivery_id__in=ids), TOLD_NO_MORE)
    return len(ids)


def stop_what_is_over() -> int:
    """Take back the letters and calls that still wait for a person when the day of which they tell, and the last one to
    answer, is over: they would invite to yesterday. An urgent notice goes on, and so does what somebody asked for
    afterwards. Returns how many."""
    waits = Delivery.objects.filter(channel__in=BY_HAND, status=DeliveryStatus.QUEUED)
    told = Notice.objects.filter(Exists(waits.filter(notice=OuterRef("pk"))), values__has_key="date")
    over = {
        notice.pk: notice.told_until
        for notice in told.exclude(kind=NoticeKind.DRINGEND).select_related("template")
        if notice.told_until is not None and notice.told_until < clock.today()
    }
    stopped = 0
    for pk, last in over.items():
        before = clock.start_of(last + timedelta(days=1))
        with transaction.atomic():
            ids = move(
                waits.filter(notice=pk, created_at__lt=before),
                DeliveryStatus.CANCELLED,
                reason=Reason.OVER,
                due_at=None,
            )
            close_calls(CallTask.objects.filter(delivery_id__in=ids), DAY_IS_OVER)
        stopped += len(ids)
    return stopped


def stop_invitations() -> int:
    """Take back what still waits to invite to a gathering that was cancelled: who signed up is told so, and nobody else
    is to come for nothing. A notice of after that tells perhaps just that. Returns how many deliveries."""
    about = Notice.objects.sent().filter(
        gathering__starts_at__gt=clock.now(), published_at__lt=F("gathering__cancelled_at")
    )
    notices = list(about.exclude(audience=AudienceKind.GATHERING).values_list("pk", flat=True))
    if not notices:
        return 0
    with transaction.atomic():
        waits = Delivery.objects.filter(Q(status=DeliveryStatus.QUEUED) | lying(), notice__in=notices)
        gone = DeliveryStatus.CANCELLED
        ids = move(waits, gone, reason=Reason.WITHDRAWN, of_paper=True, due_at=None, claim_token=None)
        close_calls(CallTask.objects.filter(delivery_id__in=ids), GATHERING_CANCELLED)
    return len(ids)


def lying() -> Q:
    """The condition on deliveries that they are letters on paper that nobody gave yet."""
    printed = Q(channel=Channel.LETTER, status=DeliveryStatus.SENT)
    return printed & Q(sent_at__gte=clock.now() - LIES_FOR)
