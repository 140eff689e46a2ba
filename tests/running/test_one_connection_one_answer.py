"""What is done after an answer (schools.answerfirst) is seen by nobody: not on the connection that the answer came by
either, which a browser and many a proxy use again."""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from django.conf import settings

from ingroeibloei.management.commands.run import web_arguments
from tests.running.endings import WORK_SECONDS
from tests.services import _free_port

HERE = "127.0.0.1"
BEHIND_NGINX = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "ingroeibloei.wsgi:application"]


@contextlib.contextmanager
def served(words: list[str], port: int) -> Iterator[None]:
    """The web server as it is started, with another application."""
    own = [word.replace("ingroeibloei.wsgi", "tests.running.endings") for word in words]
    environment = os.environ | {"WEB_BIND": f"{HERE}:{port}", "WEB_PROCESSES": "1"}
    process = subprocess.Popen([sys.executable, "-m", *own], cwd=settings.BASE_DIR, env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def answered(connection: http.client.HTTPConnection) -> float:
    """How long one request took."""
    began = time.monotonic()
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    return time.monotonic() - began


def until_it_answers(port: int) -> http.client.HTTPConnection:
    until = time.monotonic() + 60
    while True:
        connection = http.client.HTTPConnection(HERE, port, timeout=20)
        with contextlib.suppress(ConnectionRefusedError):
            answered(connection)
            return connection
        connection.close()
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.parametrize("started", ["run", "nginx"])
def test_the_next_request_does_not_wait_for_it(started: str) -> None:
    port = _free_port()
    words = BEHIND_NGINX if started == "nginx" else web_arguments(f"{HERE}:{port}")
    with served(words, port), contextlib.closing(until_it_answers(port)) as connection:
        assert answered(connection) < WORK_SECONDS / 2
