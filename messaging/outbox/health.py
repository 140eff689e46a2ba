"""How the outbox is, in figures without anybody's name: for a monitor that asks each minute."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings

from messaging.models import Delivery, DeliveryEvent, DeliveryStatus, Reason
from messaging.outbox import providers
from messaging.outbox.claiming import oldest_due_seconds
from messaging.outbox.ladder import LADDER_DAYS
from schools import clock

#: The outbox is ill when something has been due for longer than this (sending.md, fault 22). What waits for the end of
#: quiet hours is not due.
LONGEST_WAIT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Health:
    """``away`` are the channels whose provider does not answer, ``refusing_us`` those who answer and will not have us
    (``nothing_leaves`` by one of them since); ``outcome_unknown`` wait for a person's judgment."""

    oldest_due_seconds: int
    failed_last_hour: int
    outcome_unknown: int
    away: list[str]
    refusing_us: list[str]
    nothing_leaves: bool
    paused: bool

    @property
    def state(self) -> str:
        """In a word. A pause is somebody's decision: it is told and does not alarm."""
        if self.paused:
            return "paused"
        if self.nothing_leaves:
            return "refused"
        return "late" if self.oldest_due_seconds > LONGEST_WAIT_SECONDS else "well"

    def as_json(self) -> dict[str, Any]:
        return {"outbox": self.state, **asdict(self)}


def health() -> Health:
    """The present figures; a constant number of short questions."""
    now = clock.now()
    failed = DeliveryEvent.objects.filter(status=DeliveryStatus.FAILED, at__gte=now - timedelta(hours=1))
    unknown = Delivery.objects.filter(reason=Reason.OUTCOME_UNKNOWN, created_at__gte=now - timedelta(days=LADDER_DAYS))
    return Health(
        oldest_due_seconds=oldest_due_seconds(),
        failed_last_hour=failed.count(),
        outcome_unknown=unknown.count(),
        away=providers.away(),
        refusing_us=providers.refusing_us(),
        nothing_leaves=providers.nothing_leaves(),
        paused=settings.OUTBOX_PAUSED,
    )
