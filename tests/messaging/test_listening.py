"""A parent hears a notice: behind the link or signed in, first where nobody reads, and the school knows it once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messaging.files.store import recordings as store
from messaging.levels import Level, guardians_from
from messaging.models import Channel, Delivery, Notice, Recording
from messaging.services import mark_listened, publish_notice
from messaging.tokens import make_token
from parents.models import Guardian, ReadingMode
from schools import clock
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, draft
from tests.messaging.voices import a_voice
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db

SOUND = b"OggS" + bytes(range(200)) * 5


@pytest.fixture(autouse=True)
def own_places(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SMS_DRIVER = "record"


@pytest.fixture
def notice(cast: Cast) -> Notice:
    """Sent to 3B, read aloud in Arabic and Tarifit."""
    notice = draft(cast)
    a_voice(notice, "ar", SOUND)
    a_voice(notice, "rif", b"OggS azul")
    publish_notice(notice=notice, by=notice.author)
    notice.refresh_from_db()
    return notice


@pytest.fixture
def father(cast: Cast, notice: Notice) -> Delivery:
    """He reads Arabic."""
    return delivery_to(notice, cast, "separated_father")


@pytest.fixture
def arabic(notice: Notice) -> Recording:
    return notice.recordings.get(language="ar")


def page_of(delivery: Delivery) -> str:
    return reverse("token_notice", args=[make_token(delivery)])


def by_link(delivery: Delivery, recording: Recording) -> str:
    return reverse("token_recording", args=[make_token(delivery), recording.pk])


def heard(delivery: Delivery) -> str:
    return reverse("token_listened", args=[make_token(delivery)])


def prefers(delivery: Delivery, **wishes: str) -> None:
    Guardian.objects.filter(pk=delivery.guardian_id).update(**wishes)


class TestThePlayer:
    def test_the_page_plays_it_in_the_parents_language_and_fetches_nothing_before(
        self, father: Delivery, arabic: Recording
    ) -> None:
        page = Client().get(page_of(father)).content.decode()
        player = page[page.index("<audio") : page.index("</audio>")]
        assert by_link(father, arabic) in player
        assert 'preload="none"' in player
        assert "العربية" in player

    def test_other_languages_are_one_tap_away(self, father: Delivery, notice: Notice) -> None:
        context = Client().get(page_of(father)).context
        assert [voice.code for voice in context["voices"]] == ["ar"]
        assert [voice.code for voice in context["other_voices"]] == ["rif"]

    def test_who_changes_the_language_of_the_page_hears_that_one_too(self, cast: Cast) -> None:
        notice = draft(cast)
        for code in ("ar", "fa"):
            a_voice(notice, code, b"OggS " + code.encode())
        publish_notice(notice=notice, by=notice.author)
        father = delivery_to(notice, cast, "separated_father")
        turned = Client().get(page_of(father), {"taal": "prs"}).context
        assert [voice.code for voice in turned["voices"]] == ["ar", "fa"], "Dari is heard in the Persian voice"

    def test_without_a_recording_there_is_no_player(self, cast: Cast) -> None:
        silent = draft(cast)
        publish_notice(notice=silent, by=silent.author)
        page = Client().get(page_of(delivery_to(silent, cast, "separated_father"))).content.decode()
        assert "<audio" not in page
        assert "data-own-voice" in page


class TestTheSound:
    def test_it_leaves_as_nothing_but_sound(self, father: Delivery, arabic: Recording) -> None:
        answer = Client(headers={"accept-encoding": "gzip"}).get(by_link(father, arabic))
        assert answer.content == SOUND
        headers = answer.headers
        assert headers["Content-Type"] == "audio/ogg"
        assert headers["Accept-Ranges"] == "bytes"
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]
        assert "Content-Encoding" not in headers
        assert not answer.cookies

    @pytest.mark.parametrize(
        ("asked", "piece", "said"),
        [
            ("bytes=0-1", slice(0, 2), "bytes 0-1/1004"),
            ("bytes=1000-", slice(1000, None), "bytes 1000-1003/1004"),
            ("bytes=0-99999", slice(0, None), "bytes 0-1003/1004"),
            ("bytes=-4", slice(-4, None), "bytes 1000-1003/1004"),
        ],
    )
    def test_a_telephone_gets_the_piece_it_asks_for(
        self, father: Delivery, arabic: Recording, asked: str, piece: slice, said: str
    ) -> None:
        answer = Client().get(by_link(father, arabic), headers={"range": asked})
        assert (answer.status_code, answer.content) == (206, SOUND[piece])
        assert answer.headers["Content-Range"] == said

    @pytest.mark.parametrize("asked", ["bytes=1004-", "bytes=-0", "bytes=9-3"])
    def test_a_piece_that_is_not_there_is_none(self, father: Delivery, arabic: Recording, asked: str) -> None:
        answer = Client().get(by_link(father, arabic), headers={"range": asked})
        assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */1004")

    @pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "regels=0-1", "bytes=-", "bytes=a-b"])
    def test_what_is_asked_in_another_way_gets_all_of_it(self, father: Delivery, arabic: Recording, asked: str) -> None:
        answer = Client().get(by_link(father, arabic), headers={"range": asked})
        assert (answer.status_code, answer.content) == (200, SOUND)

    def test_a_lost_file_is_not_there(self, father: Delivery, arabic: Recording) -> None:
        store.remove([arabic.file])
        assert Client().get(by_link(father, arabic)).status_code == 404

    def test_the_link_opens_this_notice_alone(self, cast: Cast, father: Delivery) -> None:
        theirs = draft(cast, author="teacher_go", room="go2")
        foreign = a_voice(theirs)
        publish_notice(notice=theirs, by=theirs.author)
        assert Client().get(by_link(father, foreign)).status_code == 404
        assert Client().get(by_link(delivery_to(theirs, cast, "mother"), foreign)).status_code == 200

    def test_on_a_shared_phone_the_question_comes_first(self, cast: Cast, notice: Notice, arabic: Recording) -> None:
        shared = delivery_to(notice, cast, "grandfather")
        for answer in (Client().get(by_link(shared, arabic)), Client().post(heard(shared))):
            assert answer.headers["Location"] == reverse("token_second_fact", args=[make_token(shared)])
        shared.refresh_from_db()
        assert shared.listened_at is None

    def test_a_revoked_link_is_silent(self, father: Delivery, arabic: Recording) -> None:
        url = by_link(father, arabic)
        Delivery.objects.filter(pk=father.pk).update(token_version=father.token_version + 1)
        assert Client().get(url).status_code == 404

    def test_signed_in_a_parent_hears_own_notices_alone(self, cast: Cast, father: Delivery, arabic: Recording) -> None:
        url = reverse("portal_recording", args=[father.pk, arabic.pk])
        assert cast.guardian_client("separated_father").get(url).content == SOUND
        assert cast.guardian_client("dutch_mother").get(url).status_code == 404
        page = cast.guardian_client("separated_father").get(reverse("portal_notice", args=[father.pk]))
        assert url in page.content.decode()


class TestListeningCounts:
    def test_by_a_post_and_never_by_fetching(self, father: Delivery, arabic: Recording) -> None:
        browser = Client()
        browser.get(page_of(father))
        browser.get(by_link(father, arabic))
        assert browser.get(heard(father)).status_code == 405
        father.refresh_from_db()
        assert (father.opened_at, father.listened_at) == (None, None)
        answer = browser.post(heard(father))
        assert (answer.status_code, answer.headers["Location"]) == (303, page_of(father))
        father.refresh_from_db()
        assert father.listened_at is not None
        assert father.opened_at is not None

    def test_once_whoever_plays_it_again(self, father: Delivery) -> None:
        Client().post(heard(father))
        father.refresh_from_db()
        first = father.listened_at
        Client().post(heard(father))
        mark_listened(father)
        father.refresh_from_db()
        assert father.listened_at == first

    def test_signed_in_too(self, cast: Cast, father: Delivery) -> None:
        url = reverse("portal_notice", args=[father.pk])
        cast.guardian_client("separated_father").post(url, {"action": "listened"})
        father.refresh_from_db()
        assert father.listened_at is not None

    def test_who_listened_stands_where_who_opened_stands(self, notice: Notice, father: Delivery) -> None:
        opened = Guardian.objects.filter(guardians_from(notice, Level.OPENED), pk=father.guardian_id)
        assert not opened.exists()
        mark_listened(father)
        assert opened.exists()

    def test_the_staff_read_that_somebody_listened(self, cast: Cast, father: Delivery) -> None:
        Delivery.objects.filter(pk=father.pk).update(status="SENT", sent_at=clock.now(), due_at=None)
        mark_listened(father)
        page = cast.client("teacher_3b").get(
            reverse("family_notices", args=[cast.families["haddad"].pk]), {"taal": "en"}
        )
        assert "listened" in text_of(page)
        board = cast.client("teacher_3b").get(reverse("notice_detail", args=[father.notice_id]), {"taal": "en"})
        assert board.context["standing"].listened == 1
        assert "1 parent listened." in text_of(board)

    def test_the_parent_sees_that_the_school_knows(self, father: Delivery) -> None:
        browser = Client()
        before = browser.get(page_of(father), {"taal": "en"})
        assert "I have listened" in text_of(before)
        browser.post(heard(father))
        after = browser.get(page_of(father), {"taal": "en"})
        assert "The school knows that you have listened." in text_of(after)
        assert heard(father) not in after.content.decode().split("data-own-voice")[0]


class TestWhoReadsHow:
    def test_by_ear_the_voice_comes_before_anything_written(self, father: Delivery) -> None:
        prefers(father, reading_mode=ReadingMode.ORAL_ONLY)
        page = Client().get(page_of(father)).content.decode()
        main = page[page.index("<main") :]
        assert main.index("<audio") < main.index("<h1") < main.index("five-slots")
        assert main.count("<audio") == 2
        assert is_folded(main)

    def test_by_ear_without_a_voice_somebody_to_speak_with_comes_first(self, cast: Cast) -> None:
        silent = draft(cast)
        publish_notice(notice=silent, by=silent.author)
        father = delivery_to(silent, cast, "separated_father")
        prefers(father, reading_mode=ReadingMode.ORAL_ONLY)
        main = Client().get(page_of(father), {"taal": "en"}).content.decode().split("<main")[1]
        assert main.index("tel:") < main.index("<h1")
        assert main.index("Please call me") < main.index("<h1")

    def test_easy_text_shows_the_slots_large_and_folds_the_rest(self, father: Delivery) -> None:
        prefers(father, reading_mode=ReadingMode.EASY_TEXT)
        main = Client().get(page_of(father)).content.decode().split("<main")[1]
        assert "notice-easy" in main
        assert main.index("<h1") < main.index("five-slots") < main.index("<audio")
        assert is_folded(main)

    def test_who_reads_texts_reads_the_whole_text(self, father: Delivery) -> None:
        main = Client().get(page_of(father)).content.decode().split("<main")[1]
        assert "notice-easy" not in main
        assert not is_folded(main)

    def test_a_language_that_is_only_spoken_is_called_and_hears_its_own_voice(self, cast: Cast) -> None:
        """Also when the guardian never said how they read."""
        father = cast.guardians["separated_father"]
        Guardian.objects.filter(pk=father.pk).update(contact_language="rif", reading_mode=ReadingMode.TEXT)
        notice = draft(cast)
        a_voice(notice, "ar", SOUND)
        a_voice(notice, "rif", b"OggS azul")
        publish_notice(notice=notice, by=notice.author)
        delivery = delivery_to(notice, cast, "separated_father")
        assert delivery.channel == Channel.CALL
        assert delivery.call_task.follow_up.guardian == father
        answer = Client().get(page_of(delivery))
        assert [voice.code for voice in answer.context["voices"]] == ["rif"]
        main = answer.content.decode().split("<main")[1]
        assert main.index("<audio") < main.index("<h1")
        signed_in = cast.guardian_client("separated_father").get(reverse("portal_notice", args=[delivery.pk]))
        assert [voice.code for voice in signed_in.context["voices"]] == ["rif"]


def is_folded(main: str) -> bool:
    """Whether the whole text is one tap away."""
    before = main[: main.index("side-by-side-text")]
    return before.count("<details") > before.count("</details>")
