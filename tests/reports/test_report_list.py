"""The list of evaluations: before there is one, and which of them waits for whom."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from reports.evaluation import draft_evaluation
from reports.models import EvaluationReport, ReportKind, ReportState
from tests.cast import Cast, build_cast
from tests.reports.conftest import travel_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return build_cast()


def test_before_there_is_one_each_reader_learns_when_it_comes(cast: Cast) -> None:
    """The directors read it from the first draft on, the city once they signed."""
    pages = {
        name: cast.client(name).get(reverse("report_list")).content.decode()
        for name in ("director_vclb", "coordinator")
    }
    signed, begun = "zodra beide CLB-directies ondertekend hebben", "zodra de gezamenlijke CLB-medewerker ze begint"
    assert [words in pages["director_vclb"] for words in (begun, signed)] == [True, False]
    assert [words in pages["coordinator"] for words in (begun, signed)] == [False, True]


@pytest.mark.parametrize(("day", "comes"), [(date(2027, 6, 14), True), (date(2027, 6, 22), False)])
def test_after_the_day_nothing_says_that_the_portal_will_draft(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, day: date, comes: bool
) -> None:
    travel_to(monkeypatch, day)
    for name in ("joint", "director_vclb"):
        page = cast.client(name).get(reverse("report_list")).content.decode()
        assert "Er is nog geen evaluatie" in page
        assert ("maakt het portaal zelf een ontwerp" in page) is comes


def test_a_frozen_report_says_in_the_list_for_whom_it_waits(cast: Cast) -> None:
    """An interim report has no day: nothing else tells a director of it."""
    assert cast.project is not None
    report = draft_evaluation(project=cast.project, kind=ReportKind.INTERIM)
    director, words = cast.client("director_vclb"), "Wacht op de handtekeningen van de directies."
    assert words not in director.get(reverse("report_list")).content.decode()
    EvaluationReport.objects.filter(pk=report.pk).update(state=ReportState.REVIEW)
    assert words in director.get(reverse("report_list")).content.decode()
