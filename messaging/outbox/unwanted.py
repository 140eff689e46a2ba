"""What is taken back because a guardian refuses a way, or because an address is dead or was replaced."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from messaging.models import Channel, Delivery, DeliveryStatus, Notice, Reason
from messaging.outbox.ladder import LADDER_DAYS, climb_failed
from messaging.outbox.transitions import move
from messaging.refusable import OTHER
from parents.models import ContactPoint, Guardian
from parents.services.reachability import tell_of_dead_point
from schools import clock

#: A mail bounces within this time: what left to the same dead address in it has not arrived either.
BOUNCES_WITHIN = timedelta(days=5)


def take_back_unwanted(guardians: Collection[int], channel: str, category: str) -> int:
    """What waits to go to these guardians by a way they refused for this purpose (all when it is empty) stays here, and
    the next way is tried at once, also for what left by the refused one and has no reaction. Urgent notices go on.

    Returns how many deliveries were taken back.
    """
    theirs = Delivery.objects.filter(guardian_id__in=guardians, channel=channel, is_urgent=False)
    if category:
        theirs = theirs.filter(about(category))
    recent = clock.now() - timedelta(days=LADDER_DAYS)
    with transaction.atomic():
        waiting = theirs.filter(status=DeliveryStatus.QUEUED)
        taken = move(waiting, DeliveryStatus.CANCELLED, reason=Reason.OPTED_OUT, due_at=None, claim_token=None)
        climb_failed(theirs.filter(notice__published_at__gte=recent).values_list("notice_id", flat=True))
    return len(taken)


def about(category: str) -> Q:
    """The condition that a delivery's notice is about this purpose (OptOut.category)."""
    of_category = Notice.objects.filter(template__category=category)
    if category == OTHER:
        of_category |= Notice.objects.filter(template__isnull=True)
    return Q(notice_id__in=of_category.values("pk"))


def end_address(contact_point_id: int | None, reason: str) -> None:
    """Take an address or number that does not exist out of use from today; it stays as history.

    The schools of its people are told, and every notice that waits for it, or went to it by e-mail in the last days
    without a reaction, takes the next way at once. A call is the last way: it stays somebody's task, who sees the
    numbers that work.
    """
    if contact_point_id is None:
        return
    with transaction.atomic():
        point = ContactPoint.objects.usable().filter(pk=contact_point_id).select_for_update().first()
        if point is None:
            return
        point.valid_until, point.ended_because = clock.today(), reason
        point.save(update_fields=["valid_until", "ended_because"])
        tell_of_dead_point(point)
        to_it = Delivery.objects.filter(contact_point=point)
        waiting = to_it.filter(status=DeliveryStatus.QUEUED).exclude(channel=Channel.CALL)
        ids = move(waiting, DeliveryStatus.CANCELLED, reason=Reason.ADDRESS_ENDED, due_at=None, claim_token=None)
        left = to_it.filter(
            status=DeliveryStatus.SENT,
            channel=Channel.EMAIL,
            opened_at__isnull=True,
            sent_at__gte=clock.now() - BOUNCES_WITHIN,
        )
        ids += move(left, DeliveryStatus.FAILED, reason=reason)
        climb_failed(Delivery.objects.filter(pk__in=ids).values_list("notice_id", flat=True))


def readdress(guardian: Guardian, old: ContactPoint, new: ContactPoint) -> int:
    """What waits to go to a guardian's old contact point goes to the new one, or takes the next way where that is of
    another kind or gets this notice already; a call is made at the new number, or stays without one. Returns how many
    go to the new one."""
    queued = Delivery.objects.filter(guardian=guardian, contact_point=old, status=DeliveryStatus.QUEUED)
    calls, waiting = queued.filter(channel=Channel.CALL), queued.exclude(channel=Channel.CALL)
    there = Delivery.objects.filter(notice_id=OuterRef("notice_id"), contact_point=new)
    with transaction.atomic():
        moved = 0
        if old.kind == new.kind:
            can_go = list(waiting.filter(~Exists(there)).values_list("pk", flat=True))
            moved = waiting.filter(pk__in=can_go).update(contact_point=new, address=new.value)
            moved += calls.update(contact_point=new, address=new.value)
        taken = move(waiting, DeliveryStatus.CANCELLED, reason=Reason.ADDRESS_ENDED, due_at=None, claim_token=None)
        climb_failed(Delivery.objects.filter(pk__in=taken).values_list("notice_id", flat=True))
    return moved
