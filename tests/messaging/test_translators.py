"""Translators: asked without content, they see words and marks and no family; what they hand in is the notice's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.models import (
    Delivery,
    Notice,
    NoticeStatus,
    RequestStatus,
    TextKind,
    TranslationRequest,
)
from messaging.services import (
    accept_request,
    ask_translators,
    choose_languages,
    publish_due,
    publish_notice,
    schedule_notice,
    tell_translators,
    update_notice,
    withdraw_request,
)
from schools import clock
from schools.models import Assignment, Role
from tests.cast import Cast, make_account
from tests.messaging.asked_translations import (
    asked_for,
    hand_in,
    notice_with_names,
    taken_by_the_translator,
    work,
)
from tests.messaging.notices_for_pages import draft
from tests.messaging.sinks import MailSink, mail_sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings: Any) -> Iterator[MailSink]:
    with mail_sink() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", running.port, False
        yield running


@pytest.fixture
def notice(cast: Cast) -> Notice:
    return notice_with_names(cast)


@pytest.fixture
def asked(notice: Notice) -> TranslationRequest:
    return asked_for(notice)


@pytest.fixture
def taken(cast: Cast, asked: TranslationRequest) -> TranslationRequest:
    return taken_by_the_translator(cast, asked)


def test_a_teacher_asks_for_a_language_that_a_translator_knows(cast: Cast, notice: Notice) -> None:
    browser, day = cast.client("teacher_3b"), clock.today() + timedelta(days=2)
    page = browser.get(reverse("notice_translations", args=[notice.pk]))
    assert [code for code, _name in page.context["ask_form"].fields["languages"].choices] == ["pa"]
    typed = {"ask-languages": ["pa"], "ask-due_on": day.isoformat(), "ask-context": "Kort"}
    browser.post(reverse("notice_ask", args=[notice.pk]), typed)
    row = TranslationRequest.objects.get()
    assert (row.language, row.due_on, row.context, row.status) == ("pa", day, "Kort", RequestStatus.OPEN)


def test_a_language_nobody_translates_cannot_be_asked(notice: Notice) -> None:
    with pytest.raises(ValidationError, match="العربية"):
        ask_translators(notice=notice, languages=["ar"], due_on=clock.today(), by=notice.author)


def test_a_day_that_has_passed_is_refused(cast: Cast, notice: Notice) -> None:
    typed = {"ask-languages": ["pa"], "ask-due_on": (clock.today() - timedelta(days=1)).isoformat()}
    assert cast.client("teacher_3b").post(reverse("notice_ask", args=[notice.pk]), typed).status_code == 422


class TestTheInvitation:
    def test_it_says_that_something_waits_and_nothing_else(
        self, cast: Cast, asked: TranslationRequest, sink: MailSink
    ) -> None:
        assert tell_translators() == 1
        (mail,) = sink.messages()
        assert mail["To"] == cast.staff["translator"].email
        text = mail.get_body(("plain",)).get_content() + str(mail["Subject"])  # type: ignore[union-attr]
        assert reverse("translation_queue") in text
        assert "ਪੰਜਾਬੀ" in text
        for secret in ("Simran", "Kersenboom", "lokaal", "praten", "0470"):
            assert secret not in text
        assert tell_translators() == 0, "nobody is invited twice"

    def test_it_is_in_the_translators_language(self, cast: Cast, asked: TranslationRequest, sink: MailSink) -> None:
        translator = cast.staff["translator"]
        translator.language = "fr"
        translator.save(update_fields=["language"])
        tell_translators()
        assert sink.messages()[0]["Content-Language"] == "fr-BE"

    def test_a_mail_server_that_is_away_is_tried_again(self, asked: TranslationRequest, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 9, False
        assert tell_translators() == 0
        assert TranslationRequest.objects.get().invited_at is None

    def test_an_address_that_is_refused_is_seen_and_rests(
        self, cast: Cast, asked: TranslationRequest, sink: MailSink
    ) -> None:
        sink.answer_rcpt = lambda _address: "550 5.1.1 No such user"
        assert tell_translators() == 0
        TranslationRequest.objects.update(taken_at=None)
        assert tell_translators() == 0
        assert len(sink.recipients) == 1
        cast.staff["translator"].refresh_from_db()
        assert cast.staff["translator"].mail_refused_at is not None

    def test_what_a_clock_that_was_ahead_took_is_told(self, asked: TranslationRequest) -> None:
        TranslationRequest.objects.update(taken_at=clock.now() + timedelta(days=3))
        assert tell_translators() == 1

    def test_a_sweep_that_was_broken_off_is_gone_on_with(
        self, asked: TranslationRequest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as slow:
            slow.setattr(EmailMessage, "send", Mock(side_effect=SoftTimeLimitExceeded))
            with pytest.raises(SoftTimeLimitExceeded):
                tell_translators()
        assert tell_translators() == 1

    def test_who_took_it_is_reminded_the_day_before(
        self, cast: Cast, taken: TranslationRequest, sink: MailSink
    ) -> None:
        tell_translators()
        moment = clock.now() - timedelta(days=2)
        TranslationRequest.objects.update(due_on=clock.today() + timedelta(days=1), invited_at=moment)
        assert tell_translators() == 1
        assert len(sink.messages()) == 2
        assert tell_translators() == 0

    @pytest.mark.parametrize(
        ("days", "subject", "words"),
        [
            (1, "Er is een vertaling nodig tegen morgen", "Er is een vertaling nodig tegen"),
            (0, "Er is vandaag een vertaling nodig", "Er is een vertaling nodig tegen"),
            (-2, "Er is nog altijd een vertaling nodig", "De school wacht er nog op"),
        ],
    )
    def test_who_is_reminded_late_reads_no_tomorrow_that_is_over(
        self, taken: TranslationRequest, sink: MailSink, days: int, subject: str, words: str
    ) -> None:
        """Beat stood still for three days, or the school asked at the last moment."""
        tell_translators()
        TranslationRequest.objects.update(
            due_on=clock.today() + timedelta(days=days), invited_at=clock.now() - timedelta(days=4)
        )
        assert tell_translators() == 1
        mail = sink.messages()[-1]
        assert mail["Subject"] == subject
        body = mail.get_body(("plain",))
        assert body is not None
        assert words in body.get_content()

    def test_what_somebody_left_is_offered_to_the_others(
        self, cast: Cast, taken: TranslationRequest, sink: MailSink
    ) -> None:
        tell_translators()
        assert TranslationRequest.objects.get().status == RequestStatus.ACCEPTED, "their post still runs"
        post = Assignment.objects.get(user=cast.staff["translator"])
        other = make_account("ander@cast.example", "Ander Tolk")
        Assignment.objects.create(user=other, role=post.role, languages=["pa"], starts_on=post.starts_on)
        Assignment.objects.filter(pk=post.pk).update(ends_on=clock.today() - timedelta(days=1))
        assert tell_translators() == 1
        row = TranslationRequest.objects.get()
        assert (row.status, row.translator) == (RequestStatus.OPEN, None)
        assert sink.messages()[-1]["To"] == other.email

    def test_what_somebody_gave_back_is_told_to_the_others_and_they_are_reminded(
        self, cast: Cast, taken: TranslationRequest, sink: MailSink
    ) -> None:
        """Who took it was reminded in the place of everybody."""
        tell_translators()
        moment, tomorrow = clock.now() - timedelta(days=2), clock.today() + timedelta(days=1)
        TranslationRequest.objects.update(due_on=tomorrow, invited_at=moment)
        assert tell_translators() == 1
        other = make_account("ander@cast.example", "Ander Tolk")
        Assignment.objects.create(user=other, role=Role.TRANSLATOR, languages=["pa"], starts_on=clock.today())
        assert cast.client("translator").post(reverse("translation_return", args=[taken.pk])).status_code == 302
        assert tell_translators() == 1
        TranslationRequest.objects.update(invited_at=moment)
        assert tell_translators() == 1
        subjects = [mail["Subject"] for mail in sink.messages() if mail["To"] == other.email]
        assert subjects == ["Een school vraagt een vertaling", "Er is een vertaling nodig tegen morgen"]


class TestWhatATranslatorSees:
    def test_only_what_is_asked_in_the_own_languages(self, cast: Cast, asked: TranslationRequest) -> None:
        browser = cast.client("translator")
        assert list(browser.get(reverse("translation_queue")).context["rows"]) == [asked]
        Assignment.objects.filter(user=cast.staff["translator"]).update(languages=["ar"])
        browser = cast.client("translator")
        assert list(browser.get(reverse("translation_queue")).context["rows"]) == []
        assert work(cast, asked).status_code == 404

    def test_an_empty_list_of_what_was_handed_in_does_not_speak_of_what_waits(
        self, cast: Cast, asked: TranslationRequest
    ) -> None:
        page = cast.client("translator").get(reverse("translation_queue"), {"wat": "klaar"}).content.decode()
        assert '?wat=klaar" aria-current="page"' in page
        assert "Er wacht niets op je" not in page
        assert "Je leverde nog niets in" in page

    def test_no_name_no_number_no_class(self, cast: Cast, asked: TranslationRequest) -> None:
        page = re.sub(r"\b\w{64}\b", "", work(cast, asked).content.decode())  # without the form's own token
        for secret in ("Simran", "Kaur", "Baldev", "Singh", "0470", "Kersenboom", "3B", "Lotte"):
            assert secret not in page, secret
        assert "lokaal 12" in page
        assert "15:30" in page

    def test_no_page_of_families_or_notices(self, cast: Cast, asked: TranslationRequest) -> None:
        browser = cast.client("translator")
        for name in ("family_list", "notice_list", "my_week"):
            assert browser.get(reverse(name)).status_code == 403
        assert browser.get(reverse("notice_check", args=[asked.notice_id])).status_code == 403

    def test_nothing_of_a_school_for_which_they_do_not_work(self, cast: Cast, asked: TranslationRequest) -> None:
        post = Assignment.objects.filter(user=cast.staff["translator"])
        post.update(school=cast.schools["bloesem"])
        assert work(cast, asked).status_code == 404
        with pytest.raises(ValidationError):
            ask_translators(notice=draft(cast), languages=["pa"], due_on=clock.today(), by=asked.notice.author)
        post.update(school=cast.schools["kersenboom"])
        assert work(cast, asked).status_code == 200

    def test_what_another_has_taken_is_gone(self, cast: Cast, taken: TranslationRequest) -> None:
        other = make_account("ander@cast.example", "Ander Tolk")
        with pytest.raises(ValidationError):
            accept_request(request=taken, by=other)

    def test_a_long_queue_costs_no_more_queries(self, cast: Cast, asked: TranslationRequest) -> None:
        def queries() -> int:
            browser.get(reverse("translation_queue"))
            with CaptureQueriesContext(connection) as seen:
                browser.get(reverse("translation_queue"))
            return len(seen)

        browser = cast.client("translator")
        few = queries()
        for _number in range(8):
            notice = draft(cast)
            ask_translators(notice=notice, languages=["pa"], due_on=clock.today(), by=notice.author)
        assert queries() == few


class TestTheWriter:
    def test_they_see_that_it_is_late(self, cast: Cast, taken: TranslationRequest) -> None:
        TranslationRequest.objects.update(due_on=clock.today() - timedelta(days=1))
        page = cast.client("teacher_3b").get(reverse("notice_translations", args=[taken.notice_id]))
        assert page.context["translations"].row("pa").is_overdue
        assert "badge-brick" in page.content.decode()

    def test_they_take_a_request_back(self, cast: Cast, asked: TranslationRequest) -> None:
        cast.client("teacher_3b").post(reverse("notice_unask", args=[asked.notice_id, asked.pk]))
        assert TranslationRequest.objects.get().status == RequestStatus.WITHDRAWN
        assert list(cast.client("translator").get(reverse("translation_queue")).context["rows"]) == []

    def test_they_read_that_nobody_knows_the_language_any_more(self, cast: Cast, asked: TranslationRequest) -> None:
        left, url = (
            "niemand die voor deze school vertaalt, kent deze taal nog",
            reverse("notice_translations", args=[asked.notice_id]),
        )
        assert left not in cast.client("teacher_3b").get(url).content.decode()
        Assignment.objects.filter(role="TRANSLATOR").update(ends_on=clock.today() - timedelta(days=1))
        page = cast.client("teacher_3b").get(url).content.decode()
        assert left in page
        assert reverse("notice_unask", args=[asked.notice_id, asked.pk]) in page

    def test_a_notice_that_leaves_asks_nobody_any_more(self, cast: Cast, taken: TranslationRequest) -> None:
        notice = Notice.objects.get(pk=taken.notice_id)
        choose_languages(notice=notice, choices=dict.fromkeys(("pa", "fr", "ar"), "DUTCH"), by=notice.author)
        publish_notice(notice=notice, by=notice.author)
        assert TranslationRequest.objects.get().status == RequestStatus.WITHDRAWN
        assert list(cast.client("translator").get(reverse("translation_queue")).context["rows"]) == []
        TranslationRequest.objects.update(due_on=clock.today(), invited_at=clock.now() - timedelta(days=2))
        assert tell_translators() == 0, "nobody is reminded of what has left"

    def test_not_after_it_was_handed_in(self, cast: Cast, taken: TranslationRequest) -> None:
        hand_in(cast, taken)
        with pytest.raises(ValidationError):
            withdraw_request(request=taken, by=taken.notice.author)


def test_a_notice_that_waits_leaves_when_the_translation_is_in(cast: Cast, taken: TranslationRequest) -> None:
    notice = Notice.objects.get(pk=taken.notice_id)
    later = clock.now() + timedelta(days=2)
    choices = {"pa": "WAIT", "fr": "DUTCH", "ar": "DUTCH"}
    choose_languages(notice=notice, choices=choices, by=notice.author, wait_until=later)
    schedule_notice(notice=notice, by=notice.author)
    assert publish_due() == 0
    hand_in(cast, taken)
    assert publish_due() == 1
    assert Notice.objects.get(pk=notice.pk).status == NoticeStatus.PUBLISHED
    rows = Delivery.objects.filter(notice=notice, guardian=cast.guardians["mother"])
    assert [(row.language, row.text_kind) for row in rows] == [("pa", TextKind.TRANSLATOR)]


def test_its_own_hour_is_kept(cast: Cast, taken: TranslationRequest) -> None:
    hour = clock.now() + timedelta(days=1)
    notice = update_notice(Notice.objects.get(pk=taken.notice_id), send_at=hour)
    choices = {"pa": "WAIT", "fr": "DUTCH", "ar": "DUTCH"}
    choose_languages(notice=notice, choices=choices, by=notice.author, wait_until=hour + timedelta(days=1))
    schedule_notice(notice=notice, by=notice.author)
    hand_in(cast, taken)
    assert publish_due() == 0
    assert Notice.objects.get(pk=notice.pk).send_at == hour


def test_the_marks_of_a_page_are_those_of_the_words(cast: Cast, asked: TranslationRequest) -> None:
    shown = work(cast, asked).context["work"]
    closed = " ".join(shown.dutch.as_fields().values()) + shown.context
    assert {int(number) for number in re.findall(r"\[(\d+)\]", closed)} == {mark.number for mark in shown.marks}
