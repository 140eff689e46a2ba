"""Mails that came back, read from a real mailbox: whom they end, whom they do not, and who could pretend."""

from __future__ import annotations

import imaplib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.management import CommandError, call_command
from django.db import OperationalError

from messaging import bounces, outbox
from messaging.models import Delivery, DeliveryStatus, OptOut, Reason
from messaging.services import publish_notice
from messaging.tasks import read_bounces
from messaging.tokens import mail_signature
from parents.models import ContactPoint
from schools import clock
from tests import factories as make
from tests.messaging import returned
from tests.messaging.imap import PASSWORD, Mailbox, dovecot
from tests.messaging.sinks import mail_sink

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[Mailbox]:
    with dovecot() as running:
        yield running


@pytest.fixture
def mailbox(server: Mailbox, settings: Any) -> Mailbox:
    settings.BOUNCE_IMAP = server.settings()
    server.empty()
    return server


@pytest.fixture
def sent(settings: Any) -> Delivery:
    """A mail that left to a mother."""
    school_class = make.make_class()
    make.make_family(school_class, emails=["moeder@post.example"])
    notice = make.make_notice(school_class)
    publish_notice(notice=notice, by=notice.author)
    with mail_sink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        outbox.deliver_due()
    return Delivery.objects.get()


@pytest.mark.parametrize("shape", [returned.postfix, returned.exim, returned.exchange, returned.gmail])
def test_an_address_that_does_not_exist_ends_and_a_letter_follows(
    mailbox: Mailbox, sent: Delivery, shape: Callable[[str, str], str]
) -> None:
    mailbox.receive(shape(sent.provider_ref, "moeder@post.example"))
    assert bounces.read_mailbox() == 1
    sent.refresh_from_db()
    assert (sent.status, sent.reason) == (DeliveryStatus.FAILED, Reason.BOUNCED)
    point = ContactPoint.objects.get()
    assert (point.valid_until, point.ended_because) == (clock.today(), "BOUNCED")
    assert Delivery.objects.get(channel="LETTER").status == DeliveryStatus.QUEUED
    assert (mailbox.count("INBOX"), mailbox.count(bounces.DONE)) == (0, 1)


@pytest.mark.parametrize(
    ("status", "words", "reason"),
    [
        ("5.2.2", "smtp; 552 5.2.2 mailbox full", Reason.REFUSED),
        ("5.7.1", "smtp; 550 5.7.1 message looks like spam", Reason.REFUSED),
        ("4.4.1", "X-Postfix; connect to mx.post.example: Connection timed out", Reason.GAVE_UP),
        ("5.0.0", "smtp; 554 no", Reason.REFUSED),
    ],
)
def test_a_full_mailbox_a_filter_or_a_dead_server_say_nothing_about_the_address(
    mailbox: Mailbox, sent: Delivery, status: str, words: str, reason: str
) -> None:
    mailbox.receive(returned.postfix(sent.provider_ref, "moeder@post.example", status, words))
    bounces.read_mailbox()
    sent.refresh_from_db()
    assert (sent.status, sent.reason) == (DeliveryStatus.FAILED, reason)
    assert ContactPoint.objects.get().valid_until is None
    assert Delivery.objects.filter(channel="LETTER").exists(), "the next way is tried all the same"


def test_a_forwarding_address_stays_when_the_one_behind_it_is_dead(mailbox: Mailbox, sent: Delivery) -> None:
    report = returned.postfix(sent.provider_ref, "oude-baan@werk.example")
    mailbox.receive(report)
    bounces.read_mailbox()
    sent.refresh_from_db()
    assert sent.reason == Reason.REFUSED
    assert ContactPoint.objects.get().valid_until is None


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_a_report_of_a_delay_changes_nothing(mailbox: Mailbox, sent: Delivery, action: str) -> None:
    report = returned.postfix(sent.provider_ref, "moeder@post.example", "4.4.1", action=action)
    mailbox.receive(report)
    bounces.read_mailbox()
    sent.refresh_from_db()
    assert sent.status == DeliveryStatus.SENT
    assert mailbox.count(bounces.DONE) == 1


