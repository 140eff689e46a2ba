"""An application whose work goes on after its answer, for ``test_one_connection_one_answer``."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

WORK_SECONDS = 1.5


class Answer:
    def __iter__(self) -> Iterator[bytes]:
        yield b"ok"

    def close(self) -> None:
        time.sleep(WORK_SECONDS)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Answer:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return Answer()
