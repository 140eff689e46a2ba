"""What guardians do not want by a way, in words: for their own choices and for the family's page. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from messaging.models import OptOut
from messaging.refusable import name_for_parents
from parents.models import Guardian

MOST_REFUSALS = 60


@dataclass(frozen=True, slots=True)
class Refusal:
    """One purpose (or everything) that a guardian does not get by one way; ``channel_name`` is for colleagues."""

    pk: int
    guardian: Guardian
    channel: str
    channel_name: str
    purpose: str
    since: datetime


def refusals_of(guardians: Iterable[Guardian]) -> list[Refusal]:
    """What these guardians refused and may have again, in the order in which they said so."""
    rows = OptOut.objects.filter(guardian__in=guardians).select_related("guardian").order_by("since", "pk")
    return [
        Refusal(row.pk, row.guardian, row.channel, row.get_channel_display(), name_for_parents(row.category), row.since)
        for row in rows[:MOST_REFUSALS]
    ]