def forgeries(sent: Delivery) -> list[str]:
    other = mail_signature(sent.pk + 1, 1)
    return [
        f"<d{sent.pk}.1@localhost>",
        f"<d{sent.pk}.1.{'0' * 24}@localhost>",
        f"<d{sent.pk}.1.{other}@localhost>",
        f"<d{sent.pk}.2.{mail_signature(sent.pk, 1)}@localhost>",
        f"<d99999999999999999999.1.{other}@localhost>",
        "",
    ]


def test_nobody_without_the_signature_ends_an_address(mailbox: Mailbox, sent: Delivery) -> None:
    names = forgeries(sent)
    for name in names:
        mailbox.receive(returned.postfix(name, "moeder@post.example"))
    assert bounces.read_mailbox() == len(names)
    sent.refresh_from_db()
    assert sent.status == DeliveryStatus.SENT
    assert ContactPoint.objects.get().valid_until is None
    assert mailbox.count(bounces.OTHERS) == len(names), "a person may look at them"


@pytest.mark.parametrize("why", ["opened", "old"])
def test_who_holds_a_copy_of_an_old_or_opened_mail_ends_nothing(mailbox: Mailbox, sent: Delivery, why: str) -> None:
    changes = {"opened": {"opened_at": clock.now()}, "old": {"created_at": clock.now() - timedelta(days=15)}}[why]
    Delivery.objects.update(**changes)
    mailbox.receive(returned.postfix(sent.provider_ref, "moeder@post.example"))
    bounces.read_mailbox()
    assert Delivery.objects.get().status == DeliveryStatus.SENT


def test_a_vacation_is_no_failure_and_a_parents_words_wait_for_a_person(mailbox: Mailbox, sent: Delivery) -> None:
    mailbox.receive(returned.vacation(sent.provider_ref))
    mailbox.receive("From: moeder@post.example\nSubject: Re: ACTIE\n\nIk kom graag.")
    assert bounces.read_mailbox() == 2
    assert Delivery.objects.get().status == DeliveryStatus.SENT
    assert (mailbox.count(bounces.DONE), mailbox.count(bounces.OTHERS)) == (1, 1)


def test_a_complaint_ends_mails_but_not_the_address(mailbox: Mailbox, sent: Delivery) -> None:
    mailbox.receive(returned.complaint(sent.provider_ref))
    bounces.read_mailbox()
    assert OptOut.objects.get().channel == "EMAIL"
    sent.refresh_from_db()
    assert sent.status == DeliveryStatus.DELIVERED
    assert ContactPoint.objects.get().valid_until is None


def test_each_mail_is_read_once_and_again_does_no_harm(mailbox: Mailbox, sent: Delivery) -> None:
    report = returned.postfix(sent.provider_ref, "moeder@post.example")
    mailbox.receive(report)
    assert (bounces.read_mailbox(), bounces.read_mailbox()) == (1, 0)
    mailbox.receive(report)
    assert read_bounces() == 1
    assert Delivery.objects.filter(channel="LETTER").count() == 1


