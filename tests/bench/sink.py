"""A mail server that takes everything and counts it: a process of its own, quick enough never to be what is measured.

``python -m tests.bench.sink [SECONDS]`` prints its port; a mail takes so many seconds after its final dot. A line on
its standard input asks for what came in since the line before; it ends with its input.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_END = b"\r\n.\r\n"


@dataclass(frozen=True, slots=True)
class Arrivals:
    """``distinct`` counts addresses, ``last`` is the monotonic time at which the last mail was answered."""

    arrived: int
    distinct: int
    last: float


class Sink:
    """The running server."""

    def __init__(self, pause: float = 0.0) -> None:
        command = [sys.executable, "-m", "tests.bench.sink", str(pause)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self._answer())

    def arrivals(self) -> Arrivals:
        """What came in since this was asked before."""
        assert self._process.stdin is not None
        print(file=self._process.stdin, flush=True)
        return Arrivals(**json.loads(self._answer()))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextmanager
def running(pause: float = 0.0) -> Iterator[Sink]:
    sink = Sink(pause)
    try:
        yield sink
    finally:
        sink.close()


class _Counted:
    def __init__(self) -> None:
        self.mails = 0
        self.addresses: set[bytes] = set()
        self.last = 0.0


class _Session(asyncio.Protocol):
    """As much of RFC 5321 as clients need that send one mail to one address at a time."""

    def __init__(self, counted: _Counted, pause: float) -> None:
        self._counted, self._pause = counted, pause
        self._received = bytearray()
        self._answers: list[bytes] = []
        self._in_mail = False
        self._address = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Commands that came together are answered together (RFC 2920, 3.2)."""
        self._received += data
        while (end := self._received.find(_END if self._in_mail else b"\r\n")) >= 0:
            if self._in_mail:
                del self._received[: end + len(_END)]
                self._take_mail()
            else:
                line = bytes(self._received[:end])
                del self._received[: end + 2]
                self._obey(line)
        self._tell()

    def _tell(self) -> None:
        if self._answers:
            self._transport.write(b"".join(self._answers))
            self._answers.clear()

    def _take_mail(self) -> None:
        self._in_mail = False
        if self._pause:
            asyncio.get_running_loop().call_later(self._pause, self._accept_later)
        else:
            self._accept()

    def _accept_later(self) -> None:
        self._accept()
        self._tell()

    def _accept(self) -> None:
        self._counted.mails += 1
        self._counted.addresses.add(self._address)
        self._counted.last = time.monotonic()
        self._answers.append(b"250 taken\r\n")

    def _obey(self, line: bytes) -> None:
        word = line[:4].upper()
        if word == b"DATA":
            self._in_mail = True
            self._answers.append(b"354 go on\r\n")
        elif word == b"QUIT":
            self._answers.append(b"221 bye\r\n")
            self._tell()
            self._transport.close()
        elif word == b"EHLO":
            self._answers.append(b"250-sink\r\n250 PIPELINING\r\n")
        else:
            if word == b"RCPT":
                self._address = line
            self._answers.append(b"250 fine\r\n")


async def _serve(pause: float) -> None:
    loop = asyncio.get_running_loop()
    counted, ended = _Counted(), loop.create_future()

    def asked() -> None:
        if not sys.stdin.readline():
            loop.remove_reader(sys.stdin)
            ended.set_result(None)
            return
        found, counted.addresses = counted.addresses, set()
        print(json.dumps({"arrived": counted.mails, "distinct": len(found), "last": counted.last}), flush=True)
        counted.mails = 0

    server = await loop.create_server(lambda: _Session(counted, pause), "127.0.0.1", 0, backlog=200)
    loop.add_reader(sys.stdin, asked)
    print(server.sockets[0].getsockname()[1], flush=True)
    await ended


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
