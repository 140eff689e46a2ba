"""The list of evaluations: before there is one, and which of them waits for whom."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from reports.evaluation import draft_evaluation, save_chapter, sign, submit_for_review, submit_report
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
    signed, begun = "zodra de directie van elk CLB ondertekend heeft", "zodra de gezamenlijke CLB-medewerker ze begint"
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


@pytest.mark.parametrize(("day", "comes"), [(date(2027, 1, 14), True), (date(2027, 5, 14), False)])
def test_in_spring_nothing_speaks_of_the_interim_report_of_january(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, day: date, comes: bool
) -> None:
    travel_to(monkeypatch, day)
    page = cast.client("joint").get(reverse("report_list")).content.decode()
    assert "Op 15 juni maakt het portaal zelf een ontwerp" in page
    assert ("in januari" in page) is comes


def test_a_frozen_report_says_in_the_list_for_whom_it_waits(cast: Cast) -> None:
    """An interim report has no day: nothing else tells a director of it."""
    assert cast.project is not None
    report = draft_evaluation(project=cast.project, kind=ReportKind.INTERIM)
    director, words = cast.client("director_vclb"), "Wacht op de handtekeningen van de directies."
    assert words not in director.get(reverse("report_list")).content.decode()
    EvaluationReport.objects.filter(pk=report.pk).update(state=ReportState.REVIEW)
    assert words in director.get(reverse("report_list")).content.decode()


def test_a_report_without_a_day_stands_in_the_week_of_whoever_has_the_next_step(town: Cast) -> None:
    """Nothing else tells a director that an interim report waits for a signature, nor the worker that it has both."""
    assert town.project is not None
    report = draft_evaluation(project=town.project, kind=ReportKind.INTERIM, by=town.staff["joint"])
    people = ("joint", "director_vclb", "director_go", "clb_vclb", "coordinator")

    def asked(words: str) -> list[str]:
        pages = {name: town.client(name).get(reverse("my_week")).content.decode() for name in people}
        return [name for name, page in pages.items() if words in page]

    sign_it, hand_it_in = "wacht op je handtekening", "Wat nog rest, is indienen"
    assert asked(sign_it) == []
    frozen = submit_for_review(report=report, by=town.staff["joint"])
    assert asked(sign_it) == ["director_vclb", "director_go"]
    sign(report=report, checksum=frozen.checksum, by=town.staff["director_vclb"])
    assert asked(sign_it) == ["director_go"]
    first = report.chapters.get(number=1)
    save_chapter(chapter=first, text=f"{first.text} Erbij.", edition=first.edition, by=town.staff["joint"])
    assert asked(sign_it) == []
    frozen = submit_for_review(report=report, by=town.staff["joint"])
    assert asked(sign_it) == ["director_vclb", "director_go"], "what was signed is not what is frozen now"
    sign(report=report, checksum=frozen.checksum, by=town.staff["director_vclb"])
    sign(report=report, checksum=frozen.checksum, by=town.staff["director_go"])
    assert (asked(sign_it), asked(hand_it_in)) == ([], ["joint"])
    submit_report(report=report, by=town.staff["joint"])
    assert asked(hand_it_in) == []


def test_what_the_week_says_with_its_day_it_does_not_say_again(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert town.project is not None
    travel_to(monkeypatch, date(2027, 6, 21))
    report = draft_evaluation(project=town.project, kind=ReportKind.FINAL, by=town.staff["joint"])
    submit_for_review(report=report, by=town.staff["joint"])
    page = town.client("director_go").get(reverse("my_week")).content.decode()
    assert page.count(f'href="{reverse("report_detail", args=[report.pk])}"') == 1


def test_an_interim_report_asks_for_nothing_once_its_year_is_over(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert town.project is not None
    report = draft_evaluation(project=town.project, kind=ReportKind.INTERIM, by=town.staff["joint"])
    submit_for_review(report=report, by=town.staff["joint"])
    travel_to(monkeypatch, date(2027, 7, 5))
    assert "wacht op je handtekening" not in town.client("director_go").get(reverse("my_week")).content.decode()
