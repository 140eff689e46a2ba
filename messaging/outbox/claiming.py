"""Who sends what, and for how long: claims with a lease by the database's clock, fenced by a token.

A lease is the due time pushed forward, so rows of a dead process come back by themselves. E-mail is SENDING from its
claim: sent twice it carries the same Message-ID. A text message stays QUEUED under its claim and becomes SENDING just
before it leaves: a SENDING one whose lease ran out may have arrived, so a person decides (sending.md, fault 3).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import (
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    prefetch_related_objects,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Now

from messaging.models import Channel, Delivery, DeliveryStatus, Notice, OptOut, Reason
from messaging.models.notices import NoticeStatus
from messaging.outbox.clocks import A_LITTLE, in_seconds, is_ahead
from messaging.outbox.digests import due_digests
from messaging.outbox.entitled import may_go
from messaging.outbox.holding import hold_quiet
from messaging.outbox.needless import stop_before_leaving
from messaging.outbox.transitions import OPEN, move, write_history
from messaging.refusable import OTHER
from schools import clock

#: In the terms of ``settle_together``: SENDING and ours, then SENT, with a line of history for each row.
_SENT = """
WITH moved AS (
  UPDATE messaging_delivery SET status = 'SENT', reason = '', claim_token = NULL, due_at = NULL,
    attempts = attempts + 1, provider_ref = gone.reference, sent_at = %s
  FROM unnest(%s::bigint[], %s::text[]) AS gone (delivery, reference)
  WHERE id = gone.delivery AND claim_token = %s::uuid AND (status = 'SENDING') IS TRUE RETURNING id
)
INSERT INTO messaging_deliveryevent (delivery_id, at, status, reason) SELECT id, %s, 'SENT', '' FROM moved"""
SENT_BY_WORKER = (Channel.EMAIL, Channel.SMS)


@dataclass(slots=True)
class Claim:
    """Rows that one process may send until the lease ends; ``was_due`` is what they were due at before."""

    token: UUID
    rows: list[Delivery]
    was_due: dict[int, datetime | None]
    mine: set[int] = field(default_factory=set)


def _lease_end() -> Combinable:
    return in_seconds(settings.OUTBOX_LEASE_SECONDS)


def claim(channels: Collection[str] = SENT_BY_WORKER, most: int | None = None) -> Claim | None:
    """Take at most so many of the due rows, urgent ones first, then in the order of their turns; None when there are
    none. Another process skips what is taken. Rows of one weekly mail come together."""
    with transaction.atomic():
        sweep()
        hold_quiet()
        due = (
            _due(channels)
            .filter(in_digest=False)
            .order_by("-is_urgent", "turn_at", "pk")
            .select_for_update(skip_locked=True)
            .values_list("pk", "due_at")
        )
        was_due: dict[int, datetime | None] = {}
        while not was_due and (was_due := dict(due[: most or settings.OUTBOX_BATCH])):
            for pk in stop_before_leaving(was_due):
                del was_due[pk]  # where nothing is left, others may be due behind it
        if Channel.EMAIL in channels and len(was_due) < (most or settings.OUTBOX_BATCH):
            was_due |= due_digests((most or settings.OUTBOX_BATCH) - len(was_due))
        return _taken(was_due, channels) if was_due else None


def _due(channels: Collection[str]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(status=DeliveryStatus.QUEUED, channel__in=channels, due_at__lte=Now())


def _taken(was_due: dict[int, datetime | None], channels: Collection[str]) -> Claim:
    """The claim of these locked rows, without those that nobody wants or may have any more: whether is asked in the
    statement that takes them."""
    token = uuid4()
    locked = Delivery.objects.filter(pk__in=was_due)
    taken = 0
    if Channel.SMS in channels:
        taken += _wanted(locked).filter(channel=Channel.SMS).update(claim_token=token, due_at=_lease_end())
    if Channel.EMAIL in channels:
        mails = _wanted(locked).filter(channel=Channel.EMAIL)
        taken += mails.update(status=DeliveryStatus.SENDING, claim_token=token, due_at=_lease_end())
    if taken < len(was_due):
        left = locked.exclude(claim_token=token)
        move(left.filter(_REFUSED), DeliveryStatus.CANCELLED, reason=Reason.OPTED_OUT, due_at=None)
        move(left, DeliveryStatus.CANCELLED, reason=Reason.WITHDRAWN, due_at=None)
    rows = list(
        Delivery.objects.filter(claim_token=token, pk__in=was_due)
        .select_related("contact_point")
        .prefetch_related(Prefetch("notice", Notice.objects.select_related("school", "author")))
        .order_by("-is_urgent", "turn_at", "pk")
    )
    prefetch_related_objects([row for row in rows if row.digest_of], "guardian")
    return Claim(token, rows, was_due, {row.pk for row in rows})


#: The guardian refused this channel since the row was planned; urgent ones still go.
_REFUSED = Q(is_urgent=False) & Exists(
    OptOut.objects.filter(
        Q(category="") | Q(category=Coalesce(OuterRef("notice__template__category"), Value(OTHER))),
        guardian_id=OuterRef("guardian_id"),
        channel=OuterRef("channel"),
    )
)


#: A mail that was under way when its notice was stopped, and came back: its server was away or asked to try later, or
#: who sent it was killed, perhaps in a backup.
_STOPPED = Exists(Notice.objects.filter(pk=OuterRef("notice_id"), status=NoticeStatus.CANCELLED))


def _wanted(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Rows of which the sender stopped nothing, whose guardian did not refuse this channel and still has the right to
    this information."""
    return rows.filter(~_STOPPED, ~_REFUSED, may_go(rows))


