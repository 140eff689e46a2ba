"""A mail provider on loopback whose API answers as Postmark's does (its documentation: "Send a single email")."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "sleutel-van-de-test"
HOOK_USER, HOOK_PASSWORD = "provider", "0123456789abcdef0123456789abcdef"


@dataclass
class Provider:
    """Keeps what arrives. ``answer`` gives status and error code for an address; status 0 hangs up after reading."""

    answer: Callable[[str], tuple[int, int]] = lambda address: (200, 0)
    mails: list[dict[str, Any]] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)
    url: str = ""


@contextmanager
def provider() -> Iterator[Provider]:
    known = Provider()

    class Api(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections are kept

        def do_POST(self) -> None:
            known.connections.add(self.client_address[1])
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path != "/email" or self.headers["X-Postmark-Server-Token"] != TOKEN:
                self._say(401, 10, "No Account or Server API tokens were supplied")
                return
            mail = json.loads(body)
            status, code = known.answer(mail["To"])
            if status in (0, 200):
                known.mails.append(mail)
            if not status:
                self.close_connection = True
                return
            words = {
                0: "OK",
                300: "Error parsing 'To': Illegal email address",
                406: f"You tried to send to recipient(s) that have been marked as inactive. "
                f"Found inactive addresses: {mail['To']}. Inactive recipients are ones that have generated a hard "
                "bounce, a spam complaint, or a manual suppression.",
                405: "You ran out of credits.",
                400: "The 'From' address you supplied is not a Sender Signature on your account.",
                422: "The message is too large.",
            }
            self._say(status, code, words.get(code, "No."), To=mail["To"], MessageID=f"id-{len(known.mails)}")

        def _say(self, status: int, code: int, words: str, **more: str) -> None:
            body = json.dumps({"ErrorCode": code, "Message": words, **more}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Tests read ``mails``."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    known.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
