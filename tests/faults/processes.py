"""Real worker processes on the test's database and broker, and how they are killed."""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from ingroeibloei.management.commands.run import CELERY_OPTIONS, web_arguments, worker_arguments
from ingroeibloei.management.commands.run import WORKER_PROCESSES as WORKER_PROCESSES
from ingroeibloei.processes import die_with_parent
from messaging import outbox

#: Long enough for a loaded machine; nothing waits for it unless something is wrong.
PATIENCE_SECONDS = 180.0
#: A lease that tests can wait for, and one that a loaded machine does not let run out by itself.
SHORT_LEASE_SECONDS, LONG_LEASE_SECONDS = 4, 30
#: What each of those processes may have under way when it is killed.
MAIL_CONNECTIONS = 2


class Worker:
    """The workers of one machine as ``manage.py run`` starts them, each program in a process group of its own."""

    python = (sys.executable, "-m", "celery")

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.said = folder / f"worker-{time.monotonic_ns()}.log"
        self._environment = os.environ | same_database() | environment
        self._arguments = worker_arguments()
        self._programs = [self._started(place) for place in range(len(self._arguments))]

    def _started(self, place: int) -> subprocess.Popen[bytes]:
        with self.said.open("ab") as log:
            return subprocess.Popen(
                [*self.python, *CELERY_OPTIONS, *self._arguments[place]],
                env=self._environment,
                cwd=settings.BASE_DIR,
                stdout=log,
                stderr=log,
                process_group=0,
                preexec_fn=die_with_parent(os.getpid()),
            )

    def kill_and_start_again(self) -> None:
        """SIGKILL to everything, as when the machine's power goes; then all anew."""
        self.kill()
        self._programs = [self._started(place) for place in range(len(self._arguments))]

    def kill(self) -> None:
        for program in self._programs:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()

    def kill_one(self) -> bool:
        """SIGKILL to one process that sends, as when memory runs out; it comes again. False when none is there."""
        if len(self._programs) > 1:
            place = random.randrange(len(self._programs))
            self._programs[place].kill()
            self._programs[place].wait()
            self._programs[place] = self._started(place)
            return True
        found = _children(self._programs[0].pid)  # the leader puts another in its place
        if found:
            os.kill(random.choice(found), signal.SIGKILL)
        return bool(found)

    def end(self, patience: float = 20) -> None:
        for program in self._programs:
            program.terminate()
        for program in self._programs:
            try:
                program.wait(patience)
            except subprocess.TimeoutExpired:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()


def _children(leader: int) -> list[int]:
    """Process ids of its children that live, whichever of its threads started them."""
    threads = Path(f"/proc/{leader}/task").glob("*/children")
    return [pid for thread in threads for pid in map(int, thread.read_text().split()) if _lives(pid)]


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] not in "ZX"
    except OSError:
        return False


def same_database() -> dict[str, str]:
    """The environment in which another process finds this test's database."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql":
        url = urlsplit(os.environ["DATABASE_URL"])
        host = connection.settings_dict["OPTIONS"].get("host")  # a test may have a server of its own
        query = f"host={host}" if host else url.query
        return {"DATABASE_URL": f"{url.scheme}://{url.netloc}/{name}?{query}".removesuffix("?")}
    usual = Path(settings.VAR_DIR) / "ingroeibloei.sqlite3"
    if not usual.exists():
        usual.symlink_to(name)
    return {}


def wait_until(happened: Callable[[], bool], what: str, *, ring: Callable[[], object] = outbox.ring) -> None:
    """Rings the bell every second, as beat does every fifteen."""
    deadline, rung = time.monotonic() + PATIENCE_SECONDS, 0.0
    while not happened():
        now = time.monotonic()
        assert now < deadline, f"{what} did not happen in {PATIENCE_SECONDS} s"
        if now > rung + 1:
            ring()
            rung = now
        time.sleep(0.02)


class Web:
    """The web server as ``manage.py run`` starts it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        with (folder / "web.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *web_arguments(f"127.0.0.1:{self._port}")],
                env=os.environ | same_database() | environment,
                cwd=settings.BASE_DIR,
                stdout=log,
                stderr=log,
                process_group=0,
                preexec_fn=die_with_parent(os.getpid()),
            )

    def ask(self, path: str, *, post: bool = False, session: str = "") -> int:
        """The status of its answer; 0 when it does not answer."""
        token = "0123456789abcdef0123456789abcdef"
        headers = {"Host": urlsplit(settings.SITE_URL).netloc, "X-CSRFToken": token}
        headers["Cookie"] = f"{settings.CSRF_COOKIE_NAME}={token}; {settings.SESSION_COOKIE_NAME}={session}"
        asked = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            asked.request("POST" if post else "GET", path, headers=headers)
            return asked.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            asked.close()

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(30)
