"""A process that dies while it drafts the evaluation leaves nothing behind; the next one makes the same report, once
(sending.md, fault 20)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from reports.evaluation.calendar import draft_due
from reports.models import EvaluationReport, FigureRun, OnceJob, ReportChapter
from tests.cast import build_cast
from tests.faults.dying import killed_where_it_stands
from tests.reports.conftest import travel_to

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

LEFT_BY_A_DRAFT = (EvaluationReport, ReportChapter, FigureRun, OnceJob)


def test_a_draft_that_dies_half_way_is_made_anew_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        day = build_cast().year.ends_on.replace(day=15)
    travel_to(monkeypatch, day)
    figures, rows = an_undisturbed_draft()
    assert rows > 3
    for row in (1, 2, rows // 2, rows):
        assert dies(day, row) == "in the middle"
        assert not any(model._default_manager.exists() for model in LEFT_BY_A_DRAFT), f"left at row {row} of {rows}"
    assert len(draft_due()) == 1
    assert drafted() == figures
    assert draft_due() == []
    assert EvaluationReport.objects.count() == 1


def an_undisturbed_draft() -> tuple[Any, int]:
    """What a draft says and how many rows it inserts; taken back."""
    inserted = 0

    def count(execute: Any, sql: str, *words: Any) -> Any:
        nonlocal inserted
        inserted += sql.lstrip().upper().startswith("INSERT")
        return execute(sql, *words)

    with transaction.atomic():
        with connection.execute_wrapper(count):
            draft_due()
        found = drafted()
        transaction.set_rollback(True)
    return found, inserted


def drafted() -> Any:
    report = EvaluationReport.objects.get()
    chapters = list(
        ReportChapter.objects.filter(report=report).order_by("number").values_list("number", "title", "text")
    )
    runs = list(FigureRun.objects.order_by("indicator", "breakdown", "checksum").values_list("indicator", "checksum"))
    return report.title, report.version, report.identification, chapters, runs


def dies(day: date, row: int) -> str:
    """Another process drafts, and is killed before it inserts this row; returns what it said before."""
    return killed_where_it_stands("tests.faults.drafting", day.isoformat(), str(row))
