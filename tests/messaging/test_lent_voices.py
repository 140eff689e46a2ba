"""A volunteer or translator is asked for a voice: they see words and no family, and what they read is heard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from messaging.models import Notice, Recording, VoiceRequest
from messaging.services import (
    ask_voice,
    lend_voice,
    publish_notice,
    tell_translators,
    update_notice,
    withdraw_voice_request,
)
from schools import clock
from schools.languages import language
from schools.models import Assignment, AuditEntry
from tests.cast import Cast, make_account, staff_browser
from tests.messaging.notices_for_pages import draft, template
from tests.messaging.sinks import MailSink, mail_sink
from tests.messaging.voices import tone
from tests.surface.happened import make_translator

pytestmark = pytest.mark.django_db

DUTCH = {"body": "Beste ouder,\nLotte Claes praat over {child} en Yusuf Haddad.\nBel Simran Kaur: 0470 00 00 01."}


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def notice(cast: Cast) -> Notice:
    return update_notice(draft(cast), dutch=DUTCH)


@pytest.fixture
def post(cast: Cast) -> Assignment:
    """De Kersenboom's volunteer, who speaks Arabic and Romani."""
    return make_translator(cast, "ar", "rom")


def ask(cast: Cast, notice: Notice, code: str = "rom", **more: str) -> VoiceRequest:
    data = {"notice": notice.pk, "language": code} | more
    assert cast.client("teacher_3b").post(reverse("voice_ask"), data).status_code == 302
    return VoiceRequest.objects.get(language=code)


def read(post: Assignment, asked: VoiceRequest) -> Any:
    data = {"language": asked.language, "sound": SimpleUploadedFile("opname", tone(2))}
    return staff_browser(post.user).post(reverse("voice_work", args=[asked.pk]), data)


def test_what_waits_to_be_read_aloud_is_something_that_waits(cast: Cast, notice: Notice, post: Assignment) -> None:
    queue = staff_browser(post.user).get(reverse("translation_queue"))
    assert "Er wacht niets op je" in queue.content.decode()
    ask(cast, notice)
    queue = staff_browser(post.user).get(reverse("translation_queue"))
    assert "Voor te lezen" in queue.content.decode()
    assert "Er wacht niets op je" not in queue.content.decode()
    (entry,) = (one for one in queue.context["navigation"] if one["url"] == reverse("translation_queue"))
    assert entry["count"] == 1


def test_who_knows_the_language_reads_it_and_it_goes_with_the_notice(
    cast: Cast, notice: Notice, post: Assignment
) -> None:
    desk = cast.client("teacher_3b").get(f"{reverse('notice_recordings', args=[notice.pk])}?stem=rom")
    assert reverse("voice_ask") in desk.content.decode()
    asked = ask(cast, notice)
    queue = staff_browser(post.user).get(reverse("translation_queue"))
    assert queue.context["voices"] == [asked]
    assert read(post, asked)["Location"] == reverse("translation_queue")
    row = notice.recordings.get()
    assert (row.language, row.made_by, row.seconds) == ("rom", post.user, 2)
    asked.refresh_from_db()
    assert (asked.recording, asked.done_by) == (row, post.user)
    assert staff_browser(post.user).get(reverse("translation_queue")).context["voices"] == []
    done = staff_browser(post.user).get(reverse("translation_queue"), {"wat": "klaar"}).content.decode()
    assert "Wat je voorlas" in done
    assert "Je leverde nog niets in" not in done
    assert AuditEntry.objects.filter(verb="recorded", actor=post.user).exists()


def test_the_latest_voices_are_shown_to_who_lent_many(cast: Cast, notice: Notice, post: Assignment) -> None:
    asked, now = ask(cast, notice), clock.now()
    facts = {"notice": notice, "school": notice.school, "language": "rom", "asked_by": notice.author}
    facts |= {"done_by": post.user, "asked_at": now - timedelta(days=9)}
    VoiceRequest.objects.bulk_create(
        VoiceRequest(**facts, done_at=now - timedelta(days=number)) for number in range(1, 31)
    )
    assert read(post, asked).status_code == 302
    done = staff_browser(post.user).get(reverse("translation_queue"), {"wat": "klaar"}).context["voices"]
    assert (len(done), done[0]) == (25, asked)


