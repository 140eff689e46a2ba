"""The application for next year begins with what the frozen evaluation says, and next year opens with its goals."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from reports.budget import add_line, change_line
from reports.evaluation import (
    ReportError,
    Wishes,
    can_apply,
    draft_evaluation,
    follow_evaluation,
    save_wishes,
    start_application,
    submit_for_review,
)
from reports.evaluation.freeze import current_frozen
from reports.evaluation.refreshing import refresh_figures
from reports.models import BudgetLine, EvaluationReport, FrozenReport, ReportChapter, ReportState, Target
from reports.nextyear import due_a_year_later, next_of, posts_of, start_next_year
from reports.render.document import document_of
from reports.render.page import html_of
from schools import clock
from schools.models import Assignment, Partner
from schools.services import lay_school_year
from tests.cast import Cast
from tests.reports.conftest import grow, travel_to, words_of

EMPTY: Any = {"chapters": [], "identification": [], "people": []}
TITLES = ["Wat werkte", "Noden", "Doelstellingen", "Plan", "Partners", "Begroting"]


@pytest.fixture
def evaluation(drafted: tuple[Cast, EvaluationReport]) -> EvaluationReport:
    """A frozen evaluation; of its files nothing is asked here."""
    _cast, report = drafted
    report.project.partners.add(Partner.objects.create(name="Bib De Leidraad", kind="bibliotheek"))
    mark = "a" * 64
    FrozenReport.objects.create(
        report=report, checksum=mark, content=EMPTY, pdf=b"", pdf_checksum=mark, frozen_at=report.created_at
    )
    EvaluationReport.objects.filter(pk=report.pk).update(state=ReportState.SIGNED)
    report.refresh_from_db()
    return report


@pytest.fixture
def cast(drafted: tuple[Cast, EvaluationReport]) -> Cast:
    return drafted[0]


@pytest.fixture
def application(cast: Cast, evaluation: EvaluationReport) -> EvaluationReport:
    return start_application(source=evaluation, by=cast.staff["joint"])


def chapter(report: EvaluationReport, title: str) -> str:
    """A chapter as it is read, in one line."""
    found = next(one for one in document_of(report)["chapters"] if one["title"] == title)
    return " ".join(str(html_of(found["blocks"])).replace("\u00a0", " ").split())


def rows(report: EvaluationReport, title: str) -> list[list[str]]:
    found = next(one for one in document_of(report)["chapters"] if one["title"] == title)
    table = next(block["rows"] for block in found["blocks"] if block["type"] == "table")
    return [[words.replace("\u00a0", " ") for words in row] for row in table]


def test_it_has_what_worked_needs_goals_plan_partners_and_budget(application: EvaluationReport) -> None:
    assert [one["title"] for one in document_of(application)["chapters"]] == TITLES
    assert "[onbekend cijfer]" not in "".join(chapter(application, title) for title in TITLES)
    assert "Eerst goed nieuws" in chapter(application, "Wat werkte")
    needs = chapter(application, "Noden")
    assert "Een tolk is niet altijd op tijd te vinden" in needs
    plan = chapter(application, "Plan")
    assert [field in plan for field in ("Onderwijs", "Opvoedingsondersteuning", "Taalstimulering")] == [True] * 3
    assert ["Bib De Leidraad", "bibliotheek", "werkt mee"] in rows(application, "Partners")
    assert rows(application, "Begroting")[0] == ["Loonkost", "€ 41.200,00", "€ 39.870,55", "€ 41.200,00"]


def test_a_goal_that_was_missed_is_a_need_with_its_figure(cast: Cast, evaluation: EvaluationReport) -> None:
    run = next(one.run for one in evaluation.chapters.get(plan=3).blocks.all() if one.run.indicator == "T0")
    needs = ReportChapter.objects.get(report=start_application(source=evaluation, by=cast.staff["joint"]), plan=22).text
    missed = [row for row in run.result["table"]["rows"] if row[5] in ("nee", "deels")]
    assert missed
    assert all(f"{{{{ {row[1]} }}}}" in needs for row in missed)


def test_a_gap_that_is_to_be_closed_is_a_goal_too(cast: Cast, evaluation: EvaluationReport) -> None:
    project = evaluation.project
    Target.objects.filter(project=project, indicator="I23").delete()
    Target.objects.create(project=project, indicator="I23", value=0, holds_from=project.starts_on)
    report = start_application(source=evaluation, by=cast.staff["joint"])
    assert [row[3] for row in rows(report, "Doelstellingen") if row[1] == "I23"] == ["0 pp"]


def test_its_figures_are_those_of_the_evaluation_and_stay_so(cast: Cast, application: EvaluationReport) -> None:
    before = rows(application, "Doelstellingen")
    assert before[0][:2] == ["Elk gezin", "I01"]
    assert before[0][3] == "60 %"
    Target.objects.all().delete()
    BudgetLine.objects.update(granted=1)
    with pytest.raises(ReportError):
        refresh_figures(application, cast.staff["joint"])
    assert rows(application, "Doelstellingen") == before
    assert rows(application, "Begroting")[0][1] == "€ 41.200,00"


def test_a_line_that_got_another_name_keeps_what_is_asked_for_it(cast: Cast, evaluation: EvaluationReport) -> None:
    """The evaluation says its former name for good; a line that came later stands in no evaluation."""
    director, line = cast.staff["director_vclb"], BudgetLine.objects.order_by("position").first()
    assert line is not None
    former = line.name
    change_line(line=line, name="Iets anders", granted=Decimal(300), reason="Zo heet het nu", by=director)
    add_line(project=evaluation.project, name="Tolken aan huis", granted=Decimal(50), by=director)
    application = start_application(source=evaluation, by=cast.staff["joint"])
    *told, whole = rows(application, "Begroting")
    assert (told[0][0], told[0][3]) == (former, "€ 300,00")
    assert (told[-1]) == ["Tolken aan huis", "–", "–", "€ 50,00"]
    amounts = [Decimal(row[3].removeprefix("€ ").replace(".", "").replace(",", ".")) for row in (*told, whole)]
    assert sum(amounts[:-1]) == amounts[-1], "the lines of a table add up to its total"
    page = cast.client("joint").get(reverse("application_wishes", args=[application.pk]))
    assert page.context["form"]["asked-0"].value() == "300"
    assert page.context["form"][f"asked-{len(told) - 1}"].value() == "50"


def test_it_takes_over_an_evaluation_that_was_frozen_anew(cast: Cast, application: EvaluationReport) -> None:
    """A director asked for a change after it was begun: it would name a checksum that nobody signed."""
    browser, url = cast.client("joint"), reverse("report_detail", args=[application.pk])
    assert "opnieuw vastgelegd" not in browser.get(url).content.decode()
    with pytest.raises(ReportError):
        follow_evaluation(application, cast.staff["joint"])
    evaluation, mark = EvaluationReport.objects.get(kind="FINAL"), "b" * 64
    grow(cast, "3b", "nl", 9, reached=9, start=cast.year.starts_on)
    EvaluationReport.objects.filter(pk=evaluation.pk).update(state=ReportState.DRAFT)
    refresh_figures(evaluation, cast.staff["joint"])
    assert "opnieuw vastgelegd" not in browser.get(url).content.decode(), "it is being written"
    FrozenReport.objects.create(
        report=evaluation, checksum=mark, content=EMPTY, pdf=b"", pdf_checksum=mark, frozen_at=clock.now()
    )
    EvaluationReport.objects.filter(pk=evaluation.pk).update(state=ReportState.SIGNED)
    before = rows(report_now(application), "Doelstellingen")[0][2]
    page = browser.get(url).content.decode()
    assert page.count("opnieuw vastgelegd") == 2, "as a step, and among the open points"
    assert reverse("report_refresh", args=[application.pk]) in page
    assert browser.post(reverse("report_refresh", args=[application.pk])).status_code == 302
    now = report_now(application)
    assert {row["text"] for row in now.identification if row["label"] == "Vertrekt van"} == {
        f"{evaluation.title}, versie 1, controlegetal {mark[:16]}"
    }
    assert rows(now, "Doelstellingen")[0][2] != before
    assert "opnieuw vastgelegd" not in browser.get(url).content.decode()


def test_beside_one_that_is_being_written_a_correction_begins_none(
    cast: Cast, evaluation: EvaluationReport, application: EvaluationReport
) -> None:
    EvaluationReport.objects.filter(pk=evaluation.pk).update(state=ReportState.SUBMITTED)
    corrected = draft_evaluation(project=evaluation.project, kind="FINAL", by=cast.staff["joint"])
    EvaluationReport.objects.filter(pk=corrected.pk).update(state=ReportState.SIGNED)
    corrected.refresh_from_db()
    assert not can_apply(corrected)
    EvaluationReport.objects.filter(pk=application.pk).update(state=ReportState.SUBMITTED)
    assert can_apply(corrected)


def test_it_is_started_once_and_only_from_what_is_frozen(cast: Cast, evaluation: EvaluationReport) -> None:
    EvaluationReport.objects.filter(pk=evaluation.pk).update(state=ReportState.DRAFT)
    with pytest.raises(ReportError):
        start_application(source=evaluation, by=cast.staff["joint"])
    EvaluationReport.objects.filter(pk=evaluation.pk).update(state=ReportState.SUBMITTED)
    start_application(source=evaluation, by=cast.staff["joint"])
    with pytest.raises(ReportError):
        start_application(source=evaluation, by=cast.staff["joint"])


def test_goals_and_amounts_are_chosen_on_a_page_and_next_year_opens_with_them(
    cast: Cast, evaluation: EvaluationReport
) -> None:
    browser = cast.client("joint")
    page = browser.get(reverse("report_detail", args=[evaluation.pk])).content.decode()
    assert reverse("application_new", args=[evaluation.pk]) in page
    assert browser.post(reverse("application_new", args=[evaluation.pk])).status_code == 302
    report = EvaluationReport.objects.get(source=evaluation)
    url = reverse("application_wishes", args=[report.pk])
    assert url in browser.get(reverse("report_detail", args=[report.pk])).content.decode()
    assert browser.post(url, {"edition": 1, "goal-I01": "140"}).status_code == 422
    facts = {
        "edition": 1,
        "goal-I01": "72,5",
        "words-I01": "Zeven op tien gezinnen",
        "goal-I02": "50",
        "asked-0": "43.000",
    }
    assert "is er al" not in browser.get(url).content.decode()
    assert browser.post(url, facts).status_code == 302
    assert browser.post(url, facts).status_code == 302, "pressed twice"
    assert browser.post(url, facts | {"goal-I02": "51"}).status_code == 422, "an older page does not overwrite"
    assert [row[3] for row in rows(report_now(report), "Doelstellingen")][:2] == ["72,5 %", "50 %"]
    assert rows(report_now(report), "Begroting")[0][3] == "€ 43.000,00"

    lay_school_year(cast.year.starts_on.year + 1, with_holidays=False)
    project = report.project
    next_url = reverse("project_next_year", args=[project.pk])
    shown = browser.get(next_url).content.decode()
    assert 'name="goal-I01" value="72.5"' in shown
    assert 'name="goal-I02" value="50"' in shown
    day = str(due_a_year_later(project))
    assert browser.post(next_url, {"goal-I01": "72.5", "goal-I02": "50", "report_due_on": day}).status_code == 302
    fresh = next_of(project)
    assert list(
        Target.objects.filter(project=fresh).order_by("indicator").values_list("indicator", "value", "objective")
    ) == [("I01", Decimal("72.5"), "Zeven op tien gezinnen"), ("I02", Decimal("50.0"), "")]
    page = browser.get(url).content.decode()
    assert f"{fresh} is er al" in page, "what is asked later changes no target"
    assert "Met deze doelen opent" not in page


def report_now(report: EvaluationReport) -> EvaluationReport:
    return EvaluationReport.objects.get(pk=report.pk)


def test_a_change_after_freezing_makes_it_a_draft_again(cast: Cast, application: EvaluationReport) -> None:
    EvaluationReport.objects.filter(pk=application.pk).update(state=ReportState.SIGNED)
    wishes = Wishes.of(application)
    save_wishes(report=application, goals=wishes.goals, asked={}, edition=wishes.edition, by=cast.staff["joint"])
    assert report_now(application).state == ReportState.DRAFT


def test_it_freezes_into_the_same_files(cast: Cast, application: EvaluationReport) -> None:
    submit_for_review(report=application, by=cast.staff["joint"])
    frozen: Any = current_frozen(report_now(application))
    assert {file.kind for file in frozen.files.all()} == {"XLSX", "DOCX"}
    printed = words_of(bytes(FrozenReport.objects.get(pk=frozen.pk).pdf))
    assert "Aanvraag" in printed
    assert "Taalstimulering" in printed
    page = cast.client("director_vclb").get(reverse("report_detail", args=[application.pk])).content.decode()
    assert "Taalstimulering" in page


def test_in_september_who_works_in_the_year_it_asks_for_writes_on(
    cast: Cast, application: EvaluationReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The post in the year before is over. The city's coordinator reads it once it is signed."""
    lay_school_year(cast.year.starts_on.year + 1, with_holidays=False)
    project, admin = application.project, cast.staff["admin"]
    posts = [row.pk for row in posts_of(project, admin)]
    day = due_a_year_later(project)
    fresh = start_next_year(project=project, by=admin, goals={}, report_due_on=day, posts=posts)
    Assignment.objects.filter(project=project).update(ends_on=project.year.ends_on)
    travel_to(monkeypatch, fresh.starts_on + timedelta(days=9))
    worker, city = cast.client("joint"), cast.client("coordinator")
    page, chapter = reverse("report_detail", args=[application.pk]), reverse("chapter_edit", args=[application.pk, 1])
    assert application.title in worker.get(reverse("report_list")).content.decode()
    assert chapter in worker.get(page).content.decode()
    written = {"text": "Wat wij verder doen.", "edition": 1, "save": "1"}
    assert worker.post(chapter, written).status_code == 302
    assert application.chapters.get(number=1).text == "Wat wij verder doen."
    assert worker.get(reverse("application_wishes", args=[application.pk])).status_code == 200
    assert city.get(page).status_code == 404
    assert worker.post(reverse("report_review", args=[application.pk]), {"anyway": "1"}).status_code == 302
    assert report_now(application).state == ReportState.REVIEW
    EvaluationReport.objects.filter(pk=application.pk).update(state=ReportState.SIGNED)
    assert city.get(page).status_code == 200
    assert worker.post(reverse("report_submit", args=[application.pk])).status_code == 302
    assert report_now(application).state == ReportState.SUBMITTED
