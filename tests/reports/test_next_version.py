"""A correction is a next version: it begins with what was written, and the one that was handed in stays as it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from reports.evaluation import draft_evaluation, open_points, save_chapter, sign, submit_for_review, submit_report
from reports.evaluation.deadline import deadline_of
from reports.models import EvaluationReport, ReportKind, ReportSummary
from schools.models import Assignment, Role
from tests.cast import Cast
from tests.mould import poured
from tests.reports.conftest import drafted_town, travel_to

pytestmark = pytest.mark.django_db
WORDS = "Zes keer kwam de stuurgroep samen, telkens op een andere school."


@pytest.fixture
def drafted(request: pytest.FixtureRequest, db: None, monkeypatch: pytest.MonkeyPatch) -> tuple[Cast, EvaluationReport]:
    """With words of the worker in it; handed in for whoever asks for ``handed_in``."""
    cast, report = poured(handed_in_town if "handed_in" in request.fixturenames else written_town)
    travel_to(monkeypatch, cast.year.ends_on.replace(day=16))
    return cast, report


def written_town() -> tuple[Cast, EvaluationReport]:
    town, report = drafted_town()
    for number, text in ((0, "Project: In groei en bloei\nRekeningnummer: BE00"), (4, WORDS)):
        save_chapter(chapter=report.chapters.get(number=number), text=text, edition=1, by=town.staff["joint"])
    ReportSummary.objects.create(report=report, language="nl", done="Zes scholen deden mee.")
    return town, report


def handed_in_town() -> tuple[Cast, EvaluationReport]:
    town, report = written_town()
    with pytest.MonkeyPatch.context() as patch:
        travel_to(patch, town.year.ends_on.replace(day=16))
        frozen = submit_for_review(report=report, by=town.staff["joint"])
        for key in ("director_vclb", "director_go"):
            sign(report=report, checksum=frozen.checksum, by=town.staff[key])
        submit_report(report=report, by=town.staff["joint"])
    return town, report


@pytest.fixture
def written(report: EvaluationReport) -> EvaluationReport:
    return report


@pytest.fixture
def handed_in(report: EvaluationReport) -> EvaluationReport:
    return report


def next_version(town: Cast, report: EvaluationReport) -> EvaluationReport:
    return draft_evaluation(project=report.project, kind=ReportKind.FINAL, by=town.staff["joint"])


def test_a_report_that_is_not_handed_in_is_what_there_is_to_write_in(town: Cast, written: EvaluationReport) -> None:
    """A second draft beside it would leave two half written, and nobody would know which one counts."""
    assert next_version(town, written) == written
    browser, page = town.client("joint"), reverse("report_list")
    buttons = [f'value="{kind}"' for kind in ("FINAL", "INTERIM")]
    assert [button in browser.get(page).content.decode() for button in buttons] == [False, True]
    made = browser.post(reverse("report_new"), {"project": written.project_id, "kind": "FINAL"})
    assert made.headers["Location"] == reverse("report_detail", args=[written.pk])
    assert "nog niet ingediend: schrijf erin verder" in browser.get(made.headers["Location"]).content.decode()
    browser.post(reverse("report_new"), {"project": written.project_id, "kind": "INTERIM"})
    assert "Beide verslagen zijn begonnen" in browser.get(page).content.decode()
    assert EvaluationReport.objects.count() == 2


def test_it_begins_with_the_texts_of_the_one_before(town: Cast, handed_in: EvaluationReport) -> None:
    written, second = handed_in, next_version(town, handed_in)
    assert second.version == 2
    assert second.chapters.get(number=4).text == WORDS
    assert {"label": "Rekeningnummer", "text": "BE00"} in second.identification
    assert second.summaries.get().done == "Zes scholen deden mee."
    assert written.summaries.count() == 1
    assert 4 not in {point.chapter for point in open_points(second)}
    assert 6 in {point.chapter for point in open_points(second)}


def test_what_is_written_in_it_leaves_the_one_before_alone(town: Cast, handed_in: EvaluationReport) -> None:
    written, chapter = handed_in, next_version(town, handed_in).chapters.get(number=4)
    save_chapter(chapter=chapter, text="Zeven keer.", edition=chapter.edition, by=town.staff["joint"])
    assert written.chapters.get(number=4).text == WORDS


def test_an_interim_report_gives_the_evaluation_no_words(town: Cast) -> None:
    assert town.project is not None
    interim = draft_evaluation(project=town.project, kind=ReportKind.INTERIM, by=None)
    save_chapter(chapter=interim.chapters.get(number=4), text=WORDS, edition=1, by=town.staff["joint"])
    final = draft_evaluation(project=town.project, kind=ReportKind.FINAL, by=None)
    assert final.chapters.get(number=4).text != WORDS
    labels = [{row["label"] for row in report.identification} for report in (interim, final)]
    assert ["Verslag in te dienen ten laatste op" in found for found in labels] == [False, True]


def test_who_wrote_what_was_handed_in_reads_how_to_put_it_right(town: Cast, handed_in: EvaluationReport) -> None:
    url = reverse("report_detail", args=[handed_in.pk])
    pages = {key: town.client(key).get(url).content.decode() for key in ("joint", "director_vclb")}
    assert ["Een volgende versie maken" in page for page in pages.values()] == [True, False]


def test_a_next_version_is_begun_where_the_last_one_is_read(town: Cast, handed_in: EvaluationReport) -> None:
    """Of the same kind, and from the newest version only: a second one would leave the first half written."""
    browser, url = town.client("joint"), reverse("report_detail", args=[handed_in.pk])
    page = " ".join(browser.get(url).content.decode().split())
    assert f'action="{reverse("report_new")}"' in page
    assert f'name="kind" value="{handed_in.kind}"' in page
    made = browser.post(reverse("report_new"), {"project": handed_in.project_id, "kind": handed_in.kind})
    second = EvaluationReport.objects.get(version=2)
    assert made.headers["Location"] == reverse("report_detail", args=[second.pk])
    assert "Maak een volgende versie" not in browser.get(url).content.decode()


def test_a_correction_of_what_was_handed_in_has_no_day(town: Cast, handed_in: EvaluationReport) -> None:
    assert deadline_of(next_version(town, handed_in)) is None


def test_a_save_that_unfreezes_the_report_says_so(town: Cast, written: EvaluationReport) -> None:
    """She began to write before it was frozen, so no page warned her."""
    chapter = written.chapters.get(number=4)
    written.refresh_from_db()
    submit_for_review(report=written, by=town.staff["joint"])
    url, body = reverse("chapter_edit", args=[written.pk, 4]), {"text": "Zeven.", "edition": chapter.edition, "save": 1}
    page = town.client("joint").post(url, body, follow=True).content.decode()
    assert "is weer een ontwerp" in page
    chapter.refresh_from_db()
    again = town.client("joint").post(url, {**body, "text": "Acht.", "edition": chapter.edition}, follow=True)
    assert "is weer een ontwerp" not in again.content.decode()


def test_a_draft_asks_a_director_for_nothing(town: Cast, written: EvaluationReport) -> None:
    url = reverse("report_detail", args=[written.pk])
    pages = [town.client(key).get(url).content.decode() for key in ("joint", "director_vclb")]
    assert ["Schrijf de hoofdstukken" in page for page in pages] == [True, False]


def test_after_the_post_ended_an_administrator_gives_it_again(
    town: Cast, handed_in: EvaluationReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In October the fund finds a mistake: who wrote it works elsewhere by now."""
    page = reverse("report_detail", args=[handed_in.pk])
    words = "een beheerder geeft ze voor enkele dagen opnieuw"
    assert words not in town.client("director_vclb").get(page).content.decode()
    post = Assignment.objects.get(user=town.staff["joint"], role=Role.JOINT_CLB)
    Assignment.objects.filter(pk=post.pk).update(ends_on=town.year.ends_on)
    october = town.year.ends_on + timedelta(days=100)
    travel_to(monkeypatch, october)
    assert words in town.client("director_vclb").get(page).content.decode()
    given = {"role": Role.JOINT_CLB, "project": handed_in.project_id, "starts_on": october, "language": "nl"}
    form = {
        "full_name": "Els Nijs", "email": "els@clb.example", "share": 100,
        "ends_on": october + timedelta(days=10), **given,
    }  # fmt: skip
    answer = town.client("admin").post(reverse("staff_new"), form)
    assert answer.status_code == 302, answer.context["form"].errors
    assert words not in town.client("director_vclb").get(page).content.decode()
    again = Assignment.objects.filter(role=Role.JOINT_CLB, starts_on=october)
    assert again.update(user=town.staff["joint"]) == 1  # whose second factor is set up
    made = town.client("joint").post(reverse("report_new"), {"project": handed_in.project_id, "kind": handed_in.kind})
    second = EvaluationReport.objects.get(version=2)
    assert made.headers["Location"] == reverse("report_detail", args=[second.pk])
    assert second.chapters.get(number=4).text == WORDS
