"""Behind two web servers what a page kept by itself may arrive after the save that has the same words: it is not kept
again, and what was never saved is."""

from __future__ import annotations

import pytest
from django.urls import reverse

from reports.evaluation import keep_draft, save_chapter
from reports.models import ChapterDraft, EvaluationReport, ReportChapter
from schools.models import User
from tests.cast import Cast, make_account

pytestmark = pytest.mark.django_db
BEGUN = "De start was moeilijk."
TYPED = f"{BEGUN} Daarna kwamen ouders mee."
SAVED = f"{TYPED} Het jaar was goed."


@pytest.fixture
def writer(drafted: tuple[Cast, EvaluationReport]) -> User:
    user: User = drafted[0].staff["joint"]
    return user


@pytest.fixture
def chapter(drafted: tuple[Cast, EvaluationReport], writer: User) -> ReportChapter:
    """A chapter of edition 2, with one sentence."""
    begun = drafted[1].chapters.get(number=2)
    return save_chapter(chapter=begun, text=BEGUN, edition=1, by=writer).chapter


def waiting() -> list[str]:
    return list(ChapterDraft.objects.values_list("text", flat=True))


def test_what_arrives_after_its_save_is_not_kept_again(chapter: ReportChapter, writer: User) -> None:
    save_chapter(chapter=chapter, text=SAVED, edition=2, by=writer)
    for late in (SAVED, TYPED):
        assert keep_draft(chapter=chapter, text=late, edition=2, by=writer) is None
    assert waiting() == []


def test_the_server_that_read_the_chapter_before_the_save_looks_again(
    drafted: tuple[Cast, EvaluationReport], chapter: ReportChapter, writer: User
) -> None:
    read_before = ReportChapter.objects.get(pk=chapter.pk)
    save_chapter(chapter=chapter, text=SAVED, edition=2, by=writer)
    assert read_before.edition == 2
    assert keep_draft(chapter=read_before, text=SAVED, edition=2, by=writer) is None
    page = drafted[0].client("joint").get(reverse("chapter_edit", args=[chapter.report_id, 2])).content.decode()
    assert "data-autosave" in page
    assert "Daarna kwamen ouders mee." in page
    assert waiting() == []


def test_a_page_that_was_left_kept_its_text_a_moment_after_the_next_one_opened(
    chapter: ReportChapter, writer: User
) -> None:
    opened_with = keep_draft(chapter=chapter, text=TYPED, edition=2, by=writer)
    assert opened_with is not None
    keep_draft(chapter=chapter, text=f"{TYPED} Het jaar", edition=2, by=writer, mark=opened_with.mark)
    save_chapter(chapter=chapter, text=SAVED, edition=2, by=writer, draft=opened_with.mark)
    assert waiting() == []


def test_words_that_nobody_saved_are_kept(chapter: ReportChapter, writer: User) -> None:
    save_chapter(chapter=chapter, text=SAVED, edition=2, by=writer)
    keep_draft(chapter=chapter, text=f"{TYPED} Nog iets.", edition=2, by=writer)
    assert waiting() == [f"{TYPED} Nog iets."]


def test_a_sentence_taken_out_in_another_window_is_kept(chapter: ReportChapter, writer: User) -> None:
    save_chapter(chapter=chapter, text=SAVED, edition=2, by=writer)
    keep_draft(chapter=chapter, text="De start was.", edition=2, by=writer)
    assert waiting() == ["De start was."]


def test_what_a_colleague_saved_is_not_ones_own(chapter: ReportChapter, writer: User) -> None:
    save_chapter(chapter=chapter, text=SAVED, edition=2, by=make_account("joint2@clb.example", "Noor Second"))
    keep_draft(chapter=chapter, text=TYPED, edition=2, by=writer)
    assert waiting() == [TYPED]
