"""A process that dies while it reminds of the evaluation loses no reminder; what left twice is the same mail."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import transaction

from reports.evaluation.reminding import remind_of_deadline
from reports.models import ReportReminder
from schools import clock
from tests.cast import Cast, build_cast
from tests.faults.dying import dies_at
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
    return dies_at("reports.evaluation.reminding:remind_of_deadline", folder, moment, school_days_before(cast, 5))


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
