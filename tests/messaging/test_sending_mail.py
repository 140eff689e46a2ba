"""Mails leave over a socket; whatever the server does, each row ends where it should."""

from __future__ import annotations

import re
import socket
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from messaging import outbox
from messaging.channels.base import ChannelError, Outgoing
from messaging.channels.email import SmtpChannel
from messaging.models import Delivery, DeliveryEvent, DeliveryStatus, Notice, OptOut, Reason
from messaging.outbox.clocks import database_now
from messaging.outbox.results import pause_before_retry
from messaging.rendering import Renderer
from messaging.services import publish_notice
from messaging.tokens import mail_signature, notice_url
from parents.models import ContactPoint, Guardianship
from schools import clock
from tests import factories as make
from tests.messaging.sinks import MailSink, mail_sink


def sent_to(*families: dict[str, Any], slug: str = "parent-meeting-invitation") -> Notice:
    """A notice published to a class with these families."""
    school_class = make.make_class()
    for facts in families:
        make.make_family(school_class, **facts)
    notice = make.make_notice(school_class, slug=slug)
    publish_notice(notice=notice, by=notice.author)
    return notice


def make_due() -> None:
    Delivery.objects.filter(status=DeliveryStatus.QUEUED).update(due_at=clock.now() - timedelta(hours=1))


@pytest.mark.django_db
class TestAMail:
    def test_a_mother_gets_her_language_beside_the_dutch(self, sink: MailSink) -> None:
        notice = sent_to({"languages": ["ar"], "emails": ["moeder@post.example"], "children": ["Ali", "Sara"]})
        assert outbox.deliver_due() == 1
        (mail,) = sink.messages()
        delivery = Delivery.objects.get()
        assert mail["To"] == "moeder@post.example"
        assert mail["Message-ID"] == f"<d{delivery.pk}.1.{mail_signature(delivery.pk, 1)}@localhost>"
        assert mail["Content-Language"] == "ar"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["List-Unsubscribe"] == f"<{notice_url(delivery)}uitschrijven/>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
        assert "\u2068Ali\u2069 و\u2068Sara\u2069" in text
        assert "Ali en Sara" in text, "the Dutch below has them in Dutch"
        assert "<bdi>Ali</bdi> و<bdi>Sara</bdi>" in html
        assert 'lang="ar" dir="rtl"' in html
        assert 'lang="nl-BE" dir="ltr"' in html
        assert notice_url(delivery) in text
        assert notice_url(delivery) in html
        assert "الخميس 11 فبراير 2083" in text
        assert "donderdag 11 februari 2083" in text
        assert "{" not in text + html
        assert not re.search("[\ue000-\uf8ff]", text + html)
        assert notice.school.name in mail["From"]

    def test_its_subject_names_nobody(self, sink: MailSink) -> None:
        sent_to({"languages": ["pa"], "children": ["Jaspreet"]})
        outbox.deliver_due()
        subject = sink.messages()[0]["Subject"]
        assert subject == "ACTIE: ਸਕੂਲ ਵਿੱਚ ਮੁਲਾਕਾਤ ਲਈ ਸੱਦਾ"
        assert "Jaspreet" not in subject

    def test_it_moves_its_row_and_history(self, sink: MailSink) -> None:
        sent_to({})
        outbox.deliver_due()
        delivery = Delivery.objects.get()
        assert (delivery.status, delivery.attempts, delivery.claim_token) == (DeliveryStatus.SENT, 1, None)
        assert delivery.sent_at is not None
        assert delivery.provider_ref == sink.messages()[0]["Message-ID"]
        assert [event.status for event in delivery.events.all()] == ["SENT"]

    def test_one_connection_carries_a_batch(self, sink: MailSink) -> None:
        sent_to(*[{}] * 6)
        assert outbox.deliver_due() == 6
        assert len(sink.raw) == 6
        assert sink.connections == 1

    @pytest.mark.parametrize("reason", ["unverified", "shared by tick", "shared by two", "confidential"])
    def test_where_others_may_read_along_only_a_link_leaves(self, sink: MailSink, reason: str) -> None:
        slug = "school-bill-help" if reason == "confidential" else "parent-meeting-invitation"
        school_class = make.make_class()
        family = make.make_family(school_class, emails=[None], children=["Noor"])
        point = make.make_point(
            "samen@post.example",
            *family.guardians,
            verified=reason != "unverified",
            is_shared=reason == "shared by tick",
        )
        if reason == "shared by two":
            point.guardians.add(make.make_guardian([]))
        notice = make.make_notice(school_class, slug=slug)
        publish_notice(notice=notice, by=notice.author)
        outbox.deliver_due()
        (mail,) = sink.messages("samen@post.example")
        text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
        assert "Noor" not in text + html + mail["Subject"]
        assert "12,50" not in text + html
        assert "/b/" in text

    def test_separated_parents_learn_nothing_of_each_other(self, sink: MailSink) -> None:
        school_class = make.make_class()
        family = make.make_family(school_class, languages=["pa"], emails=["moeder@post.example"], children=["Simran"])
        mother = family.guardians[0]
        father = make.make_guardian(
            family.pupils, "ar", household=make.make_household("Vaderstraat 9"), first_name="Baldev", last_name="Gill"
        )
        make.make_point("vader@post.example", father)
        notice = make.make_notice(school_class)
        publish_notice(notice=notice, by=notice.author)
        outbox.deliver_due()
        (to_mother,), (to_father,) = sink.messages("moeder@post.example"), sink.messages("vader@post.example")
        assert (to_mother["Content-Language"], to_father["Content-Language"]) == ("pa-Guru", "ar")

        def words(mail: Any) -> str:
            parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
            return "".join(parts) + str(mail.items())

        assert not any(other in words(to_mother) for other in ("Baldev", "Gill", "vader@", "Vaderstraat"))
        assert not any(
            other in words(to_father) for other in (mother.first_name, mother.last_name, "moeder@", "Bloesemlaan")
        )

    def test_markup_and_line_breaks_in_names_stay_words(self, sink: MailSink) -> None:
        school_class = make.make_class(make.make_school(name="Basisschool De Kers\r\nBcc: dief@post.example"))
        make.make_family(school_class, children=["<b>Bo\u202e{child}"], emails=["x@post.example"])
        notice = make.make_notice(school_class, values={"place": "<script>alert(1)</script>\r\nTo: y@post.example"})
        publish_notice(notice=notice, by=notice.author)
        assert outbox.deliver_due() == 1
        (mail,) = sink.messages()
        assert [to for to, _ in sink.raw] == ["x@post.example"]
        assert mail["Bcc"] is None
        assert mail.get_all("To") == ["x@post.example"]
        html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
        assert "<script" not in html
        assert "&lt;b&gt;Bo (child)" in html


