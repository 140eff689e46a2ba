"""An answer that is given before its work is done."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseRedirect


class AnswerFirst(HttpResponseRedirect):
    """A redirect whose work is done when the browser has it: how long the work takes tells nothing."""

    def __init__(self, to: str, work: Callable[[], object]) -> None:
        super().__init__(to)
        self._work = work

    def close(self) -> None:
        work, self._work = self._work, _nothing
        try:
            work()
        finally:
            super().close()


def _nothing() -> None:
    """What is left to do afterwards."""
