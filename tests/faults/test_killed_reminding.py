"""A process that dies while it reminds of the evaluation loses no reminder; what left twice is the same mail."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction

from ingroeibloei.processes import die_with_parent
from reports.evaluation.reminding import remind_of_deadline
from reports.models import ReportReminder
from schools import clock
from tests.cast import Cast, build_cast
from tests.faults.processes import same_database
from tests.reports.conftest import travel_to
from tests.reports.test_deadline import lay_holidays, report_of, school_days_before

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town() -> Cast:
    with transaction.atomic():
        cast = build_cast()
        lay_holidays(cast)
        report_of(cast)
    return cast


def dies(cast: Cast, folder: Path, moment: str) -> list[str]:
    """Another process reminds, and is killed where it stands still; returns the mails that left: to whom, and id."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.reminding", school_days_before(cast, 5).isoformat(), str(folder), moment],
        env=os.environ | same_database() | {"DJANGO_SETTINGS_MODULE": "ingroeibloei.settings"},
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent(os.getpid()),
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline().strip() == "in the middle"
    process.kill()
    process.wait()
    kept = folder / "mails"
    return kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []


def sent() -> list[str]:
    return [f"{message.to[0]} {message.message()['Message-ID']}" for message in mail.outbox]


def let_the_hold_run_out() -> None:
    ReportReminder.objects.update(held_until=clock.now() - timedelta(days=400))


def test_killed_before_the_mail_left_the_next_beat_sends_it_once(
    town: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dies(town, tmp_path, "before") == []
    travel_to(monkeypatch, school_days_before(town, 5))
    assert remind_of_deadline() == 0, "another process may still be sending"
    let_the_hold_run_out()
    assert (remind_of_deadline(), remind_of_deadline()) == (1, 0)
    assert [line.split()[0] for line in sent()] == [town.staff["joint"].email]


def test_killed_after_the_mail_left_what_comes_twice_is_one_mail(
    town: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (left,) = dies(town, tmp_path, "between")
    travel_to(monkeypatch, school_days_before(town, 5))
    let_the_hold_run_out()
    assert (remind_of_deadline(), remind_of_deadline()) == (1, 0)
    assert sent() == [left], "the same Message-ID: a mail program shows one"
