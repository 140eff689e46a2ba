"""The calendar drafts by itself: in January an interim report, on 15 June the evaluation, each exactly once."""

from __future__ import annotations

from datetime import date

import pytest
from celery.schedules import crontab
from django.conf import settings

from reports.evaluation.calendar import draft_due
from reports.models import EvaluationReport, OnceJob, ReportKind
from reports.tasks import draft_evaluation
from tests.cast import Cast, build_cast
from tests.reports.beats import at_once
from tests.reports.conftest import travel_to


def made() -> list[str]:
    return list(EvaluationReport.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("month", "day", "expected"),
    [
        (1, 14, []),
        (1, 15, [ReportKind.INTERIM]),
        (2, 20, [ReportKind.INTERIM]),
        (5, 15, []),
        (6, 14, []),
        (6, 15, [ReportKind.FINAL]),
        (6, 30, [ReportKind.FINAL]),
        (7, 10, [ReportKind.FINAL]),
        (7, 20, []),
    ],
)
def test_on_which_day_which_report(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, month: int, day: int, expected: list[str]
) -> None:
    travel_to(monkeypatch, date(cast.year.ends_on.year, month, day))
    assert draft_evaluation() == len(expected)
    assert made() == expected


def test_through_the_year_each_report_is_drafted_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    spring = cast.year.ends_on.year
    for month, day in ((1, 15), (1, 16), (6, 15), (6, 16), (6, 17)):
        travel_to(monkeypatch, date(spring, month, day))
        draft_evaluation()
    assert made() == [ReportKind.INTERIM, ReportKind.FINAL]
    assert OnceJob.objects.count() == 2
    report = EvaluationReport.objects.first()
    assert report is not None
    assert report.edited_by is None


def test_a_draft_that_somebody_made_by_hand_is_left_alone(cast: Cast, in_june: date) -> None:
    assert cast.project is not None
    EvaluationReport.objects.create(
        project=cast.project,
        kind=ReportKind.FINAL,
        title="Van de hand",
        created_at=f"{in_june}T09:00Z",
        edited_at=f"{in_june}T09:00Z",
    )
    assert draft_due() == []
    assert EvaluationReport.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_the_same_moment_make_one_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = build_cast()
    travel_to(monkeypatch, cast.year.ends_on.replace(day=15))
    assert at_once(lambda: len(draft_due())) == [0, 1]
    assert made() == [ReportKind.FINAL]


def test_beat_rings_every_morning_at_half_past_five() -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["draft the evaluation"]
    assert entry["task"] == draft_evaluation.name
    assert entry["schedule"] == crontab(hour=5, minute=30)
