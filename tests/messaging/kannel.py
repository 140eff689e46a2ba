"""A real Kannel on loopback: Debian's bearerbox and smsbox, Kannel's fake SMSC, and an operator that speaks SMPP."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes
from urllib.request import urlopen

from ingroeibloei.processes import die_with_parent
from tests.messaging.operator import Operator, operator

USER, PASSWORD = "school", "geheim"
FAKE_SMSC = "/usr/lib/kannel/test/fakesmsc"
#: Numbers that begin so are the SMPP operator's; the fake SMSC carries the rest.
OPERATOR_PREFIX = "+32490"
_GOT = re.compile(r"Got message \d+: <(\S+) (\S+) (?:udh (\S+) )?(text|data|ucs-2) (.*)>$", re.MULTILINE)


@dataclass
class Kannel:
    """``url`` is its sendsms address; ``home`` holds what the fake SMSC printed."""

    url: str
    home: Path
    operator: Operator
    phones: int

    @contextmanager
    def texting(self, number: str, words: str) -> Iterator[None]:
        """A phone sends a text message through Kannel's fake SMSC; wide letters as UCS-2."""
        kind, content = ("text", words) if words.isascii() else ("ucs2", quote(words.encode("utf-16-be")))
        command = [FAKE_SMSC, "-H", "127.0.0.1", "-r", str(self.phones), "-m", "1", f"{number} 8810 {kind} {content}"]
        phone = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.home
        )
        try:
            yield
        finally:
            phone.terminate()
            phone.wait(5)

    def received(self, number: str) -> list[bytes]:
        """What the fake SMSC got for a number, part after part: UCS-2 for wide text, else as Kannel writes it."""
        found = _GOT.findall((self.home / "fakesmsc.log").read_text(errors="surrogateescape"))
        return [
            words.encode(errors="surrogateescape") if kind == "text" else unquote_to_bytes(words.replace("+", " "))
            for _, receiver, _, kind, words in found
            if receiver == number
        ]


def until(what: Callable[[], object], seconds: float = 15.0) -> None:
    """Wait for something that other processes do."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@contextmanager
def kannel(inbound: str) -> Iterator[Kannel]:
    """``inbound`` is where a message from a phone is brought, as Kannel's ``get-url`` is written."""
    folder = Path(tempfile.mkdtemp(prefix="ingroeibloei-kannel-"))
    running: list[subprocess.Popen[bytes]] = []
    try:
        with operator() as smpp:
            yield _start(folder, inbound, smpp, running)
    finally:
        for program in reversed(running):
            program.terminate()
        for program in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(5)
            program.kill()
            program.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _start(home: Path, inbound: str, smpp: Operator, running: list[subprocess.Popen[bytes]]) -> Kannel:
    admin, smsbox, smsc, phones, sendsms = _free_ports(5)
    config = home / "kannel.conf"
    config.write_text(
        f"""
group = core
admin-interface = 127.0.0.1
admin-port = {admin}
admin-password = {PASSWORD}
smsbox-interface = 127.0.0.1
smsbox-port = {smsbox}
box-allow-ip = 127.0.0.1
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = fake
host = 127.0.0.1
port = {smsc}
connect-allow-ip = 127.0.0.1
denied-prefix = "{OPERATOR_PREFIX}"

group = smsc
smsc = fake
smsc-id = phones
host = 127.0.0.1
port = {phones}
connect-allow-ip = 127.0.0.1
denied-prefix = "+"

group = smsc
smsc = smpp
smsc-id = operator
host = 127.0.0.1
port = {smpp.port}
smsc-username = school
smsc-password = geheim
system-type = ""
transceiver-mode = true
allowed-prefix = "{OPERATOR_PREFIX}"

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {smsbox}
sendsms-interface = 127.0.0.1
sendsms-port = {sendsms}
global-sender = 8810
http-request-retry = 5
http-queue-delay = 1

group = sendsms-user
username = {USER}
password = {PASSWORD}
concatenation = true
max-messages = 10

group = sms-service
keyword = default
catch-all = true
get-url = "{inbound}"
omit-empty = true
"""
    )
    _run(home, running, "bearerbox", "/usr/sbin/bearerbox", str(config))
    until(lambda: _answers(smsbox))
    _run(home, running, "smsbox", "/usr/sbin/smsbox", str(config))
    _run(home, running, "fakesmsc", FAKE_SMSC, "-H", "127.0.0.1", "-r", str(smsc), "-m", "0", "0 0 text x")
    until(lambda: _answers(sendsms))
    until(lambda: _status(admin).count("(online") >= 2)
    return Kannel(f"http://127.0.0.1:{sendsms}/cgi-bin/sendsms", home, smpp, phones)


def _run(home: Path, running: list[subprocess.Popen[bytes]], name: str, *command: str) -> None:
    with (home / f"{name}.log").open("wb") as log:
        running.append(
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=home,
                preexec_fn=die_with_parent(os.getpid()),
            )
        )


def _status(admin: int) -> str:
    with contextlib.suppress(OSError), urlopen(f"http://127.0.0.1:{admin}/status.txt?password={PASSWORD}") as page:
        return str(page.read().decode())
    return ""


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
