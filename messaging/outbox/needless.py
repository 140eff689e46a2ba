"""What waits and is not needed any more: the family was reached, it got a newer notice, who is reminded answered, or
the day is over.

It is asked each hour, and of what is about to leave: a way or a reminder of Friday evening leaves on Monday.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from messaging import levels, reminders
from messaging.levels import Level
from messaging.models import CallTask, Channel, Delivery, DeliveryStatus, Notice, NoticeKind, NoticePupil, Reason
from messaging.outbox.calls import close_calls
from messaging.outbox.handedon import hand_on
from messaging.outbox.transitions import move
from messaging.questionnaires import asks_no_more
from messaging.readers import told_newer
from parents.models import Guardian, Guardianship
from parents.ownwords import NEWER_NOTICE, REACHED_OTHERWISE
from schools import clock

Ids = QuerySet[Any, Any]


def stop_needless(notice: Notice) -> None:
    """Letters and calls that wait for a person, and a further way that waits for the morning, although the family was
    reached since they were planned. What somebody asked to be sent again stays."""
    by_hand = Q(channel__in=[Channel.LETTER, Channel.CALL]) & ~_is_once_more()
    waiting = Delivery.objects.filter(
        _is_reached(notice),
        by_hand | Q(_is_further_way(), round=1),
        notice=notice,
        status=DeliveryStatus.QUEUED,
    )
    ids = move(waiting, DeliveryStatus.CANCELLED, reason=Reason.REACHED, due_at=None, claim_token=None)
    close_calls(CallTask.objects.filter(delivery_id__in=ids), REACHED_OTHERWISE)


def stop_replaced(notice: Notice) -> None:
    """What still waits to go to guardians whom a newer notice in its place went to meanwhile, once that one cannot be
    undone any more: wrong words after the right ones would undo those."""
    settled = clock.now() - timedelta(seconds=settings.UNDO_SECONDS)
    newer = told_newer([notice.pk]).filter(notice__published_at__lte=settled, guardian_id=OuterRef("guardian_id"))
    since = Subquery(newer.order_by("-notice__published_at").values("notice__published_at")[:1])
    waiting = Delivery.objects.filter(notice=notice, status=DeliveryStatus.QUEUED, created_at__lt=since)
    ids = move(waiting, DeliveryStatus.CANCELLED, reason=Reason.WITHDRAWN, due_at=None, claim_token=None)
    close_calls(CallTask.objects.filter(delivery_id__in=ids), NEWER_NOTICE)


def stop_before_leaving(due: Collection[int]) -> set[int]:
    """Of these mails and text messages (ids), locked and about to leave, take back those that nobody needs any more;
    returns which."""
    rows = Delivery.objects.filter(pk__in=due, status=DeliveryStatus.QUEUED)
    further = rows.filter(_is_further_way(), round=1)
    notices = Notice.objects.filter(pk__in=set(further.values_list("notice_id", flat=True)))
    stopped: set[int] = set()
    for notice in notices.select_related("template", "gathering"):
        of_notice, reason = further.filter(notice=notice), Reason.OVER
        if not is_over(notice):
            of_notice, reason = of_notice.filter(_is_reached(notice)), Reason.REACHED
        stopped.update(_take_back(of_notice, reason))
    return stopped | _stop_reminders(rows)


def stop_reminder_letters() -> int:
    """Letters that remind and wait to be printed, whose family answered since, or whose last day to answer is over;
    returns how many."""
    return len(_stop_reminders(Delivery.objects.filter(channel=Channel.LETTER, status=DeliveryStatus.QUEUED)))


def _stop_reminders(rows: QuerySet[Delivery]) -> set[int]:
    stopped: set[int] = set()
    for reason, ids in reminders.in_vain(rows.filter(is_reminder=True)).items():
        going_on = hand_on(ids)
        ids = [pk for pk in ids if pk not in going_on]
        stopped.update(_take_back(rows.filter(pk__in=ids), reason))
    return stopped


def _take_back(rows: QuerySet[Delivery], reason: str) -> list[int]:
    return move(rows, DeliveryStatus.CANCELLED, reason=reason, due_at=None, claim_token=None)


def is_over(notice: Notice) -> bool:
    """Its questions are closed; it announces a gathering that has begun, or that was cancelled after it left; or it
    tells of a day that is over, and so is the last one to answer: the next way would invite to yesterday. An urgent one
    goes on: a child that is absent is called about."""
    if asks_no_more(notice):
        return True
    if notice.kind != NoticeKind.DRINGEND and notice.told_until is not None and notice.told_until < clock.today():
        return True
    row = notice.gathering if notice.is_invitation else None
    if row is None or notice.published_at is None:
        return False
    return row.has_begun or (row.cancelled_at is not None and row.cancelled_at > notice.published_at)


def _is_further_way() -> Exists:
    return Exists(_before())


def _is_once_more() -> Exists:
    """The same way again, to somebody who lost the paper perhaps."""
    return Exists(_before().filter(channel=OuterRef("channel")))


def _before() -> QuerySet[Delivery]:
    of_same = Delivery.objects.filter(notice_id=OuterRef("notice_id"), guardian_id=OuterRef("guardian_id"))
    return of_same.filter(pk__lt=OuterRef("pk"))


def _is_reached(notice: Notice) -> Q:
    """The condition on deliveries that their guardian was reached, or somebody of the same home and family."""
    reached = reached_by(notice, certain=True)
    homes = Guardian.objects.filter(pk__in=reached, household__isnull=False).values("household_id")
    same_home = Q(guardian__household_id__in=homes, guardian_id__in=families_of(notice, reached))
    return Q(guardian_id__in=reached) | same_home


def reached_by(notice: Notice, *, certain: bool = False) -> Ids:
    """Ids of guardians who opened, answered or were spoken to."""
    return Guardian.objects.filter(levels.guardians_from(notice, Level.OPENED, certain=certain)).values("pk")


def families_of(notice: Notice, guardians: Ids) -> Ids:
    """Ids of everybody who answers for a child of which these guardians may know, among the notice's pupils."""
    about = NoticePupil.objects.filter(notice=notice).values("pupil_id")
    known = Guardianship.objects.current().filter(information_right=True)
    children = known.filter(guardian_id__in=guardians, pupil_id__in=about)
    return Guardianship.objects.current().filter(pupil_id__in=children.values("pupil_id")).values("guardian_id")
