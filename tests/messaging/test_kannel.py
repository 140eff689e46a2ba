"""Text messages through a real Kannel: what a phone gets is what was written, and reports find their way back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from django.core.cache import cache
from pytest_django.live_server_helper import LiveServer

from messaging import outbox, receipts
from messaging.channels import sms
from messaging.channels.base import Outgoing
from messaging.channels.sms import GatewayChannel
from messaging.models import Delivery, DeliveryStatus, InboundText, OptOut, Reason, ThreadPost
from messaging.rendering import receipt_url
from messaging.segments import sms_segments
from messaging.services import publish_notice
from messaging.tokens import notice_url
from parents.models import ContactPoint
from tests import factories as make
from tests.messaging.kannel import OPERATOR_PREFIX, PASSWORD, USER, Kannel, kannel, until
from tests.messaging.rendered import sms_for

KEY = "a-key-of-the-gateway-0123456789abcdef"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.either_engine]


@pytest.fixture(scope="module")
def running(live_server: LiveServer) -> Iterator[Kannel]:
    door = f"{live_server.url}/haken/sms/antwoord/?k={KEY}&id=%I&from=%p&charset=%C&text=%b"
    with kannel(inbound=door) as gateway:
        yield gateway


@pytest.fixture
def gateway(running: Kannel, live_server: LiveServer, settings: Any) -> Kannel:
    settings.SMS_DRIVER, settings.SMS_GATEWAY_URL = "gateway", running.url
    settings.SMS_GATEWAY_USER, settings.SMS_GATEWAY_PASSWORD = USER, PASSWORD
    settings.SITE_URL, settings.SMS_INBOUND_KEY = live_server.url, KEY
    cache.clear()  # limits of a phone
    running.operator.parts.clear()
    running.operator.answer = lambda number: 0
    running.operator.report = lambda number: "stat:DELIVRD err:000"
    return running


def planned(number: str, code: str = "nl", slug: str = "parent-meeting-invitation", **facts: Any) -> Delivery:
    school_class = make.make_class()
    family = make.make_family(school_class, languages=[code], emails=[None], children=["Noor"])
    make.make_point(number, family.guardians[0], **facts)
    notice = make.make_notice(school_class, slug=slug)
    publish_notice(notice=notice, by=notice.author)
    return Delivery.objects.get(address=number)


def sent(number: str, **facts: Any) -> Delivery:
    delivery = planned(number, **facts)
    assert outbox.deliver_due() == 1
    delivery.refresh_from_db()
    return delivery


def ended(delivery: Delivery) -> Delivery:
    """Waits for the operator's report."""

    def is_final() -> bool:
        delivery.refresh_from_db()
        return delivery.status in (DeliveryStatus.DELIVERED, DeliveryStatus.FAILED)

    until(is_final)
    return delivery


@pytest.mark.parametrize(
    ("code", "number"), [("ar", "+32470000011"), ("pa", "+32470000012"), ("bg", "+32470000013"), ("uk", "+32470000014")]
)
def test_a_phone_gets_every_letter_of_every_script_in_the_parts_that_were_counted(
    gateway: Kannel, code: str, number: str
) -> None:
    delivery = sent(number, code=code)
    words = sms_for(delivery)
    cost = sms_segments(words)
    assert cost.encoding == "UCS-2"
    until(lambda: len(gateway.received(number)) >= cost.segments)
    assert b"".join(gateway.received(number)).decode("utf-16-be") == words
    assert len(gateway.received(number)) == cost.segments
    assert ended(delivery).status == DeliveryStatus.DELIVERED


