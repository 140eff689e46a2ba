"""A school that joins a project in March, or leaves it in April, is in the evaluation, which says so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reports.evaluation import draft_evaluation, refresh_figures
from reports.evaluation.binding import blocks_of
from reports.models import EvaluationReport, ReportKind
from schools.models import Participation
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def result(report: EvaluationReport, code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one.run.result for one in blocks_of(report) if one.run.indicator == code)
    return found


def facts_of(report: EvaluationReport, school: str) -> str:
    """What the school's own page says under its name."""
    blocks = result(report, "P1")["blocks"]
    at = next(place for place, one in enumerate(blocks) if one["type"] == "h2" and one["runs"][0]["text"] == school)
    return "".join(run["text"] for run in blocks[at + 1]["runs"])


def test_the_report_says_of_which_school_it_was_not_the_whole_year(town: Cast, report: EvaluationReport) -> None:
    assert result(report, "T9")["table"]["note"] == ""
    first, second = Participation.objects.filter(project=report.project, role="PILOT").select_related("school")[:2]
    year = town.year.ends_on.year
    Participation.objects.filter(pk=first.pk).update(starts_on=date(year, 3, 1))
    Participation.objects.filter(pk=second.pk).update(ends_on=date(year, 4, 30))
    refresh_figures(report, town.staff["joint"])
    note = result(report, "T9")["table"]["note"]
    assert f"{first.school.name} (vanaf 1 maart {year})" in note
    assert f"{second.school.name} (tot en met 30 april {year})" in note
    assert f"proefschool, vanaf 1 maart {year}." in facts_of(report, first.school.name)
    assert f"proefschool, tot en met 30 april {year}." in facts_of(report, second.school.name)
    Participation.objects.filter(pk=first.pk).update(ends_on=date(year, 4, 30))
    interim = draft_evaluation(project=report.project, kind=ReportKind.INTERIM, by=town.staff["joint"])
    assert f"van 1 maart {year} tot en met 30 april {year}" in result(interim, "T9")["table"]["note"]


def test_of_a_school_whose_figures_the_report_does_not_count_it_is_not_said(
    town: Cast, report: EvaluationReport
) -> None:
    beside = Participation.objects.filter(project=report.project, role="PILOT").first()
    assert beside is not None
    Participation.objects.filter(pk=beside.pk).update(role="COMPARISON", starts_on=date(town.year.ends_on.year, 3, 1))
    refresh_figures(report, town.staff["joint"])
    assert result(report, "T9")["table"]["note"] == ""
