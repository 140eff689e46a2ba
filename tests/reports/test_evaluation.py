"""The draft: all chapters, every figure bound to a run, small groups hidden, and nobody's text lost."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from parents.models import ContactMoment, Gathering
from reports.chapters import CHAPTERS
from reports.disclosure import Cell, Hidden
from reports.evaluation import (
    ChapterChangedError,
    draft_evaluation,
    figure_changes,
    open_points,
    refresh_figures,
    save_chapter,
)
from reports.evaluation.binding import counting_for, slots
from reports.evaluation.bound import value_in_words
from reports.evaluation.counting import Windows, headline, name_of
from reports.evaluation.resources import _in_hours
from reports.evaluation.tables import BUILDERS
from reports.models import ChapterBlock, EvaluationReport, FigureRun, ReportKind, Target
from reports.render.document import document_of
from reports.sealing import checksum
from reports.wording import headline as words_of_dashboard
from schools import clock
from schools.models import Participation
from tests.cast import Cast
from tests.reports.conftest import grow, travel_to


def table_of(report: EvaluationReport, code: str) -> dict[str, Any]:
    block = ChapterBlock.objects.select_related("run").get(chapter__report=report, run__indicator=code)
    return dict(block.run.result["table"])


def test_the_draft_has_every_chapter_with_an_opening_text(report: EvaluationReport) -> None:
    chapters = list(report.chapters.all())
    assert [chapter.number for chapter in chapters] == list(range(16))
    assert all(len(chapter.text) > 100 for chapter in chapters)
    assert [chapter.title for chapter in chapters] == [plan.title for plan in CHAPTERS]


def test_of_the_steps_of_involvement_it_says_which_one_is_counted(report: EvaluationReport) -> None:
    """None at "steps of involvement" would read as if no family came at all."""
    counted = "Gezinnen met een actieve rol: wie hielp of meedacht"
    assert [counted in str(table_of(report, code)["rows"]) for code in ("Q1", "A1")] == [True, True]
    assert "Treden van betrokkenheid" in str(table_of(report, "D1")["rows"]), "defined under its own name"


def test_every_figure_is_bound_to_a_run_with_a_checksum(report: EvaluationReport) -> None:
    runs = FigureRun.objects.filter(project=report.project, parameters__has_key="window")
    assert runs.count() == len(list(slots())) == ChapterBlock.objects.filter(chapter__report=report).count()
    run = runs.get(indicator="I01", parameters__window="year")
    assert run.result["text"].endswith("%")
    assert run.result["n"] >= 35
    signed = {
        "indicator": "I01",
        "version": run.version,
        "from": run.period_from.isoformat(),
        "to": run.period_to.isoformat(),
        "parameters": run.parameters,
        "result": run.result,
    }
    assert run.checksum == checksum(signed)


def test_texts_name_figures_and_no_placeholder_is_left(report: EvaluationReport) -> None:
    written = str(document_of(report)["chapters"])
    assert "{{" not in written
    assert "onbekend cijfer" not in written
    assert not [point for point in open_points(report) if "I0" in point.text]


def test_a_group_of_one_to_four_is_hidden_and_the_table_says_so_by_itself(report: EvaluationReport) -> None:
    shown = [row for row in table_of(report, "T2")["rows"] if row[0] == "Totaal"]
    assert shown[0][1].isdigit()
    tables = [table_of(report, code) for code in ("T1", "T3")]
    assert all(any("niet getoond" in row for row in table["rows"]) for table in tables)
    assert all(re.search(r"verborgen.* over één tot vier gezinnen", table["note"]) for table in tables)


def test_the_objective_says_whether_it_was_reached(report: EvaluationReport) -> None:
    rows = {row[1]: row for row in table_of(report, "T0")["rows"]}
    assert rows["I01"][0] == "Elk gezin"
    assert rows["I01"][-1] == "ja"
    assert rows["I23"][-1] in ("nee", "deels")


def test_the_gap_is_the_figure_of_the_dashboard_with_its_decimals(town: Cast) -> None:
    """10.3 points beside a goal of 10 would else read as reached, and the row as wrong."""
    assert town.project is not None
    counting = counting_for(town.project)
    figure = counting.figure("I23").figure
    for size, words in ((400, "10,3 procentpunt"), (40, "10 procentpunt")):
        rows = {**figure.rows, "nl": Cell(size * 3 // 4, size), "other": Cell(round(size * 0.6475), size)}
        ours = replace(figure, rows=rows, total=Cell(size, size * 2)).protected(for_outsiders=False)
        found = headline(ours)
        assert found["text"].replace("\u00a0", " ") == words
        with override("nl"):
            assert value_in_words(found) == words_of_dashboard(ours)
            assert value_in_words(found) == words.replace("procentpunt", "pp").replace(" ", "\u00a0")


def test_schools_beside_the_project_come_after_those_that_work_in_it(town: Cast) -> None:
    assert town.project is not None
    first = Participation.objects.filter(project=town.project).order_by("school__name")[0]
    Participation.objects.filter(pk=first.pk).update(role="COMPARISON")
    *_, last = BUILDERS["T9"](counting_for(town.project))["table"]["rows"]
    assert (last[0], last[3]) == (first.school.name, "vergelijkingsschool")


def test_what_was_measured_once_is_not_said_to_be_no_better(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """As of the meetings before new year in an interim report: the result is the baseline itself."""
    assert town.project is not None
    later = town.year.starts_on + timedelta(days=9)
    Target.objects.create(project=town.project, indicator="I01", value=99, holds_from=later)
    travel_to(monkeypatch, town.year.starts_on.replace(month=11, day=5))
    draft = draft_evaluation(project=town.project, kind=ReportKind.INTERIM, by=town.staff["joint"])
    found = table_of(draft, "T0")
    (row,) = [row for row in found["rows"] if row[1] == "I01"]
    assert row[2] == row[4]
    assert row[5] == "nog niet"
    assert "Nog niet: " in found["note"]


@pytest.mark.parametrize(("without", "told"), [(0, "75\u00a0%"), (2, "niet getoond")])
def test_a_part_of_the_year_does_not_tell_the_month_that_the_year_hides(town: Cast, without: int, told: str) -> None:
    """Everybody outside reads the months: with September, and the two together, one would know October."""
    assert town.project is not None
    moments = ContactMoment.objects.filter(is_reach=True, kind="PHONE").order_by("pk")[:39]
    for place, moment in enumerate(moments):
        day = town.year.starts_on.replace(month=9 + place % 3, day=15)
        mode = "NONE" if place // 3 < (6, without, 0)[place % 3] else "ON_SITE"
        facts = {"held_on": day, "held_month": day.replace(day=1), "interpreter_need": "YES", "interpreter_mode": mode}
        ContactMoment.objects.filter(pk=moment.pk).update(**facts)
    counting = counting_for(town.project)
    october = dict(counting.figure("I17").months)[town.year.starts_on.replace(month=10, day=1)]
    assert isinstance(october, Hidden) == bool(without)
    assert counting.headline("I17", "baseline")["text"] == told
    (row,) = [row for row in BUILDERS["T4"](counting)["table"]["rows"] if row[0] == name_of("I17")]
    assert row[1] == told


def test_money_is_written_the_belgian_way(report: EvaluationReport) -> None:
    rows = table_of(report, "B1")["rows"]
    assert rows[0] == ["Loonkost", "€\u00a041.200,00", "€\u00a039.870,55", "€\u00a01.329,45", "97\u00a0%"]


@pytest.mark.parametrize("writers", [4, 5])
def test_what_noting_a_talk_costs_stands_under_the_hours_of_five_writers(town: Cast, writers: int) -> None:
    people = [town.staff[key] for key in ("teacher_3b", "teacher_1a", "head", "care", "joint")][:writers]
    for place, moment in enumerate(ContactMoment.objects.filter(held_on__gt=town.year.starts_on)[:10]):
        facts = {"recorded_by": people[place % writers], "seconds_to_log": 10 + place}
        ContactMoment.objects.filter(pk=moment.pk).update(**facts)
    assert town.project is not None
    draft = draft_evaluation(project=town.project, kind=ReportKind.FINAL, by=town.staff["joint"])
    said = "Een gesprek noteren kostte 15 seconden: de mediaan van 10 noteringen van alle collega’s samen, ook van wat "
    said += "niet doorging."
    assert table_of(draft, "H1")["note"] == (said if writers == 5 else "")


@pytest.mark.parametrize(("minutes", "hours"), [(None, "–"), (20, "0"), (30, "1"), (150, "3"), (209, "3")])
def test_hours_are_rounded_as_every_figure_is(minutes: int | None, hours: str) -> None:
    assert _in_hours(minutes) == hours


def test_a_gathering_that_was_cancelled_is_none(town: Cast) -> None:
    assert town.project is not None
    day = datetime.combine(town.year.starts_on + timedelta(days=20), time(9), tzinfo=clock.BRUSSELS)
    facts = {"school": town.schools["kersenboom"], "kind": "COFFEE_MOMENT", "title": "Koffie", "starts_at": day}
    for cancelled_at in (None, None, day):
        Gathering.objects.create(**facts, place="refter", cancelled_at=cancelled_at)
    draft = draft_evaluation(project=town.project, kind=ReportKind.FINAL, by=town.staff["joint"])
    assert table_of(draft, "T3")["rows"][-1][:2] == ["Groepsmomenten (koffie, open klas, bibliotheek)", "2"]


def test_the_identification_sheet_knows_the_project_and_asks_for_the_rest(report: EvaluationReport) -> None:
    sheet = {row["label"]: row["text"] for row in report.identification}
    assert sheet["Fonds"] == "Impulsfonds"
    assert "VCLB Haspengouw (50 %)" in sheet["Uitvoerders"]
    assert sheet["Rekeningnummer"] == ""
    assert any("Rekeningnummer" in point.text for point in open_points(report))


def test_a_changed_figure_is_told_and_taken_over(town: Cast, report: EvaluationReport) -> None:
    assert figure_changes(report) == []
    grow(town, "go2", "nl", 40, reached=40, start=town.year.starts_on)
    changes = {change.code: change for change in figure_changes(report)}
    assert changes["I01"].before != changes["I01"].now
    before = FigureRun.objects.count()
    refresh_figures(report, town.staff["joint"])
    assert figure_changes(report) == []
    assert FigureRun.objects.count() == 2 * before, "the old runs stay"


def test_two_people_who_write_at_once_both_keep_their_text(town: Cast, report: EvaluationReport) -> None:
    chapter = report.chapters.get(number=2)
    save_chapter(chapter=chapter, text="De eerste.", edition=1, by=town.staff["joint"])
    with pytest.raises(ChapterChangedError) as conflict:
        save_chapter(chapter=chapter, text="De tweede.", edition=1, by=town.staff["joint"])
    assert conflict.value.theirs.text == "De eerste."
    page = town.client("joint").post(
        reverse("chapter_edit", args=[report.pk, 2]), {"text": "De tweede.", "edition": 1, "save": "1"}
    )
    shown = page.content.decode()
    assert page.status_code == 409
    assert "De eerste." in shown
    assert "De tweede." in shown


def test_a_preview_writes_nothing_and_shows_figures_and_no_foreign_markup(town: Cast, report: EvaluationReport) -> None:
    text = "## Kop\n\nHet bereik is {{ I01 }}. <script>alert(1)</script> [klik](javascript:x)\n\n{{ T1 }}"
    page = town.client("joint").post(
        reverse("chapter_edit", args=[report.pk, 5]), {"text": text, "edition": 1, "preview": "1"}
    )
    shown = page.content.decode()
    assert page.status_code == 200
    preview = shown[shown.index("preview-title") :]
    assert "<h3>Kop</h3>" in preview
    assert "Bereikte gezinnen per school" in preview
    assert "alert(1)" not in preview
    assert "javascript:x" not in preview
    assert report.chapters.get(number=5).edition == 1


def test_the_worker_reads_the_draft_and_finds_what_to_do(town: Cast, report: EvaluationReport) -> None:
    page = town.client("joint").get(reverse("report_detail", args=[report.pk]))
    shown = page.content.decode()
    assert page.status_code == 200
    for plan in CHAPTERS:
        assert plan.title in shown
    assert reverse("report_review", args=[report.pk]) in shown


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("joint", 200),
        ("director_vclb", 200),
        ("coordinator", 404),
        ("teacher_3b", 403),
        ("clb_vclb", 403),
        ("head", 403),
    ],
)
def test_who_sees_a_draft(town: Cast, report: EvaluationReport, key: str, status: int) -> None:
    assert town.client(key).get(reverse("report_detail", args=[report.pk])).status_code == status


@pytest.mark.parametrize("name", ["report_review", "report_refresh", "chapter_edit"])
@pytest.mark.parametrize("key", ["director_vclb", "coordinator", "teacher_3b"])
def test_only_the_joint_worker_writes(town: Cast, report: EvaluationReport, name: str, key: str) -> None:
    args = [report.pk, 1] if name == "chapter_edit" else [report.pk]
    assert town.client(key).post(reverse(name, args=args)).status_code == 403


def test_the_worker_drafts_a_version_of_her_own_project_only(town: Cast) -> None:
    client = town.client("joint")
    assert town.project is not None
    made = client.post(reverse("report_new"), {"project": town.project.pk, "kind": "INTERIM"})
    assert made.status_code == 302
    assert EvaluationReport.objects.get().kind == ReportKind.INTERIM
    assert client.post(reverse("report_new"), {"project": 0}).status_code == 404


@pytest.mark.parametrize(("month", "has_second_half"), [(1, False), (6, True)])
def test_meetings_are_not_compared_with_themselves(town: Cast, month: int, has_second_half: bool) -> None:
    """In January no round lies behind new year: the figure of before is not shown as that of after."""
    assert town.project is not None
    windows = Windows.of(town.project, date(town.year.ends_on.year, month, 20))
    before, after = windows.period("I06", "baseline"), windows.period("I06", "end")
    assert before.last < after.first
    assert (after.last > after.first) == has_second_half


def test_it_says_which_days_its_figures_are_about(report: EvaluationReport) -> None:
    run = FigureRun.objects.filter(project=report.project, parameters__window="year").first()
    assert run is not None
    words = {row["label"]: row["text"] for row in document_of(report)["identification"]}["Periode van de cijfers"]
    assert words.split(" tot en met ")[1].startswith(f"{run.period_to.day} ")
    assert words.endswith(str(run.period_to.year))
