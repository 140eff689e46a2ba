"""A night in which what may not be kept any more goes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import time_machine

from ingroeibloei import retention
from schools import clock


def at(day: date) -> Any:
    return time_machine.travel(datetime(day.year, day.month, day.day, 3, 50, tzinfo=clock.BRUSSELS), tick=False)


def keep(day: date) -> dict[str, int]:
    """What the rules take on a day, by their words."""
    with at(day):
        return {line.words: line.number for line in retention.run(dry_run=False) if line.number}


def would(day: date) -> dict[str, int]:
    with at(day):
        return {line.words: line.number for line in retention.run(dry_run=True) if line.number}
