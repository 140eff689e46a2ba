"""Figures that a writer puts into a text: picked, bound to a run and a cell, told when they change or are hidden."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from reports.evaluation import content_of, figure_changes, open_points, submit_for_review
from reports.evaluation.binding import blocks_of
from reports.evaluation.picking import choices_of
from reports.models import EvaluationReport, FigureRun
from reports.render.in_text import Figures, cells_of
from schools import clock
from tests.cast import Cast
from tests.reports.conftest import grow

pytestmark = pytest.mark.django_db


def write(report: EvaluationReport, text: str) -> None:
    report.chapters.filter(number=5).update(text=text)


def runs_in(report: EvaluationReport) -> list[dict[str, Any]]:
    chapter = next(one for one in content_of(report)["chapters"] if one["number"] == 5)
    return [run for block in chapter["blocks"] for run in block.get("runs", ())]


def test_a_cell_is_called_by_its_row_and_column(report: EvaluationReport) -> None:
    table = FigureRun.objects.get(indicator="T1").result["table"]
    names = dict(cells_of(table))
    row = next(row for row in table["rows"] if row[0] == "Totaal")
    share = next(name for name, words in names.items() if name.startswith("totaal.") and words == row[-1])
    write(report, f"In totaal {{{{ T1.{share} }}}}.")
    placed = next(run for run in runs_in(report) if "cell" in run)
    assert placed["text"] == row[-1]
    assert placed["run"] == FigureRun.objects.get(indicator="T1").pk
    assert placed["cell"] == share
    turned = {**table, "rows": [["Nieuwe school", *row[1:]], *table["rows"]]}
    assert dict(cells_of(turned))[share] == row[-1], "a row more moves no figure"


def test_equal_heads_are_told_apart() -> None:
    columns = [{"label": head} for head in ("School", "n/N", "n/N")]
    table = {"columns": columns, "rows": [["A", "1", "2"], ["A", "3", "4"]]}
    assert dict(cells_of(table)) == {"a.nn": "1", "a.nn-2": "2", "a-2.nn": "3", "a-2.nn-2": "4"}


def test_every_choice_of_the_picker_is_a_figure_that_exists(report: EvaluationReport) -> None:
    chapter, bound = report.chapters.get(number=5), blocks_of(report)
    groups = choices_of(chapter, bound)
    assert next(label for label, _choices in groups) == "Tabellen en grafieken van dit hoofdstuk"
    placeholders = [value for _label, choices in groups for value, _words in choices]
    assert len(placeholders) == len(set(placeholders))
    write(report, "\n\n".join(placeholders))
    assert "onbekend cijfer" not in str(content_of(report)["chapters"])
    assert not [point for point in open_points(report) if "{{" in point.text or "bestaat niet" in point.text]


def test_without_script_what_is_picked_comes_at_the_end_and_nothing_is_saved(
    town: Cast, report: EvaluationReport
) -> None:
    url, client = reverse("chapter_edit", args=[report.pk, 5]), town.client("joint")
    typed = {"text": "Nog niet bewaard.", "edition": 1, "insert": "1", "figure": "{{ I01.baseline }}"}
    page = client.post(url, typed).content.decode()
    assert "Nog niet bewaard.\n\n{{ I01.baseline }}" in page
    assert report.chapters.get(number=5).edition == 1
    for nonsense in ("", "{{ I99 }}", "<script>"):
        answer = client.post(url, {**typed, "figure": nonsense})
        assert answer.status_code == 200
        assert "Nog niet bewaard." in answer.content.decode()


def test_a_figure_that_does_not_exist_is_an_open_point(report: EvaluationReport) -> None:
    write(report, "Dit is {{ T1.geen-school.bereikt }} en {{ I77 }}.")
    texts = " ".join(point.text for point in open_points(report))
    assert "T1.geen-school.bereikt" in texts
    assert "I77" in texts


def test_a_sentence_whose_figure_is_hidden_says_so_by_itself(report: EvaluationReport) -> None:
    block = next(one for one in blocks_of(report) if one.run.indicator == "I01")
    block.run.result |= {"text": "niet getoond", "n": None, "N": None, "hidden": "PRIMARY"}
    figures = Figures([block])
    words = "".join(run["text"] for run in figures.filled([{"text": "Het bereik is {{ I01 }}."}]))
    assert words == (
        "Het bereik is niet getoond. (Niet getoond: de groep is te klein, of een kleine groep zou eruit blijken.)"
    )
    assert figures.filled([{"text": "Zonder cijfer."}]) == [{"text": "Zonder cijfer."}]


def test_a_change_says_since_when_and_because_of_what(town: Cast, report: EvaluationReport) -> None:
    cells = dict(cells_of(FigureRun.objects.get(indicator="T1").result["table"]))
    name = next(name for name, words in cells.items() if name.startswith("totaal.") and words.endswith("%"))
    write(report, f"Totaal {{{{ T1.{name} }}}}, begin {{{{ I01.baseline }}}}.")
    grow(town, "go2", "nl", 40, reached=4, start=town.year.starts_on)
    changes = {change.code: change for change in figure_changes(report)}
    assert {"I01", f"T1.{name}"} <= set(changes)
    assert "4 contacten kwamen erbij" in changes["I01"].why
    assert changes["I01"].as_of <= clock.now()
    page = town.client("joint").get(f"{reverse('report_detail', args=[report.pk])}?cijfers=nu").content.decode()
    assert "4 contacten kwamen erbij" in page


def test_frozen_a_figure_keeps_its_run_and_its_words(town: Cast, report: EvaluationReport) -> None:
    write(report, "Het bereik is {{ I01 }}, of {{ I01.n }}.")
    frozen = submit_for_review(report=report, by=town.staff["joint"])
    report.refresh_from_db()
    before = [run for run in runs_in(report) if "cell" in run]
    assert [run["cell"] for run in before] == ["value", "n"]
    assert {run["run"] for run in before} <= {run["id"] for run in frozen.content["runs"]}
    grow(town, "go2", "nl", 40, reached=4, start=town.year.starts_on)
    assert [run for run in runs_in(report) if "cell" in run] == before
