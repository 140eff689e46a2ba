"""A translation server on loopback that answers as LibreTranslate does."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: What the machine makes of a text; marks in square brackets stay, as they do in the real one.
WORDS = {"nl": "Vertaald:", "ar": "ترجمة:", "pa": "ਅਨੁਵਾਦ:"}


def word(target: str) -> str:
    return WORDS.get(target, f"{target}:")


class Machine:
    """``heard`` are the questions that came in; ``behave`` what goes wrong: a status, "rubbish", "loses", "moved"."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.behave: str | int = ""
        self.url = ""
        #: Called with each question, before the answer.
        self.meets: Callable[[], object] = lambda: None
        #: What it adds to each text.
        self.suffix = ""

    def answer(self, question: dict[str, Any]) -> tuple[int, bytes]:
        self.heard.append(question)
        self.meets()
        if isinstance(self.behave, int):
            return self.behave, json.dumps({"error": "no"}).encode()
        if self.behave == "rubbish":
            return 200, b"<html>"
        texts = question["q"]
        if self.behave == "loses":
            texts = [re.sub(r"\[\d+\]", "", text) for text in texts]
        return 200, json.dumps({"translatedText": [self._words(text, question["target"]) for text in texts]}).encode()

    def _words(self, text: str, target: str) -> str:
        return f"{word(target)} {text}{self.suffix}"


@contextmanager
def translation_machine() -> Iterator[Machine]:
    machine = Machine()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if machine.behave == "moved":
                self.send_response(302)
                self.send_header("Location", "http://127.0.0.1:9/translate")
                self.end_headers()
                return
            status, words = machine.answer(json.loads(body)) if self.path == "/translate" else (404, b"")
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(words)

        def log_message(self, *_words: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    machine.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield machine
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
