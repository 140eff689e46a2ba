"""What directors and worker say about a chapter: threads, open or resolved, beside the report and never in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ingroeibloei import retention
from parents.models import Guardian
from reports.evaluation import (
    ReportError,
    add_comment,
    content_of,
    open_comments,
    resolve_comment,
    sign,
    submit_for_review,
    submit_report,
    threads_of,
)
from reports.evaluation.comments import MOST_THREADS
from reports.models import EvaluationReport, FrozenReport, ReportChapter, ReportComment
from reports.render.page import words_in
from reports.richtext import blocks_of_text
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.reports.conftest import travel_to

pytestmark = pytest.mark.django_db
QUESTION = "Hoe zeker zijn we van dit cijfer?"


@pytest.fixture
def chapter(report: EvaluationReport) -> ReportChapter:
    return report.chapters.select_related("report").get(number=5)


def test_a_director_asks_the_worker_answers_and_it_is_resolved(town: Cast, report: EvaluationReport) -> None:
    url = reverse("chapter_comments", args=[report.pk, 5])
    director, worker = town.client("director_vclb"), town.client("joint")
    asked = director.post(url, {"text": f"{QUESTION}\n<b>vet</b>"})
    start = ReportComment.objects.get()
    assert asked.headers["Location"] == f"{url}#opmerking-{start.pk}"
    shown = worker.get(url).content.decode()
    assert QUESTION in shown
    assert "&lt;b&gt;vet" in shown
    assert town.staff["director_vclb"].full_name in shown
    assert worker.post(url, {"text": "Nagekeken, het klopt.", "answers": start.pk}).status_code == 302
    (thread,) = threads_of(start.chapter)
    assert [answer.text for answer in thread.answers] == ["Nagekeken, het klopt."]
    assert thread.is_open
    resolve = reverse("comment_resolve", args=[report.pk, start.pk])
    worker.post(resolve, {"resolved": "1"})
    start.refresh_from_db()
    assert start.resolved_by == town.staff["joint"]
    assert open_comments(report) == []
    assert "afgehandeld door" in director.get(url).content.decode()
    director.post(resolve, {"resolved": "0"})
    assert len(open_comments(report)) == 1
    said = AuditEntry.objects.filter(verb__in=["comment", "resolve", "reopen"]).order_by("pk")
    assert [entry.verb for entry in said] == ["comment", "comment", "resolve", "reopen"]


def test_what_is_open_is_counted_on_the_report(town: Cast, report: EvaluationReport, chapter: ReportChapter) -> None:
    for number in range(2):
        add_comment(chapter=chapter, text=f"Vraag {number}", by=town.staff["director_go"])
    for key in ("joint", "director_go"):
        page = town.client(key).get(reverse("report_detail", args=[report.pk])).content.decode()
        assert "2 open opmerkingen" in page
        assert "Vraag 0" in page
        assert reverse("chapter_comments", args=[report.pk, 5]) in page
    assert (
        "2 open punten" in town.client("director_go").get(reverse("report_detail", args=[report.pk])).content.decode()
    )


def test_the_city_reads_the_report_and_not_what_was_said_about_it(
    town: Cast, report: EvaluationReport, chapter: ReportChapter
) -> None:
    add_comment(chapter=chapter, text=QUESTION, by=town.staff["director_go"])
    EvaluationReport.objects.update(state="SIGNED")
    FrozenReport.objects.create(
        report=report, checksum="0" * 64, content={**content_of(report), "checksum": "0" * 64}, pdf=b"",
        pdf_checksum="", frozen_at=report.created_at,
    )  # fmt: skip
    city = town.client("coordinator")
    page = city.get(reverse("report_detail", args=[report.pk]))
    assert page.status_code == 200
    assert "/opmerkingen/" not in page.content.decode()
    assert QUESTION not in page.content.decode()
    assert city.get(reverse("chapter_comments", args=[report.pk, 5])).status_code == 403


def test_freezing_with_open_points_asks_first(town: Cast, report: EvaluationReport, chapter: ReportChapter) -> None:
    add_comment(chapter=chapter, text=QUESTION, by=town.staff["director_go"])
    client, url = town.client("joint"), reverse("report_review", args=[report.pk])
    asked = client.post(url)
    assert asked.status_code == 200
    assert QUESTION in asked.content.decode()
    assert "Rekeningnummer" in asked.content.decode()
    report.refresh_from_db()
    assert (report.state, FrozenReport.objects.count()) == ("DRAFT", 0)
    assert client.post(url, {"anyway": "1"}).status_code == 302
    report.refresh_from_db()
    assert report.state == "REVIEW"


def test_a_comment_changes_nothing_that_is_frozen(town: Cast, report: EvaluationReport, chapter: ReportChapter) -> None:
    before = content_of(report)
    add_comment(chapter=chapter, text=QUESTION, by=town.staff["director_go"])
    assert content_of(report) == before
    frozen = submit_for_review(report=report, by=town.staff["joint"])
    report.refresh_from_db()
    chapter.refresh_from_db()
    comment = add_comment(chapter=chapter, text="Nog iets.", by=town.staff["director_go"])
    resolve_comment(report=report, comment=comment.pk, is_resolved=True, by=town.staff["joint"])
    report.refresh_from_db()
    assert report.state == "REVIEW"
    assert QUESTION not in str(frozen.content)
    for key in ("director_vclb", "director_go"):
        sign(report=report, checksum=frozen.checksum, by=town.staff[key])


def test_after_submitting_what_was_said_stays_as_it_is(
    town: Cast, report: EvaluationReport, chapter: ReportChapter
) -> None:
    comment = add_comment(chapter=chapter, text=QUESTION, by=town.staff["director_go"])
    EvaluationReport.objects.update(state="SIGNED")
    report.refresh_from_db()
    submit_report(report=report, by=town.staff["joint"])
    url = reverse("chapter_comments", args=[report.pk, 5])
    client = town.client("director_go")
    assert client.post(url, {"text": "Te laat"}).status_code == 422
    client.post(reverse("comment_resolve", args=[report.pk, comment.pk]), {"resolved": "1"})
    assert list(ReportComment.objects.values_list("text", "resolved_at")) == [(QUESTION, None)]
    page = client.get(reverse("report_detail", args=[report.pk])).content.decode()
    assert "open opmerking" not in page, "nobody can settle it any more, so it is asked of nobody"
    assert "open punt" not in page


def test_a_comment_that_names_a_family_comes_back_whole(town: Cast, report: EvaluationReport) -> None:
    somebody = Guardian.objects.exclude(last_name="").first()
    assert somebody is not None
    text = f"Is dit het verhaal van {somebody.first_name} {somebody.last_name}?"
    answer = town.client("director_go").post(reverse("chapter_comments", args=[report.pk, 9]), {"text": text})
    assert answer.status_code == 422
    assert f"van {somebody.first_name}" in answer.content.decode()
    assert ReportComment.objects.count() == 0


def test_an_answer_goes_to_a_thread_of_this_chapter_only(town: Cast, report: EvaluationReport) -> None:
    first, second = report.chapters.select_related("report").filter(number__in=[1, 2])
    start = add_comment(chapter=first, text=QUESTION, by=town.staff["director_go"])
    answer = add_comment(chapter=first, text="Ja", by=town.staff["joint"], answers=start.pk)
    for chapter, thread in ((second, start.pk), (first, answer.pk), (first, 10**9)):
        with pytest.raises(ReportError):
            add_comment(chapter=chapter, text="Ook", by=town.staff["joint"], answers=thread)
    for nonsense in ("x", "-1", "9" * 30):
        shown = town.client("joint").post(
            reverse("chapter_comments", args=[report.pk, 1]), {"text": "Ook", "answers": nonsense}
        )
        assert shown.status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportComment.objects.filter(pk=answer.pk).update(resolved_at=clock.now(), resolved_by=town.staff["joint"])


def test_threads_are_bounded_and_cost_the_same(town: Cast, report: EvaluationReport, chapter: ReportChapter) -> None:
    client, url = town.client("joint"), reverse("chapter_comments", args=[report.pk, 5])
    counts = []
    for many in (2, MOST_THREADS - 2):
        for number in range(many):
            start = add_comment(
                chapter=chapter, text=f"{QUESTION} {'?' * (number + many)}", by=town.staff["director_go"]
            )
            add_comment(chapter=chapter, text="Ja", by=town.staff["joint"], answers=start.pk)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(url)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    with pytest.raises(ReportError):
        add_comment(chapter=chapter, text=QUESTION, by=town.staff["director_go"])


def test_they_go_with_the_year_after_the_report(
    town: Cast, report: EvaluationReport, chapter: ReportChapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = add_comment(chapter=chapter, text=QUESTION, by=town.staff["director_go"])
    add_comment(chapter=chapter, text="Ja", by=town.staff["joint"], answers=start.pk)
    assert town.project is not None
    last = town.project.report_due_on.replace(month=12, day=31)
    rule = next(rule for rule in retention.RULES if rule.key == "comments")
    travel_to(monkeypatch, last)
    assert rule.due().count() == 0
    travel_to(monkeypatch, last + timedelta(days=1))
    assert retention.carry_out(rule, dry_run=False) == 1
    assert ReportComment.objects.count() == 0


def test_the_report_says_how_many_words_a_chapter_has(town: Cast, report: EvaluationReport) -> None:
    text = "## Een kop\n\nVier woorden staan **hier**.\n\n- één\n- twee drie\n\n> ook dit\n\n{{ T1 }}"
    assert words_in([block for block in blocks_of_text(text) if block["type"] != "place"]) == 11
    report.chapters.filter(number=10).update(text=text.replace("{{ T1 }}", ""))
    for page in (reverse("report_detail", args=[report.pk]), reverse("chapter_edit", args=[report.pk, 10])):
        assert "11 woorden" in " ".join(town.client("joint").get(page).content.decode().split())
