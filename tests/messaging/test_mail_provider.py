"""Mails that a provider carries: over HTTP to a server that answers like it, and its reports through the web hook."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anymail.exceptions import AnymailRecipientsRefused
from django.test import Client
from requests import Response

from messaging import outbox
from messaging.channels.anymail import ProviderChannel, _is_of_account
from messaging.channels.base import ChannelError, Outgoing
from messaging.direct import Words, send_directly
from messaging.models import Delivery, DeliveryStatus, OptOut, Reason
from messaging.services import publish_notice
from messaging.tokens import delivery_named, mail_signature, notice_url
from parents.models import ContactPoint
from parents.signin import Reachable
from schools.languages import language
from tests import factories as make
from tests.messaging.provider import HOOK_PASSWORD, HOOK_USER, TOKEN, Provider, provider

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.messaging.provider_urls")]
ADDRESS = "moeder@post.example"


@pytest.fixture
def esp(settings: Any) -> Iterator[Provider]:
    with provider() as running:
        settings.MAIL_DRIVER, settings.MAIL_PROVIDER = "anymail", "postmark"
        settings.ANYMAIL = {
            "POSTMARK_SERVER_TOKEN": TOKEN,
            "POSTMARK_API_URL": running.url,
            "REQUESTS_TIMEOUT": 5,
            "WEBHOOK_SECRET": f"{HOOK_USER}:{HOOK_PASSWORD}",
        }
        yield running


def planned(*addresses: str, code: str = "ar") -> None:
    school_class = make.make_class()
    for address in addresses or (ADDRESS,):
        make.make_family(school_class, languages=[code], emails=[address], children=["Ali"])
    notice = make.make_notice(school_class)
    publish_notice(notice=notice, by=notice.author)


def sent() -> Delivery:
    planned()
    outbox.deliver_due()
    return Delivery.objects.get()


class TestSending:
    def test_the_provider_gets_the_whole_mail_and_our_name_for_it(self, esp: Provider) -> None:
        delivery = sent()
        (mail,) = esp.mails
        headers = {header["Name"]: header["Value"] for header in mail["Headers"]}
        assert (delivery.status, delivery.provider_ref) == (DeliveryStatus.SENT, "id-1")
        assert mail["To"] == ADDRESS
        assert delivery.notice.school.name in mail["From"]
        assert 'dir="rtl"' in mail["HtmlBody"]
        assert notice_url(delivery) in mail["TextBody"]
        assert delivery_named(headers["Message-ID"]) == delivery.pk
        assert headers["X-PM-KeepID"] == "true", "else the provider gives it another name"
        assert headers["List-Unsubscribe"] == f"<{notice_url(delivery)}uitschrijven/>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert delivery_named(mail["Metadata"]["delivery"]) == delivery.pk

    def test_it_may_not_rewrite_links_or_watch_who_reads(self, esp: Provider) -> None:
        sent()
        assert (esp.mails[0]["TrackLinks"], esp.mails[0]["TrackOpens"]) == ("None", False)

    def test_one_connection_carries_a_batch(self, esp: Provider) -> None:
        planned(*(f"ouder{number}@post.example" for number in range(5)))
        assert outbox.deliver_due() == 5
        assert len(esp.connections) == 1

    def test_cut_off_it_comes_again_under_the_same_name(self, esp: Provider) -> None:
        esp.answer = lambda address: (0, 0) if len(esp.mails) == 0 else (200, 0)
        delivery = sent()
        assert (delivery.status, delivery.attempts) == (DeliveryStatus.QUEUED, 1)
        Delivery.objects.update(due_at=delivery.created_at)
        outbox.deliver_due()
        first, second = esp.mails
        assert (first["Headers"], first["Metadata"]) == (second["Headers"], second["Metadata"])

    def test_an_address_it_refuses_ends_the_way_and_not_the_others(self, esp: Provider) -> None:
        esp.answer = lambda address: (422, 406) if address == ADDRESS else (200, 0)
        planned(ADDRESS, "vader@post.example")
        assert outbox.deliver_due() == 1
        assert Delivery.objects.get(status=DeliveryStatus.FAILED).reason == Reason.REFUSED
        assert Delivery.objects.filter(channel="LETTER", status=DeliveryStatus.QUEUED).exists()

    @pytest.mark.parametrize(
        ("answer", "attempts", "is_of_us"),
        [
            ((422, 405), 1, True),
            ((422, 400), 1, True),
            ((422, 422), 1, False),
            ((429, 0), 1, False),
            ((500, 0), 1, False),
            ((401, 10), 0, True),
        ],
    )
    def test_an_account_in_trouble_lets_all_wait_sends_nobody_a_letter_and_tells_the_operator(
        self, esp: Provider, answer: tuple[int, int], attempts: int, is_of_us: bool
    ) -> None:
        esp.answer = lambda address: answer
        delivery = sent()
        assert (delivery.status, delivery.attempts) == (DeliveryStatus.QUEUED, attempts)
        assert outbox.health().refusing_us == ["EMAIL"] * is_of_us

    @pytest.mark.parametrize(
        ("words", "is_of_us"),
        [
            ('[{"status": "rejected", "reject_reason": "unsigned"}]', True),
            ('[{"status": "rejected", "reject_reason": "test-mode-limit"}]', True),
            ('[{"status": "rejected", "reject_reason": "hard-bounce"}]', False),
            ("You tried to send to recipients that are inactive: a hard bounce or a manual suppression.", False),
        ],
    )
    def test_a_provider_that_refuses_our_sender_mail_by_mail_ends_no_way(self, words: str, is_of_us: bool) -> None:
        """Mandrill answers so: the same kind of refusal as of an address, for another reason."""
        response = Response()
        response._content = words.encode()
        assert _is_of_account(AnymailRecipientsRefused(response=response)) is is_of_us

    def test_a_provider_that_is_away_gets_it_later(self, esp: Provider, settings: Any) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{probe.getsockname()[1]}/"
        settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": url}
        delivery = sent()
        assert (delivery.status, delivery.attempts) == (DeliveryStatus.QUEUED, 0)

    def test_missing_credentials_lose_nothing(self, esp: Provider, settings: Any) -> None:
        settings.ANYMAIL = {"WEBHOOK_SECRET": "x"}
        delivery = sent()
        assert (delivery.status, delivery.attempts) == (DeliveryStatus.QUEUED, 0)

    @pytest.mark.parametrize("field", ["address", "reply_to", "unsubscribe_url"])
    def test_no_header_is_smuggled_in(self, esp: Provider, field: str) -> None:
        channel = ProviderChannel(provider="postmark", sender="S <s@school.example>", host_name="h.example")
        facts = {"address": ADDRESS, "text": "x", field: "x@y.example\r\nBcc: dief@post.example"}
        with pytest.raises(ChannelError) as refusal:
            channel.send(Outgoing(number=1, round=1, **facts))  # type: ignore[arg-type]
        assert refusal.value.permanent
        assert esp.mails == []

    @pytest.mark.parametrize(("answer", "left"), [((200, 0), True), ((422, 406), False), ((500, 0), False)])
    def test_a_code_to_sign_in_goes_the_same_way(
        self, esp: Provider, settings: Any, answer: tuple[int, int], left: bool
    ) -> None:
        esp.answer = lambda address: answer
        settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
        words = Words(subject="code", text="123", html="<p>123</p>", sms="123")
        assert send_directly(Reachable("EMAIL", ADDRESS), words, language("nl")) is left


def report(client: Client, name: str, password: str = HOOK_PASSWORD, **facts: Any) -> int:
    """What Postmark posts to the web hook."""
    secret = base64.b64encode(f"{HOOK_USER}:{password}".encode()).decode()
    body = {"MessageID": "id-1", "Recipient": ADDRESS, "Metadata": {"delivery": name}} | facts
    return client.post(
        "/haken/mail/postmark/tracking/",
        json.dumps(body),
        content_type="application/json",
        headers={"authorization": f"Basic {secret}"},
    ).status_code


def name_of(delivery: Delivery) -> str:
    return f"d{delivery.pk}.{delivery.round}.{mail_signature(delivery.pk, delivery.round)}"


HARD = {
    "RecordType": "Bounce",
    "Type": "HardBounce",
    "Email": ADDRESS,
    "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
}


class TestReports:
    def test_arrived_is_arrived(self, esp: Provider, client: Client) -> None:
        delivery = sent()
        assert report(client, name_of(delivery), RecordType="Delivery") == 200
        delivery.refresh_from_db()
        assert delivery.status == DeliveryStatus.DELIVERED
        assert delivery.opened_at is None, "a person was not reached by that"

    def test_an_address_that_does_not_exist_ends_once(self, esp: Provider, client: Client) -> None:
        delivery = sent()
        for _ in range(3):
            assert report(client, name_of(delivery), **HARD) == 200
        delivery.refresh_from_db()
        assert (delivery.status, delivery.reason) == (DeliveryStatus.FAILED, Reason.BOUNCED)
        assert ContactPoint.objects.get().ended_because == "BOUNCED"
        assert Delivery.objects.filter(channel="LETTER").count() == 1
        assert delivery.events.filter(status="FAILED").count() == 1

    @pytest.mark.parametrize(
        ("kind", "words", "reason"),
        [
            ("SoftBounce", "smtp;552 5.2.2 mailbox full", Reason.REFUSED),
            ("SoftBounce", "", Reason.REFUSED),
            ("HardBounce", "", Reason.BOUNCED),
            ("HardBounce", "smtp;550 5.7.1 blocked", Reason.REFUSED),
            ("Blocked", "", Reason.REFUSED),
            ("BadEmailAddress", "", Reason.BOUNCED),
        ],
    )
    def test_only_a_dead_address_ends(self, esp: Provider, client: Client, kind: str, words: str, reason: str) -> None:
        delivery = sent()
        report(client, name_of(delivery), **HARD | {"Type": kind, "Details": words})
        delivery.refresh_from_db()
        assert delivery.reason == reason
        assert (ContactPoint.objects.get().valid_until is None) == (reason != Reason.BOUNCED)

    @pytest.mark.parametrize(
        "facts",
        [
            {"RecordType": "Bounce", "Type": "SpamNotification", "Email": ADDRESS},
            {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Email": ADDRESS},
            {"RecordType": "SubscriptionChange", "SuppressSending": True, "SuppressionReason": "ManualSuppression"},
        ],
    )
    def test_who_complains_gets_no_more_mails_and_the_next_notice_by_another_way(
        self, esp: Provider, client: Client, facts: dict[str, Any]
    ) -> None:
        delivery = sent()
        for _ in range(2):
            assert report(client, name_of(delivery), **facts) == 200
        assert OptOut.objects.get().channel == "EMAIL"
        delivery.refresh_from_db()
        assert delivery.status == DeliveryStatus.DELIVERED
        assert ContactPoint.objects.get().valid_until is None
        second = make.make_notice(delivery.notice.school_class)
        publish_notice(notice=second, by=second.author)
        assert Delivery.objects.get(notice=second).channel == "LETTER"

    @pytest.mark.parametrize(
        "facts", [{"RecordType": "Bounce", "Type": "Transient"}, {"RecordType": "Open"}, {"RecordType": "Click"}, {}]
    )
    def test_delays_and_loaded_pictures_say_nothing(self, esp: Provider, client: Client, facts: dict[str, Any]) -> None:
        delivery = sent()
        assert report(client, name_of(delivery), **facts) == 200
        delivery.refresh_from_db()
        assert (delivery.status, delivery.opened_at) == (DeliveryStatus.SENT, None)

    def test_who_does_not_know_the_secret_is_refused(self, esp: Provider, client: Client, settings: Any) -> None:
        delivery = sent()
        assert report(client, name_of(delivery), password="geraden", **HARD) == 400
        assert client.post("/haken/mail/postmark/tracking/", HARD).status_code == 400
        settings.ANYMAIL = settings.ANYMAIL | {"WEBHOOK_SECRET": ""}
        assert report(client, name_of(delivery), **HARD) == 403, "no secret is no open door"
        delivery.refresh_from_db()
        assert delivery.status == DeliveryStatus.SENT

    def test_a_name_that_we_did_not_sign_changes_nothing(self, esp: Provider, client: Client) -> None:
        delivery = sent()
        other = mail_signature(delivery.pk + 1, 1)
        for name in (f"d{delivery.pk}.1.{other}", f"d{delivery.pk}.1", "", f"d{delivery.pk + 1}.1.{other}"):
            assert report(client, name, **HARD) == 200
        delivery.refresh_from_db()
        assert delivery.status == DeliveryStatus.SENT

    def test_a_report_that_overtakes_the_sending_is_asked_for_again(self, esp: Provider, client: Client) -> None:
        planned()
        claimed = outbox.claim()
        assert claimed is not None
        (delivery,) = claimed.rows
        assert report(client, name_of(delivery), RecordType="Delivery") == 503
        Delivery.objects.update(status=DeliveryStatus.SENT)
        assert report(client, name_of(delivery), RecordType="Delivery") == 200
        delivery.refresh_from_db()
        assert delivery.status == DeliveryStatus.DELIVERED

    @pytest.mark.parametrize(
        "body",
        [b"", b"null", b"[1]", b"{", b"\xff", b'{"RecordType": [[]]}', b'{"RecordType": {}}'],
    )
    def test_what_is_no_report_is_refused_and_no_error_of_ours(
        self, esp: Provider, client: Client, body: bytes
    ) -> None:
        secret = base64.b64encode(f"{HOOK_USER}:{HOOK_PASSWORD}".encode()).decode()
        answer = client.post(
            "/haken/mail/postmark/tracking/",
            body,
            content_type="application/json",
            headers={"authorization": f"Basic {secret}"},
        )
        assert answer.status_code == 400

    def test_a_report_whose_words_are_none_is_read_as_far_as_it_goes(self, esp: Provider, client: Client) -> None:
        name = name_of(sent())
        bounce: dict[str, Any] = {"RecordType": "Bounce", "Type": "HardBounce"}
        assert report(client, name, **bounce, Email=1.5, Details=2.5) == 200
        assert report(client, name, **bounce, Metadata=[name]) in (200, 400)

    def test_other_providers_have_no_door(self, esp: Provider, client: Client) -> None:
        for path in ("mailgun/tracking/", "postmark/inbound/", "mandrill/", "sendgrid/tracking/"):
            assert client.post(f"/haken/mail/{path}", {}, content_type="application/json").status_code == 404


_ASKED = "settings.EMAIL_BACKEND, sorted(settings.ANYMAIL), reverse('mail_report')"


def started_with(*, ask: str = _ASKED, **variables: str) -> subprocess.CompletedProcess[str]:
    """The settings as a process reads them that begins with these variables."""
    words = (
        "import django; django.setup(); from django.conf import settings; from django.urls import reverse; "
        f"print({ask})"
    )
    root = Path(__file__).resolve().parents[2]
    known = {name: value for name, value in os.environ.items() if not name.startswith(("ANYMAIL_", "BOUNCE_"))}
    environment = known | {"DJANGO_SETTINGS_MODULE": "ingroeibloei.settings", "MAIL_DRIVER": "anymail"} | variables
    return subprocess.run([sys.executable, "-c", words], env=environment, cwd=root, capture_output=True, text=True)


GOOD = {
    "ANYMAIL_BACKEND": "mailgun",
    "ANYMAIL_MAILGUN_API_KEY": "k",
    "ANYMAIL_WEBHOOK_SECRET": f"{HOOK_USER}:{HOOK_PASSWORD}",
}


def test_the_environment_chooses_the_provider_and_opens_its_door() -> None:
    done = started_with(**GOOD)
    assert done.stdout.split() == [
        "anymail.backends.mailgun.EmailBackend",
        "['MAILGUN_API_KEY',",
        "'REQUESTS_TIMEOUT',",
        "'WEBHOOK_SECRET']",
        "/haken/mail/mailgun/tracking/",
    ], done.stderr


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"ANYMAIL_BACKEND": "postduif"}, "must be one of"),
        ({"ANYMAIL_WEBHOOK_SECRET": "provider:kort"}, "at least 32 random characters"),
        ({"ANYMAIL_SENDGRID_API_KEY": "k"}, "is no setting of mailgun"),
        ({"ANYMAIL_DEBUG_API_REQUESTS": "1"}, "is no setting of mailgun"),
        ({"BOUNCE_IMAP_HOST": "imap.example"}, "needs BOUNCE_IMAP_USER"),
        ({"BOUNCE_IMAP_HOST": "imap.example", "BOUNCE_IMAP_TLS": "misschien"}, "must be one of"),
    ],
)
def test_a_setting_that_is_wrong_stops_the_start(variables: dict[str, str], words: str) -> None:
    done = started_with(**GOOD | variables)
    assert done.returncode
    assert words in done.stderr


@pytest.mark.parametrize(("driver", "unused"), [("anymail", False), ("smtp", True)])
def test_a_provider_that_is_named_and_not_used_is_noticed(driver: str, unused: bool) -> None:
    done = started_with(**GOOD | {"MAIL_DRIVER": driver}, ask="settings.MAIL_PROVIDER_UNUSED")
    assert done.stdout.split() == [str(unused)], done.stderr
