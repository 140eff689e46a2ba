"""What ends a delivery from outside the worker: reports of providers, people who print, hand over, call or withdraw."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from messaging.models import CallTask, Channel, Delivery, DeliveryEvent, DeliveryStatus, Notice, Reason
from messaging.outbox.calls import reopen_calls
from messaging.outbox.entitled import lying
from messaging.outbox.ladder import LADDER_DAYS, Ids, climb_failed
from messaging.outbox.needless import stop_needless
from messaging.outbox.planning import NEVER
from messaging.outbox.transitions import move
from messaging.outbox.unwanted import end_address
from schools import clock

#: Failures that say that the address or number itself is dead.
ENDS_ADDRESS: frozenset[str] = frozenset({Reason.BOUNCED, Reason.UNKNOWN_NUMBER})
#: A gateway reports within the life of a text message, which operators end after three days.
TEXT_REPORT_WITHIN = timedelta(hours=72)


def record_receipt(delivery_id: int, status: str, reason: str = "") -> bool:
    """A provider's report about a delivery: DELIVERED, or FAILED with a reason. False when nothing changed.

    A final row does not move: a second or late report about it is without effect. What came in one weekly mail ends
    together, but for what a person opened.
    """
    with transaction.atomic():
        mail = Delivery.objects.filter(pk=delivery_id, digest_of__isnull=False).values("digest_of")
        rows = Delivery.objects.filter(Q(pk=delivery_id) | Q(digest_of__in=mail, opened_at__isnull=True))
        moved = Delivery.objects.filter(pk__in=move(rows, status, reason=reason, due_at=None))
        ended = list(moved.values_list("contact_point_id", "notice_id"))
        if not ended:
            return False
        moved.filter(sent_at__isnull=True).update(sent_at=clock.now())
        if status == DeliveryStatus.FAILED:
            if reason in ENDS_ADDRESS:
                end_address(ended[0][0], reason)
            climb_failed([notice_id for _, notice_id in ended])
    return True


def cancel(notice: Notice) -> int:
    """Stop everything of a notice that has not left yet, also letters that lie printed; returns how many deliveries."""
    rows = Delivery.objects.filter(Q(status=DeliveryStatus.QUEUED) | lying(), notice=notice)
    return len(move(rows, DeliveryStatus.CANCELLED, reason=Reason.WITHDRAWN, of_paper=True, due_at=None))


def mark_printed(rows: QuerySet[Delivery]) -> list[int]:
    """Letters that waited lie ready on paper now; returns the ids of those that still waited."""
    waiting = _letters(rows).filter(status=DeliveryStatus.QUEUED)
    return move(waiting, DeliveryStatus.SENT, sent_at=clock.now(), due_at=None)


def mark_handed_over(rows: QuerySet[Delivery]) -> list[int]:
    """Printed letters were given by hand or posted; returns the ids of those that were."""
    return move(_letters(rows).filter(status=DeliveryStatus.SENT), DeliveryStatus.DELIVERED)


def mark_not_handed_over(rows: QuerySet[Delivery]) -> list[int]:
    """That was noted by mistake: they still lie there."""
    given = _letters(rows).filter(status=DeliveryStatus.DELIVERED)
    return move(given, DeliveryStatus.SENT, of_paper=True)


def mark_returned(delivery: Delivery) -> bool:
    """A letter came back, before or after it was noted as given: the next way is tried."""
    rows = _letters(Delivery.objects.filter(pk=delivery.pk))
    moved = move(rows, DeliveryStatus.FAILED, reason=Reason.RETURNED, of_paper=True)
    climb_failed([delivery.notice_id] if moved else [])
    return bool(moved)


def mark_not_returned(delivery: Delivery, *, is_given: bool) -> bool:
    """It was another letter that came back: this one was given, or lies there. What was planned in its place stays."""
    rows = _letters(Delivery.objects.filter(pk=delivery.pk, reason=Reason.RETURNED))
    return bool(move(rows, DeliveryStatus.DELIVERED if is_given else DeliveryStatus.SENT, by_mistake=True))


def _letters(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.filter(channel=Channel.LETTER)


def mark_spoken(delivery: Delivery) -> bool:
    """A call was made and the person was spoken to."""
    rows = Delivery.objects.filter(pk=delivery.pk, channel=Channel.CALL)
    return bool(move(rows, DeliveryStatus.DELIVERED, sent_at=clock.now(), due_at=None))


def mark_not_spoken(rows: QuerySet[Delivery]) -> list[int]:
    """Calls that were noted by mistake are still to be made; returns which."""
    made = rows.filter(channel=Channel.CALL, status=DeliveryStatus.DELIVERED)
    waits: dict[str, Any] = {"due_at": NEVER, "sent_at": None, "understood_at": None, "not_understood_at": None}
    return move(made, DeliveryStatus.QUEUED, by_mistake=True, **waits)


def call_after_all(guardians: Ids, school: int, since: datetime) -> None:
    """Calls about the school's notices of the last weeks that were taken back since then, because these people were
    reached, wait again: they were not, unless something else says so."""
    recent = Notice.objects.sent().filter(school=school, published_at__gte=clock.now() - timedelta(days=LADDER_DAYS))
    taken = DeliveryEvent.objects.filter(delivery_id=OuterRef("pk"), status=DeliveryStatus.CANCELLED, at__gte=since)
    calls = Delivery.objects.filter(Exists(taken), channel=Channel.CALL, status=DeliveryStatus.CANCELLED)
    again = move(
        calls.filter(guardian_id__in=guardians, notice__in=recent), DeliveryStatus.QUEUED, by_mistake=True, due_at=NEVER
    )
    reopen_calls(CallTask.objects.filter(delivery_id__in=again))
    for notice in Notice.objects.filter(deliveries__in=again).distinct():
        stop_needless(notice)


def take_back_call(rows: QuerySet[Delivery]) -> None:
    """Calls that nobody needs any more, as a colleague says of their tasks."""
    move(rows.filter(channel=Channel.CALL), DeliveryStatus.CANCELLED, reason=Reason.WITHDRAWN, due_at=None)


def settle_unreported() -> int:
    """Text messages without any report in time: the outcome is unknown, a person looks (rulings 16). One whose link was
    opened has arrived. Returns how many are unknown."""
    if settings.SMS_DRIVER != "gateway":
        return 0
    oldest = clock.now() - TEXT_REPORT_WITHIN
    rows = Delivery.objects.filter(channel=Channel.SMS, status=DeliveryStatus.SENT, sent_at__lt=oldest)
    move(rows.filter(opened_at__isnull=False), DeliveryStatus.DELIVERED)
    return len(move(rows.filter(opened_at__isnull=True), DeliveryStatus.FAILED, reason=Reason.OUTCOME_UNKNOWN))
