"""How far a long command is: one line that is written over on a terminal, a line now and then in a log."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any, Self

_SECONDS = {True: 0.2, False: 10.0}
_CLEAR = "\r\x1b[K"


class Progress:
    """Call it with what is done now, as often as you like."""

    def __init__(self, output: Any) -> None:
        self._output, self._is_terminal = output, bool(output.isatty())
        self._next = time.monotonic() + _SECONDS[self._is_terminal]

    def __enter__(self) -> Self:
        return self

    def __call__(self, words: str) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _SECONDS[self._is_terminal]
        self._output.write(f"{_CLEAR}{words}" if self._is_terminal else words, ending="" if self._is_terminal else None)
        self._output.flush()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._is_terminal:
            self._output.write(_CLEAR, ending="")
