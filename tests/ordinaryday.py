"""When tests happen: on an ordinary day of the school year, whatever the day of who runs them.

In August a school makes the classes of next year, on the first of September nobody was reached yet, and a day in a
holiday is no school day: what holds on a Tuesday in November, a run of the tests would find broken then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import time_machine

from schools.clock import BRUSSELS

ORDINARY_DAY = datetime(2026, 11, 24, 10, tzinfo=BRUSSELS)
#: Folders and files of ``tests`` that meet another clock than Python's: a browser's, another process's, the database's
#: or that of files. They happen now, and hold on any day.
NOW = (
    "browser/",
    "demo/",
    "faults/",
    "running/",
    "messaging/test_bounces.py",
    "messaging/test_mail_encryption.py",
    "messaging/test_sending_mail.py",
    "surface/test_school_accounts.py",
)
_TESTS = Path(__file__).resolve().parent
_traveller = time_machine.travel(ORDINARY_DAY, tick=True)


def begin() -> None:
    _traveller.start()


def end() -> None:
    _traveller.stop()


def happens_now(path: Path) -> bool:
    return str(path.relative_to(_TESTS)).startswith(NOW)


@contextmanager
def of(path: Path) -> Iterator[None]:
    """While the tests of a file run."""
    if not happens_now(path):
        yield
        return
    end()
    try:
        yield
    finally:
        begin()
