"""Programs that run beside this process, live as long as it does and never longer.

Used by ``manage.py run`` for the web server, the worker and beat.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

PR_SET_PDEATHSIG = 1  # prctl(2)
GRACE_SECONDS = 10.0
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
SETTLED_SECONDS = 60.0
FAILURES_TOLERATED = 5

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class EndlessFailure(Exception):
    """A program ended so often in a row that starting it once more helps nobody."""


def die_with_parent(parent: int) -> Callable[[], None]:
    """A hook for a new child: let the kernel end it when ``parent`` goes, even by SIGKILL (Linux; elsewhere no effect).

    Loading libc happens in the parent: between fork and exec nothing may be imported.
    """

    def ask_the_kernel() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:  # it went between the fork and our request
                os._exit(1)

    return ask_the_kernel


class Program:
    """One program in a process group of its own, started again, ever more slowly, when it ends by itself."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self.name = name
        self._command = list(command)
        self._environment = dict(environment) if environment is not None else None
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_again_at = 0.0
        self._failures = 0

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Process id of the running program; raises LookupError when there is none."""
        if self._process is None:
            raise LookupError(f"The {self.name} does not run.")
        return self._process.pid

    def start(self) -> None:
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - the commands are ours, no shell
            self._command,
            env=self._environment,
            process_group=0,  # Ctrl-C in the terminal reaches the parent only, which ends its programs in order
            preexec_fn=die_with_parent(os.getpid()),
        )

    def keep_running(self) -> int | None:
        """Start again what ended. Returns the exit status once per ending, else None. Raises EndlessFailure."""
        if self.is_running:
            return None
        if self._process is None:
            if time.monotonic() >= self._start_again_at:
                self.start()
            return None
        status = self._process.returncode
        self._clear_group()
        self._process = None
        lived = time.monotonic() - self._started_at
        self._failures = 1 if lived >= SETTLED_SECONDS else self._failures + 1
        if self._failures > FAILURES_TOLERATED:
            raise EndlessFailure(self.name)
        pause = min(FIRST_PAUSE_SECONDS * 2 ** (self._failures - 1), LONGEST_PAUSE_SECONDS)
        self._start_again_at = time.monotonic() + pause
        return status

    def ask_to_end(self) -> None:
        """TERM to the leader alone: gunicorn and Celery end their own children after the work in hand."""
        if self._process is not None and self.is_running:
            self._process.terminate()

    def end(self, deadline: float) -> None:
        """Wait until ``deadline`` (monotonic clock), then KILL; in both cases nothing of the group remains."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, deadline - time.monotonic()))
        self._clear_group()
        self._process.wait()
        self._process = None

    def _clear_group(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def end_all(programs: Sequence[Program], grace: float = GRACE_SECONDS) -> None:
    """End programs together: all are asked first, so that ``grace`` (seconds) is the longest that the whole takes."""
    for program in programs:
        program.ask_to_end()
    deadline = time.monotonic() + grace
    for program in programs:
        program.end(deadline)


def begin_anew(programs: Sequence[Program], grace: float = GRACE_SECONDS) -> None:
    """End programs together and start them again: for those that live and do nothing."""
    end_all(programs, grace)
    for program in programs:
        program.start()
