"""A demo's clock shows its own day and the real time of day, whatever the hour and the season."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine

from schools import clock

IN_SUMMER, IN_WINTER = date(2027, 5, 14), date(2027, 1, 15)


@pytest.mark.parametrize("day", [IN_SUMMER, IN_WINTER])
@pytest.mark.parametrize(
    ("moment", "time_in_brussels"),
    [
        ("2026-11-26T22:30:00Z", "23:30"),
        ("2026-11-26T23:30:00Z", "00:30"),
        ("2026-07-01T21:30:00Z", "23:30"),
        ("2026-07-01T22:30:00Z", "00:30"),
        ("2026-07-01T10:00:00Z", "12:00"),
    ],
)
def test_its_day_at_the_real_time(settings: Any, day: date, moment: str, time_in_brussels: str) -> None:
    settings.DEMO_TODAY = day
    with time_machine.travel(moment, tick=False):
        assert clock.today() == day
        assert clock.now().astimezone(clock.BRUSSELS).strftime("%H:%M") == time_in_brussels


def test_a_real_portal_has_the_real_time(settings: Any) -> None:
    settings.DEMO_TODAY = None
    with time_machine.travel("2026-11-26T22:30:00Z", tick=False):
        assert clock.now().isoformat() == "2026-11-26T22:30:00+00:00"
