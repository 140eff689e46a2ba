"""Files with a notice, as a teacher adds them to a draft: all or nothing, and frozen with the notice."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.translation import override

from messaging.attachments import comes_with, on_paper
from messaging.files import store
from messaging.files.checking import CheckedFile
from messaging.files.limits import MAX_BYTES, Kind, Refusal
from messaging.forms_attachments import WHY_REFUSED
from messaging.models import Attachment, Notice
from messaging.rendering import preview_mail
from messaging.services import (
    attach_file,
    correct_notice,
    discard_notice,
    nightly,
    publish_notice,
    remove_attachment,
    schedule_notice,
    undo_notice,
    update_notice,
)
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.leaflets import pdf, photograph, picture
from tests.messaging.notices_for_pages import COMPOSE, delivery_to, draft, filled_in, template
from tests.messaging.rendered import letter_for, mail_for
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where files are kept, for each test apart."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media" / "attachments"


@pytest.fixture
def notice(cast: Cast) -> Notice:
    return draft(cast)


def attach(notice: Notice, words: str = "Het menu van mei", language: str = "nl") -> Attachment:
    leaflet = CheckedFile(Kind.PDF, b"%PDF-1.7\n" + words.encode())
    return attach_file(notice=notice, by=notice.author, file=leaflet, title=words, language=language)


def choose(cast: Cast, notice: Notice, content: bytes, name: str = "menu.pdf", **other: Any) -> Any:
    """The teacher of 3B chooses a file in her browser."""
    fields = {"title": "Het menu van mei", "language": "nl", "file": SimpleUploadedFile(name, content)} | other
    return cast.client("teacher_3b").post(reverse("notice_files", args=[notice.pk]), fields)


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


class TestAdding:
    def test_a_file_goes_with_the_draft_under_a_name_of_our_own(self, cast: Cast, notice: Notice, folder: Path) -> None:
        answer = choose(cast, notice, pdf(), "../../Rapport van Yusuf.pdf")
        assert answer.headers["Location"] == reverse("notice_files", args=[notice.pk])
        row = notice.attachments.get()
        assert (row.title, row.language, row.kind, row.is_frozen) == ("Het menu van mei", "nl", "PDF", False)
        assert kept(folder) == [row.file]
        assert "Yusuf" not in row.file
        assert (folder / row.file).stat().st_mode & 0o777 == 0o600
        assert len(store.read(row.file)) == row.size
        page = cast.client("teacher_3b").get(reverse("notice_files", args=[notice.pk]))
        assert "Het menu van mei" in text_of(page)
        assert AuditEntry.objects.filter(verb="attached", target_id=notice.pk).exists()

    def test_what_is_kept_is_the_cleaned_photograph(self, cast: Cast, notice: Notice) -> None:
        choose(cast, notice, photograph(), "zwembad.pdf", language="")
        row = notice.attachments.get()
        assert (row.kind, row.language) == ("JPEG", "")
        assert b"Els" not in store.read(row.file)

    @pytest.mark.parametrize(
        ("content", "name", "why"),
        [
            (b"", "leeg.pdf", Refusal.EMPTY),
            (b"<html></html>", "menu.pdf", Refusal.UNKNOWN),
            (b"%PDF-1.7\n<html><script>a()</script>", "menu.pdf", Refusal.BROKEN),
            (b"<svg onload='a()'/>", "tekening.svg", Refusal.UNKNOWN),
            (b"%PDF-" + b"x" * MAX_BYTES, "groot.pdf", Refusal.TOO_BIG),
            (b"x" * (5 * MAX_BYTES), "reus.pdf", Refusal.TOO_BIG),
        ],
    )
    def test_a_refusal_says_why_and_leaves_nothing(
        self, cast: Cast, notice: Notice, folder: Path, content: bytes, name: str, why: Refusal
    ) -> None:
        answer = choose(cast, notice, content, name)
        assert answer.status_code == 422
        with override("nl"):
            assert answer.context["form"].errors == {"file": [str(WHY_REFUSED[why])]}
        assert not notice.attachments.exists()
        assert kept(folder) == []
        assert 'value="Het menu van mei"' in answer.content.decode(), "what was typed stays"

    def test_without_a_file_or_a_title_the_form_says_so(self, cast: Cast, notice: Notice) -> None:
        answer = cast.client("teacher_3b").post(reverse("notice_files", args=[notice.pk]), {"title": " "})
        assert set(answer.context["form"].errors) == {"title", "file"}

    def test_a_title_that_nobody_sees_is_none(self, cast: Cast, notice: Notice) -> None:
        answer = choose(cast, notice, pdf(), title="\u200e\u202a")
        assert list(answer.context["form"].errors) == ["title"]
        assert not notice.attachments.exists()

    def test_a_second_tap_adds_it_once(self, cast: Cast, notice: Notice, folder: Path) -> None:
        same = pdf()
        for _tap in range(2):
            answer = choose(cast, notice, same)
        assert answer.status_code == 422
        assert (notice.attachments.count(), len(kept(folder))) == (1, 1)

    def test_a_fourth_is_one_too_many(self, cast: Cast, notice: Notice, folder: Path) -> None:
        for size in range(1, 4):
            choose(cast, notice, picture(size=(size, 10)))
        assert choose(cast, notice, pdf()).status_code == 422
        assert (notice.attachments.count(), len(kept(folder))) == (3, 3)
        assert 'type="file"' not in cast.client("teacher_3b").get(reverse("notice_files", args=[notice.pk])).text

    def test_a_full_disk_is_said(
        self, cast: Cast, notice: Notice, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_content: bytes) -> str:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(store, "keep", full)
        assert choose(cast, notice, pdf()).status_code == 422
        assert not notice.attachments.exists()

    def test_hostile_words_stay_words(self, cast: Cast, notice: Notice) -> None:
        choose(cast, notice, pdf(), title="<x-evil>\u202e{child}")
        assert notice.attachments.get().title == "<x-evil> (child)"
        page = cast.client("teacher_3b").get(reverse("notice_check", args=[notice.pk]))
        assert "<x-evil" not in page.content.decode()

    @pytest.mark.parametrize("key", ["head", "teacher_1a", "teacher_go", "joint"])
    def test_nobody_else_adds_to_a_draft(self, cast: Cast, notice: Notice, key: str) -> None:
        answer = cast.client(key).post(reverse("notice_files", args=[notice.pk]), {"title": "x"})
        assert answer.status_code == 404


class TestOnTheWay:
    def test_a_new_notice_is_saved_as_far_as_it_is_and_the_files_follow(self, cast: Cast) -> None:
        template()
        browser = cast.client("teacher_3b")
        answer = browser.post(COMPOSE, filled_in(cast, place="", files="1"))
        notice = Notice.objects.latest("pk")
        assert answer.headers["Location"] == reverse("notice_files", args=[notice.pk])

    def test_without_a_group_it_cannot_be_saved_yet(self, cast: Cast) -> None:
        template()
        browser = cast.client("teacher_3b")
        assert browser.post(COMPOSE, filled_in(cast, audience="", files="1")).status_code == 422

    def test_the_writer_sees_them_while_writing_and_before_sending(self, cast: Cast, notice: Notice) -> None:
        row = attach(notice)
        browser = cast.client("teacher_3b")
        for name in ("notice_edit", "notice_check"):
            page = browser.get(reverse(name, args=[notice.pk])).content.decode()
            assert reverse("notice_file", args=[notice.pk, row.pk]) in page
        preview = browser.get(reverse("notice_preview", args=[notice.pk, "ar", "pagina"]))
        assert "Het menu van mei" in text_of(preview)

    def test_removed_it_is_gone(
        self, cast: Cast, notice: Notice, folder: Path, django_capture_on_commit_callbacks: Any
    ) -> None:
        row = attach(notice)
        with django_capture_on_commit_callbacks(execute=True):
            for _tap in range(2):
                cast.client("teacher_3b").post(reverse("notice_file_remove", args=[notice.pk, row.pk]))
        assert (notice.attachments.count(), kept(folder)) == (0, [])

    def test_a_draft_thrown_away_takes_its_files_along(
        self, notice: Notice, folder: Path, django_capture_on_commit_callbacks: Any
    ) -> None:
        attach(notice)
        with django_capture_on_commit_callbacks(execute=True):
            discard_notice(notice=notice, by=notice.author)
        assert kept(folder) == []

    def test_a_draft_that_stays_keeps_them(self, notice: Notice, folder: Path) -> None:
        attach(notice)
        with transaction.atomic():
            discard_notice(notice=notice, by=notice.author)
            transaction.set_rollback(True)
        assert kept(folder) == [notice.attachments.get().file]

    def test_what_a_killed_process_left_goes_at_night(self, notice: Notice, folder: Path) -> None:
        row = attach(notice)
        lost, young = (folder / store.keep(b"x") for _number in range(2))
        for path in (lost, folder / row.file):
            os.utime(path, (0, 0))
        nightly()
        assert kept(folder) == sorted([row.file, young.name])


class TestOnceSent:
    @pytest.fixture
    def sent(self, notice: Notice) -> Notice:
        attach(notice)
        publish_notice(notice=notice, by=notice.author)
        notice.refresh_from_db()
        return notice

    def test_nobody_adds_or_removes(self, cast: Cast, sent: Notice, folder: Path) -> None:
        assert choose(cast, sent, pdf()).status_code == 302
        with pytest.raises(ValidationError):
            attach(sent, "Nog iets")
        with pytest.raises(ValidationError):
            remove_attachment(attachment=sent.attachments.get(), by=sent.author)
        assert (sent.attachments.count(), len(kept(folder))) == (1, 1)

    def test_nor_while_it_waits_for_its_hour(self, notice: Notice, folder: Path) -> None:
        update_notice(notice, send_at=clock.now() + timedelta(days=1))
        schedule_notice(notice=notice, by=notice.author)
        with pytest.raises(ValidationError):
            attach(notice)
        assert kept(folder) == []

    @pytest.mark.parametrize("change", [{"title": "Iets anders"}, {"sha256": "0" * 64}, {"is_frozen": False}])
    def test_the_database_refuses_to_change_it(self, sent: Notice, change: dict[str, Any]) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            sent.attachments.update(**change)

    def test_undone_the_draft_has_them_again(self, sent: Notice, folder: Path) -> None:
        new = undo_notice(notice=sent, by=sent.author).attachments.get()
        old = sent.attachments.get()
        assert (new.title, new.sha256, new.is_frozen) == (old.title, old.sha256, False)
        assert new.file != old.file
        assert store.read(new.file) == store.read(old.file)

    def test_a_correction_takes_them_along_on_wish(self, cast: Cast, sent: Notice) -> None:
        browser, url = cast.client("teacher_3b"), reverse("notice_correct", args=[sent.pk])
        assert 'name="files"' in browser.get(reverse("notice_detail", args=[sent.pk])).content.decode()
        browser.post(url, {"files": "1"})
        assert Notice.objects.latest("pk").attachments.count() == 1
        browser.post(url)
        assert Notice.objects.latest("pk").attachments.count() == 0

    def test_a_file_lost_by_a_restored_backup_stops_no_correction(self, sent: Notice, folder: Path) -> None:
        store.remove([sent.attachments.get().file])
        assert not correct_notice(notice=sent, by=sent.author).attachments.exists()


class TestWhatIsTold:
    def test_a_mail_says_that_a_file_waits_and_carries_none(self, cast: Cast, notice: Notice) -> None:
        attach(notice)
        publish_notice(notice=notice, by=notice.author)
        mail = mail_for(delivery_to(notice, cast, "separated_mother"))
        with override("fr"):
            assert comes_with(1) in mail.text
        with override("nl"):
            words = comes_with(1)
        for text in (mail.text, mail.html, preview_mail(notice, "nl").text):
            assert words in text
        assert "Het menu van mei" not in mail.text

    def test_without_files_it_says_nothing(self, cast: Cast, notice: Notice) -> None:
        with override("nl"):
            for count in range(3):
                assert comes_with(count) not in preview_mail(notice, "nl").text

    def test_a_letter_says_how_to_get_at_it(self, cast: Cast, notice: Notice) -> None:
        attach(notice)
        publish_notice(notice=notice, by=notice.author)
        letter = letter_for(delivery_to(notice, cast, "separated_father"))
        with override("nl"):
            assert letter.dutch.body.endswith(on_paper(1))
        assert letter.own is not None
        assert len(letter.own.body.splitlines()) == len(letter.dutch.body.splitlines())
