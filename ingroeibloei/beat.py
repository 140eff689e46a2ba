"""Celery's beat, for a machine whose clock was ahead and is set back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from celery.beat import PersistentScheduler

#: By so much clocks are set right all the time.
_A_LITTLE = timedelta(seconds=5)


class Scheduler(PersistentScheduler):
    """What beat did while the clock was ahead it did in the future, and Celery's own waits until that has come: for as
    long as the clock was ahead nothing rings, and starting beat again changes nothing, for a file keeps it."""

    def tick(self, *arguments: Any, **more: Any) -> float:
        early = False
        for entry in self.schedule.values():
            done: datetime = entry.last_run_at  # type: ignore[assignment]
            now: datetime = entry.default_now()
            # In UTC: of two hours that the clock shows twice in October Python compares what it shows.
            if done.astimezone(UTC) > now.astimezone(UTC) + _A_LITTLE:
                entry.last_run_at, early = now, True
        if early:
            self._heap = None  # in it stand the hours of before; it is laid anew
        return float(super().tick(*arguments, **more))
