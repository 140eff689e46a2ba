"""The connections of one channel in one drain.

While the other side is quick, this thread sends by itself over one connection. When it takes its time, so many threads
send, each over a connection of its own: then waiting is what costs, and it is done side by side. Threads see neither
the database nor our rows, so there stays one writer for each process, on SQLite too; what they send is settled here.

Either way no more messages have left and are not written down than there may be connections: what a crash repeats is
at most what may be under way, and writing down so many together costs little more than one (measured).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Generic, TypeVar

from messaging.channels.base import Channel as Driver
from messaging.channels.base import ChannelError, Outgoing

#: Above this a message is worth waiting for beside others; below it threads would only stand in each other's way.
SLOW_SECONDS = 0.02
_JUDGED_AFTER = 2
Job = TypeVar("Job")


@dataclass(frozen=True, slots=True)
class Sent(Generic[Job]):
    """What became of a job: the provider's reference, or the error."""

    job: Job
    reference: str = ""
    error: Exception | None = None


class Hands(Generic[Job]):
    """Sends jobs with at most ``most`` connections; ``finished`` gives back what became of them."""

    def __init__(self, make_driver: Callable[[], Driver], most: int) -> None:
        self._make_driver = make_driver
        self._most = max(1, most)
        self._drivers: list[Driver] = []
        self._free: SimpleQueue[Driver] = SimpleQueue()
        self._pool: ThreadPoolExecutor | None = None
        self._running: set[Future[Sent[Job]]] = set()
        self._done: list[Sent[Job]] = []
        self._spent = 0.0
        self._counted = 0

    @property
    def are_full(self) -> bool:
        return len(self._running) >= self._most

    @property
    def are_busy(self) -> bool:
        return bool(self._running or self._done)

    def send(self, job: Job, outgoing: Outgoing) -> None:
        """Send now, or hand to a thread. Do not call when ``are_full``."""
        if self._most > 1 and self._is_slow():
            self._pool = self._pool or ThreadPoolExecutor(self._most, thread_name_prefix="sending")
            self._running.add(self._pool.submit(self._send, job, outgoing))
        else:
            is_first = not self._drivers  # which also connects, and tells little
            started = time.monotonic()
            self._done.append(self._send(job, outgoing))
            if not is_first:
                self._spent += time.monotonic() - started
                self._counted += 1

    def finished(self, *, waiting: float | None = None) -> list[Sent[Job]]:
        """What is done and not written down yet: once that is as many as may be under way, or something went wrong.
        With ``waiting`` whatever there is, and if there is nothing, what comes within so many seconds."""
        if self._running:
            done, self._running = wait(
                self._running, timeout=0 if self._done else waiting or 0, return_when=FIRST_COMPLETED
            )
            self._done += [future.result() for future in done]
        if waiting is None and not self._is_to_be_told():
            return []
        results, self._done = self._done, []
        return results

    def close(self) -> None:
        """Let go of every connection."""
        if self._pool is not None:
            self._pool.shutdown(wait=True)
        for driver in self._drivers:
            driver.close()

    def _is_to_be_told(self) -> bool:
        return len(self._done) + len(self._running) >= self._most or any(sent.error for sent in self._done)

    def _is_slow(self) -> bool:
        return self._counted >= _JUDGED_AFTER and self._spent / self._counted > SLOW_SECONDS

    def _send(self, job: Job, outgoing: Outgoing) -> Sent[Job]:
        driver = self._take_driver()
        try:
            return Sent(job, reference=driver.send(outgoing))
        except ChannelError as error:
            return Sent(job, error=error)
        except Exception as error:  # a driver that breaks may have sent: its row is settled as such
            return Sent(job, error=error)
        finally:
            self._free.put(driver)

    def _take_driver(self) -> Driver:
        if self._free.empty():
            driver = self._make_driver()
            self._drivers.append(driver)
            return driver
        return self._free.get()
