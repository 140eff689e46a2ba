"""Whether the workers still work: one that lives and does nothing is not seen by who watches processes.

A worker of Celery can wait for ever after its broker came back (celery/celery#8030), and in a program that is started
again only when it ends, nothing would be sent until somebody noticed.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.db import Error, connection

from messaging.models import DeliveryEvent
from messaging.outbox import providers
from messaging.outbox.claiming import oldest_due_seconds

#: Seconds between two looks: a short question each.
LOOK_EVERY = 15.0


class StandStill:
    """Watches the outbox for ``after`` seconds at least before it says anything.

    The workers stand still when something has been due that long, its provider answers, and meanwhile nothing happened
    to any delivery. A long queue that moves is no standstill, and neither is a database that does not answer.
    """

    def __init__(self, after: float) -> None:
        self._after = self._patience = after
        self._last: int | None = None
        self._since = self._next = time.monotonic()

    def is_seen(self) -> bool:
        """Ask as often as one likes: it looks every LOOK_EVERY seconds, or ``after`` when that is less."""
        now = time.monotonic()
        if settings.OUTBOX_PAUSED or now < self._next:
            return False
        self._next = now + min(LOOK_EVERY, self._after)
        try:
            last, waiting = _last_event(), oldest_due_seconds(besides=providers.away())
        except Error:
            connection.close()
            self._since = now
            return False
        if last != self._last or waiting < self._after:
            self._last, self._since, self._patience = last, now, self._after
        return now - self._since >= self._patience

    def begin_anew(self) -> None:
        """The workers were started again: give them twice as long as before, until something happens. Whoever needs
        longer to start than one waits would never come to work."""
        self._since = time.monotonic()
        self._patience *= 2


def _last_event() -> int:
    return DeliveryEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
