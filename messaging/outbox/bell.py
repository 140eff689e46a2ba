"""The bell of the outbox (``schools.bell``): something is to be delivered."""

from __future__ import annotations

from schools import bell


def ring(task: str = "messaging.tasks.deliver_due") -> None:
    """Wake a worker after the running transaction commits."""
    bell.ring(task)
