"""A draft is read aloud, in the page or by a file; what was sent keeps its voices, and a voice can be taken away."""

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

from messaging import services
from messaging.files.store import recordings as store
from messaging.forms_recordings import WHY_REFUSED
from messaging.models import Notice, Recording
from messaging.services import (
    copy_notice,
    correct_notice,
    discard_notice,
    nightly,
    publish_notice,
    remove_recording,
    schedule_notice,
    update_notice,
)
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.notices_for_pages import draft
from tests.messaging.voices import a_voice, tone
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def desk(notice: Notice, code: str = "ar") -> str:
    return f"{reverse('notice_recordings', args=[notice.pk])}?stem={code}"


def upload(content: bytes, code: str = "ar", **more: str) -> dict[str, Any]:
    return {"language": code, "sound": SimpleUploadedFile("opname", content), **more}


def kept_files(settings: Any) -> set[str]:
    folder = settings.MEDIA_ROOT / "recordings"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


class TestTheDesk:
    def test_a_teacher_reads_an_own_draft_aloud(self, cast: Cast) -> None:
        notice, client = draft(cast), cast.client("teacher_3b")
        answer = client.post(desk(notice), upload(tone(2), speaker="Mevrouw Haddad"))
        assert answer.headers["Location"] == desk(notice)
        row = notice.recordings.get()
        assert (row.language, row.seconds, row.speaker) == ("ar", 2, "Mevrouw Haddad")
        assert (row.made_by, row.school_id, row.is_frozen) == (notice.author, notice.school_id, False)
        assert AuditEntry.objects.filter(verb="recorded", target_id=notice.pk, actor=notice.author).exists()
        page = client.get(desk(notice)).content.decode()
        assert reverse("notice_recording", args=[notice.pk, row.pk]) in page
        assert "Mevrouw Haddad" in page

    def test_the_page_shows_the_words_to_read_and_no_childs_name(self, cast: Cast) -> None:
        notice, client = draft(cast), cast.client("teacher_3b")
        shown = client.get(desk(notice)).context["desk"]
        assert shown.text.language == "ar"
        assert "{" not in f"{shown.title} {shown.body} {''.join(shown.slots.values())}"
        oral = client.get(desk(notice, "rif"))
        assert oral.context["desk"].text.language == "nl"
        assert "Tarifit (Tamazight)" not in oral.content.decode()
        assert "Tarifit" in oral.content.decode()

    def test_only_this_page_may_use_the_microphone(self, cast: Cast) -> None:
        notice, client = draft(cast), cast.client("teacher_3b")
        headers = client.get(desk(notice)).headers
        assert "microphone=(self)" in headers["Permissions-Policy"]
        assert "media-src 'self' blob:" in headers["Content-Security-Policy"]
        other = client.get(reverse("notice_check", args=[notice.pk])).headers
        assert "microphone=()" in other["Permissions-Policy"]
        assert "blob:" not in other["Content-Security-Policy"]

    def test_a_second_recording_replaces_the_first_with_its_file(
        self, cast: Cast, settings: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        notice = draft(cast)
        first = a_voice(notice)
        with django_capture_on_commit_callbacks(execute=True):
            second = a_voice(notice, content=b"OggS een tweede stem")
        assert notice.recordings.get() == second
        assert first.file not in kept_files(settings)
        assert second.file in kept_files(settings)

    @pytest.mark.parametrize(
        ("content", "reason"), [(b"", "EMPTY"), (b"geen geluid", "UNKNOWN"), (tone(0.2), "TOO_SHORT")]
    )
    def test_what_is_no_recording_is_refused_with_what_to_do(self, cast: Cast, content: bytes, reason: str) -> None:
        notice = draft(cast)
        answer = cast.client("teacher_3b").post(desk(notice), upload(content))
        assert answer.status_code == 422
        words = {why.value: str(text) for why, text in WHY_REFUSED.items()}
        assert answer.context["form"].errors == {"sound": [words[reason]]}
        assert not notice.recordings.exists()

    def test_a_language_that_nobody_knows_is_refused(self, cast: Cast) -> None:
        notice = draft(cast)
        answer = cast.client("teacher_3b").post(desk(notice), upload(tone(2), "xx"))
        assert answer.status_code == 422
        assert not notice.recordings.exists()

    @pytest.mark.parametrize("key", ["head", "teacher_1a", "teacher_go"])
    def test_a_draft_is_its_authors(self, cast: Cast, key: str) -> None:
        notice = draft(cast)
        voice = a_voice(notice)
        client = cast.client(key)
        assert client.get(desk(notice)).status_code == 404
        assert client.post(desk(notice), upload(tone(2))).status_code == 404
        assert client.get(reverse("notice_recording", args=[notice.pk, voice.pk])).status_code == 404


class TestTheWordsChange:
    def test_an_outdated_voice_keeps_the_notice_from_leaving(self, cast: Cast) -> None:
        notice = draft(cast)
        a_voice(notice)
        update_notice(notice, values={**notice.values, "date": (clock.today() + timedelta(days=9)).isoformat()})
        with pytest.raises(ValidationError) as refused:
            publish_notice(notice=notice, by=notice.author)
        assert refused.value.code == "outdated_recording"
        assert "العربية" in refused.value.messages[0]

    def test_until_somebody_says_that_it_is_still_right(self, cast: Cast) -> None:
        notice, client = draft(cast), cast.client("teacher_3b")
        voice = a_voice(notice)
        update_notice(notice, values={**notice.values, "place": "de turnzaal"})
        assert client.get(desk(notice)).context["desk"].is_outdated
        client.post(reverse("notice_recording_confirm", args=[notice.pk, voice.pk]))
        assert not client.get(desk(notice)).context["desk"].is_outdated
        assert publish_notice(notice=notice, by=notice.author)

    def test_a_change_that_is_not_read_aloud_does_not_matter(self, cast: Cast) -> None:
        notice = draft(cast)
        a_voice(notice)
        update_notice(notice, answer_by=clock.today() + timedelta(days=3))
        assert publish_notice(notice=notice, by=notice.author)


class TestSent:
    def test_its_voices_are_pinned(self, cast: Cast) -> None:
        notice = draft(cast)
        voice = a_voice(notice)
        publish_notice(notice=notice, by=notice.author)
        voice.refresh_from_db()
        assert voice.is_frozen
        with pytest.raises(DatabaseError), transaction.atomic():
            Recording.objects.filter(pk=voice.pk).update(file="een andere stem")
        client = cast.client("teacher_3b")
        assert client.post(desk(notice), upload(tone(2), "tr")).status_code == 302
        with pytest.raises(ValidationError):
            a_voice(notice, "tr")

    def test_while_it_waits_for_its_hour_too(self, cast: Cast) -> None:
        notice = draft(cast)
        a_voice(notice)
        update_notice(notice, send_at=clock.now() + timedelta(days=1))
        schedule_notice(notice=notice, by=notice.author)
        with pytest.raises(ValidationError):
            a_voice(notice, "tr")

    def test_in_the_very_moment_of_leaving_the_voice_stays_as_it_is_and_that_is_said(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        notice, client = draft(cast), cast.client("teacher_3b")
        voice = a_voice(notice)
        real = services.confirm_recording

        def late(**facts: Any) -> None:
            Notice.objects.filter(pk=notice.pk).update(status="PUBLISHED", published_at=clock.now())
            real(**facts)

        monkeypatch.setattr(services, "confirm_recording", late)
        answer = client.post(reverse("notice_recording_confirm", args=[notice.pk, voice.pk]))
        assert answer.status_code == 302
        assert "al verzonden" in text_of(client.get(reverse("notice_detail", args=[notice.pk])))

    @pytest.mark.parametrize(
        ("key", "status"), [("teacher_3b", 302), ("head", 302), ("care", 302), ("clb_vclb", 404), ("teacher_1a", 404)]
    )
    def test_a_voice_is_somebodys_and_can_still_be_taken_away(
        self, cast: Cast, settings: Any, django_capture_on_commit_callbacks: Any, key: str, status: int
    ) -> None:
        notice = draft(cast)
        voice = a_voice(notice)
        publish_notice(notice=notice, by=notice.author)
        url = reverse("notice_recording_remove", args=[notice.pk, voice.pk])
        with django_capture_on_commit_callbacks(execute=True):
            assert cast.client(key).post(url).status_code == status
        gone = status == 302
        assert notice.recordings.exists() != gone
        assert (voice.file in kept_files(settings)) != gone
        lines = AuditEntry.objects.filter(verb="removed recording", target_id=notice.pk)
        assert [line.actor for line in lines] == ([cast.staff[key]] if gone else [])

    def test_staff_see_whose_voice_it_is_and_since_when(self, cast: Cast) -> None:
        notice = draft(cast)
        a_voice(notice)
        publish_notice(notice=notice, by=notice.author)
        page = cast.client("head").get(reverse("notice_detail", args=[notice.pk]))
        voice = page.context["voices"][0]
        assert voice.remove_url
        assert notice.author.full_name in page.content.decode()
        colleague = cast.client("clb_vclb").get(reverse("notice_detail", args=[notice.pk]))
        assert not colleague.context["voices"][0].remove_url


class TestFiles:
    def test_a_correction_shares_them_and_each_lets_go_of_its_own(
        self, cast: Cast, settings: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        notice = draft(cast)
        voice = a_voice(notice)
        publish_notice(notice=notice, by=notice.author)
        notice.refresh_from_db()
        again = correct_notice(notice=notice, by=notice.author)
        assert again.recordings.get().file == voice.file
        with django_capture_on_commit_callbacks(execute=True):
            discard_notice(notice=again, by=notice.author)
        assert voice.file in kept_files(settings)
        copy = copy_notice(notice, by=notice.author)
        with django_capture_on_commit_callbacks(execute=True):
            remove_recording(recording=voice, by=notice.author)
        assert voice.file in kept_files(settings), "the copy still has it"
        with django_capture_on_commit_callbacks(execute=True):
            discard_notice(notice=copy, by=notice.author)
        assert voice.file not in kept_files(settings)

    def test_what_no_notice_knows_any_more_goes_in_the_night(self, cast: Cast, settings: Any) -> None:
        """As when retention lets a notice go, or a process was killed half-way."""
        notice = draft(cast)
        kept, lost = a_voice(notice), store.keep(b"OggS")
        gone = draft(cast)
        a_voice(gone, content=b"OggS van een bericht dat ging")
        gone.delete()
        long_ago = (clock.now() - timedelta(days=3)).timestamp()
        folder = settings.MEDIA_ROOT / "recordings"
        for path in folder.iterdir():
            os.utime(path, (long_ago, long_ago))
        nightly()
        assert kept_files(settings) == {kept.file}
        assert lost not in kept_files(settings)
