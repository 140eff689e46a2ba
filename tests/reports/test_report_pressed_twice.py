"""A button of an evaluation that is pressed twice: once is what happens, and nobody else is blamed for it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from reports.evaluation import drafts_of, keep_draft, save_chapter, sign
from reports.models import ChapterVersion, EvaluationReport, FrozenReport, ReportSignature, ReportState, ReportSummary
from schools.models import Assignment, AuditEntry
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def pressed_twice(browser: Any, address: str, data: dict[str, Any]) -> str:
    """What the second press says; both lead on."""
    answers = [browser.post(address, data, follow=True) for _press in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [len(answer.redirect_chain) for answer in answers] == [1, 1]
    said = [" ".join(str(one) for one in answer.context["messages"]) for answer in answers]
    assert said[0] == said[1]
    return said[1]


def test_the_last_signature_and_handing_in(town: Cast, frozen: FrozenReport) -> None:
    report = frozen.report
    sign(report=report, checksum=frozen.checksum, by=town.staff["director_go"])
    address = reverse("report_sign", args=[report.pk])
    last = town.client("director_vclb")
    assert "ondertekend" in pressed_twice(last, address, {"checksum": frozen.checksum})
    assert ReportSignature.objects.filter(frozen=frozen).count() == 2
    report.refresh_from_db()
    assert report.state == ReportState.SIGNED
    pressed_twice(town.client("joint"), reverse("report_submit", args=[report.pk]), {})
    assert AuditEntry.objects.filter(verb="submit").count() == 1
    answer = last.post(reverse("report_submit", args=[report.pk]), follow=True)
    assert "intussen" in " ".join(str(one) for one in answer.context["messages"])


def test_a_signature_of_who_directs_both_centres_is_of_the_one_that_the_page_named(
    town: Cast, frozen: FrozenReport
) -> None:
    """Else a second press signed for the other centre too, and the city read a report that nobody meant to hand on."""
    report, both = frozen.report, town.staff["director_vclb"]
    Assignment.objects.filter(user=town.staff["director_go"]).update(user=both)
    browser = town.client("director_vclb")
    for number in (1, 2):
        page = browser.get(reverse("report_detail", args=[report.pk])).content.decode()
        sent = dict(re.findall(r'name="(checksum|centre)"\s+value="([^"]*)"', page))
        pressed_twice(browser, reverse("report_sign", args=[report.pk]), sent)
        assert frozen.signatures.count() == number
    report.refresh_from_db()
    assert report.state == ReportState.SIGNED


def test_the_sentences_of_the_summary(town: Cast, report: EvaluationReport) -> None:
    data = {"done": "Wij spraken met ouders.", "schools": "", "next_year": "", "edition": "1"}
    joint, address = town.client("joint"), reverse("summary_edit", args=[report.pk, "nl"])
    pressed_twice(joint, address, data)
    assert ReportSummary.objects.get(report=report, language="nl").edition == 2
    assert joint.post(address, data | {"done": "Iets anders."}).status_code == 409


def test_the_chapters_of_a_fund(town: Cast, report: EvaluationReport) -> None:
    joint, address = town.client("joint"), reverse("report_outline", args=[report.project_id])
    form = joint.get(address).context["form"]
    typed = {field.name: field.value() if field.value() is not None else "" for field in form}
    pressed_twice(joint, address, typed | {"title-1": "Waarom"})


def test_an_earlier_text_that_is_put_back(town: Cast, report: EvaluationReport) -> None:
    chapter = report.chapters.get(number=2)
    joint = town.client("joint")
    save_chapter(chapter=chapter, text="Nieuw.", edition=1, by=town.staff["joint"])
    address = reverse("chapter_versions", args=[report.pk, 2])
    pressed_twice(joint, address, {"versie": "1", "edition": "2"})
    chapter.refresh_from_db()
    assert (chapter.edition, chapter.text) == (3, ChapterVersion.objects.get(chapter=chapter, edition=1).text)


def test_a_text_that_is_thrown_away(town: Cast, report: EvaluationReport) -> None:
    chapter, by = report.chapters.get(number=2), town.staff["joint"]
    draft = keep_draft(chapter=chapter, text="Half af.", edition=chapter.edition, by=by)
    assert draft is not None
    pressed_twice(town.client("joint"), reverse("draft_discard", args=[report.pk, 2]), {"mark": draft.mark})
    assert not drafts_of(chapter, by).exists()
