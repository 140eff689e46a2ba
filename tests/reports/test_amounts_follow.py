"""What an evaluation says of money stands twice, on its sheet and in its table: both go with what is booked."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.evaluation import (
    counting_for,
    draft_evaluation,
    figure_changes,
    open_points,
    refresh_figures,
    save_chapter,
    sign,
    submit_for_review,
    submit_report,
    table_changes,
)
from reports.evaluation.binding import blocks_of
from reports.evaluation.counting import Counting
from reports.models import BudgetBooking, BudgetLine, EvaluationReport, ReportKind
from schools import clock
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def spend(town: Cast, amount: str) -> None:
    line = BudgetLine.objects.get(project=town.project)
    day = town.year.starts_on
    BudgetBooking.objects.create(line=line, amount=Decimal(amount), booked_on=day, what="Tolken", booked_at=clock.now())


def on_the_sheet(report: EvaluationReport) -> str:
    report.refresh_from_db()
    return next(row["text"] for row in report.identification if row["label"] == "Besteed bedrag")


def in_the_table(report: EvaluationReport) -> str:
    run = next(one.run for one in blocks_of(report) if one.run.indicator == "B1")
    return str(run.result["table"]["rows"][-1][2])


def write_sheet(town: Cast, report: EvaluationReport, old: str, new: str) -> None:
    sheet = report.chapters.get(number=0)
    assert old in sheet.text
    save_chapter(chapter=sheet, text=sheet.text.replace(old, new), edition=sheet.edition, by=town.staff["joint"])


def hand_in(town: Cast, report: EvaluationReport) -> None:
    frozen = submit_for_review(report=report, by=town.staff["joint"])
    for key in ("director_vclb", "director_go"):
        sign(report=report, checksum=frozen.checksum, by=town.staff[key])
    submit_report(report=report, by=town.staff["joint"])


def test_a_draft_whose_tables_changed_does_not_say_that_it_is_of_today(town: Cast, report: EvaluationReport) -> None:
    address = f"{reverse('report_detail', args=[report.pk])}?cijfers=nu"
    page = town.client("joint").get(address)
    assert not page.context["changes"]
    assert not page.context["tables"]
    assert "De cijfers in dit ontwerp zijn die van vandaag" in page.content.decode()
    spend(town, "100.00")
    assert figure_changes(report) == [], "no figure that a text names"
    assert table_changes(report) == ["Begroting en uitgaven"]
    shown = town.client("joint").get(address).content.decode()
    assert "De cijfers in dit ontwerp zijn die van vandaag" not in shown
    assert "Begroting en uitgaven" in shown
    assert reverse("report_refresh", args=[report.pk]) in shown, "it can be counted again"
    refresh_figures(report, town.staff["joint"])
    assert table_changes(report) == []


def test_the_amounts_of_the_sheet_go_with_the_table(town: Cast, report: EvaluationReport) -> None:
    before = on_the_sheet(report)
    assert before == in_the_table(report)
    write_sheet(town, report, "Rekeningnummer: ", "Rekeningnummer: BE00")
    spend(town, "100.00")
    refresh_figures(report, town.staff["joint"])
    assert before != on_the_sheet(report) == in_the_table(report)
    assert "Rekeningnummer: BE00" in report.chapters.get(number=0).text
    assert not any("Besteed bedrag" in point.text for point in open_points(report))


def test_an_amount_that_somebody_wrote_stays_and_is_an_open_point(town: Cast, report: EvaluationReport) -> None:
    write_sheet(town, report, on_the_sheet(report), "€ 1,00")
    spend(town, "100.00")
    refresh_figures(report, town.staff["joint"])
    assert on_the_sheet(report) == "€ 1,00"
    points = [point.text for point in open_points(report) if "Besteed bedrag" in point.text]
    assert len(points) == 1
    assert "€ 1,00" in points[0]
    assert in_the_table(report) in points[0]


def test_an_amount_that_is_written_otherwise_and_is_the_same_is_no_open_point(
    town: Cast, report: EvaluationReport
) -> None:
    same = on_the_sheet(report)
    plain = same.replace("\N{NO-BREAK SPACE}", " ").removeprefix("€ ")
    for written in (f"{plain} euro", plain.replace(".", ""), f"{plain} EUR\n(tolken en drukwerk)"):
        write_sheet(town, report, f"Besteed bedrag: {same}", f"Besteed bedrag: {written}")
        report.refresh_from_db()
        assert [point.text for point in open_points(report) if "Besteed bedrag" in point.text] == []
        write_sheet(town, report, f"Besteed bedrag: {written}", f"Besteed bedrag: {same}")


def test_an_amount_on_the_line_below_its_name_stays(town: Cast, report: EvaluationReport) -> None:
    write_sheet(town, report, f"Besteed bedrag: {on_the_sheet(report)}", "Besteed bedrag:\n€ 1,00")
    spend(town, "100.00")
    refresh_figures(report, town.staff["joint"])
    assert on_the_sheet(report) == "€ 1,00"


def test_what_is_laid_beside_today_is_counted_once(town: Cast, report: EvaluationReport) -> None:
    def queries(*laid: Callable[[EvaluationReport, Counting], object]) -> int:
        counting = counting_for(report.project)
        with CaptureQueriesContext(connection) as asked:
            for one in laid:
                one(report, counting)
        return len(asked)

    apart, both = queries(figure_changes) + queries(table_changes), queries(figure_changes, table_changes)
    assert both < apart - 20, "no figure is counted for its own sake and for its tables"
    address = reverse("report_detail", args=[report.pk])
    browser = town.client("joint")
    browser.get(address)
    with CaptureQueriesContext(connection) as without:
        browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        browser.get(f"{address}?cijfers=nu")
    assert len(asked) - len(without) <= both


def test_a_correction_of_what_was_spent_stands_on_the_sheet_of_the_next_version_too(
    town: Cast, report: EvaluationReport
) -> None:
    write_sheet(town, report, "Rekeningnummer: ", "Rekeningnummer: BE00")
    hand_in(town, report)
    first = on_the_sheet(report)
    spend(town, "100.00")
    second = draft_evaluation(project=report.project, kind=ReportKind.FINAL, by=town.staff["joint"])
    assert first != on_the_sheet(second) == in_the_table(second)
    assert on_the_sheet(report) == first, "what was handed in stays"
    assert "Rekeningnummer: BE00" in second.chapters.get(number=0).text
