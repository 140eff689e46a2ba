"""A notice that leads to a questionnaire: whether its reader still finds questions there."""

from __future__ import annotations

from collections.abc import Callable

from messaging.models import Delivery

#: "open", "done" or "closed" for a delivery. Questionnaires live in an app above this one, which brings it here.
STANDINGS: list[Callable[[Delivery], str]] = []


def standing_of(delivery: Delivery) -> str:
    """How the questions stand to which the notice leads; "" where it leads to none."""
    if not delivery.notice.asks_for_measurement:
        return ""
    return next((says(delivery) for says in STANDINGS), "closed")
