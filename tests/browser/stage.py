"""The running portal of the browser tests: web server, worker and beat as processes; mails and text messages arrive
over sockets."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from aiosmtpd.controller import Controller

from tests.browser import front
from tests.browser.laid_world import lay_world
from tests.browser.letterbox import Letterbox
from tests.browser.questions import ROOT, Questions
from tests.messaging.sinks import Gateway, sms_gateway

#: A demo world is made in some ten seconds; a shared machine may give it less than its share.
#: Above those of the tests themselves, which have one for each of their processes.
FIRST_REDIS_DATABASE, PORTALS_OF_A_PROCESS = 20, 8
STARTED_WITHIN_SECONDS = 300.0


@dataclass
class Portal:
    """One running portal with its own folder, database and letterbox."""

    address: str
    folder: Path
    letterbox: Letterbox
    phones: Gateway
    environment: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, dict[str, str]] = field(default_factory=dict)
    notices: list[dict[str, str]] = field(default_factory=list)
    questions: Questions | None = None

    def read_accounts(self) -> None:
        """Nothing in a portal that began empty."""
        file = self.folder / "demo_accounts.json"
        written = json.loads(file.read_text()) if file.exists() else {"accounts": [], "notices": []}
        self.accounts = {account["key"]: account for account in written["accounts"]}
        self.notices = written["notices"]

    def notice_with_answers(self, **whose: str) -> str:
        """The link of an older notice, by ``guardian`` or ``language``: the newest leads to times of a round."""
        return [row["url"] for row in self.notices if whose.items() <= row.items()][-1]

    def ask(self, expression: str) -> str:
        """What a Python expression over the models is worth in the running portal's database, as text."""
        self.questions = self.questions or Questions(self.environment)
        return self.questions.ask(expression)

    def manage(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """A command on the machine of the portal."""
        command = [sys.executable, "manage.py", *words]
        environment = self.environment | settings
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    def codes_at(self, number: str) -> list[str]:
        """The codes that came to a phone, the newest last."""
        texts = [query["text"] for query in self.phones.queries if query["to"] == number]
        return [found[0] for text in texts if (found := re.search(r"\b[0-9]{6}\b", text))]

    def url(self, path: str) -> str:
        """An address of this portal."""
        return self.address + re.sub(r"^https?://[^/]+", "", path)


def wait_until(true: Callable[[], object], seconds: float = 40.0) -> None:
    """Until something comes true, or fail."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.25)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


#: Before the first start of a portal: fills its folder and its empty database.
Lay = Callable[[Path, dict[str, str]], object]


@contextmanager
def running_portal(folder: Path, lay: Lay = lay_world, **settings: str) -> Iterator[Portal]:
    """The portal as ``make demo`` starts it again, but with a mail server and a gateway for text messages; on the
    engines of the tests. ``settings`` hold for the running portal, whose world was laid as on the demo's own day, so
    that it may live on a later one. The first start, from nothing, is tried in ``tests/running``. With
    ``--behind-nginx`` it stands in production's settings behind nginx."""
    with sms_gateway() as phones:
        yield from _running_portal(folder, phones, lay, settings)


def _running_portal(folder: Path, phones: Gateway, lay: Lay, settings: dict[str, str]) -> Iterator[Portal]:
    letterbox = Letterbox()
    sink = Controller(letterbox, hostname="127.0.0.1", port=free_port())
    sink.start()
    port, https = free_port(), free_port()
    environment = os.environ | {
        "INGROEIBLOEI_ENV": "demo",
        "INGROEIBLOEI_VAR": str(folder),
        "PORT": str(port),
        "MAIL_DRIVER": "smtp",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(sink.port),
        "SMS_DRIVER": "gateway",
        "SMS_GATEWAY_URL": phones.url,
    }
    if os.environ.get("DATABASE_URL"):
        environment["DATABASE_URL"] = _database_of_its_own(os.environ["DATABASE_URL"])
        server, _, number = os.environ["REDIS_URL"].rpartition("/")
        environment["REDIS_URL"] = f"{server}/{_broker_of_its_own(int(number))}"
    if front.chosen:
        # The world of today: outside a demo nobody can say that it is May.
        environment["DEMO_TODAY"] = datetime.now(UTC).date().isoformat()
        environment |= front.production(https)
    lay(folder, environment)
    environment |= settings
    said = folder / "said.txt"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run", *([] if front.chosen else ["--demo"]), "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        portal = Portal(f"http://localhost:{port}", folder, letterbox, phones, environment)
        try:
            _wait_for(portal, process, said)
            portal.read_accounts()
            if front.chosen:
                portal.address = environment["SITE_URL"]
                from tests.browser.gate import gate  # its servers need the settings, which pictures are made without

                with gate(folder, environment, port, https=https):
                    yield portal
            else:
                yield portal
        finally:
            if portal.questions:
                portal.questions.close()
            _end(process)
            sink.stop()


def _end(process: subprocess.Popen[bytes]) -> None:
    """As with Ctrl-C; what is still there then is no portal that a later test should meet."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


def _wait_for(portal: Portal, process: subprocess.Popen[bytes], said: Path) -> None:
    deadline = time.monotonic() + STARTED_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{portal.address}/gezondheid/leeft/", timeout=2):  # noqa: S310 - loopback
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"The portal does not start:\n{said.read_text()[-4000:]}")


_started = count()


def _broker_of_its_own(process: int) -> int:
    """A database of Redis in which no other portal's workers take the work away."""
    return FIRST_REDIS_DATABASE + process * PORTALS_OF_A_PROCESS + next(_started) % PORTALS_OF_A_PROCESS


def _database_of_its_own(url: str) -> str:
    """A new, empty database on the same server."""
    name = f"portal_{uuid.uuid4().hex[:10]}"
    server = psycopg2.connect(url)
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    server.close()
    return urlsplit(url)._replace(path=f"/{name}").geturl()
