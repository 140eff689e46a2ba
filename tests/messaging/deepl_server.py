"""A server on loopback that answers as DeepL does: version 2 of its API, with elements that it leaves alone."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "invented-key:fx"


class DeepLServer:
    """``heard`` are the questions that came in; ``behave`` what goes wrong: a status, "rubbish", "loses", "doubles"."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.behave: str | int = ""
        self.url = ""
        #: Called with each question, before the answer.
        self.meets: Callable[[], object] = lambda: None

    def answer(self, key: str, question: dict[str, Any]) -> tuple[int, bytes]:
        if key != f"DeepL-Auth-Key {KEY}":
            return 403, b"{}"
        self.heard.append(question)
        self.meets()
        if isinstance(self.behave, int):
            return self.behave, json.dumps({"message": "no"}).encode()
        if self.behave == "rubbish":
            return 200, b"<html>"
        rows = [
            {"detected_source_language": "NL", "text": self._translated(text, question), "billed_characters": len(text)}
            for text in question["text"]
        ]
        return 200, json.dumps({"translations": rows}).encode()

    def _translated(self, text: str, question: dict[str, Any]) -> str:
        assert question["tag_handling"] == "xml"
        assert question["ignore_tags"] in ("x", ["x"])
        words = f"{question['target_lang'].lower()}: {text}"
        if self.behave == "loses":
            return re.sub(r"<x>\d+</x>", "", words)
        return re.sub(r"(<x>\d+</x>)", r"\1 \1", words) if self.behave == "doubles" else words


@contextmanager
def deepl_server() -> Iterator[DeepLServer]:
    deepl = DeepLServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            is_there = self.path == "/v2/translate"
            status, words = deepl.answer(self.headers["Authorization"], question) if is_there else (404, b"{}")
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            self.wfile.write(words)

        def log_message(self, *_words: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    deepl.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield deepl
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
