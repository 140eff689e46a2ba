"""An OpenID Connect issuer that runs beside the tests as a process of its own (the package oidc-provider-mock)."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests

#: Its clock shows what ours does, which the tests may have set: else what it signs would be of another day.
_AT_OUR_TIME = """
import runpy, sys, time_machine
time_machine.travel(float(sys.argv.pop(1)), tick=True).start()
runpy.run_module("oidc_provider_mock", run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True)
class Issuer:
    """Where it is; ``person`` makes somebody known there, ``sign_in`` is what a person does on its page."""

    address: str

    def person(self, subject: str, **claims: Any) -> None:
        requests.put(f"{self.address}/users/{subject}", json=claims, timeout=10).raise_for_status()

    def sign_in(self, subject: str, sent_to: str, *, without: str = "") -> str:
        """The address, without our host, to which the issuer sends the browser back."""
        page = urlsplit(sent_to)
        asked = [(name, value) for name, value in parse_qsl(page.query) if name != without]
        answer = requests.post(
            f"{page.scheme}://{page.netloc}{page.path}?{urlencode(asked)}",
            data={"sub": subject},
            allow_redirects=False,
            timeout=10,
        )
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"


@contextlib.contextmanager
def running(*options: str) -> Iterator[Issuer]:
    """Started on a free port of this machine, and stopped."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [sys.executable, "-W", "ignore", "-c", _AT_OUR_TIME, str(time.time()), "--port", str(port), *options]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = Issuer(f"http://127.0.0.1:{port}")
    try:
        _await(issuer, process)
        yield issuer
    finally:
        process.terminate()
        process.wait(timeout=10)


def _await(issuer: Issuer, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(requests.ConnectionError):
            requests.get(f"{issuer.address}/.well-known/openid-configuration", timeout=10).raise_for_status()
            return
        time.sleep(0.1)
    raise RuntimeError("the issuer did not start")
