"""A mail server that answers and will not have us: our sender, name or right to send elsewhere. Nobody's address is to
blame, so nothing fails, nobody is texted for it, and the operator is told what it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from ingroeibloei.operating import living, pulses
from ingroeibloei.operating.findings import Finding, Level
from messaging import outbox
from messaging.channels.refusals import is_about_sender, is_dead_address
from messaging.models import ChannelState, Delivery
from messaging.outbox.clocks import database_now
from parents.models import ContactPoint
from tests.messaging.sinks import MailSink, sms_gateway
from tests.messaging.test_providers import publish, the_pause_is_over

REFUSALS = [
    "550 relay not permitted",
    "550 5.7.1 Unable to relay",
    "550 5.7.1 Relaying denied. Proper authentication required.",
    "554 5.7.1 <moeder@post.example>: Relay access denied",
    "553 5.7.1 <school@stad.example>: Sender address rejected: not owned by user portaal",
    "550 Sender verify failed",
    "550 5.1.8 <school@stad.example>: Sender address rejected: Domain not found",
    "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
    "530 5.7.57 Client not authenticated to send mail",
    "530 Authentication required",
    "530 5.7.0 Must issue a STARTTLS command first",
    "550 SMTP AUTH is required for message submission",
    "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    "550 we do not relay",
    "550 5.7.64 TenantAttribution; Relay Access Denied",
]


def found(code: str) -> Finding | None:
    return next((finding for finding in living.look() if finding.code == code), None)


@pytest.mark.parametrize("words", REFUSALS)
def test_it_speaks_about_us(words: str) -> None:
    assert is_about_sender(words)
    assert not is_dead_address(words)


@pytest.mark.parametrize(
    "words",
    [
        "550 5.1.1 <moeder@post.example>: Recipient address rejected: User unknown in relay recipient table",
        "550 no such user",
        "550 5.7.1 Message rejected as spam by content filtering",
        "550 5.7.1 blocked: the sender's network is on a list",
        "552 5.2.2 over quota",
        "",
    ],
)
def test_about_an_address_or_a_mail_it_does_not(words: str) -> None:
    assert not is_about_sender(words)


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["answer_rcpt", "answer_data"])
@pytest.mark.parametrize("words", [REFUSALS[0], REFUSALS[4]])
def test_mails_wait_addresses_stay_and_the_operator_is_told(moment: str, words: str, sink: MailSink) -> None:
    setattr(sink, moment, lambda address: words)
    publish(2)
    assert outbox.deliver_due() == 0
    assert set(Delivery.objects.values_list("channel", "status", "reason")) == {("EMAIL", "QUEUED", "")}
    assert not ContactPoint.objects.exclude(ended_because="").exists()
    finding = found("refused EMAIL")
    assert finding is not None
    assert finding.level is Level.BAD
    cache.clear()
    pulses.forget()
    pulses.note(pulses.BEAT)
    assert "van e-mail antwoordt en neemt onze berichten niet aan" in finding.words
    answer = Client().get(reverse("ready"))  # the mail to the operator goes by that server too
    assert (answer.status_code, answer.json()["outbox"]) == (503, "refused")
    setattr(sink, moment, lambda address: "")
    Delivery.objects.update(due_at=database_now())
    assert outbox.deliver_due() == 2, "mended, they leave"
    assert Client().get(reverse("ready")).json()["outbox"] == "well"


@pytest.mark.django_db
def test_a_name_or_key_that_is_refused_is_not_called_silence(settings: Any) -> None:
    settings.SMS_DRIVER, settings.MAIL_DRIVER = "gateway", "record"
    with sms_gateway(lambda number: 403) as gateway:
        settings.SMS_GATEWAY_URL = gateway.url
        publish(1)
        Delivery.objects.update(channel="SMS", address="+32470000001")
        assert outbox.deliver_due() == 0
        assert outbox.health().away == ["SMS"]
        assert found("refused SMS") is not None
        assert found("away SMS") is None
        gateway.answer = lambda number: 202
        the_pause_is_over()
        assert outbox.deliver_due() == 1
    assert found("refused SMS") is None, "it has us again"


@pytest.mark.django_db
def test_a_server_that_is_not_there_refuses_nobody(settings: Any) -> None:
    settings.MAIL_DRIVER, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", 9
    publish(1)
    outbox.deliver_due()
    assert found("away EMAIL") is not None
    assert found("refused EMAIL") is None
    assert ChannelState.objects.get().refused_us_at is None
