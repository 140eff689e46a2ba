"""Mails leave encrypted, to the server that is meant, or not at all."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.core.mail import send_mail

from messaging import outbox
from messaging.models import Delivery, DeliveryEvent, DeliveryStatus
from tests import certificates
from tests.messaging.sinks import MailSink, mail_sink
from tests.messaging.test_providers import the_pause_is_over
from tests.messaging.test_sending_mail import sent_to

pytestmark = pytest.mark.django_db

SELF_SIGNED, TRUSTED, OTHER_NAME, PLAIN = "self-signed", "trusted", "other name", "plain"


@pytest.fixture
def listening(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], MailSink]]:
    """Starts a mail server of a kind; this machine trusts the test's authority and the portal wants encryption."""
    authority = certificates.authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "nothing"))
    tls: dict[str, ssl.SSLContext | None] = {
        SELF_SIGNED: certificates.server(tmp_path, None),
        TRUSTED: certificates.server(tmp_path, authority),
        OTHER_NAME: certificates.server(tmp_path, authority, x509.DNSName("mail.elders.example")),
        PLAIN: None,
    }
    running: list[Any] = []

    def start(kind: str) -> MailSink:
        running.append(mail_sink(tls=tls[kind]))
        sink: MailSink = running[-1].__enter__()
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", sink.port, True
        return sink

    yield start
    for server in running:
        server.__exit__(None, None, None)


def test_a_server_with_a_trusted_certificate_gets_the_notices(listening: Callable[[str], MailSink]) -> None:
    sink = listening(TRUSTED)
    sent_to({}, {})
    assert outbox.deliver_due() == 2
    assert len(sink.messages()) == 2
    assert sink.encrypted


@pytest.mark.parametrize("kind", [SELF_SIGNED, OTHER_NAME, PLAIN])
def test_another_server_gets_nothing_and_the_notices_wait(listening: Callable[[str], MailSink], kind: str) -> None:
    sink = listening(kind)
    sent_to({}, {})
    assert outbox.deliver_due() == 0
    assert (sink.raw, sink.recipients) == ([], [])
    rows = Delivery.objects.all()
    assert {(row.status, row.attempts, row.claim_token) for row in rows} == {(DeliveryStatus.QUEUED, 0, None)}
    assert not DeliveryEvent.objects.exists()
    sink = listening(TRUSTED)
    the_pause_is_over()
    assert outbox.deliver_due() == 2
    assert len(sink.messages()) == 2


def test_the_password_is_shown_to_no_other_server(listening: Callable[[str], MailSink], settings: Any) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portaal", "een-geheim-woord"
    sent_to({})
    for kind in (SELF_SIGNED, OTHER_NAME, PLAIN):
        sink = listening(kind)
        assert outbox.deliver_due() == 0
        assert sink.logins == []


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [
        (SELF_SIGNED, ssl.SSLCertVerificationError),
        (OTHER_NAME, ssl.SSLCertVerificationError),
        (PLAIN, smtplib.SMTPNotSupportedError),
    ],
)
def test_mails_to_staff_keep_the_same_rule(
    listening: Callable[[str], MailSink], settings: Any, kind: str, refusal: type[Exception]
) -> None:
    """A forgotten password goes by Django's own sender."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    sink = listening(kind)
    with pytest.raises(refusal):
        send_mail("Wachtwoord", "tekst", None, ["an@cast.example"])
    assert sink.raw == []
    sink = listening(TRUSTED)
    send_mail("Wachtwoord", "tekst", None, ["an@cast.example"])
    assert len(sink.messages("an@cast.example")) == 1
