"""A machine whose clock was a day ahead and is set right: the portal goes on with the day that it is."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from ingroeibloei.beat import Scheduler
from ingroeibloei.celery import app
from ingroeibloei.operating import alerts, living, metrics, placed
from ingroeibloei.operating.findings import Level, bad
from messaging.models import JobRun
from schools import clock

BELL, NIGHT = "messaging.tasks.deliver_due", "ingroeibloei.tasks.keep_to_retention"


class Beat(Scheduler):
    """Beat of the portal, which notes what it rings instead of handing it to a broker."""

    def __init__(self, folder: Path) -> None:
        self.rung: Counter[str] = Counter()
        super().__init__(app=app, schedule_filename=str(folder / "schedule"), lazy=False)

    def apply_async(self, entry: Any, producer: Any = None, advance: bool = True, **_more: Any) -> None:
        if advance:
            self.reserve(entry)
        self.rung[entry.task] += 1

    producer: Any = None

    def runs_for(self, begin: datetime, seconds: int) -> Counter[str]:
        """What rings in so many seconds from then on."""
        self.rung.clear()
        passed = 0.0
        while passed < seconds:
            with time_machine.travel(begin + timedelta(seconds=passed), tick=False):
                passed += min(max(self.tick(), 0.05), 5.0)
        return Counter(self.rung)


def test_it_is_the_beat_that_runs() -> None:
    assert app.conf.beat_scheduler == f"{Scheduler.__module__}:{Scheduler.__name__}"


@pytest.mark.parametrize(
    ("ahead", "is_started_again"),
    [(timedelta(hours=1), False), (timedelta(days=1), False), (timedelta(days=400), True)],
)
def test_beat_rings_on(ahead: timedelta, is_started_again: bool, tmp_path: Path) -> None:
    noon = timezone.now().replace(hour=11, minute=0, second=30, microsecond=0)
    with time_machine.travel(noon, tick=False):
        beat = Beat(tmp_path)
    assert beat.runs_for(noon, 60)[BELL] >= 3
    assert beat.runs_for(noon + ahead, 60)[BELL] >= 3
    right = noon + timedelta(minutes=2)
    if is_started_again:
        beat.close()
        with time_machine.travel(right, tick=False):
            beat = Beat(tmp_path)
    rung = beat.runs_for(right, 60)
    assert rung[BELL] >= 3
    assert rung[NIGHT] == 0, "it is noon"
    night = datetime.combine(clock.local_date(noon) + timedelta(days=1), time(3, 49, 40), tzinfo=clock.BRUSSELS)
    assert beat.runs_for(night, 30)[NIGHT] == 1
    beat.close()


@pytest.mark.django_db
def test_in_the_hour_that_comes_twice_in_october_all_rings_as_in_other_hours(tmp_path: Path) -> None:
    """Neither without an end nor, for what rings all day long, not at all."""
    beats = {}
    for day in (18, 25):  # on the 25th it is at 01:00 UTC two o'clock again
        begin = datetime(2026, 10, day, 0, 54, tzinfo=UTC)
        (folder := tmp_path / str(day)).mkdir()
        with time_machine.travel(begin, tick=False):
            beat = Beat(folder)
        beat.runs_for(begin, 6 * 60)
        beats[day] = beat.runs_for(begin + timedelta(minutes=6), 11 * 60)
        beat.close()
    often = {task: number for task, number in beats[18].items() if number > 1}
    assert {"messaging.tasks.climb_urgent_ladders", "ingroeibloei.tasks.tell_operator", BELL} < set(often)
    assert [task for task, number in often.items() if abs(beats[25][task] - number) > 1] == []
    assert [task for task, number in beats[25].items() if task not in often and number > 1] == []


def test_a_backup_of_a_day_that_was_not_does_not_count(places: Path) -> None:
    JobRun.objects.create(job="backup", period="ahead", at=timezone.now() + timedelta(days=30))
    assert metrics.last_done("backup") is None
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        (backup,) = [finding for finding in placed.look() if finding.code == "backup"]
    assert backup.level is Level.BAD


@pytest.mark.django_db
def test_what_the_operator_was_told_on_a_day_that_was_not_is_told_today(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OPERATOR_EMAIL = "dienst@stad.example"
    monkeypatch.setattr(placed, "look", lambda: [bad("disk", "The disk is full.")])
    monkeypatch.setattr(living, "look", list)
    cache.clear()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert alerts.tell_operator()
    assert [alerts.tell_operator() for _again in range(2)] == [True, False]
    cache.clear()