@pytest.mark.parametrize(
    "words",
    [
        "kort",
        "De factuur is € 12,50 {zie brief} [of bel] ~ é è à ä @_$£",
        "a" * 160,
        "a" * 161,
        "€" * 80,
        "€" * 81,
        "a" * 152 + "€" * 5,  # a euro sign is not cut in two between parts
        "abc€ " * 60,
        "я" * 70,
        "я" * 71,
        "ਸਕੂਲ " * 40,
    ],
)
def test_the_parts_through_the_air_are_those_that_were_counted(gateway: Kannel, words: str) -> None:
    number = f"{OPERATOR_PREFIX}000000"
    channel = GatewayChannel(url=gateway.url, user=USER, password=PASSWORD)
    channel.send(Outgoing(number=1, round=1, address=number, text=words))
    cost = sms_segments(words)
    parts = gateway.operator.parts
    until(lambda: sum(part.units for part in parts) >= cost.characters)
    assert "".join(part.words for part in parts) == words
    assert (len(parts), sum(part.units for part in parts)) == (cost.segments, cost.characters)
    assert {part.is_wide for part in parts} == {cost.encoding == "UCS-2"}


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of the reports that reached our server, which runs in this process."""
    seen: list[str] = []
    plain = receipts._meaning

    def noted(kind: str, answer: str) -> tuple[str, str]:
        seen.append(kind)
        return plain(kind, answer)

    monkeypatch.setattr(receipts, "_meaning", noted)
    return seen


def test_reports_of_each_step_come_to_our_own_server(
    gateway: Kannel, reports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """8 "with the operator", which we do not ask for and which tells nothing new, then 1 "delivered"."""
    monkeypatch.setattr(sms, "_DLR_MASK", 1 + 2 + 8 + 16)
    delivery = ended(sent("+32470000021"))
    until(lambda: sorted(reports) == ["1", "8"])
    assert delivery.status == DeliveryStatus.DELIVERED
    assert [event.status for event in delivery.events.all()] == ["SENT", "DELIVERED"]


@pytest.mark.parametrize(
    ("words", "status", "reason"),
    [
        ("stat:UNDELIV err:001", 0, Reason.UNKNOWN_NUMBER),
        ("stat:EXPIRED err:107", 0, Reason.REFUSED),
        ("", 0x0B, Reason.UNKNOWN_NUMBER),
        ("", 0x45, Reason.REFUSED),
    ],
)
def test_a_failure_ends_the_way_and_an_unknown_number_the_number(
    gateway: Kannel, words: str, status: int, reason: str
) -> None:
    """2 "not delivered" by the operator's report, 16 "rejected" by its answer."""
    gateway.operator.report = lambda number: words
    gateway.operator.answer = lambda number: status
    delivery = ended(sent(f"{OPERATOR_PREFIX}000001"))
    assert (delivery.status, delivery.reason) == (DeliveryStatus.FAILED, reason)
    assert (ContactPoint.objects.get().valid_until is None) == (reason == Reason.REFUSED)
    until(lambda: Delivery.objects.filter(channel="LETTER", status=DeliveryStatus.QUEUED).exists())


def test_a_report_that_overtakes_the_sending_comes_again(gateway: Kannel, reports: list[str]) -> None:
    delivery = planned("+32470000031")
    Delivery.objects.filter(pk=delivery.pk).update(status=DeliveryStatus.SENDING)
    channel = GatewayChannel(url=gateway.url, user=USER, password=PASSWORD)
    channel.send(Outgoing(1, 1, delivery.address, "x", receipt_url=receipt_url(delivery)))
    until(lambda: reports)
    Delivery.objects.filter(pk=delivery.pk).update(status=DeliveryStatus.SENT)
    assert ended(delivery).status == DeliveryStatus.DELIVERED


def test_a_shared_phone_gets_no_name_and_no_content(gateway: Kannel) -> None:
    number = f"{OPERATOR_PREFIX}000002"
    delivery = sent(number, is_shared=True)
    ended(delivery)
    words = "".join(part.words for part in gateway.operator.parts)
    school = delivery.notice.school.name
    assert words == f"{school} heeft een bericht voor u. Lees het hier: {notice_url(delivery)}"
    assert "Noor" not in words
    assert delivery.guardian.first_name not in words


def test_a_wrong_password_lets_everything_wait(gateway: Kannel, settings: Any) -> None:
    settings.SMS_GATEWAY_PASSWORD = "oud"
    delivery = planned("+32470000041")
    assert outbox.deliver_due() == 0
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.QUEUED, 0)


def test_a_forged_report_is_refused(gateway: Kannel, live_server: LiveServer) -> None:
    delivery = sent("+32470000051")
    ended(delivery)
    forged = urlencode({"d": delivery.pk, "s": "0" * 32, "type": "2"})
    with pytest.raises(OSError, match="403"):
        urlopen(f"{live_server.url}/haken/sms/?{forged}")  # noqa: S310 - our own server


@pytest.mark.parametrize(("code", "word"), [("nl", "STOP"), ("ar", "قف"), ("pa", "ਬੰਦ ਕਰੋ"), ("uk", "Стоп")])
def test_a_phone_that_says_stop_in_its_own_letters_is_heard_and_answered(gateway: Kannel, code: str, word: str) -> None:
    number = f"{OPERATOR_PREFIX}000061"
    delivery = ended(sent(number, code=code))
    before = len(gateway.operator.parts)
    with gateway.texting(number, word):
        until(lambda: OptOut.objects.exists())
        until(lambda: len(gateway.operator.parts) > before)
    row = OptOut.objects.get()
    assert (row.guardian, row.channel) == (delivery.guardian, "SMS")
    assert InboundText.objects.get().text == word
    assert gateway.operator.parts[before].number == number.lstrip("+"), "the phone is told"


def test_what_a_phone_asks_becomes_a_conversation_letter_by_letter(gateway: Kannel) -> None:
    number, words = "+32470000062", "ਬੱਸ ਕਦੋਂ ਆਉਂਦੀ ਹੈ?"
    delivery = ended(sent(number, code="pa"))
    with gateway.texting(number, words):
        until(lambda: ThreadPost.objects.exists())
    post = ThreadPost.objects.get()
    assert (post.text, post.by_guardian) == (words, delivery.guardian)
