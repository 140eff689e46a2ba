"""A phone operator on loopback that speaks SMPP 3.4, as the one behind a school's gateway does.

It keeps every part of every message as it was sent through the air, and reports what a test tells it to.
"""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_BIND, _SUBMIT, _DELIVER, _UNBIND, _ENQUIRE = 0x09, 0x04, 0x05, 0x06, 0x15
_RESPONSE = 0x80000000
#: GSM 03.38 where it differs from ASCII, as far as the tests write it.
_GSM = {0x00: "@", 0x01: "£", 0x02: "$", 0x04: "è", 0x05: "é", 0x06: "ù", 0x07: "ì", 0x11: "_", 0x7B: "ä", 0x7F: "à"}
_GSM_ESCAPED = {0x65: "€", 0x28: "{", 0x29: "}", 0x3C: "[", 0x3E: "]", 0x3D: "~", 0x40: "|", 0x14: "^", 0x2F: "\\"}


@dataclass(frozen=True)
class Part:
    """One message through the air: number, words, and the units that they take there."""

    number: str
    words: str
    units: int
    is_wide: bool


@dataclass
class Operator:
    """``answer`` gives for a number the status of taking it (0) or refusing it; ``report`` the words about its end."""

    answer: Callable[[str], int] = lambda number: 0
    report: Callable[[str], str] = lambda number: "stat:DELIVRD err:000"
    parts: list[Part] = field(default_factory=list)
    port: int = 0


@contextmanager
def operator() -> Iterator[Operator]:
    known = Operator()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while header := self.rfile.read(16):
                length, command, _, sequence = struct.unpack(">IIII", header)
                body = self.rfile.read(length - 16)
                if command == _BIND:
                    self._send(command | _RESPONSE, 0, sequence, b"operator\0")
                elif command in (_ENQUIRE, _UNBIND):
                    self._send(command | _RESPONSE, 0, sequence, b"")
                elif command == _SUBMIT:
                    self._take(body, sequence)

        def _take(self, body: bytes, sequence: int) -> None:
            part, sender, wants_report = _read(body)
            status = known.answer(part.number)
            name = f"{len(known.parts):08x}".encode()
            self._send(_SUBMIT | _RESPONSE, status, sequence, b"" if status else name + b"\0")
            if status:
                return
            known.parts.append(part)
            if wants_report:
                words = b"id:" + name + b" sub:001 dlvrd:001 submit date:2702110900 done date:2702110901 "
                words += known.report(part.number).encode() + b" text:"
                addresses = b"\1\1" + part.number.encode() + b"\0" + b"\0\1" + sender + b"\0"
                facts = b"\4" + bytes(8) + bytes([len(words)])  # a receipt in the default alphabet
                self._send(_DELIVER, 0, 1000 + sequence, b"\0" + addresses + facts + words)

        def _send(self, command: int, status: int, sequence: int, body: bytes) -> None:
            self.wfile.write(struct.pack(">IIII", 16 + len(body), command, status, sequence) + body)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Session) as server:
        known.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield known
        finally:
            server.shutdown()


def _read(body: bytes) -> tuple[Part, bytes, bool]:
    """The fields of a submit_sm (SMPP 3.4, section 4.4.1)."""
    _service, rest = body.split(b"\0", 1)
    sender, rest = rest[2:].split(b"\0", 1)
    number, rest = rest[2:].split(b"\0", 1)
    esm_class, rest = rest[0], rest[3:]
    _schedule, rest = rest.split(b"\0", 1)
    _validity, rest = rest.split(b"\0", 1)
    registered, _replace, coding, _predefined, length = rest[:5]
    content = rest[5 : 5 + length]
    if esm_class & 0x40:  # a header joins the parts
        content = content[content[0] + 1 :]
    is_wide = coding == 8
    words = content.decode("utf-16-be", "surrogatepass") if is_wide else _from_gsm(content)
    units = len(content) // 2 if is_wide else len(content)
    return Part(number.decode(), words, units, is_wide), sender, bool(registered & 1)


def _from_gsm(septets: bytes) -> str:
    words, escaped = "", False
    for septet in septets:
        if septet == 0x1B:
            escaped = True
            continue
        words += _GSM_ESCAPED[septet] if escaped else _GSM.get(septet, chr(septet))
        escaped = False
    return words
