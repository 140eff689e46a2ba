"""Which deliveries leave together in one weekly mail.

A delivery stays one row for each notice. When a guardian's rows become due, those to one address are bound to the
first of them by ``digest_of``; what is bound stays bound, so that a repeat after a crash is the same mail under the
same Message-ID. A process owns a mail by the lock on that first row.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Now

from messaging.models import Delivery, DeliveryStatus
from messaging.outbox.clocks import in_seconds

#: Rows of one week are due within moments of each other: who is due takes along what is about to be.
_TOGETHER_SECONDS = 600


def due_digests(most: int) -> dict[int, datetime | None]:
    """The rows of at most so many due mails, locked for this transaction, each with what it was due at."""
    waiting = Delivery.objects.filter(in_digest=True, status=DeliveryStatus.QUEUED)
    due = waiting.filter(due_at__lte=Now())
    if not due.exists():
        return {}
    _bind(waiting.filter(digest_of__isnull=True), most)
    bound = due.filter(digest_of__isnull=False).order_by("digest_of").values_list("digest_of", flat=True).distinct()
    firsts = Delivery.objects.filter(pk__in=list(bound[:most])).order_by("pk")
    owned = list(firsts.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True))
    rows = waiting.filter(digest_of__in=owned).order_by("pk").select_for_update(of=("self",), skip_locked=True)
    return dict(rows.values_list("pk", "due_at"))


def _bind(free: QuerySet[Delivery], most: int) -> None:
    """Bind the rows of so many guardians who have something due."""
    guardians = free.filter(due_at__lte=Now()).order_by("guardian_id").values_list("guardian_id", flat=True).distinct()
    rows = free.filter(guardian_id__in=list(guardians[:most]), due_at__lte=in_seconds(_TOGETHER_SECONDS))
    ids = list(rows.order_by("pk").select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True))
    of_same = Delivery.objects.filter(
        pk__in=ids, guardian_id=OuterRef("guardian_id"), address=OuterRef("address")
    ).order_by()
    first = of_same.values("guardian_id", "address").annotate(first=Min("pk")).values("first")
    Delivery.objects.filter(pk__in=ids).update(digest_of=Subquery(first))
