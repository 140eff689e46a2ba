"""A notice that leads to a questionnaire: whether its reader still finds questions there."""

from __future__ import annotations

from collections.abc import Callable

from messaging.models import Delivery, Notice

#: "open", "done" or "closed" for a delivery. Questionnaires live in an app above this one, which brings it here.
STANDINGS: list[Callable[[Delivery], str]] = []
#: Whether nobody finds questions behind a notice any more.
CLOSINGS: list[Callable[[Notice], bool]] = []
#: Told that another notice asks the same questions in the place of one.
FOLLOWERS: list[Callable[[Notice, Notice], None]] = []


def standing_of(delivery: Delivery) -> str:
    """How the questions stand to which the notice leads; "" where it leads to none."""
    if not delivery.notice.asks_for_measurement:
        return ""
    return next((says(delivery) for says in STANDINGS), "closed")


def asks_no_more(notice: Notice) -> bool:
    """Whether the notice leads to questions that are closed: no further way brings it to anybody."""
    return notice.asks_for_measurement and all(says(notice) for says in CLOSINGS)


def passes_on(notice: Notice, other: Notice) -> None:
    """From now on ``other`` asks for what the notice asked for: its draft after an undo, or its correction once that is
    sent."""
    if notice.asks_for_measurement:
        for tell in FOLLOWERS:
            tell(notice, other)
