"""Somebody else acts in the middle of what one does, with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

#: Long enough for the other one to come to a lock.
MOMENT_SECONDS = 0.4
_PATIENCE_SECONDS = 60.0


class Somebody:
    """Acts in a thread; what went wrong there is kept."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act, self.wrong = act, list[Exception]()
        self._thread = threading.Thread(target=self._do)
        self._thread.start()
        self._thread.join(MOMENT_SECONDS)

    def _do(self) -> None:
        try:
            self._act()
        except Exception as error:
            self.wrong.append(error)
        finally:
            connection.close()

    def ended(self) -> list[Exception]:
        """What went wrong, after its end."""
        self._thread.join(_PATIENCE_SECONDS)
        assert not self._thread.is_alive()
        return self.wrong


@contextmanager
def before(statement: str, act: Callable[[], object]) -> Iterator[None]:
    """``act`` when this connection is about to say the statement for the first time."""
    said = list[str]()

    def say(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if statement in sql and not said:
            said.append(sql)
            act()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(say):
        yield
    assert said, f"{statement} was never said"