def sweep() -> None:
    """Settle what dead processes left: mails wait again, text messages that may have left are shown to a person."""
    stranded = Delivery.objects.filter(status=DeliveryStatus.SENDING, due_at__lte=Now())
    if not stranded.exists():
        return
    move(
        stranded.filter(channel=Channel.SMS),
        DeliveryStatus.FAILED,
        reason=Reason.OUTCOME_UNKNOWN,
        claim_token=None,
        due_at=None,
    )
    move(stranded.filter(channel=Channel.EMAIL), DeliveryStatus.QUEUED, claim_token=None)


def set_right() -> None:
    """What was written while the database's clock was ahead, once that is set right: a lease ends as one that begins
    now, and what was first tried in an hour that has not come is due, instead of both waiting until the wrong hour."""
    rows = Delivery.objects.filter(channel__in=SENT_BY_WORKER)
    claimed = rows.filter(is_ahead("due_at", settings.OUTBOX_LEASE_SECONDS), status__in=OPEN, claim_token__isnull=False)
    if claimed.exists():
        claimed.update(due_at=_lease_end())
    waiting = rows.filter(status=DeliveryStatus.QUEUED, claim_token=None)
    tried = waiting.filter(is_ahead("first_tried_at"))
    if tried.exists():
        tried.update(due_at=Now(), turn_at=Now(), first_tried_at=Now())
    _write_anew(waiting)


def _write_anew(waiting: QuerySet[Delivery]) -> None:
    """What was planned in an hour that has not come, by the machine's clock and the database's, waits from now on: as
    long as it can be taken back, and for the mail of the week as long as it would have. By both: a machine whose own
    clock is behind takes nothing for written ahead."""
    now = clock.now()
    ahead = waiting.filter(is_ahead("created_at"), created_at__gt=now + timedelta(seconds=A_LITTLE))
    ahead = ahead.filter(due_at__gte=F("created_at"))
    if not ahead.exists():
        return
    undone, week = in_seconds(settings.UNDO_SECONDS), Now() + (F("due_at") - F("created_at"))
    ahead.filter(in_digest=False).update(due_at=undone, turn_at=undone, created_at=now)
    at = ExpressionWrapper(week, output_field=DateTimeField())
    ahead.filter(in_digest=True).update(due_at=at, turn_at=at, created_at=now)


def begin(claimed: Claim, pk: int) -> bool:
    """Note the intent to send a text message; False when the row is no longer ours."""
    row = Delivery.objects.filter(pk=pk, claim_token=claimed.token, status=DeliveryStatus.QUEUED)
    return bool(row.update(status=DeliveryStatus.SENDING))


def extend(claimed: Claim) -> None:
    """Lengthen the lease of what is still ours, and forget the rest."""
    rows = Delivery.objects.filter(claim_token=claimed.token, status__in=OPEN)
    with transaction.atomic():
        rows.update(due_at=_lease_end())
        claimed.mine = set(rows.values_list("pk", flat=True))


def settle(claimed: Claim, pk: int, to: str, *, reason: str = "", **changes: Any) -> bool:
    """Finish one row, if it is still ours: the conditional UPDATE decides, not what we remember."""
    return bool(settle_together(claimed, [pk], to, reason=reason, **changes))


def settle_together(claimed: Claim, ids: Sequence[int], to: str, *, reason: str = "", **changes: Any) -> list[int]:
    """Finish the rows of one mail; returns those that were still ours."""
    ours = Delivery.objects.filter(pk__in=ids, claim_token=claimed.token, status=DeliveryStatus.SENDING)
    changes.setdefault("due_at", None)
    with transaction.atomic(savepoint=False):
        if len(ids) == 1:
            moved = list(ids) if _finish(ours, to, reason, changes) else []
        else:
            moved = list(ours.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
            _finish(ours, to, reason, changes)
        if moved:
            write_history(moved, to, reason)
    return moved


def settle_sent(claimed: Claim, references: Mapping[int, str]) -> int:
    """Rows that left, each with the provider's reference, as ``settle_together`` ends them; returns how many were
    still ours.

    What happens after every few mails is one statement where the engine can: asking, changing, history and commit in
    one journey to the server instead of four (measured: a fifth of a mail's price).
    """
    now = clock.now()
    if connection.vendor != "postgresql":
        with transaction.atomic():
            return sum(
                len(settle_together(claimed, [pk], DeliveryStatus.SENT, provider_ref=reference, sent_at=now))
                for pk, reference in references.items()
            )
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [now, list(references), list(references.values()), claimed.token.hex, now])
        return int(cursor.rowcount)


def _finish(rows: QuerySet[Delivery], to: str, reason: str, changes: dict[str, Any]) -> int:
    return rows.update(status=to, reason=reason, claim_token=None, attempts=F("attempts") + 1, **changes)


def give_back(claimed: Claim, ids: Iterable[int]) -> None:
    """Return rows untouched: same due time, no attempt counted."""
    by_due: dict[datetime | None, list[int]] = {}
    for pk in ids:
        by_due.setdefault(claimed.was_due[pk], []).append(pk)
    with transaction.atomic():
        for due_at, part in by_due.items():
            Delivery.objects.filter(pk__in=part, claim_token=claimed.token, status__in=OPEN).update(
                status=DeliveryStatus.QUEUED, claim_token=None, due_at=due_at
            )


def oldest_due_seconds(*, besides: Collection[str] = ()) -> int:
    """How long the longest-waiting due delivery has waited, by the database's clock; 0 when nothing waits. ``besides``
    are channels that do not count."""
    row = (
        Delivery.objects.filter(status__in=OPEN, due_at__lte=Now())
        .exclude(channel__in=besides)
        .order_by("due_at")
        .annotate(moment=Now())
        .values_list("due_at", "moment")
        .first()
    )
    return max(0, int((row[1] - row[0]).total_seconds())) if row and row[0] else 0
