"""When tests happen: on an ordinary day of the school year, whatever the day of who runs them.

In August a school makes the classes of next year, on the first of September nobody was reached yet, and a day in a
holiday is no school day: what holds on a Tuesday in November, a run of the tests would find broken then.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import time_machine

from schools.clock import BRUSSELS

ORDINARY_DAY = datetime(2026, 11, 24, 10, tzinfo=BRUSSELS)
#: Folders and files of ``tests`` that meet another clock than Python's: a browser's, another process's, the database's
#: or that of files. They happen now, and are to hold on any day.
NOW = (
    "browser/",
    "demo/",
    "faults/",
    "running/",
    "messaging/test_bounces.py",
    "messaging/test_mail_encryption.py",
    "messaging/test_sending_mail.py",
)
#: Of these, what speaks of days of the school year and meets no other clock.
NOT_NOW = (
    "faults/test_lists_at_once.py",
    "running/test_retention.py",
    "running/test_retention_of_who_left.py",
    "running/test_summer.py",
)
_TESTS = Path(__file__).resolve().parent
_traveller = time_machine.travel(ORDINARY_DAY, tick=True)
_is_there = False


def come() -> None:
    global _is_there
    if not _is_there:
        _traveller.start()
    _is_there = True


def leave() -> None:
    global _is_there
    if _is_there:
        _traveller.stop()
    _is_there = False


def come_for(path: Path) -> None:
    """The day of the tests of a file: the ordinary one, or today."""
    name = str(path.relative_to(_TESTS))
    if name.startswith(NOW) and name not in NOT_NOW:
        leave()
    else:
        come()