@pytest.mark.django_db
class TestWhatTheServerAnswers:
    def test_no_such_address_ends_it_and_tries_the_next_way_at_once(self, sink: MailSink) -> None:
        sink.answer_rcpt = lambda address: "550 5.1.1 no such user" if address.startswith("weg") else ""
        sent_to({"emails": ["weg@post.example"]}, {})
        outbox.deliver_due()
        failed = Delivery.objects.get(status=DeliveryStatus.FAILED)
        assert failed.reason == Reason.BOUNCED
        point = ContactPoint.objects.get(value="weg@post.example")
        assert (point.valid_until, point.ended_because) == (clock.today(), "BOUNCED")
        following = Delivery.objects.get(guardian=failed.guardian, status=DeliveryStatus.QUEUED)
        assert following.channel == "LETTER"
        assert Delivery.objects.filter(status=DeliveryStatus.SENT).count() == 1

    def test_a_refusal_by_policy_does_not_end_the_address(self, sink: MailSink) -> None:
        sink.answer_rcpt = lambda address: "550 5.7.1 we do not like you"
        sent_to({})
        outbox.deliver_due()
        assert Delivery.objects.get(channel="EMAIL").reason == Reason.REFUSED
        assert ContactPoint.objects.get().valid_until is None

    def test_later_please_is_tried_again_and_counts_as_an_attempt(self, sink: MailSink) -> None:
        sink.answer_data = lambda address: "451 4.3.0 later" if not sink.raw and not seen.append(address) else ""  # type: ignore[func-returns-value]
        seen: list[str] = []
        sent_to({})
        outbox.deliver_due()
        delivery = Delivery.objects.get()
        assert (delivery.status, delivery.attempts) == (DeliveryStatus.QUEUED, 1)
        assert outbox.deliver_due() == 0, "not due yet"
        sink.answer_data = lambda address: ""
        make_due()
        assert outbox.deliver_due() == 1
        assert [event.status for event in DeliveryEvent.objects.all()] == ["QUEUED", "SENT"]

    def test_after_three_days_it_gives_up_and_climbs(self, sink: MailSink) -> None:
        sink.answer_data = lambda address: "451 4.3.0 later"
        sent_to({})
        Delivery.objects.update(created_at=clock.now() - timedelta(days=9))  # the nights before it do not count
        outbox.deliver_due()
        assert Delivery.objects.get().status == DeliveryStatus.QUEUED
        make_due()
        Delivery.objects.update(first_tried_at=clock.now() - timedelta(hours=73))
        outbox.deliver_due()
        assert Delivery.objects.get().status == DeliveryStatus.QUEUED, "a holiday lay between the two tries"
        make_due()
        Delivery.objects.update(attempts=12)
        outbox.deliver_due()
        assert Delivery.objects.get(channel="EMAIL").reason == Reason.GAVE_UP
        assert Delivery.objects.filter(channel="LETTER", status=DeliveryStatus.QUEUED).count() == 1

    def test_cut_after_the_final_dot_it_comes_again_under_the_same_name(self, sink: MailSink) -> None:
        sink.answer_data = lambda address: "cut" if not sink.raw else ""
        sent_to({}, {})
        outbox.deliver_due()
        make_due()
        outbox.deliver_due()
        assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.SENT}
        names = [mail["Message-ID"] for mail in sink.messages()]
        assert (len(names), len(set(names))) == (3, 2)

    def test_nobody_at_home_gives_everything_back_untouched(self, settings: Any) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", probe.getsockname()[1]
        sent_to({}, {}, {})
        before = sorted(Delivery.objects.values_list("pk", "due_at"))
        assert outbox.deliver_due() == 0
        rows = Delivery.objects.all()
        assert {(row.status, row.attempts, row.claim_token) for row in rows} == {(DeliveryStatus.QUEUED, 0, None)}
        assert sorted(rows.values_list("pk", "due_at")) == before
        assert not DeliveryEvent.objects.exists()

    def test_a_poison_row_fails_alone(self, sink: MailSink) -> None:
        sent_to({"emails": ["geen adres\r\nRCPT TO:<x@y>"]}, {}, {})
        assert outbox.deliver_due() == 2
        assert Delivery.objects.get(status=DeliveryStatus.FAILED).reason == Reason.UNUSABLE

    def test_a_worker_whose_time_is_over_fails_nobody(self, sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
        sent_to({})
        with monkeypatch.context() as slow:
            slow.setattr(Renderer, "outgoing", Mock(side_effect=SoftTimeLimitExceeded))
            with pytest.raises(SoftTimeLimitExceeded):
                outbox.deliver_due()
        assert Delivery.objects.get().status == DeliveryStatus.SENDING, "until its lease ends"
        Delivery.objects.update(due_at=database_now() - timedelta(seconds=1))
        assert outbox.deliver_due() == 1

    def test_a_notice_without_texts_fails_alone(self, sink: MailSink) -> None:
        first, second = sent_to({}), sent_to({})
        first.texts.all().delete()
        assert outbox.deliver_due() == 1
        assert Delivery.objects.get(notice=first, channel="EMAIL").reason == Reason.UNUSABLE
        assert Delivery.objects.get(notice=second).status == DeliveryStatus.SENT


@pytest.mark.django_db
class TestBetweenPlanningAndSending:
    def test_who_refuses_mail_meanwhile_gets_none(self, sink: MailSink) -> None:
        sent_to({})
        guardian = Delivery.objects.get().guardian
        OptOut.objects.create(guardian=guardian, channel="EMAIL", since=clock.now())
        assert outbox.deliver_due() == 0
        assert Delivery.objects.get(channel="EMAIL").reason == Reason.OPTED_OUT
        outbox.climb()
        assert Delivery.objects.filter(channel="LETTER").count() == 1

    def test_who_lost_the_right_to_information_gets_none(self, sink: MailSink) -> None:
        sent_to({})
        Guardianship.objects.update(information_right=False)
        assert outbox.deliver_due() == 0
        assert Delivery.objects.get().status == DeliveryStatus.CANCELLED

    def test_a_pause_holds_everything(self, sink: MailSink, settings: Any) -> None:
        settings.OUTBOX_PAUSED = True
        sent_to({})
        assert outbox.deliver_due() == 0
        settings.OUTBOX_PAUSED = False
        assert outbox.deliver_due() == 1

    def test_how_long_the_oldest_waits_is_told(self) -> None:
        assert outbox.oldest_due_seconds() == 0
        sent_to({}, {"emails": [None]})
        assert outbox.oldest_due_seconds() < 60
        make_due()
        assert 3590 < outbox.oldest_due_seconds() < 3700


@pytest.mark.django_db
class TestLeases:
    def test_what_a_dead_process_held_comes_back(self, sink: MailSink) -> None:
        sent_to({})
        held = outbox.claim()
        assert held is not None
        assert outbox.deliver_due() == 0, "it is somebody else's"
        Delivery.objects.update(due_at=clock.now() - timedelta(seconds=1))
        assert outbox.deliver_due() == 1

    def test_a_late_finish_is_refused(self, sink: MailSink) -> None:
        sent_to({})
        slow = outbox.claim()
        assert slow is not None
        Delivery.objects.update(due_at=clock.now() - timedelta(seconds=1))
        outbox.deliver_due()
        from messaging.outbox.claiming import extend, settle

        assert not settle(slow, slow.rows[0].pk, DeliveryStatus.FAILED, reason=Reason.REFUSED)
        extend(slow)
        assert slow.mine == set()
        assert Delivery.objects.get().status == DeliveryStatus.SENT

    def test_batches_follow_each_other(self, sink: MailSink, settings: Any) -> None:
        settings.OUTBOX_BATCH = 2
        sent_to(*[{}] * 5)
        assert outbox.deliver_due() == 5
        assert len({to for to, _ in sink.raw}) == 5


@pytest.mark.django_db
def test_questions_to_the_database_do_not_grow_with_the_audience_while_writing_mails(
    django_assert_num_queries: Any,
) -> None:
    from messaging.rendering import Renderer

    sent_to(*[{"languages": ["pa"]}] * 7)
    claimed = outbox.claim()
    assert claimed is not None
    with django_assert_num_queries(7):
        renderer = Renderer(claimed.rows)
        assert len({renderer.outgoing(row).text for row in claimed.rows}) == 7


def test_a_late_bounce_still_counts(db: None, sink: MailSink) -> None:
    sent_to({})
    outbox.deliver_due()
    delivery = Delivery.objects.get()
    assert outbox.record_receipt(delivery.pk, DeliveryStatus.FAILED, Reason.BOUNCED)
    assert not outbox.record_receipt(delivery.pk, DeliveryStatus.DELIVERED), "a final row does not move"
    assert ContactPoint.objects.get().ended_because == "BOUNCED"
    assert Delivery.objects.filter(channel="LETTER").count() == 1


def test_pauses_grow_to_half_an_hour_and_spread() -> None:
    assert all(1 <= pause_before_retry(0) <= 30 for _ in range(50))
    assert max(pause_before_retry(40) for _ in range(200)) <= 1800
    assert len({pause_before_retry(3) for _ in range(20)}) > 10


@pytest.mark.parametrize(
    "subject", ["kort", "ACTIE: " + "ਸਕੂਲ ਵਿੱਚ ਮੁਲਾਕਾਤ " * 8, "a\r\nBcc: dief@post.example", 'met "haken" <en>, komma']
)
def test_any_subject_stays_one_header(subject: str) -> None:
    with mail_sink() as server:
        channel = SmtpChannel(host="127.0.0.1", port=server.port, sender="S <s@school.example>", host_name="h.example")
        channel.send(Outgoing(1, 1, "a@post.example", "tekst", subject=subject, html="<p>tekst</p>"))
        channel.close()
        (mail,) = server.messages()
    assert mail["Subject"] == " ".join(subject.split())
    assert mail["Bcc"] is None
    assert max(len(line) for line in server.raw[0][1].splitlines()) < 998


def test_a_header_that_would_break_is_refused() -> None:
    with mail_sink() as server:
        channel = SmtpChannel(host="127.0.0.1", port=server.port, sender="s@school.example", host_name="h.example")
        with pytest.raises(ChannelError) as refusal:
            channel.send(Outgoing(1, 1, "a@post.example", "t", reply_to="a\r\nBcc: dief@post.example"))
        channel.close()
    assert refusal.value.permanent
    assert server.raw == []
