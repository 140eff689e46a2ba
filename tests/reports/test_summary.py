"""One page for the fund in three languages: the report's figures, the worker's sentences, frozen with the report."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from parents.models import Guardian
from reports.evaluation import (
    ReportError,
    SummaryChangedError,
    content_of,
    draft_evaluation,
    refresh_figures,
    save_summary,
    submit_for_review,
    summary_pdf,
)
from reports.models import (
    ChapterBlock,
    EvaluationReport,
    FigureRun,
    FrozenFile,
    FrozenReport,
    ReportKind,
    ReportSummary,
)
from schools.models import CLBCentre, Method, Project
from tests.cast import Cast
from tests.reports.conftest import words_of

pytestmark = pytest.mark.django_db
LANGUAGES = ("nl", "fr", "en")


def write(town: Cast, report: EvaluationReport, language: str, edition: int = 1, **sentences: str) -> ReportSummary:
    given = {"done": "", "schools": "", "next_year": ""} | sentences
    return save_summary(
        report=report, language=language, sentences=given, edition=edition, by=town.staff["joint"]
    )  # fmt: skip


def printed(report: EvaluationReport, language: str) -> bytes:
    file = summary_pdf(report, language)
    assert file is not None
    return file


def test_each_language_says_the_reports_own_figures(report: EvaluationReport) -> None:
    reached = FigureRun.objects.get(indicator="I01", parameters__window="year").result
    baseline = FigureRun.objects.get(indicator="I01", parameters__window="baseline").result
    for language, of in (("nl", "van"), ("fr", "sur"), ("en", "of")):
        words = words_of(printed(report, language))
        share = str(reached["share"]).replace("\u00a0", " ")
        assert re.search(rf"{reached['n']}\D{{1,20}}{reached['N']}\D{{1,60}}: {share}", words), language
        assert f"{baseline['n']} {of} {baseline['N']}" in words, language
        assert "niet getoond" not in words or language == "nl"


def test_french_writes_the_first_of_a_month_as_an_ordinal(report: EvaluationReport) -> None:
    assert "1er septembre" in words_of(printed(report, "fr"))
    assert "1 september" in words_of(printed(report, "nl"))


def test_the_words_are_those_of_the_language(report: EvaluationReport) -> None:
    titles = {"nl": "Wat er gebeurde", "fr": "Ce qui a été fait", "en": "What was done"}
    drafts = {"nl": "ONTWERP", "fr": "BROUILLON", "en": "DRAFT"}
    for language in LANGUAGES:
        file = printed(report, language)
        words = words_of(file)
        assert titles[language] in words
        assert drafts[language] in words
        for other in {*LANGUAGES} - {language}:
            assert titles[other] not in words
        with pikepdf.open(io.BytesIO(file)) as document:
            assert str(document.Root.Lang).split("-")[0] == language
            assert document.Root.MarkInfo.Marked


def test_a_small_group_stays_hidden_in_every_language(town: Cast, report: EvaluationReport) -> None:
    """Where the report hides a figure, no sentence is made of it, and a card says so."""
    for block in ChapterBlock.objects.filter(run__indicator__in=["I01", "I02"]).select_related("run"):
        run = block.run
        hidden = {**run.result, "text": "niet getoond", "number": None, "n": None, "N": None, "hidden": "SMALL"}
        block.run = FigureRun.objects.create(
            project=run.project, indicator=run.indicator, version=1, period_from=run.period_from, result=hidden,
            period_to=run.period_to, as_of=run.as_of, parameters=run.parameters, checksum=run.checksum,
        )  # fmt: skip
        block.save(update_fields=["run"])
    for language, words in (("nl", "niet getoond"), ("fr", "non montré"), ("en", "not shown")):
        page = content_of(report)["summaries"][language]
        reach = page["before"][1]["text"]
        assert "68" not in reach
        assert words in words_of(printed(report, language)) or "pas montré" in reach


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_one_page_however_long_the_names(town: Cast, report: EvaluationReport, language: str) -> None:
    assert len(pypdfium2.PdfDocument(printed(report, language))) == 1
    long = "Haspengouwse onderwijsgemeenschappen en gezinsondersteuningsorganisaties "
    Project.objects.update(name=(long * 3)[:120], funder=(long * 3)[:120], grant_number="W" * 40)
    for centre in CLBCentre.objects.all():
        CLBCentre.objects.filter(pk=centre.pk).update(name=f"{centre.pk} {long * 3}"[:120])
    Method.objects.update(status="PROVEN")
    write(town, report, language, done=(long * 4)[:240], schools=(long * 4)[:240], next_year=(long * 4)[:240])
    report = EvaluationReport.objects.get()
    refresh_figures(report, town.staff["joint"])
    pdf = pypdfium2.PdfDocument(printed(report, language))
    assert len(pdf) == 1
    words = " ".join(pdf[0].get_textpage().get_text_range().split())
    assert words.count("Haspengouwse onderwijsgemeenschappen") >= 6, "nothing was left out"


def test_own_sentences_stand_in_their_language_and_return_the_report_to_a_draft(town: Cast) -> None:
    assert town.project is not None
    report = draft_evaluation(project=town.project, kind=ReportKind.FINAL, by=town.staff["joint"])
    submit_for_review(report=report, by=town.staff["joint"])
    client, url = town.client("joint"), reverse("summary_edit", args=[report.pk, "fr"])
    assert 'lang="fr"' in client.get(url).content.decode()
    answer = client.post(url, {"done": " Deux écoles\r\nont essayé. ", "next_year": "On continue.", "edition": 1})
    assert answer.headers["Location"] == reverse("report_summary", args=[report.pk, "fr"])
    report.refresh_from_db()
    assert report.state == "DRAFT"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Deux écoles ont essayé." in page
    assert "On continue." in words_of(printed(report, "fr"))
    assert "On continue." not in words_of(printed(report, "nl"))


def test_two_people_who_write_at_once_both_keep_their_sentences(town: Cast, report: EvaluationReport) -> None:
    write(town, report, "nl", done="De eerste.")
    with pytest.raises(SummaryChangedError):
        write(town, report, "nl", done="De tweede.")
    answer = town.client("joint").post(
        reverse("summary_edit", args=[report.pk, "nl"]), {"done": "De tweede.", "edition": 1}
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "De eerste." in page
    assert "De tweede." in page
    assert ReportSummary.objects.get().done == "De eerste."


def test_a_sentence_that_is_too_long_comes_back_whole(town: Cast, report: EvaluationReport) -> None:
    long = "heel " * 60
    answer = town.client("joint").post(reverse("summary_edit", args=[report.pk, "nl"]), {"done": long, "edition": 1})
    assert answer.status_code == 422
    assert long.strip() in answer.content.decode()
    assert ReportSummary.objects.count() == 0


def test_a_name_in_a_sentence_keeps_the_report_from_being_frozen(town: Cast, report: EvaluationReport) -> None:
    somebody = Guardian.objects.exclude(last_name="").first()
    assert somebody is not None
    write(town, report, "en", schools=f"{somebody.first_name} {somebody.last_name} was very happy.")
    with pytest.raises(ReportError, match="English"):
        submit_for_review(report=report, by=town.staff["joint"])
    assert FrozenReport.objects.count() == 0


def test_frozen_it_stays_and_proves_itself(town: Cast, report: EvaluationReport, tmp_path: Path) -> None:
    write(town, report, "nl", done="Dit staat er.")
    frozen = submit_for_review(report=report, by=town.staff["joint"])
    client = town.client("director_go")
    Project.objects.update(name="Iets anders", funder="Een ander")
    ReportSummary.objects.update(done="Dit staat er niet.")
    for language in LANGUAGES:
        file = client.get(reverse("report_summary_pdf", args=[report.pk, language])).content
        assert file == bytes(FrozenFile.objects.get(frozen=frozen, kind=f"S_{language.upper()}").content)
        words = words_of(file)
        assert "Iets anders" not in words
        assert " ".join(frozen.checksum[place : place + 4] for place in range(0, 16, 4)) in words
        kept = tmp_path / "samenvatting.pdf"
        kept.write_bytes(file)
        call_command("verify_report", str(kept))
        kept.write_bytes(file + b" ")
        with pytest.raises(CommandError, match=f"{frozen.checksum}.*changed afterwards"):
            call_command("verify_report", str(kept))
    page = client.get(reverse("report_summary", args=[report.pk, "nl"])).content.decode()
    assert "Dit staat er." in page
    assert "Iets anders" not in page


def test_a_report_that_was_frozen_before_there_were_summaries_has_none(town: Cast, report: EvaluationReport) -> None:
    document = {key: value for key, value in content_of(report).items() if key != "summaries"}
    EvaluationReport.objects.update(state="REVIEW")
    FrozenReport.objects.create(
        report=report, checksum="0" * 64, content={**document, "checksum": "0" * 64}, pdf=b"", pdf_checksum="",
        frozen_at=report.created_at,
    )  # fmt: skip
    client = town.client("joint")
    for name in ("report_summary", "report_summary_pdf"):
        assert client.get(reverse(name, args=[report.pk, "nl"])).status_code == 404
    page = client.get(reverse("report_detail", args=[report.pk]))
    assert page.status_code == 200
    assert reverse("report_summary", args=[report.pk, "nl"]) not in page.content.decode()


def test_other_languages_do_not_exist(town: Cast, report: EvaluationReport) -> None:
    for name in ("report_summary", "report_summary_pdf", "summary_edit"):
        assert town.client("joint").get(reverse(name, args=[report.pk, "de"])).status_code == 404