def test_they_see_the_words_and_no_family(cast: Cast, notice: Notice, post: Assignment) -> None:
    asked = ask(cast, notice, context="Over Yusuf Haddad, rustig lezen")
    page = staff_browser(post.user).get(reverse("voice_work", args=[asked.pk]))
    seen = "\n".join([page.context["desk"].title, page.context["desk"].body, page.context["desk"].context])
    for secret in ("Yusuf", "Haddad", "Simran", "Kaur", "Lotte", "0470"):
        assert secret not in seen, secret
        assert f">{secret}" not in page.content.decode()
    assert "rustig lezen" in seen
    assert "praat over … en …" in seen
    assert reverse("notice_detail", args=[notice.pk]) not in page.content.decode()


def test_what_is_wrong_is_said_once_and_in_words_of_the_school_that_are_dutch(
    cast: Cast, notice: Notice, post: Assignment
) -> None:
    asked = ask(cast, notice, context="Rustig lezen")
    page = staff_browser(post.user).post(reverse("voice_work", args=[asked.pk]), {"language": "rom"}).content.decode()
    assert page.count('role="alert"') == 1
    assert '<p lang="nl" dir="ltr">Rustig lezen</p>' in page


def test_nothing_else_opens_to_them(cast: Cast, notice: Notice, post: Assignment) -> None:
    ask(cast, notice)
    browser = staff_browser(post.user)
    for name, arguments in (("notice_recordings", [notice.pk]), ("notice_detail", [notice.pk]), ("family_list", [])):
        assert browser.get(reverse(name, args=arguments)).status_code == 403


@pytest.mark.parametrize("languages", [["tr"], []])
def test_another_language_is_not_theirs(cast: Cast, notice: Notice, post: Assignment, languages: list[str]) -> None:
    asked = ask(cast, notice)
    Assignment.objects.filter(pk=post.pk).update(languages=languages)
    assert read(post, asked).status_code == 404
    Assignment.objects.filter(pk=post.pk).update(languages=["rom"], school=cast.schools["bloesem"])
    assert read(post, asked).status_code == 404, "another school's"


def test_a_language_that_nobody_knows_cannot_be_asked(cast: Cast, notice: Notice) -> None:
    with pytest.raises(ValidationError):
        ask_voice(school=notice.school, notice=notice, language="rom", by=notice.author)


def test_that_nobody_knows_the_language_any_more_is_said(cast: Cast, notice: Notice, post: Assignment) -> None:
    ask(cast, notice)
    url, left = f"{reverse('notice_recordings', args=[notice.pk])}?stem=rom", "kent deze taal nog"
    assert left not in cast.client("teacher_3b").get(url).content.decode()
    Assignment.objects.filter(pk=post.pk).update(ends_on=clock.today() - timedelta(days=1))
    assert left in cast.client("teacher_3b").get(url).content.decode()


def test_asking_twice_is_asking_once_and_may_be_taken_back(cast: Cast, notice: Notice, post: Assignment) -> None:
    asked = ask(cast, notice)
    assert ask(cast, notice) == asked
    assert cast.client("teacher_1a").post(reverse("voice_unask", args=[asked.pk])).status_code == 404
    desk = f"{reverse('notice_recordings', args=[notice.pk])}?stem=rom"
    assert reverse("voice_unask", args=[asked.pk]) in cast.client("teacher_3b").get(desk).content.decode()
    assert cast.client("teacher_3b").post(reverse("voice_unask", args=[asked.pk])).status_code == 302
    assert not VoiceRequest.objects.exists()
    answer = read(post, asked)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("translation_queue"))
    said = staff_browser(post.user).post(reverse("voice_work", args=[asked.pk]), follow=True)
    assert "niemand hoeft" in str(*said.context["messages"])


