"""Before sending: what it costs, whether a family gets too much, what stands in the way, and a test to oneself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.checking import Check
from messaging.models import Delivery, Notice, NoticeKind
from messaging.previews import text_message
from messaging.segments import sms_segments
from messaging.services import publish_notice, update_notice
from messaging.services.trial import TRIALS
from schools import clock
from schools.models import SchoolClass, User
from tests import factories as make
from tests.cast import Cast
from tests.messaging.notices_for_pages import draft, sent
from tests.messaging.rendered import sms_for
from tests.messaging.sinks import MailSink, mail_sink

pytestmark = pytest.mark.django_db


class TestTextMessages:
    @pytest.fixture(autouse=True)
    def _by_phone(self, settings: Any) -> None:
        settings.SMS_DRIVER, settings.SMS_EURO_CENTS = "record", Decimal("7.25")

    def _class(self) -> SchoolClass:
        room = make.make_class()
        for code, number in (("nl", 1), ("nl", 2), ("ar", 3)):
            make.make_family(room, languages=[code], emails=[None], phones=[f"+3247000001{number}"])
        return room

    def test_they_cost_by_language_and_script(self) -> None:
        notice = make.make_notice(self._class())
        check = Check(notice, notice.author)
        dutch, arabic = (next(row for row in check.sms_costs if row.code == code) for code in ("nl", "ar"))
        assert (dutch.messages, dutch.encoding, arabic.messages, arabic.encoding) == (2, "GSM-7", 1, "UCS-2")
        text = text_message(notice, check.texts["ar"], is_shared=False)
        assert arabic.segments_each == sms_segments(text).segments >= 2
        assert arabic.euros == arabic.segments_each * Decimal("0.0725")
        assert check.sms_euros == (dutch.segments + arabic.segments) * Decimal("0.0725")

    def test_the_link_counts_as_long_as_a_real_one(self) -> None:
        """A real one grows by a letter with each 256 times more deliveries."""
        notice = make.make_notice(self._class())
        check = Check(notice, notice.author)
        publish_notice(notice=notice, by=notice.author)
        for delivery in Delivery.objects.filter(channel="SMS"):
            told = text_message(notice, check.texts[delivery.language], is_shared=False)
            assert 0 <= len(told) - len(sms_for(delivery)) <= 1

    def test_a_shared_phone_costs_the_short_words(self) -> None:
        room = make.make_class()
        family = make.make_family(room, languages=["pa", "pa"], emails=[])
        make.make_point("+32470000009", *family.guardians)
        notice = make.make_notice(room)
        check = Check(notice, notice.author)
        (row,) = check.sms_costs
        assert (row.is_shared, row.messages) == (True, 1)
        assert row.segments == sms_segments(text_message(notice, check.texts["pa"], is_shared=True)).segments

    def test_the_page_says_it_in_euros(self, cast: Cast) -> None:
        page = cast.client("teacher_3b").get(reverse("notice_check", args=[draft(cast).pk])).content.decode()
        assert "€" in page
        assert "UCS-2" in page or "GSM-7" in page


class TestTheWeeklyBudget:
    @pytest.fixture(autouse=True)
    def _two_a_week(self, settings: Any) -> None:
        settings.WEEKLY_NOTICE_BUDGET = 2

    def test_it_counts_the_families_that_get_above_it(self, cast: Cast) -> None:
        notice = draft(cast)
        check = Check(notice, notice.author)
        assert check.families_above_budget == 0
        for _number in range(2):
            sent(cast)
        assert Check(notice, notice.author).families_above_budget == 2

    def test_urgent_ones_last_weeks_and_other_schools_do_not_count(self, cast: Cast) -> None:
        notices = [sent(cast) for _number in range(4)]
        Notice.objects.filter(pk=notices[0].pk).update(kind=NoticeKind.DRINGEND)
        Notice.objects.filter(pk=notices[1].pk).update(published_at=clock.now() - timedelta(days=7))
        sent(cast, author="teacher_go", room="go2")
        notice = draft(cast)
        assert Check(notice, notice.author).families_above_budget == 2
        Notice.objects.filter(pk=notices[2].pk).update(published_at=clock.now() - timedelta(days=7))
        assert Check(notice, notice.author).families_above_budget == 0

    def test_an_urgent_notice_is_not_weighed(self, cast: Cast) -> None:
        for _number in range(2):
            sent(cast)
        notice = update_notice(draft(cast), kind="DRINGEND", urgent_reason="Brand")
        assert Check(notice, notice.author).families_above_budget == 0

    def test_it_is_said_and_blocks_nothing(self, cast: Cast) -> None:
        for _number in range(2):
            sent(cast)
        notice, browser = draft(cast), cast.client("teacher_3b")
        page = browser.get(reverse("notice_check", args=[notice.pk])).content.decode()
        assert "notice-banner-attention" in page
        browser.post(reverse("notice_publish", args=[notice.pk]))
        assert Delivery.objects.filter(notice=notice).exists()


def test_why_a_notice_is_urgent_stands_at_an_urgent_one_alone(cast: Cast) -> None:
    """Its author may choose another kind; the words stay in the form."""
    notice, browser = update_notice(draft(cast), kind="DRINGEND", urgent_reason="Brand"), cast.client("teacher_3b")
    page = reverse("notice_check", args=[notice.pk])
    assert "Dringend, want: Brand" in browser.get(page).content.decode()
    publish_notice(notice=update_notice(notice, kind="INFO"), by=notice.author)
    assert "Brand" not in browser.get(page, follow=True).content.decode()


class TestQuietHours:
    @pytest.fixture(autouse=True)
    def _always_quiet_but_a_minute(self, settings: Any) -> None:
        settings.QUIET_HOURS = "00:00-23:59"

    def test_the_check_says_from_when_it_leaves(self, cast: Cast) -> None:
        notice = draft(cast)
        assert Check(notice, notice.author).waits_until is not None

    def test_an_urgent_one_waits_for_nothing(self, cast: Cast) -> None:
        notice = update_notice(draft(cast), kind="DRINGEND", urgent_reason="Brand")
        assert Check(notice, notice.author).waits_until is None

    def test_the_hour_that_was_chosen_may_be_quiet_too(self, cast: Cast) -> None:
        notice = update_notice(draft(cast), send_at=clock.now() + timedelta(days=2))
        check = Check(notice, notice.author)
        assert check.waits_until is not None
        assert notice.send_at is not None
        assert check.waits_until > notice.send_at


def test_what_stands_in_the_way_is_said_before_the_button(cast: Cast) -> None:
    notice = update_notice(draft(cast), values={"place": ""})
    page = cast.client("teacher_3b").get(reverse("notice_check", args=[notice.pk]))
    assert "place" in page.context["check"].obstacle


@pytest.mark.parametrize("few", [2])
def test_a_class_of_twenty_costs_no_more_questions_than_one_of_two(few: int, settings: Any) -> None:
    settings.SMS_DRIVER = "record"
    room = make.make_class()
    teacher = make.make_teacher(room)

    def family(number: int) -> None:
        phones = [f"+324700{number:05d}"]
        emails = [None] if number % 2 else [f"ouder{number}@post.example"]
        made = make.make_family(room, languages=["ar" if number % 2 else "so"], emails=emails, phones=phones)
        if number % 5 == 0:
            made.guardians[0].reading_mode = "ORAL_ONLY"
            made.guardians[0].save()

    def questions(notice: Notice) -> int:
        with CaptureQueriesContext(connection) as seen:
            check = Check(Notice.objects.get(pk=notice.pk), teacher)
            told = (check.summary, check.languages, check.sms_costs, check.by_person, check.shared_points)
            assert told
            assert not check.obstacle
            assert check.families_above_budget == 0
        return len(seen)

    for number in range(few):
        family(number)
    notice = make.make_notice(room, teacher)
    first = questions(notice)
    for number in range(few, 20):
        family(number)
    assert questions(notice) == first


class TestATestToMyself:
    @pytest.fixture
    def sink(self, settings: Any) -> Iterator[MailSink]:
        with mail_sink() as server:
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
            yield server

    def test_the_author_gets_the_chosen_languages_and_no_parent_anything(self, cast: Cast, sink: MailSink) -> None:
        notice = draft(cast)
        address = reverse("notice_trial", args=[notice.pk])
        cast.client("teacher_3b").post(address, {"taal": ["pa", "nl", "xx"]})
        mails = sink.messages()
        assert [mail["To"] for mail in mails] == ["teacher_3b@cast.example"] * 2
        assert [mail["Content-Language"] for mail in mails] == ["pa-Guru", "nl-BE"]
        html = mails[0].get_body(("html",)).get_content()  # type: ignore[union-attr]
        assert reverse("notice_preview", args=[notice.pk, "pa", "pagina"]) in html
        for child in ("Simran", "Yusuf"):
            assert child not in html
        assert "/b/" not in html
        assert not Delivery.objects.exists()

    def test_no_language_no_mail(self, cast: Cast, sink: MailSink) -> None:
        cast.client("teacher_3b").post(reverse("notice_trial", args=[draft(cast).pk]))
        assert sink.messages() == []

    def test_there_is_an_end_to_it(self, cast: Cast, sink: MailSink) -> None:
        notice = draft(cast)
        for _number in range(TRIALS.times):
            TRIALS.spend(str(cast.staff["teacher_3b"].pk))
        page = cast.client("teacher_3b").post(reverse("notice_trial", args=[notice.pk]), {"taal": ["nl"]}, follow=True)
        assert sink.messages() == []
        assert "notice-banner-attention" in page.content.decode()

    def test_nobody_tests_a_draft_of_somebody_else(self, cast: Cast, sink: MailSink) -> None:
        address = reverse("notice_trial", args=[draft(cast).pk])
        assert cast.client("head").post(address, {"taal": ["nl"]}).status_code == 404
        assert sink.messages() == []


def test_a_preview_names_its_parts_as_the_parents_page_does(cast: Cast) -> None:
    """A writer whose own pages are French sees what the parent reads, and the Dutch beside it."""
    User.objects.filter(pk=cast.staff["teacher_3b"].pk).update(language="fr")
    notice = draft(cast)
    page = cast.client("teacher_3b").get(reverse("notice_preview", args=[notice.pk, "ar", "pagina"])).content.decode()
    named = "".join(re.findall(r"<dt>(.*?)</dt>", page, re.DOTALL))
    labels = re.findall(r"<span>(.*?)</span>", named)
    assert "Wanneer" in labels
    assert "متى" in labels
    assert "Quand" not in labels
