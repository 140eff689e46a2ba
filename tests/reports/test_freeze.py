"""Frozen, the report is what the directors sign: no live row, no later edit, no other person changes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from parents.models import ContactMoment, Guardian
from reports.evaluation import (
    ReportError,
    candidate_of,
    freeze,
    refresh_figures,
    save_chapter,
    sign,
    submit_for_review,
    submit_report,
)
from reports.evaluation.binding import blocks_of
from reports.models import (
    BudgetLine,
    EvaluationReport,
    FigureRun,
    FrozenReport,
    ReportChapter,
    ReportSignature,
    ReportState,
    Target,
)
from reports.releases import TOLD
from schools import clock
from schools.models import Assignment, CentreShare, Participation, School, User
from tests.cast import Cast
from tests.reports.conftest import grow, words_of


def said(sentence: str, **values: object) -> str:
    """What the portal says, in the language of the moment, as a pattern."""
    return re.escape(gettext(sentence) % values if values else gettext(sentence))


def article_of(client: Client, report: EvaluationReport) -> str:
    page = client.get(reverse("report_detail", args=[report.pk])).content.decode()
    return page[page.index("<article") : page.index("</article>")]


def test_after_freezing_nothing_live_reaches_the_page_or_the_file(town: Cast, frozen: FrozenReport) -> None:
    report = frozen.report
    client = town.client("joint")
    before, pdf = article_of(client, report), client.get(reverse("report_pdf", args=[report.pk])).content
    grow(town, "3b", "nl", 30, reached=30, start=town.year.starts_on)
    ContactMoment.objects.filter(kind="PHONE").update(is_reach=False, status="NOT_REACHED")
    School.objects.update(name="Andere school")
    BudgetLine.objects.update(granted=1)
    Target.objects.all().delete()
    Participation.objects.update(role="COMPARISON")
    CentreShare.objects.update(share=1)
    User.objects.update(full_name="Iemand Anders")
    ReportChapter.objects.update(text="Iets anders.", title="Iets anders")
    EvaluationReport.objects.update(identification=[])
    assert article_of(client, report) == before
    assert client.get(reverse("report_pdf", args=[report.pk])).content == pdf == bytes(frozen.pdf)


def test_page_and_pdf_show_the_same_figures(town: Cast, frozen: FrozenReport) -> None:
    page, printed = article_of(town.client("joint"), frozen.report), words_of(bytes(frozen.pdf))
    shown = {" ".join(figure.split()) for figure in re.findall(r'<strong class="text-leaf nowrap">([^<]+)<', page)}
    assert len(shown) >= 5
    for figure in shown:
        assert figure in printed, figure
    tables = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    for cell in re.findall(r'<td[^>]*class="numeric">([^<]+)<', tables):
        assert " ".join(cell.split()) in printed, cell


def test_the_pdf_is_tagged_and_names_its_checksum(frozen: FrozenReport) -> None:
    pdf = bytes(frozen.pdf)
    assert b"/StructTreeRoot" in pdf or b"/MarkInfo" in pdf
    assert frozen.checksum[:32] in words_of(pdf)


def test_the_database_keeps_a_frozen_report(frozen: FrozenReport) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        FrozenReport.objects.filter(pk=frozen.pk).update(checksum="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        FigureRun.objects.update(result={})


def test_both_directors_sign_each_for_the_own_centre_and_the_worker_submits(town: Cast, frozen: FrozenReport) -> None:
    report = frozen.report
    first, second = town.staff["director_vclb"], town.staff["director_go"]
    signature = sign(report=report, checksum=frozen.checksum, by=first)
    assert signature.centre == town.centres["vclb"]
    assert sign(report=report, checksum=frozen.checksum, by=first) == signature
    other = Assignment.objects.create(
        user=town.staff["clb_vclb"], role="CLB_DIRECTOR", clb_centre=town.centres["vclb"], starts_on=clock.today()
    )
    with pytest.raises(ReportError, match=said("%(centre)s signed this report already.", centre=town.centres["vclb"])):
        sign(report=report, checksum=frozen.checksum, by=other.user)
    assert EvaluationReport.objects.get().state == ReportState.REVIEW
    assert not FigureRun.objects.filter(parameters=TOLD).exists()
    assert town.client("coordinator").get(reverse("report_detail", args=[report.pk])).status_code == 404
    sign(report=report, checksum=frozen.checksum, by=second)
    report.refresh_from_db()
    assert report.state == ReportState.SIGNED
    city = town.client("coordinator")
    assert city.get(reverse("report_detail", args=[report.pk])).status_code == 200
    assert city.get(reverse("report_pdf", args=[report.pk])).content == bytes(frozen.pdf)
    told = FigureRun.objects.filter(parameters=TOLD)
    assert {"I01", "I02"} <= set(told.values_list("indicator", flat=True)), "the city's figures are laid beside it"
    submit_report(report=report, by=town.staff["joint"])
    with pytest.raises(ReportError, match=said("This report was submitted. A correction is a next version.")):
        save_chapter(chapter=report.chapters.get(number=1), text="Nee", edition=1, by=town.staff["joint"])
    assert report.chapters.get(number=1).text != "Nee"


def test_who_directs_both_centres_for_a_while_signs_for_the_one_and_then_for_the_other(
    town: Cast, frozen: FrozenReport
) -> None:
    report, director = frozen.report, town.staff["director_vclb"]
    Assignment.objects.filter(user=town.staff["director_go"]).update(user=director)
    page, url = reverse("report_detail", args=[report.pk]), reverse("report_sign", args=[report.pk])
    for number in (1, 2):
        assert url in town.client("director_vclb").get(page).content.decode()
        sign(report=report, checksum=frozen.checksum, by=User.objects.get(pk=director.pk))
        assert frozen.signatures.count() == number
    assert EvaluationReport.objects.get().state == ReportState.SIGNED


def test_an_edit_returns_the_report_to_a_draft_and_voids_signatures(town: Cast, frozen: FrozenReport) -> None:
    report, director = frozen.report, town.staff["director_vclb"]
    sign(report=report, checksum=frozen.checksum, by=director)
    save_chapter(chapter=report.chapters.get(number=1), text="Nieuw.", edition=1, by=town.staff["joint"])
    report.refresh_from_db()
    assert report.state == ReportState.DRAFT
    again = submit_for_review(report=report, by=town.staff["joint"])
    assert again.checksum != frozen.checksum
    assert again.signatures.count() == 0
    assert ReportSignature.objects.filter(frozen=frozen).count() == 1
    with pytest.raises(
        ReportError, match=said("The report changed since you opened it. Read the new text before you sign.")
    ):
        sign(report=report, checksum=frozen.checksum, by=director)


def test_what_is_edited_while_the_files_are_made_is_not_frozen_unseen(town: Cast, report: EvaluationReport) -> None:
    """Making them takes seconds and holds nobody up: a chapter saved meanwhile is not lost and not signed."""
    joint = town.staff["joint"]
    made = candidate_of(EvaluationReport.objects.get())
    save_chapter(chapter=report.chapters.get(number=1), text="Nog snel dit.", edition=1, by=joint)
    words = said("Somebody edited this report a moment ago. Read it again before you freeze it.")
    with pytest.raises(ReportError, match=words):
        freeze(report=report, candidate=made, by=joint)
    assert EvaluationReport.objects.get().state == ReportState.DRAFT
    assert FrozenReport.objects.count() == 0
    frozen = submit_for_review(report=report, by=joint)
    assert "Nog snel dit." in str(frozen.content["chapters"][0])
    assert submit_for_review(report=report, by=joint) == frozen


def test_a_director_signs_on_the_page_with_a_fresh_second_factor(town: Cast, frozen: FrozenReport) -> None:
    url, body = reverse("report_sign", args=[frozen.report_id]), {"checksum": frozen.checksum}
    stale = town.client("director_vclb", minutes_ago=60).post(url, body)
    assert stale.status_code == 422
    assert frozen.checksum in stale.content.decode(), "what was read is still what will be signed"
    assert ReportSignature.objects.count() == 0
    fresh = town.client("director_vclb")
    assert url in fresh.get(reverse("report_detail", args=[frozen.report_id])).content.decode()
    assert fresh.post(url, body).status_code == 302
    assert ReportSignature.objects.get().signed_by == town.staff["director_vclb"]


@pytest.mark.parametrize("key", ["joint", "coordinator", "clb_vclb", "head"])
def test_nobody_else_signs(town: Cast, frozen: FrozenReport, key: str) -> None:
    url = reverse("report_sign", args=[frozen.report_id])
    assert town.client(key).post(url, {"checksum": frozen.checksum}).status_code == 403
    with pytest.raises(ReportError, match=said("Only the director of a CLB that carries this project can sign.")):
        sign(report=frozen.report, checksum=frozen.checksum, by=town.staff[key])


def test_a_family_s_name_stops_the_freezing(town: Cast, report: EvaluationReport) -> None:
    mother = Guardian.objects.get(first_name="Harpreet")
    text = f"Vooral {mother.first_name} {mother.last_name} kwam vaak."
    save_chapter(chapter=report.chapters.get(number=9), text=text, edition=1, by=town.staff["joint"])
    with pytest.raises(ReportError, match="Harpreet Kaur"):
        submit_for_review(report=report, by=town.staff["joint"])
    report.refresh_from_db()
    assert report.state == ReportState.DRAFT
    assert FrozenReport.objects.count() == 0


def test_what_was_frozen_since_the_page_was_asked_for_keeps_its_figures(town: Cast, report: EvaluationReport) -> None:
    """Counting takes seconds. What the city is told once both centres sign are the figures that were frozen."""
    asked_for = EvaluationReport.objects.get(pk=report.pk)
    submit_for_review(report=report, by=town.staff["joint"])
    bound = [block.run_id for block in blocks_of(report)]
    with pytest.raises(ReportError):
        refresh_figures(asked_for, town.staff["joint"])
    assert [block.run_id for block in blocks_of(report)] == bound


def test_freezing_twice_is_once_and_after_a_colleague_it_is_refused(town: Cast, frozen: FrozenReport) -> None:
    again = EvaluationReport.objects.get(pk=frozen.report_id)
    assert submit_for_review(report=again, by=town.staff["joint"]) == frozen
    with pytest.raises(ReportError, match=said("Somebody else moved this report on meanwhile. Open it again.")):
        submit_for_review(report=again, by=town.staff["coordinator"])
    assert FrozenReport.objects.count() == 1


def test_anybody_can_verify_the_file(
    town: Cast, frozen: FrozenReport, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    genuine, forged = tmp_path / "rapport.pdf", tmp_path / "anders.pdf"
    genuine.write_bytes(bytes(frozen.pdf))
    forged.write_bytes(bytes(frozen.pdf)[:-1] + b"x")
    call_command("verify_report", str(genuine))
    assert frozen.checksum in capsys.readouterr().out
    with pytest.raises(CommandError, match="was changed afterwards"):
        call_command("verify_report", str(forged))


def test_who_signs_while_somebody_edits_signs_nothing(town: Cast, frozen: FrozenReport) -> None:
    """The page was asked for before the edit: what counts is how the report stands when the signature is written."""
    asked = EvaluationReport.objects.get(pk=frozen.report_id)
    save_chapter(chapter=asked.chapters.get(number=1), text="Nieuw.", edition=1, by=town.staff["joint"])
    words = said("The report changed since you opened it. Read the new text before you sign.")
    with pytest.raises(ReportError, match=words):
        sign(report=asked, checksum=frozen.checksum, by=town.staff["director_vclb"])
    assert ReportSignature.objects.count() == 0
