"""Two people, two windows, a lost session, a slow phone: a chapter keeps every word, and says who wrote when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ingroeibloei import retention
from reports.evaluation import (
    ReportError,
    keep_draft,
    open_points,
    save_chapter,
    submit_for_review,
    versions_of,
    writing_now,
)
from reports.evaluation.writing import KEPT_VERSIONS, MOST_DRAFTS, WRITING_NOW
from reports.models import ChapterDraft, ChapterVersion, EvaluationReport, ReportChapter
from schools import clock
from schools.models import Assignment, Role, User
from tests.cast import Cast, make_account
from tests.reports.conftest import travel_to

pytestmark = pytest.mark.django_db
TEXT = "De start was moeilijk. Daarna kwamen ouders mee.\n\nHet jaar was goed."
BY_ITSELF = {"X-Autosave": "1"}


@pytest.fixture
def report(town: Cast, report: EvaluationReport) -> EvaluationReport:
    save_chapter(chapter=report.chapters.get(number=2), text=TEXT, edition=1, by=town.staff["joint"])
    return report


@pytest.fixture
def chapter(report: EvaluationReport) -> ReportChapter:
    return report.chapters.select_related("report").get(number=2)


@pytest.fixture
def second(town: Cast) -> User:
    """A second joint worker of the same project."""
    user = make_account("joint2@clb.example", "Noor Second")
    Assignment.objects.create(
        user=user, role=Role.JOINT_CLB, project=town.project, starts_on=town.year.starts_on, ends_on=town.year.ends_on
    )
    return user


def address(report: EvaluationReport) -> str:
    return reverse("chapter_edit", args=[report.pk, 2])


def save(client: Client, report: EvaluationReport, text: str, edition: int = 2, **more: Any) -> Any:
    return client.post(address(report), {"text": text, "edition": edition, "save": "1", **more}, follow=True)


def keep(client: Client, report: EvaluationReport, text: str, edition: int = 2, mark: str = "") -> Any:
    typed = {"text": text, "edition": edition, "revision": mark}
    return client.post(address(report), typed, headers=BY_ITSELF)


def test_what_two_people_changed_apart_stands_together(
    town: Cast, report: EvaluationReport, chapter: ReportChapter, second: User
) -> None:
    save_chapter(chapter=chapter, text=TEXT.replace("moeilijk", "heel moeilijk"), edition=2, by=second)
    page = save(town.client("joint"), report, TEXT.replace("goed", "heel goed"))
    chapter.refresh_from_db()
    assert chapter.text == TEXT.replace("moeilijk", "heel moeilijk").replace("goed", "heel goed")
    assert "Noor Second" in page.content.decode()
    assert [version.written_by for version in versions_of(chapter)[:2]] == [town.staff["joint"], second]


def test_one_sentence_changed_twice_is_shown_side_by_side_and_kept_already(
    town: Cast, report: EvaluationReport, chapter: ReportChapter, second: User
) -> None:
    save_chapter(chapter=chapter, text=TEXT.replace("moeilijk", "zwaar"), edition=2, by=second)
    client = town.client("joint")
    answer = save(client, report, TEXT.replace("moeilijk", "traag"))
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "<mark>zwaar</mark>" in shown
    assert "<mark>traag</mark>" in shown
    assert "De start was zwaar.\n\nDe start was traag." in shown
    chapter.refresh_from_db()
    assert "traag" not in chapter.text
    again = client.get(address(report)).content.decode()
    assert "De start was traag." in again, "who leaves the page finds it again"
    draft = ChapterDraft.objects.get()
    save(client, report, TEXT.replace("moeilijk", "zwaar en traag"), 3, revision=draft.mark)
    chapter.refresh_from_db()
    assert "zwaar en traag" in chapter.text
    assert not ChapterDraft.objects.exists()


def test_the_same_form_sent_twice_saves_once(town: Cast, report: EvaluationReport, chapter: ReportChapter) -> None:
    client = town.client("joint")
    for _time in range(2):
        assert save(client, report, f"{TEXT} Erbij.").status_code == 200
    chapter.refresh_from_db()
    assert (chapter.text, chapter.edition) == (f"{TEXT} Erbij.", 3)


def test_what_is_typed_is_kept_and_the_chapter_stays(
    town: Cast, report: EvaluationReport, chapter: ReportChapter
) -> None:
    EvaluationReport.objects.update(state="REVIEW")
    client = town.client("joint")
    said = keep(client, report, f"{TEXT} Half ge").json()
    said = keep(client, report, f"{TEXT} Half getypt", mark=said["revision"]).json()
    draft = ChapterDraft.objects.get()
    assert (draft.text, draft.mark) == (f"{TEXT} Half getypt", said["revision"])
    report.refresh_from_db()
    chapter.refresh_from_db()
    assert (report.state, chapter.text) == ("REVIEW", TEXT)
    shown = client.get(address(report)).content.decode()
    assert "Half getypt" in shown
    assert said["revision"] in shown


def test_a_preview_without_script_keeps_the_text_too(town: Cast, report: EvaluationReport) -> None:
    client = town.client("joint")
    client.post(address(report), {"text": f"{TEXT} Bekeken.", "edition": 2, "preview": "1"})
    assert "Bekeken." in client.get(address(report)).content.decode()
    assert ChapterDraft.objects.get().text == f"{TEXT} Bekeken."


def test_an_answer_that_never_came_makes_no_second_row(
    town: Cast, report: EvaluationReport, chapter: ReportChapter
) -> None:
    client = town.client("joint")
    first = keep(client, report, f"{TEXT} Een").json()["revision"]
    keep(client, report, f"{TEXT} Een twee", mark=first)  # its answer is lost
    keep(client, report, f"{TEXT} Een twee drie", mark=first)
    assert ChapterDraft.objects.get().text == f"{TEXT} Een twee drie"


def test_two_windows_of_one_person_keep_a_text_each(
    town: Cast, report: EvaluationReport, chapter: ReportChapter
) -> None:
    client = town.client("joint")
    mark = keep(client, report, f"{TEXT} Samen.").json()["revision"]
    keep(client, report, f"{TEXT} Venster een.", mark=mark)
    other = keep(client, report, f"{TEXT} Venster twee.", mark=mark).json()["revision"]
    texts = set(ChapterDraft.objects.values_list("text", flat=True))
    assert texts == {f"{TEXT} Venster een.", f"{TEXT} Venster twee."}
    shown = client.get(address(report)).content.decode()
    assert "Venster een." in shown
    assert "Venster twee." in shown
    save(client, report, f"{TEXT} Venster twee.", revision=other)
    assert list(ChapterDraft.objects.values_list("text", flat=True)) == [f"{TEXT} Venster een."]


def test_saving_takes_away_only_what_it_saved(town: Cast, report: EvaluationReport, chapter: ReportChapter) -> None:
    client = town.client("joint")
    mark = keep(client, report, f"{TEXT} Een.").json()["revision"]
    keep(client, report, f"{TEXT} Een. En nog meer in het andere venster.", mark=mark)
    save(client, report, f"{TEXT} Een.", revision=mark)
    assert ChapterDraft.objects.get().text.endswith("andere venster.")


def test_what_was_typed_is_thrown_away_on_demand_only(
    town: Cast, report: EvaluationReport, chapter: ReportChapter, second: User
) -> None:
    client = town.client("joint")
    mark = keep(client, report, f"{TEXT} Weg ermee.").json()["revision"]
    theirs = keep_draft(chapter=chapter, text="Van Noor.", edition=2, by=second)
    assert theirs is not None
    url = reverse("draft_discard", args=[report.pk, 2])
    for given in ("", "x", "9" * 30, f"{mark}0", theirs.mark):
        client.post(url, {"mark": given})
    assert ChapterDraft.objects.count() == 2
    client.post(url, {"mark": mark})
    assert list(ChapterDraft.objects.all()) == [theirs]


def test_an_unchanged_text_and_too_many_windows(town: Cast, report: EvaluationReport, chapter: ReportChapter) -> None:
    client = town.client("joint")
    assert keep(client, report, TEXT).json()["revision"] == ""
    assert not ChapterDraft.objects.exists()
    for number in range(MOST_DRAFTS):
        keep(client, report, f"Venster {number}")
    assert keep(client, report, "Een te veel").status_code == 409
    assert keep(client, report, "x" * 60_001).status_code == 422


def test_somebody_elses_typing_is_seen_and_not_read(
    town: Cast, report: EvaluationReport, chapter: ReportChapter, second: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_draft(chapter=chapter, text="Nog geheim.", edition=2, by=second)
    shown = town.client("joint").get(address(report)).content.decode()
    assert "Noor Second" in shown
    assert "Nog geheim." not in shown
    assert any("Noor Second" in point.text for point in open_points(report))
    ChapterDraft.objects.update(saved_at=clock.now() - WRITING_NOW - timedelta(minutes=1))
    assert writing_now(chapter, town.staff["joint"]) == []


def test_an_earlier_text_comes_back_and_nothing_goes(
    town: Cast, report: EvaluationReport, chapter: ReportChapter
) -> None:
    client, url = town.client("joint"), reverse("chapter_versions", args=[report.pk, 2])
    save(client, report, "Alles weggegooid.")
    listed = client.get(f"{url}?versie=3").content.decode()
    assert "<ins>" in listed
    assert "<del>" in listed
    assert client.post(url, {"versie": 2, "edition": 2}, follow=True).status_code == 200
    chapter.refresh_from_db()
    assert chapter.edition == 3, "somebody saved since the page was opened"
    client.post(url, {"versie": 2, "edition": 3})
    chapter.refresh_from_db()
    assert (chapter.text, chapter.edition) == (TEXT, 4)
    assert [version.edition for version in versions_of(chapter)] == [4, 3, 2, 1]
    for nonsense in ("x", "", "99", "9" * 30):
        client.post(url, {"versie": nonsense, "edition": "4"})
        assert client.get(url, {"versie": nonsense}).status_code == 200
    chapter.refresh_from_db()
    assert chapter.edition == 4


def test_the_first_text_and_the_newest_versions_stay(town: Cast, chapter: ReportChapter) -> None:
    for edition in range(2, KEPT_VERSIONS + 6):
        save_chapter(chapter=chapter, text=f"Tekst {edition}.", edition=edition, by=town.staff["joint"])
    kept = [version.edition for version in versions_of(chapter)]
    assert len(kept) == KEPT_VERSIONS + 1
    assert kept[-1] == 1
    late = save_chapter(chapter=chapter, text="Van een week geleden.", edition=2, by=town.staff["joint"]).chapter
    assert "Van een week geleden." in late.text
    assert f"Tekst {KEPT_VERSIONS + 5}." in late.text, "without the text before, both stay"


def test_a_version_does_not_change(chapter: ReportChapter) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ChapterVersion.objects.filter(chapter=chapter).update(text="Nooit geschreven.")


def test_nobody_writes_in_a_report_that_was_submitted(town: Cast, report: EvaluationReport) -> None:
    EvaluationReport.objects.update(state="SUBMITTED")
    chapter = report.chapters.get(number=2)
    with pytest.raises(ReportError):
        save_chapter(chapter=chapter, text="Toch nog.", edition=2, by=town.staff["joint"])
    chapter.refresh_from_db()
    assert chapter.text == TEXT
    assert keep(town.client("joint"), report, "Toch nog.").status_code == 404


def test_the_list_of_versions_costs_the_same(town: Cast, report: EvaluationReport, chapter: ReportChapter) -> None:
    client, counts = town.client("joint"), []
    for edition in (2, 12):
        for more in range(edition, edition + 10):
            save_chapter(chapter=chapter, text=f"Tekst {more}.", edition=more, by=town.staff["joint"])
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("chapter_versions", args=[report.pk, 2]))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_versions_and_kept_texts_go_with_the_year_after_the_report(
    town: Cast, report: EvaluationReport, chapter: ReportChapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_draft(chapter=chapter, text="Nooit bewaard.", edition=2, by=town.staff["joint"])
    rules = [rule for rule in retention.RULES if rule.key in ("versions", "unsaved chapters")]
    assert town.project is not None
    travel_to(monkeypatch, town.project.report_due_on.replace(month=12, day=31))
    assert [rule.due().count() for rule in rules] == [0, 0]
    travel_to(monkeypatch, town.project.report_due_on.replace(month=12, day=31) + timedelta(days=1))
    assert all(retention.carry_out(rule, dry_run=False) for rule in rules)
    assert not ChapterVersion.objects.exists()
    assert not ChapterDraft.objects.exists()


def test_a_way_back_says_what_it_costs_in_a_report_that_is_frozen(town: Cast, report: EvaluationReport) -> None:
    """As the page of the chapter says it: the signatures go, and nothing brings them back."""
    client, url = town.client("joint"), reverse("chapter_versions", args=[report.pk, 2])
    warning = "Handtekeningen onder de vastgelegde tekst tellen dan niet meer."
    assert warning not in client.get(url).content.decode()
    submit_for_review(report=report, by=town.staff["joint"])
    assert warning in client.get(url).content.decode()
