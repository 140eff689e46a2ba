"""``python -m tests.faults.drafting DAY INSERTS``: makes the drafts that are due on a day, and stands still for ever in
the middle of it, before the row of that number is inserted. It says "in the middle" when it does, or "done"."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import django


def stand_still_before(number: int) -> Callable[..., Any]:
    """A wrapper around the connection's statements that lets ``number - 1`` of those that insert pass."""
    seen = 0

    def wrapper(execute: Callable[..., Any], sql: str, *words: Any) -> Any:
        nonlocal seen
        seen += sql.lstrip().upper().startswith("INSERT")
        if seen >= number:
            print("in the middle", flush=True)
            time.sleep(600)
        return execute(sql, *words)

    return wrapper


def main(day: str, number: str) -> None:
    django.setup()
    from django.db import connection

    from reports.evaluation.calendar import draft_due
    from schools import clock

    clock.shift = lambda: clock.ahead_on(date.fromisoformat(day))
    with connection.execute_wrapper(stand_still_before(int(number))):
        draft_due()
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
