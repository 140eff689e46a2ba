"""A fund may want other chapters: renamed, in another order, left out, added. The next draft follows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from parents.models import ContactMoment
from reports.chapters import CHAPTERS
from reports.evaluation import (
    content_of,
    draft_evaluation,
    figure_changes,
    open_points,
    outline_of,
    table_changes,
)
from reports.evaluation.binding import SHEET_CHAPTER
from reports.models import ChapterBlock, EvaluationReport, FigureRun, ReportKind, ReportOutline, ReportState
from schools.models import AuditEntry, Project
from tests.cast import Cast
from tests.reports.test_amounts_follow import spend

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(report: EvaluationReport) -> Project:
    return report.project


def form_of(town: Cast, project: Project, **changes: Any) -> dict[str, Any]:
    """The page as it opens, with some fields changed."""
    form = town.client("joint").get(reverse("report_outline", args=[project.pk])).context["form"]
    typed = {field.name: field.value() if field.value() is not None else "" for field in form}
    return typed | {name.replace("_", "-"): value for name, value in changes.items()}


def save(town: Cast, project: Project, **changes: Any) -> Any:
    return town.client("joint").post(reverse("report_outline", args=[project.pk]), form_of(town, project, **changes))


def test_without_an_outline_a_report_has_the_chapters_of_the_plan(report: EvaluationReport) -> None:
    assert [(one.number, one.plan, one.title) for one in report.chapters.all()] == [
        (plan.number, plan.number, plan.title) for plan in CHAPTERS
    ]


def test_the_next_draft_follows_and_the_one_that_exists_stays(
    town: Cast, report: EvaluationReport, project: Project
) -> None:
    before = list(report.chapters.values_list("number", "title"))
    answer = save(
        town, project, place_0=2, place_1=1, title_1="Waarom", place_4="", place_14="", title_15="Duurzaamheid",
        place_15=3, text_15="Wat blijft? Zie {{ T1 }} en {{ T1.totaal.aandeel }}.",
    )  # fmt: skip
    assert answer.status_code == 302
    fresh = draft_evaluation(project=project, kind=ReportKind.FINAL)
    chapters = [(one.number, one.plan, one.title) for one in fresh.chapters.all()]
    assert chapters[:5] == [
        (0, 0, "Identificatie"), (1, 2, "Waarom"), (2, 1, "Samenvatting"), (3, None, "Duurzaamheid"),
        (4, 3, "Doelstellingen en indicatoren"),
    ]  # fmt: skip
    assert len(chapters) == 15
    assert not {5, 15} & {plan for _number, plan, _title in chapters}
    assert list(report.chapters.values_list("number", "title")) == before


def test_what_waits_for_signatures_is_followed_by_no_draft(
    town: Cast, report: EvaluationReport, project: Project
) -> None:
    save(town, project, title_1="Waarom")
    EvaluationReport.objects.filter(pk=report.pk).update(state=ReportState.REVIEW)
    assert draft_evaluation(project=project, kind=ReportKind.FINAL) == report
    EvaluationReport.objects.filter(pk=report.pk).update(state=ReportState.DRAFT)
    assert draft_evaluation(project=project, kind=ReportKind.FINAL).version == report.version + 1


def test_what_a_left_out_chapter_counts_can_still_be_named(town: Cast, project: Project) -> None:
    column = next(
        name for name in ("aandeel", "bereik") if name in str(FigureRun.objects.get(indicator="T1").result).lower()
    )
    save(
        town,
        project,
        place_4="",
        title_15="Eigen",
        place_15=1,
        text_15=f"{{{{ T1 }}}}\n\nDat is {{{{ I01 }}}} ({column}).",
    )
    fresh = draft_evaluation(project=project, kind=ReportKind.FINAL)
    assert ChapterBlock.objects.filter(chapter__report=fresh, run__indicator="T1").count() == 1
    document = content_of(fresh)
    own = document["chapters"][0]["blocks"]
    assert [block["type"] for block in own] == ["table", "p"]
    assert "onbekend cijfer" not in str(document["chapters"])
    points = [point for point in open_points(fresh) if point.chapter == 1]
    assert len(points) == 1, "an own chapter asks for its author"


@pytest.mark.parametrize(("text", "told"), [("Eigen woorden.", []), ("{{ B1 }}", ["Begroting en uitgaven"])])
def test_of_a_left_out_chapter_only_what_is_named_is_said_to_have_changed(
    town: Cast, project: Project, text: str, told: list[str]
) -> None:
    """Nothing else of it stands in the report: it would be looked for in vain."""
    money = next(plan.number for plan in CHAPTERS for block in plan.blocks if block.code == "B1")
    facts = {f"place_{money - 1}": "", f"place_{SHEET_CHAPTER - 1}": "", "title_15": "Eigen", "place_15": 1}
    save(town, project, **facts, text_15=text)
    fresh = draft_evaluation(project=project, kind=ReportKind.FINAL)
    assert table_changes(fresh) == []
    spend(town, "100.00")
    assert table_changes(fresh) == told
    ContactMoment.objects.all().delete()
    words = "".join(fresh.chapters.values_list("text", flat=True))
    told_of = [change.code for change in figure_changes(fresh)]
    assert told_of
    assert [code for code in told_of if f"{{{{ {code} }}}}" not in words] == []


def test_who_hears_the_page_knows_of_which_chapter_a_place_is(town: Cast, project: Project) -> None:
    """Each row has a field Place and a field Title."""
    page = town.client("joint").get(reverse("report_outline", args=[project.pk])).content.decode()
    groups = re.findall(r'role="group"\s+aria-label="([^"]+)"', page)
    assert groups == [*(plan.title for plan in CHAPTERS if plan.number), "Nog een hoofdstuk"]


def test_two_who_change_it_at_once_and_what_makes_no_sense(town: Cast, project: Project) -> None:
    typed = form_of(town, project)
    client, url = town.client("joint"), reverse("report_outline", args=[project.pk])
    assert client.post(url, {**typed, "title-0": "Kort"}).status_code == 302
    late = client.post(url, {**typed, "title-0": "Te laat"})
    assert late.status_code == 422
    assert "Te laat" in late.content.decode()
    outline = outline_of(project)
    assert outline is not None
    assert outline.chapters[0]["title"] == "Kort"
    for wrong in ({"place_0": "x"}, {"place_0": "-1"}, {"title_0": ""}, {"title_0": "x" * 161}, {"place_15": 4}):
        assert save(town, project, **wrong).status_code == 422, wrong
    assert save(town, project, **{f"place_{number}": "" for number in range(15)}).status_code == 422


def test_an_error_says_of_which_chapter_it_is(town: Cast, project: Project) -> None:
    """Fifteen fields are called "Titel"."""
    page = save(town, project, title_0="", title_2="x" * 161, place_15=4, title_15="").content.decode()
    for name in (CHAPTERS[1].title, CHAPTERS[3].title, "Nog een hoofdstuk"):
        assert f"{name} – Titel – " in page


def test_back_to_the_plan_and_who_did_it(town: Cast, project: Project) -> None:
    save(town, project, title_0="Kort")
    town.client("joint").post(reverse("report_outline", args=[project.pk]), {"forget": "1"})
    assert not ReportOutline.objects.exists()
    assert AuditEntry.objects.filter(target_kind="reports.reportoutline").count() == 2


def test_another_project_is_not_hers(town: Cast, project: Project) -> None:
    assert town.client("joint").get(reverse("report_outline", args=[project.pk + 99])).status_code == 404
    assert town.client("director_vclb").get(reverse("report_outline", args=[project.pk])).status_code == 403