def test_what_was_sent_waits_for_no_voice(cast: Cast, post: Assignment) -> None:
    notice = draft(cast)
    asked = ask(cast, notice)
    publish_notice(notice=notice, by=notice.author)
    answer = read(post, asked)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("translation_queue"))
    page = staff_browser(post.user).get(reverse("voice_work", args=[asked.pk]), follow=True)
    assert "het is niet meer nodig" in str(*page.context["messages"])
    assert not Recording.objects.exists()


def test_two_volunteers_and_the_first_one_is_heard(cast: Cast, notice: Notice, post: Assignment) -> None:
    asked = ask(cast, notice)
    read(post, asked)
    second = Assignment.objects.create(
        user=make_account("bea@cast.example", "Bea Stem"),
        role=post.role, school=post.school, languages=post.languages, starts_on=post.starts_on,
    )  # fmt: skip
    page = staff_browser(second.user).post(reverse("voice_work", args=[asked.pk]), follow=True)
    assert "Iemand anders heeft dit al voorgelezen" in str(*page.context["messages"])
    assert cast.client("translator").get(reverse("voice_work", args=[asked.pk])).status_code == 404, "not theirs"
    with pytest.raises(ValidationError):
        withdraw_voice_request(request=asked, by=notice.author)
    with pytest.raises(ValidationError):
        lend_voice(request=asked, by=post.user, sound=None)  # type: ignore[arg-type]


def test_one_takes_the_own_voice_away(cast: Cast, notice: Notice, post: Assignment) -> None:
    asked = ask(cast, notice)
    read(post, asked)
    browser = staff_browser(post.user)
    assert (
        reverse("voice_take_back", args=[asked.pk])
        in browser.get(reverse("voice_work", args=[asked.pk])).content.decode()
    )
    assert cast.client("translator").post(reverse("voice_take_back", args=[asked.pk])).status_code == 404
    assert browser.post(reverse("voice_take_back", args=[asked.pk])).status_code == 302
    assert not notice.recordings.exists()


def test_a_template_is_read_for_all_notices_of_a_school(cast: Cast, post: Assignment) -> None:
    row, school = template("coffee-morning"), cast.schools["kersenboom"]
    data = {"template": row.slug, "school": school.pk, "language": "ar"}
    assert cast.client("teacher_go").post(reverse("voice_ask"), data).status_code == 404
    assert cast.client("teacher_3b").post(reverse("voice_ask"), data).status_code == 302
    assert read(post, VoiceRequest.objects.get()).status_code == 302
    voice = Recording.objects.get(notice=None)
    assert (voice.template, voice.school, voice.language, voice.made_by) == (row, school, "ar", post.user)


class TestInvitations:
    """A volunteer learns by mail that somebody waits, in which language, and nothing else."""

    @pytest.fixture
    def sink(self, settings: Any) -> Iterator[MailSink]:
        with mail_sink() as running:
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", running.port, False
            yield running

    def test_it_is_told_once_and_says_nothing_of_the_text(
        self, cast: Cast, notice: Notice, post: Assignment, sink: MailSink
    ) -> None:
        ask(cast, notice, context="Simran heeft vragen over de trap")
        assert tell_translators() == 1
        (mail,) = sink.messages()
        assert mail["To"] == post.user.email
        said = mail.get_body(("plain",)).get_content() + str(mail["Subject"])  # type: ignore[union-attr]
        assert reverse("translation_queue") in said
        assert language("rom").own_name in said
        assert "stem" in said
        for secret in ("Simran", "Kersenboom", "trap", "lokaal", "Lotte", "0470"):
            assert secret not in said
        assert tell_translators() == 0, "nobody is invited twice"

    def test_a_mail_server_that_is_away_is_tried_again(
        self, cast: Cast, notice: Notice, post: Assignment, settings: Any
    ) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 9, False
        asked = ask(cast, notice)
        assert tell_translators() == 0
        asked.refresh_from_db()
        assert asked.invited_at is None

    def test_what_was_taken_back_or_read_already_is_told_to_nobody(
        self, cast: Cast, notice: Notice, post: Assignment, sink: MailSink
    ) -> None:
        read(post, ask(cast, notice))
        withdraw_voice_request(request=ask(cast, notice, "ar"), by=cast.staff["teacher_3b"])
        assert tell_translators() == 0
        assert sink.messages() == []