def test_poison_stops_nobody(mailbox: Mailbox, sent: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox.receive(b"Content-Type: multipart/report; boundary=\xff\r\n\r\n--\xff\r\nContent-Type: message/rfc822")
    mailbox.receive(b"Subject: poison\n\nx")
    mailbox.receive(returned.postfix(sent.provider_ref, "moeder@post.example"))
    read = bounces.dsn.read

    def choking(raw: bytes) -> Any:
        if b"poison" in raw:
            raise IndexError("as mail parsers do")
        return read(raw)

    monkeypatch.setattr(bounces.dsn, "read", choking)
    assert bounces.read_mailbox() == 3
    sent.refresh_from_db()
    assert sent.status == DeliveryStatus.FAILED
    assert (mailbox.count("INBOX"), mailbox.count(bounces.OTHERS)) == (0, 2)


def test_a_mail_that_cannot_be_put_away_is_said_and_stops_nobody(
    mailbox: Mailbox, sent: Delivery, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bounces, "OTHERS", "../buiten")
    mailbox.receive("Subject: vraag\n\nvan een mens")
    mailbox.receive(returned.postfix(sent.provider_ref, "moeder@post.example"))
    assert bounces.read_mailbox() == 2
    assert (mailbox.count("INBOX"), mailbox.count(bounces.DONE)) == (1, 1)
    assert caplog.text.count("cannot be put away") == 1


@pytest.mark.parametrize("why", [OperationalError, SoftTimeLimitExceeded])
def test_a_database_that_is_away_or_a_time_that_is_over_leaves_the_mail_where_it_is(
    mailbox: Mailbox, sent: Delivery, monkeypatch: pytest.MonkeyPatch, why: type[Exception]
) -> None:
    def away(**_: Any) -> bool:
        raise why

    mailbox.receive(returned.postfix(sent.provider_ref, "moeder@post.example"))
    with monkeypatch.context() as patch:
        patch.setattr(bounces, "record_mail_failure", away)
        with pytest.raises(why):
            bounces.read_mailbox()
    assert mailbox.count("INBOX") == 1
    assert bounces.read_mailbox() == 1


def test_what_was_read_is_kept_a_month(mailbox: Mailbox) -> None:
    old, young = datetime.now(UTC) - timedelta(days=32), datetime.now(UTC) - timedelta(days=3)
    for day in (old, young):
        mailbox.receive(returned.vacation("<x@y>"), on=day, folder=bounces.DONE)
    mailbox.receive("Subject: vraag\n\nvan een mens", on=old, folder=bounces.OTHERS)
    bounces.read_mailbox()
    assert (mailbox.count(bounces.DONE), mailbox.count(bounces.OTHERS)) == (1, 1)


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_the_connection_is_private_and_the_server_known(
    mailbox: Mailbox, settings: Any, monkeypatch: pytest.MonkeyPatch, tls: str
) -> None:
    mailbox.receive(returned.vacation("<x@y>"))
    settings.BOUNCE_IMAP = mailbox.settings(tls)
    assert bounces.read_mailbox() == 0, "nobody knows this certificate"
    monkeypatch.setenv("SSL_CERT_FILE", str(mailbox.certificate))
    assert bounces.read_mailbox() == 1


def test_a_wrong_password_or_a_dead_server_is_logged_without_secrets(
    mailbox: Mailbox, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BOUNCE_IMAP = mailbox.settings() | {"password": f"{PASSWORD}-oud"}
    assert bounces.read_mailbox() == 0
    settings.BOUNCE_IMAP = mailbox.settings() | {"port": 9}
    assert bounces.read_mailbox() == 0
    assert caplog.text.count("cannot be read") == 2
    assert PASSWORD not in caplog.text


def test_the_command_reads_too_and_says_what_is_missing(
    mailbox: Mailbox, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    mailbox.receive(returned.vacation("<x@y>"))
    call_command("read_bounces")
    assert capsys.readouterr().out == "Read: 1\n"
    settings.BOUNCE_IMAP = {}
    assert bounces.read_mailbox() == 0
    with pytest.raises(CommandError, match="BOUNCE_IMAP_HOST"):
        call_command("read_bounces")


def test_a_plain_old_server_with_its_folders_below_the_inbox_will_do(settings: Any, sent: Delivery) -> None:
    below = "namespace inbox {\n  inbox = yes\n  prefix = INBOX.\n  separator = .\n}\n"
    simple = "protocol imap {\n  imap_capability = IMAP4rev1 NAMESPACE\n}\n"
    with dovecot(below + simple) as old:
        settings.BOUNCE_IMAP = old.settings()
        old.receive(returned.exim(sent.provider_ref, "moeder@post.example"))
        with imaplib.IMAP4("localhost", old.plain) as connection:
            assert "MOVE" not in connection.capabilities
        assert (bounces.read_mailbox(), bounces.read_mailbox()) == (1, 0)
        assert (old.count("INBOX"), old.count(f"INBOX.{bounces.DONE}")) == (0, 1)
    assert Delivery.objects.get(pk=sent.pk).reason == Reason.BOUNCED
