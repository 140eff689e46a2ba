"""Who chooses so gets the INFO of a week in one mail; what asks something comes at once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from messaging import outbox
from messaging.digests import digest_mail
from messaging.models import Delivery, DeliveryStatus, Notice, NoticeText, OptOut
from messaging.outbox.clocks import database_now
from messaging.outbox.drivers import driver_for
from messaging.outbox.results import Job
from messaging.quiet import digest_at, is_in_time, next_digest, read_hours
from messaging.rendering import Renderer
from messaging.services import cancel_notice, publish_notice
from messaging.tokens import notice_url
from parents.models import ContactPoint, Guardian
from schools import clock
from schools.clock import BRUSSELS
from schools.models import AuditEntry, SchoolClass
from tests import factories as make
from tests.calendars import flemish_calendar
from tests.cast import Cast
from tests.messaging.notices_for_pages import draft
from tests.messaging.sinks import MailSink
from tests.parents.gatherings import gathering_of

NIGHT = read_hours("20:00-07:00")


@pytest.fixture
def school_class(db: None) -> SchoolClass:
    """A class of one family, that wants one mail a week."""
    school_class = make.make_class()
    make.make_family(school_class, languages=["ar"], emails=["moeder@post.example"], children=["Noor"])
    Guardian.objects.update(wants_digest=True)
    return school_class


def publish(school_class: SchoolClass, kind: str = "INFO", slug: str = "parent-meeting-invitation") -> Notice:
    notice = make.make_notice(school_class, slug=slug)
    notice.kind = kind
    notice.save(update_fields=["kind"])
    publish_notice(notice=notice, by=notice.author)
    return notice


def friday_comes() -> None:
    Delivery.objects.filter(status=DeliveryStatus.QUEUED).update(due_at=database_now() - timedelta(seconds=1))


def shown(path: str) -> str:
    return " ".join(Client().get(path, {"taal": "nl"}).content.decode().split())


def words(mail: Any, kind: str = "plain") -> str:
    text: str = mail.get_body((kind,)).get_content()
    return text


class TestPlanning:
    def test_info_waits_for_friday_and_the_rest_leaves(self, school_class: SchoolClass) -> None:
        with time_machine.travel(datetime(2027, 1, 20, 10, tzinfo=BRUSSELS), tick=False):
            info, action = publish(school_class), publish(school_class, "ACTIE")
            waits = Delivery.objects.get(notice=info)
            assert waits.in_digest
            assert waits.due_at is not None
            left = (waits.due_at - database_now()).total_seconds()
            assert left == pytest.approx(timedelta(days=2, hours=6).total_seconds(), abs=5)
        leaves = Delivery.objects.get(notice=action)
        assert not leaves.in_digest
        assert leaves.due_at is not None
        assert leaves.due_at <= database_now()

    @pytest.mark.parametrize(
        ("last_day", "values", "waits"),
        [
            (None, {"date": "2027-01-23"}, True),
            (None, {"date": "2027-01-22"}, False),  # the day of the mail itself, which comes at four o'clock
            (None, {"date": "2027-01-21"}, False),
            (date(2027, 1, 23), {}, True),
            (date(2027, 1, 21), {}, False),
            (None, {"deadline": "2027-01-21"}, False),
        ],
    )
    def test_what_would_come_too_late_does_not_wait(
        self, school_class: SchoolClass, last_day: date | None, values: dict[str, str], waits: bool
    ) -> None:
        """On Wednesday 20 January; the mail of the week leaves on Friday."""
        with time_machine.travel(datetime(2027, 1, 20, 10, tzinfo=BRUSSELS), tick=False):
            notice = make.make_notice(school_class)
            Notice.objects.filter(pk=notice.pk).update(
                kind="INFO", answer_by=last_day, values={**notice.values, **values}
            )
            notice.refresh_from_db()
            publish_notice(notice=notice, by=notice.author)
        assert Delivery.objects.get(notice=notice).in_digest == waits

    def test_nor_what_the_next_mail_takes_along_because_it_can_still_be_undone(
        self, school_class: SchoolClass, settings: Any
    ) -> None:
        """Sent ten seconds before the mail of this Friday, it would come with that of next Friday."""
        settings.UNDO_SECONDS = 20
        with time_machine.travel(datetime(2027, 1, 22, 15, 59, 50, tzinfo=BRUSSELS), tick=False):
            notice = make.make_notice(school_class)
            values = {**notice.values, "date": "2027-01-27"}
            Notice.objects.filter(pk=notice.pk).update(kind="INFO", answer_by=None, values=values)
            publish_notice(notice=notice, by=notice.author)
        assert not Delivery.objects.get(notice=notice).in_digest

    def test_nor_does_a_gathering_that_is_over_by_then(self, cast: Cast) -> None:
        """Its author wrote the day in words of their own."""
        notice = draft(cast)
        notice.values, notice.answer_by = {}, None
        for days, in_time in ((14, True), (1, False)):
            notice.gathering = gathering_of(cast, days=days)
            assert is_in_time(notice, digest_at(clock.now(), notice.school_id)) == in_time

    def test_who_did_not_choose_it_gets_info_at_once(self, school_class: SchoolClass) -> None:
        Guardian.objects.update(wants_digest=False)
        publish(school_class)
        assert not Delivery.objects.get().in_digest

    def test_it_is_for_mail_only(self, school_class: SchoolClass, settings: Any) -> None:
        settings.SMS_DRIVER = "record"
        make.make_point("+32470000001", Guardian.objects.get())
        Guardian.objects.update(preferred_channel="SMS")
        publish(school_class)
        row = Delivery.objects.get()
        assert (row.channel, row.in_digest) == ("SMS", False)


def test_a_friday_in_the_holidays_is_the_first_friday_of_school() -> None:
    moment = datetime(2027, 2, 8, 9, tzinfo=BRUSSELS)  # the carnival holiday begins
    answer = next_digest(moment, weekday=5, at=time(16), calendar=flemish_calendar(2026), hours=NIGHT)
    assert answer == datetime(2027, 2, 19, 16, tzinfo=BRUSSELS)


def test_an_hour_that_is_always_quiet_becomes_the_first_open_one() -> None:
    moment = datetime(2027, 1, 20, 10, tzinfo=BRUSSELS)
    answer = next_digest(moment, weekday=6, at=time(12), calendar=flemish_calendar(2026), hours=NIGHT)
    assert answer == datetime(2027, 1, 25, 7, tzinfo=BRUSSELS)


class TestTheMail:
    def test_one_mail_brings_the_week_in_the_mother_s_language(self, school_class: SchoolClass, sink: MailSink) -> None:
        notices = [publish(school_class) for _ in range(3)]
        assert outbox.deliver_due() == 0, "it is not Friday"
        friday_comes()
        assert outbox.deliver_due() == 3
        (mail,) = sink.messages()
        rows = list(Delivery.objects.order_by("pk"))
        assert mail["Message-ID"].startswith(f"<d{rows[0].pk}.1.")
        assert mail["Content-Language"] == "ar"
        assert notices[0].school.name in mail["From"]
        assert mail["Subject"].startswith("INFO: ")
        assert "Noor" not in mail["Subject"]
        html = words(mail, "html")
        assert 'lang="ar" dir="rtl"' in html
        assert 'lang="nl-BE" dir="ltr"' in html
        for row in rows:
            assert notice_url(row) in words(mail)
            assert notice_url(row) in html
            assert (row.status, row.provider_ref, row.attempts) == ("SENT", mail["Message-ID"], 1)
        dutch = html.index('lang="nl-BE" dir="ltr"')
        assert html.index("النص الهولندي أدناه") < dutch, "it speaks of the Dutch below"
        titles = {text.language: text.title for text in notices[0].texts.all()}
        assert words(mail).count(titles["ar"].split("{")[0].strip()) >= 3
        assert titles["nl"].split("{")[0].strip() in words(mail)

    @pytest.mark.parametrize(
        ("facts", "said"),
        [
            ({"origin": "MACHINE", "state": "REVIEWED"}, "A translation machine made this translation."),
            ({"state": "DRAFT"}, "This is a translation. It was not checked by a native speaker."),
            ({"state": "REVIEWED"}, "This is a translation."),
        ],
    )
    def test_it_says_who_translated_as_each_mail_does(
        self, school_class: SchoolClass, settings: Any, facts: dict[str, str], said: str
    ) -> None:
        settings.TRANSLATION_MACHINE_USE = "REVIEWED"
        for _number in range(2):
            notice = make.make_notice(school_class)
            NoticeText.objects.filter(notice=notice, language="ar").update(**facts)
            publish_notice(notice=notice, by=notice.author)
        rows = list(Delivery.objects.order_by("pk"))
        mail = digest_mail(rows, Renderer(rows))
        with override("ar"):
            sentence = gettext(f"{said} The Dutch text below is the original.")
        assert sentence in mail.text
        assert sentence in mail.html

    def test_in_french_what_the_link_is_for_leaves_room_before_the_colon(self, school_class: SchoolClass) -> None:
        Guardian.objects.update(contact_language="fr")
        publish(school_class)
        publish(school_class)
        rows = list(Delivery.objects.order_by("pk"))
        assert digest_mail(rows, Renderer(rows)).text.count("\u00a0: http") >= 2 + len(rows)

    def test_a_single_notice_comes_as_itself(self, school_class: SchoolClass, sink: MailSink) -> None:
        publish(school_class)
        friday_comes()
        assert outbox.deliver_due() == 1
        assert "11 februari 2083" in words(sink.messages()[0]), "the whole text"

    def test_where_others_read_along_it_only_counts(self, school_class: SchoolClass, sink: MailSink) -> None:
        ContactPoint.objects.update(is_shared=True)
        notice = publish(school_class)
        publish(school_class)
        friday_comes()
        outbox.deliver_due()
        (mail,) = sink.messages()
        text = words(mail) + words(mail, "html")
        for title in notice.texts.values_list("title", flat=True):
            assert title.split("{")[0].strip() not in text
        assert "Noor" not in text
        for part in ("plain", "html"):
            assert "النص الهولندي أدناه" not in words(mail, part), "no Dutch of theirs stands below"
        assert all(notice_url(row) in text for row in Delivery.objects.all())

    def test_its_unsubscribe_stops_what_it_brought(self, school_class: SchoolClass, sink: MailSink) -> None:
        """One click in a mail program, which shows one mail; the page names all of it."""
        for slug in ("parent-meeting-invitation", "swimming-bag"):
            publish(school_class, slug=slug)
        friday_comes()
        outbox.deliver_due()
        (mail,) = sink.messages()
        path = urlsplit(mail["List-Unsubscribe"].strip("<>")).path
        assert "Geen e-mails meer over: gesprekken op school en wat uw kind nodig heeft op school" in shown(path)
        Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})
        assert set(OptOut.objects.values_list("channel", "category")) == {
            ("EMAIL", "appointment"),
            ("EMAIL", "practical"),
        }
        assert "U krijgt geen e-mails meer over: gesprekken op school en wat" in shown(path)

    def test_two_guardians_get_one_each(self, school_class: SchoolClass, sink: MailSink) -> None:
        make.make_family(school_class, emails=["vader@post.example"])
        Guardian.objects.update(wants_digest=True)
        publish(school_class)
        publish(school_class)
        friday_comes()
        assert outbox.deliver_due() == 4
        assert sorted(to for to, _ in sink.raw) == ["moeder@post.example", "vader@post.example"]


class TestWhenItGoesWrong:
    @pytest.fixture(autouse=True)
    def two_are_due(self, school_class: SchoolClass) -> None:
        self.notices = [publish(school_class), publish(school_class)]
        friday_comes()

    def test_killed_between_sending_and_recording_the_same_mail_comes_again(
        self, school_class: SchoolClass, sink: MailSink
    ) -> None:
        killed = outbox.claim()
        assert killed is not None
        outgoing = Job(killed, killed.rows).written(Renderer(killed.rows))
        assert outgoing is not None
        driver = driver_for("EMAIL")
        driver.send(outgoing)
        driver.close()
        assert outbox.deliver_due() == 0, "it is somebody's still"
        late = publish(school_class)  # in the next week's mail, whatever is due by then
        Delivery.objects.update(due_at=database_now() - timedelta(seconds=1))
        assert outbox.deliver_due() == 3
        first, *after = sink.messages()  # two connections: what left together may arrive in any order
        again, other = sorted(after, key=lambda mail: mail["Message-ID"] != first["Message-ID"])
        assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
        assert words(first) == words(again)
        assert notice_url(Delivery.objects.get(notice=late)) in words(other)

    def test_cut_off_they_wait_and_come_together(self, sink: MailSink) -> None:
        sink.answer_data = lambda address: "cut" if not sink.raw else ""
        assert outbox.deliver_due() == 0
        assert {(row.status, row.attempts) for row in Delivery.objects.all()} == {("QUEUED", 1)}
        friday_comes()
        assert outbox.deliver_due() == 2
        assert len({mail["Message-ID"] for mail in sink.messages()}) == 1

    def test_refused_they_fail_together_and_each_climbs(self, sink: MailSink) -> None:
        sink.answer_rcpt = lambda address: "550 5.1.1 no such user"
        outbox.deliver_due()
        assert Delivery.objects.filter(channel="EMAIL", status="FAILED", reason="BOUNCED").count() == 2
        assert Delivery.objects.filter(channel="LETTER").count() == 2

    def test_a_bounce_that_comes_later_counts_for_all(self, sink: MailSink) -> None:
        outbox.deliver_due()
        assert outbox.record_receipt(Delivery.objects.order_by("pk")[0].pk, DeliveryStatus.FAILED, "BOUNCED")
        assert set(Delivery.objects.filter(channel="EMAIL").values_list("status", flat=True)) == {"FAILED"}
        assert Delivery.objects.filter(channel="LETTER").count() == 2

    def test_but_not_for_what_a_person_opened(self, sink: MailSink) -> None:
        outbox.deliver_due()
        first, second = Delivery.objects.order_by("pk")
        Delivery.objects.filter(pk=second.pk).update(opened_at=clock.now())
        assert outbox.record_receipt(first.pk, DeliveryStatus.FAILED, "BOUNCED")
        assert Delivery.objects.get(pk=second.pk).status == DeliveryStatus.SENT
        assert Delivery.objects.get(channel="LETTER").notice_id == first.notice_id

    def test_taken_back_it_is_left_out(self, sink: MailSink) -> None:
        cancel_notice(notice=self.notices[0], by=self.notices[0].author)
        assert outbox.deliver_due() == 1
        assert notice_url(Delivery.objects.get(notice=self.notices[0])) not in words(sink.messages()[0])

    def test_nobody_at_home_binds_them_and_gives_them_back(self, settings: Any) -> None:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        assert outbox.deliver_due() == 0
        rows = Delivery.objects.all()
        assert {(row.status, row.attempts, row.claim_token) for row in rows} == {("QUEUED", 0, None)}


class TestTheChoice:
    def test_it_is_offered_to_who_has_a_working_address(self, cast: Cast) -> None:
        page = reverse("portal_choices")
        assert "wants_digest" in cast.guardian_client("mother").get(page).content.decode()
        assert "wants_digest" not in cast.guardian_client("grandfather").get(page).content.decode()

    def test_chosen_and_left_again_with_a_line_in_the_log(self, cast: Cast) -> None:
        mother, row = cast.guardian_client("dutch_mother"), cast.guardians["dutch_mother"]
        for value, wants in (("week", True), ("each", False)):
            mother.post(reverse("portal_choices"), {"form": "digest", "digest-wants_digest": value})
            row.refresh_from_db()
            assert row.wants_digest is wants
        assert AuditEntry.objects.filter(verb="chose weekly mail", guardian_id=row.pk).count() == 2

    def test_without_an_address_it_cannot_be_chosen(self, cast: Cast) -> None:
        grandfather, row = cast.guardian_client("grandfather"), cast.guardians["grandfather"]
        answer = grandfather.post(reverse("portal_choices"), {"form": "digest", "digest-wants_digest": "week"})
        assert answer.status_code == 200
        row.refresh_from_db()
        assert not row.wants_digest

    def test_staff_see_it_on_the_family_page(self, cast: Cast) -> None:
        url = reverse("family_detail", args=[cast.families["peeters"].pk])
        teacher = cast.client("teacher_1a")
        before = teacher.get(url).content.decode()
        Guardian.objects.filter(pk=cast.guardians["dutch_mother"].pk).update(wants_digest=True)
        assert before.count("<dt>") + 1 == teacher.get(url).content.decode().count("<dt>")
