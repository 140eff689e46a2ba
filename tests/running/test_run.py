"""``manage.py run`` as a whole: the real web server, worker and beat, from the first page to the last process."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings

from ingroeibloei.management.commands import run
from tests.messaging.sinks import mail_sink

pytestmark = [pytest.mark.worker, pytest.mark.slow]

#: Long enough for a loaded machine; nothing waits for it unless something is wrong.
STARTED_WITHIN = 300
ENDED_WITHIN = 60


@dataclass
class Portal:
    """One running portal with a folder of its own, by which its processes are known."""

    process: subprocess.Popen[bytes]
    folder: Path
    port: int
    said: Path

    def processes(self) -> dict[int, str]:
        """Command lines of everything that runs with this portal's folder in its environment, by process id."""
        mark = f"INGROEIBLOEI_VAR={self.folder}\0".encode()
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (entry / "environ").read_bytes():
                    found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
        return found

    def worker(self) -> int:
        """Process id of the worker's leader, the oldest of its group; 0 when there is none."""
        return min(self.workers(), default=0)

    def workers(self) -> set[int]:
        """Process ids of all that work, and of their leader."""
        return {pid for pid, command in self.processes().items() if "celery" in command and " worker " in command}

    def beside(self, script: str) -> str:
        """What Python prints that runs beside the portal, on its data."""
        prepared = "import django; django.setup(); " + script
        environment = {**os.environ, "INGROEIBLOEI_VAR": str(self.folder)}
        asked = subprocess.run(
            [sys.executable, "-c", prepared],
            cwd=settings.BASE_DIR,
            env=environment | {"DJANGO_SETTINGS_MODULE": "ingroeibloei.settings"},
            capture_output=True,
            text=True,
        )
        assert asked.returncode == 0, asked.stderr
        return asked.stdout.strip()

    def first_page(self) -> int:
        return self.ask("/")[0]

    def ask(self, path: str) -> tuple[int, str]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as page:
            page.request("GET", path)
            with page.getresponse() as answer:
                return answer.status, answer.read().decode()


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    with started(tmp_path) as running:
        yield running


@contextlib.contextmanager
def started(tmp_path: Path, **environment: str) -> Iterator[Portal]:
    """A portal from its first page on; when the block ends, nothing of it is left."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder, said = tmp_path / "var", tmp_path / "said"
    command = [sys.executable, "manage.py", "run", "--port", str(port)]
    with said.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env={**os.environ, **environment, "INGROEIBLOEI_VAR": str(folder), "PORT": str(port)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    running = Portal(process, folder, port, said)
    try:
        wait_until(lambda: b"In groei en bloei: http://localhost:" in said.read_bytes(), STARTED_WITHIN, said)
        yield running
    finally:
        process.kill()
        process.wait()
        wait_until(lambda: not running.processes(), ENDED_WITHIN, said)


def wait_until(happens: Callable[[], object], seconds: float, said: Path) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, said.read_text()
        time.sleep(0.1)


def test_the_portal_runs_heals_and_ends_without_leaving_a_process(portal: Portal) -> None:
    assert portal.first_page() < 500
    commands = " ".join(portal.processes().values())
    assert "gunicorn" in commands
    assert " worker " in commands
    assert " beat " in commands

    wait_until(lambda: portal.ask("/gezondheid/klaar/")[0] == 200, 60, portal.said)  # beat was heard
    wait_until(lambda: counted(portal, "messaging.tasks.deliver_due"), 60, portal.said)

    first_worker = portal.worker()
    os.kill(first_worker, signal.SIGKILL)
    wait_until(lambda: b"The worker ended by itself" in portal.said.read_bytes(), 10, portal.said)
    wait_until(lambda: first_worker not in portal.processes() and portal.worker(), 10, portal.said)
    assert portal.first_page() < 500

    portal.process.send_signal(signal.SIGTERM)
    assert portal.process.wait(ENDED_WITHIN) == 0
    assert portal.processes() == {}


def counted(portal: Portal, task: str) -> bool:
    """Whether the web server tells of what a worker did, and of the signs of life of both."""
    status, words = portal.ask("/gezondheid/cijfers/")
    assert status == 200
    return f'ingroeibloei_task_seconds_count{{outcome="SUCCESS",task="{task}"}}' in words and (
        "ingroeibloei_worker_silent_seconds -1.0" not in words
    )


@pytest.mark.fault
def test_nothing_stays_behind_when_the_portal_itself_is_killed(portal: Portal) -> None:
    portal.process.kill()
    portal.process.wait()
    wait_until(lambda: not portal.processes(), ENDED_WITHIN, portal.said)
    with pytest.raises(ConnectionRefusedError):
        portal.first_page()


#: A notice to one parent, ready to leave.
SEND = """
from django.db import transaction
from messaging.services import publish_notice
from tests import factories as make
with transaction.atomic():
    school_class = make.make_class()
    make.make_family(school_class, emails=["moeder@post.example"])
    notice = make.make_notice(school_class)
    publish_notice(notice=notice, by=notice.author)
"""
STATE = "from messaging.models import Delivery; print(Delivery.objects.get().status)"


@pytest.mark.full
@pytest.mark.fault
def test_workers_that_live_and_do_nothing_are_started_again(tmp_path: Path) -> None:
    with (
        mail_sink() as sink,
        started(tmp_path, WORKER_STILL_SECONDS="4", EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(sink.port)) as portal,
    ):
        wait_until(portal.workers, 30, portal.said)
        asleep = sent_while_all_sleep(portal)
        wait_until(lambda: b"the workers are started again" in portal.said.read_bytes(), 60, portal.said)
        wait_until(lambda: portal.beside(STATE) == "SENT", STARTED_WITHIN, portal.said)
        assert len(sink.messages()) == 1
        assert not asleep & portal.workers()


def sent_while_all_sleep(portal: Portal) -> set[int]:
    """Stop every worker and send; one that was stopped while it held a lock is let go on first."""
    for _attempt in range(10):
        asleep = portal.workers()
        for worker in asleep:
            os.kill(worker, signal.SIGSTOP)
        with contextlib.suppress(AssertionError):
            portal.beside(SEND)
            return asleep
        for worker in asleep:
            os.kill(worker, signal.SIGCONT)
        time.sleep(1)
    raise AssertionError(portal.said.read_text())


def test_in_production_it_names_the_address_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """At its own port it refuses every other name than those of ALLOWED_HOSTS."""
    for name, value in (("PRODUCTION", True), ("DEMO", False), ("SITE_URL", "https://portaal.example.be")):
        monkeypatch.setattr(settings, name, value)
    monkeypatch.setattr(run, "first_page_status", lambda _host, _port: 301)
    words = StringIO()
    command = run.Command(stdout=words)
    command._code = None
    assert command._announce("127.0.0.1", 8000)
    assert words.getvalue().startswith("In groei en bloei: https://portaal.example.be, which")
    assert "http://localhost:8000" in words.getvalue()
