"""The other side of sending: a mail server and an SMS gateway on loopback that answer as a test tells them to."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailSink:
    """Keeps what arrives. ``answer_rcpt`` and ``answer_data`` give another answer than 250 for an address, or "cut"
    to hang up: after the final dot when it comes from ``answer_data``. A mail takes ``pause`` seconds, and ``stall``
    those more that it gives for an address. ``shut`` and ``listen`` take the server away and back."""

    answer_rcpt: Callable[[str], str] = lambda address: ""
    answer_data: Callable[[str], str] = lambda address: ""
    raw: list[tuple[str, bytes]] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    connections: int = 0
    encrypted: bool = False
    port: int = 0
    pause: float = 0.0
    stall: Callable[[str], float] = lambda address: 0.0
    words: dict[str, Any] = field(default_factory=dict)

    def listen(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=10, **self.words)
        self._controller.start()

    def shut(self) -> None:
        """Nothing listens there any more, and who is connected is cut off."""
        self._controller.stop(no_assert=True)

    def messages(self, address: str = "") -> list[EmailMessage]:
        """What arrived, parsed, perhaps at one address only."""
        policy = email.policy.default
        return [
            email.message_from_bytes(content, policy=policy) for to, content in self.raw if not address or to == address
        ]

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: Any
    ) -> Any:
        session.host_name = hostname
        self.connections += 1
        self.encrypted = session.ssl is not None
        return responses

    async def handle_AUTH(self, server: SMTP, session: Session, envelope: Envelope, words: list[str]) -> str:
        self.logins.append(words[0])
        return "535 5.7.8 No"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.recipients.append(address)
        answer = self.answer_rcpt(address)
        if answer == "cut":
            _hang_up(server)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        address = envelope.rcpt_tos[0]
        await asyncio.sleep(self.pause + self.stall(address))
        answer = self.answer_data(address)
        if not answer or answer == "cut":
            self.raw.append((address, envelope.content or b""))  # type: ignore[arg-type]
        if answer == "cut":
            _hang_up(server)
        return answer or "250 OK"


def _hang_up(server: SMTP) -> None:
    transport = server.transport
    assert isinstance(transport, asyncio.WriteTransport)
    transport.abort()


@contextmanager
def mail_sink(*, tls: ssl.SSLContext | None = None, **answers: Callable[[str], str]) -> Iterator[MailSink]:
    """A running mail server; with ``tls`` it offers STARTTLS and takes no mail without."""
    sink = MailSink(**answers)  # type: ignore[arg-type]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        sink.port = probe.getsockname()[1]
    sink.words = {"tls_context": tls, "require_starttls": True} if tls else {"auth_require_tls": False}
    sink.listen()
    try:
        yield sink
    finally:
        sink.shut()


@dataclass
class Gateway:
    """Keeps the queries that arrive; ``answer`` gives the HTTP status for a number, 0 to hang up."""

    answer: Callable[[str], int] = lambda number: 202
    queries: list[dict[str, str]] = field(default_factory=list)
    url: str = ""


@contextmanager
def sms_gateway(answer: Callable[[str], int] = lambda number: 202) -> Iterator[Gateway]:
    """A running gateway that speaks as Kannel's sendsms does."""
    gateway = Gateway(answer)

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
            gateway.queries.append(query)
            status = gateway.answer(query.get("to", ""))
            if not status:
                self.close_connection = True
                return
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"0: Accepted for delivery")

        def log_message(self, format: str, *args: Any) -> None:
            """Tests read ``queries``."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    gateway.url = f"http://127.0.0.1:{server.server_address[1]}/cgi-bin/sendsms"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
