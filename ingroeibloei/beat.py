"""Celery's beat, for a machine whose clock was ahead and is set back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler

#: By so much clocks are set right all the time.
_A_LITTLE = timedelta(seconds=5)


class Scheduler(PersistentScheduler):  # type: ignore[misc]
    """What beat did while the clock was ahead it did in the future, and Celery's own waits until that has come: for as
    long as the clock was ahead nothing rings, and starting beat again changes nothing, for a file keeps it."""

    def tick(self, *arguments: Any, **more: Any) -> float:
        early = [entry for entry in self.schedule.values() if entry.last_run_at > entry.default_now() + _A_LITTLE]
        for entry in early:
            entry.last_run_at = entry.default_now()
        if early:
            self._heap = None  # in it stand the hours of before; it is laid anew
        return float(super().tick(*arguments, **more))
