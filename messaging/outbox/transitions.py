"""The one table of what a delivery may become (rulings 2), and the one function that moves rows by it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from messaging.models import Channel, Delivery, DeliveryEvent, DeliveryStatus, Reason
from schools import clock

#: From each status to the ones that may follow. Letters are printed and calls made by people: they skip SENDING.
TRANSITIONS: dict[str, frozenset[str]] = {
    DeliveryStatus.QUEUED: frozenset(
        {DeliveryStatus.SENDING, DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.CANCELLED}
    ),
    DeliveryStatus.SENDING: frozenset({DeliveryStatus.SENT, DeliveryStatus.QUEUED, DeliveryStatus.FAILED}),
    DeliveryStatus.SENT: frozenset({DeliveryStatus.DELIVERED, DeliveryStatus.FAILED}),
    DeliveryStatus.DELIVERED: frozenset(),
    DeliveryStatus.FAILED: frozenset(),
    DeliveryStatus.CANCELLED: frozenset(),
}
#: FAILED with "outcome unknown" is the one failure that a late report may still settle.
AFTER_UNKNOWN = frozenset({DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.FAILED})
#: Paper is in people's hands: a letter that was given may come back, and "given" may be a slip of the same day; one
#: that still lies there may be taken out of its pile.
GIVEN_LETTER = frozenset({DeliveryStatus.SENT, DeliveryStatus.FAILED})
LYING_LETTER = frozenset({DeliveryStatus.CANCELLED})
#: A letter that was noted as come back did not, where it was another family's.
NOT_RETURNED = frozenset({DeliveryStatus.SENT, DeliveryStatus.DELIVERED})
#: A call that was noted of the wrong person was not made, and one is needed after all where the family was not reached.
NO_CALL = frozenset({DeliveryStatus.QUEUED})
OPEN = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING)
ROWS_AT_ONCE = 500


def may_become(to: str, *, of_paper: bool = False, by_mistake: bool = False) -> Q:
    """The rows that may move to a status; ``of_paper`` adds letters that were given or lie ready, ``by_mistake`` calls
    that were noted and not made, or taken back for somebody who was not reached, and letters that did not come back."""
    allowed = Q(status__in=[status for status, following in TRANSITIONS.items() if to in following])
    if to in AFTER_UNKNOWN:
        allowed |= Q(status=DeliveryStatus.FAILED, reason=Reason.OUTCOME_UNKNOWN)
    if of_paper and to in GIVEN_LETTER:
        allowed |= Q(status=DeliveryStatus.DELIVERED, channel=Channel.LETTER)
    if of_paper and to in LYING_LETTER:
        allowed |= Q(status=DeliveryStatus.SENT, channel=Channel.LETTER)
    if by_mistake and to in NO_CALL:
        allowed |= Q(status=DeliveryStatus.DELIVERED, channel=Channel.CALL)
        allowed |= Q(status=DeliveryStatus.CANCELLED, reason=Reason.REACHED, channel=Channel.CALL)
    if by_mistake and to in NOT_RETURNED:
        allowed |= Q(status=DeliveryStatus.FAILED, reason=Reason.RETURNED, channel=Channel.LETTER)
    return allowed


def move(
    rows: QuerySet[Delivery],
    to: str,
    *,
    reason: str = "",
    of_paper: bool = False,
    by_mistake: bool = False,
    **changes: Any,
) -> list[int]:
    """Move those of ``rows`` that may become ``to``, write their history, and return their ids.

    ``changes`` are further columns. Rows that somebody else moved meanwhile stay as they are.
    """
    with transaction.atomic(savepoint=False):
        ids = list(
            rows.filter(may_become(to, of_paper=of_paper, by_mistake=by_mistake))
            .order_by("pk")
            .select_for_update(of=("self",))
            .values_list("pk", flat=True)
        )
        for start in range(0, len(ids), ROWS_AT_ONCE):
            part = ids[start : start + ROWS_AT_ONCE]
            Delivery.objects.filter(pk__in=part).update(status=to, reason=reason, **changes)
            write_history(part, to, reason)
    return ids


def write_history(ids: list[int], status: str, reason: str = "") -> None:
    at = clock.now()
    DeliveryEvent.objects.bulk_create(
        [DeliveryEvent(delivery_id=pk, at=at, status=status, reason=reason) for pk in ids]
    )
