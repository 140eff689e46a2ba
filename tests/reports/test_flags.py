"""Before a report is frozen: who is named in it, and numbers that contradict a figure beside them, by their place."""

from __future__ import annotations

import pytest
from django.urls import reverse

from parents.models import Guardian
from reports.evaluation import flags_of, numbers_in
from reports.evaluation.binding import blocks_of
from reports.models import EvaluationReport, FrozenReport
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def facts(report: EvaluationReport) -> dict[str, str]:
    """The reach of the year in words and counts."""
    block = next(one for one in blocks_of(report) if one.run.indicator == "I01")
    found = block.run.result
    return {"share": found["text"], "n": str(found["n"]), "N": str(found["N"])}


def marked(report: EvaluationReport, text: str) -> list[str]:
    chapter = report.chapters.select_related("report").get(number=5)
    return [flag.marked for flag in numbers_in(chapter, text, blocks_of(report))]


def test_what_the_portal_writes_itself_contradicts_nothing(report: EvaluationReport) -> None:
    assert [(flag.chapter, flag.marked, flag.why) for flag in flags_of(report)] == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("We bereikten {{ I01 }} van de gezinnen, dus 12 % meer.", ["12 %"]),
        ("We bereikten {{ I01 }}. In een ander project was het 12 %.", []),
        ("In 2027 en in 3 scholen bereikten we {{ I01 }}.", []),
        ("Het doel was 60 %, het werd {{ I01 }}.", []),
        ("Dat is {{ I01 }}, of 3 van de 7 gezinnen.", ["3 van de 7"]),
        ("Dat is {{ I01 }}: 999 gezinnen.", ["999 gezinnen"]),
        ("Een kloof van {{ I23 }}, geen 77 procentpunt.", ["77 procentpunt"]),
        ("Een antwoord kwam na {{ I13 }}, vroeger na 40 schooldagen.", ["40 schooldagen"]),
    ],
)
def test_a_number_beside_its_figure(report: EvaluationReport, text: str, wrong: list[str]) -> None:
    assert marked(report, text) == wrong


def test_the_figure_itself_typed_out_agrees(report: EvaluationReport, facts: dict[str, str]) -> None:
    text = f"Dat is {{{{ I01 }}}}, dus {facts['share']}: {facts['n']} van de {facts['N']} gezinnen."
    assert marked(report, text) == []


def test_a_hidden_figure_is_not_told_by_a_number_beside_it(report: EvaluationReport) -> None:
    block = next(one for one in blocks_of(report) if one.run.indicator == "I01")
    block.run.result |= {"text": "niet getoond", "number": None, "n": None, "N": None, "hidden": "PRIMARY"}
    chapter = report.chapters.select_related("report").get(number=5)
    (flag,) = numbers_in(chapter, "Het bereik is {{ I01 }} (13 %).", [block])
    assert flag.marked == "13 %"
    assert "niet getoond" in flag.why


def test_a_family_is_found_at_every_place_and_keeps_the_report_from_being_frozen(
    town: Cast, report: EvaluationReport
) -> None:
    somebody = Guardian.objects.exclude(last_name="").first()
    assert somebody is not None
    name = f"{somebody.first_name} {somebody.last_name}"
    text = f"Wij spraken met {name}.\nBel 0470 12 34 56 of schrijf naar mama@thuis.example. Nog eens {name}!"
    report.chapters.filter(number=9).update(text=text)
    client, url = town.client("joint"), reverse("report_review", args=[report.pk])
    flags = flags_of(report)
    assert [flag.marked for flag in flags].count(name) == 2
    assert {"0470 12 34 56", "mama@thuis.example"} <= {flag.marked for flag in flags}
    assert len({flag.before for flag in flags if flag.marked == name}) == 2
    for given in ({}, {"anyway": "1"}):
        page = client.post(url, given).content.decode()
        assert f"<mark>{name}</mark>" in page
        assert f"{reverse('chapter_edit', args=[report.pk, 9])}?nazien=1#nazien" in page
        assert 'name="anyway"' not in page
    assert not FrozenReport.objects.exists()
    there = client.get(f"{reverse('chapter_edit', args=[report.pk, 9])}?nazien=1").content.decode()
    assert f"<mark>{name}</mark>" in there


def test_a_contradicting_number_is_asked_about_once(town: Cast, report: EvaluationReport) -> None:
    report.chapters.filter(number=5).update(text="We bereikten {{ I01 }}, dus 12 %.")
    client, url = town.client("joint"), reverse("report_review", args=[report.pk])
    page = client.post(url).content.decode()
    assert "<mark>12 %</mark>" in page
    assert not FrozenReport.objects.exists()
    client.post(url, {"anyway": "1"})
    assert FrozenReport.objects.count() == 1


def test_a_summary_that_names_a_family_is_shown_with_its_language(town: Cast, report: EvaluationReport) -> None:
    report.summaries.create(language="fr", done="Écrivez à mama@thuis.example.")
    page = town.client("joint").post(reverse("report_review", args=[report.pk])).content.decode()
    assert "<mark>mama@thuis.example</mark>" in page
    assert reverse("summary_edit", args=[report.pk, "fr"]) in page


def test_a_preview_says_what_to_look_at(town: Cast, report: EvaluationReport) -> None:
    text = "We bereikten {{ I01 }}, dus 12 %. Vragen? mama@thuis.example"
    typed = {"text": text, "edition": 1, "preview": "1"}
    page = town.client("joint").post(reverse("chapter_edit", args=[report.pk, 5]), typed).content.decode()
    assert "<mark>12 %</mark>" in page
    assert "<mark>mama@thuis.example</mark>" in page
