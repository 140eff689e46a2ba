"""Two beats that do the same at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import close_old_connections, connection


def at_once(act: Callable[[], int]) -> list[int]:
    """What each of the two did, the least first."""
    start, done, failed = threading.Barrier(2), list[int](), list[Exception]()

    def beat() -> None:
        try:
            start.wait(timeout=10)
            done.append(act())
        except Exception as error:
            failed.append(error)
        finally:
            close_old_connections()
            connection.close()

    beats = [threading.Thread(target=beat) for _ in range(2)]
    for thread in beats:
        thread.start()
    for thread in beats:
        thread.join(timeout=60)
    assert failed == []
    return sorted(done)
