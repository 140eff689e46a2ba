"""Text messages: intent first, one each phone, reports signed; what may have left is never sent again by itself."""

from __future__ import annotations

import http.client
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client

from messaging import outbox, receipts
from messaging.models import ChannelState, Delivery, DeliveryStatus, Reason
from messaging.outbox import claiming
from messaging.services import mark_opened, publish_notice
from messaging.tokens import notice_url, receipt_signature
from parents.models import ContactPoint
from schools import clock
from tests import factories as make
from tests.messaging.sinks import Gateway


@pytest.fixture
def gateway(gateway: Gateway, settings: Any) -> Gateway:
    """One that asks who we are."""
    settings.SMS_GATEWAY_USER, settings.SMS_GATEWAY_PASSWORD = "school", "geheim"
    return gateway


def sent_to(*phones: str, language: str = "nl", slug: str = "parent-meeting-invitation", **facts: Any) -> None:
    school_class = make.make_class()
    for phone in phones:
        make.make_family(school_class, languages=[language], emails=[None], phones=[phone], **facts)
    notice = make.make_notice(school_class, slug=slug)
    publish_notice(notice=notice, by=notice.author)


pytestmark = pytest.mark.django_db


def test_it_leaves_in_the_readers_language_with_its_link(gateway: Gateway) -> None:
    sent_to("+32 470 00 00 01", language="pa", children=["Jaspreet"])
    assert outbox.deliver_due() == 1
    (query,) = gateway.queries
    delivery = Delivery.objects.get()
    assert (query["to"], query["coding"], query["charset"]) == ("+32470000001", "2", "UTF-8")
    assert (query["username"], query["password"]) == ("school", "geheim")
    assert query["text"].endswith(notice_url(delivery))
    assert "ਮੁਲਾਕਾਤ ਵੀਰਵਾਰ 11 ਫਰਵਰੀ" in query["text"].replace("ਫ਼", "ਫ")
    assert "Jaspreet" not in query["text"]
    assert delivery.status == DeliveryStatus.SENT


def test_plain_dutch_costs_no_wide_letters(gateway: Gateway) -> None:
    sent_to("+32470000001")
    outbox.deliver_due()
    assert gateway.queries[0]["coding"] == "0"


@pytest.mark.parametrize("slug", ["parent-meeting-invitation", "school-bill-help"])
def test_a_shared_phone_or_a_confidential_notice_says_only_that_there_is_one(gateway: Gateway, slug: str) -> None:
    sent_to("+32470000001", slug=slug)
    if slug == "parent-meeting-invitation":
        ContactPoint.objects.update(is_shared=True)
    outbox.deliver_due()
    text = gateway.queries[0]["text"]
    assert "oudercontact" not in text
    assert "12,50" not in text
    assert "/b/" in text


def report(client: Client, query: dict[str, str], kind: str, answer: str = "") -> int:
    """What Kannel does: fill in the address it was given, and ask for it."""
    url = urlsplit(query["dlr-url"].replace("%d", kind).replace("%A", answer.replace(" ", "+")))
    return client.get(f"{url.path}?{url.query}").status_code


def test_a_report_settles_it(gateway: Gateway, client: Client) -> None:
    sent_to("+32470000001")
    outbox.deliver_due()
    assert report(client, gateway.queries[0], "1") == 200
    assert Delivery.objects.get().status == DeliveryStatus.DELIVERED
    assert report(client, gateway.queries[0], "2") == 200
    assert Delivery.objects.get().status == DeliveryStatus.DELIVERED, "a final row does not move"


def test_a_number_that_does_not_exist_ends_and_a_letter_follows(gateway: Gateway, client: Client) -> None:
    sent_to("+32470000001")
    outbox.deliver_due()
    report(client, gateway.queries[0], "2", "id:1 stat:UNDELIV err:001")
    assert Delivery.objects.get(channel="SMS").reason == Reason.UNKNOWN_NUMBER
    assert ContactPoint.objects.get().ended_because == "UNKNOWN_NUMBER"
    assert Delivery.objects.get(channel="LETTER").status == DeliveryStatus.QUEUED


def test_a_phone_that_was_off_stays_in_use(gateway: Gateway, client: Client) -> None:
    sent_to("+32470000001")
    outbox.deliver_due()
    report(client, gateway.queries[0], "2", "stat:EXPIRED err:107")
    assert Delivery.objects.get(channel="SMS").reason == Reason.REFUSED
    assert ContactPoint.objects.get().valid_until is None


def test_nobody_else_can_report(gateway: Gateway, client: Client) -> None:
    sent_to("+32470000001")
    outbox.deliver_due()
    delivery = Delivery.objects.get()
    other = receipt_signature(delivery.pk + 1)
    for query, status in (
        (f"d={delivery.pk}&s={other}&type=2", 403),
        (f"d={delivery.pk}&type=2", 403),
        ("d=x&s=y&type=2", 400),
        ("d=9999999999999999999999&s=y&type=2", 400),
    ):
        assert client.get(f"/haken/sms/?{query}").status_code == status
    assert Delivery.objects.get().status == DeliveryStatus.SENT


def test_a_report_that_comes_before_we_know_is_asked_for_again(gateway: Gateway, client: Client) -> None:
    sent_to("+32470000001")
    outbox.deliver_due()
    Delivery.objects.update(status=DeliveryStatus.SENDING, due_at=clock.now())
    assert report(client, gateway.queries[0], "1") == 503


def test_what_may_have_left_is_shown_and_never_sent_again(gateway: Gateway, client: Client) -> None:
    gateway.answer = lambda number: 0
    sent_to("+32470000001")
    outbox.deliver_due()
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.reason) == (DeliveryStatus.FAILED, Reason.OUTCOME_UNKNOWN)
    gateway.answer = lambda number: 202
    assert outbox.deliver_due() == 0
    outbox.climb()
    assert Delivery.objects.count() == 1, "a person decides"
    assert len(gateway.queries) == 1
    report(client, gateway.queries[0], "1")
    assert Delivery.objects.get().status == DeliveryStatus.DELIVERED, "a late report still settles it"


def test_a_worker_that_died_before_sending_loses_nothing_and_after_its_intent_shows_it(gateway: Gateway) -> None:
    from messaging.outbox.claiming import begin

    sent_to("+32470000001", "+32470000002")
    held = outbox.claim()
    assert held is not None
    assert begin(held, held.rows[0].pk)
    Delivery.objects.update(due_at=clock.now() - timedelta(seconds=1))  # the lease ran out
    assert outbox.deliver_due() == 1
    intended, waiting = Delivery.objects.get(pk=held.rows[0].pk), Delivery.objects.get(pk=held.rows[1].pk)
    assert (intended.status, intended.reason) == (DeliveryStatus.FAILED, Reason.OUTCOME_UNKNOWN)
    assert waiting.status == DeliveryStatus.SENT
    assert [query["to"] for query in gateway.queries] == ["+32470000002"]


def test_what_another_worker_took_over_is_left_to_it(gateway: Gateway) -> None:
    """Ours was slow: its lease ended, and another one sends it."""
    sent_to("+32470000001")
    Delivery.objects.update(due_at=clock.now() - timedelta(hours=1))
    held = outbox.claim()
    assert held is not None
    row, theirs = held.rows[0], uuid4()
    Delivery.objects.update(claim_token=theirs)
    assert not claiming.begin(held, row.pk)
    claiming.give_back(held, [row.pk])
    assert Delivery.objects.get().claim_token == theirs
    Delivery.objects.update(status=DeliveryStatus.SENDING)
    assert not claiming.settle(held, row.pk, DeliveryStatus.SENT, sent_at=clock.now())
    assert claiming.settle_together(held, [row.pk, 0], DeliveryStatus.SENT) == []
    assert (Delivery.objects.get().claim_token, Delivery.objects.get().status) == (theirs, DeliveryStatus.SENDING)


def test_a_gateway_that_is_away_gets_it_later(gateway: Gateway, settings: Any) -> None:
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/sendsms"
    sent_to("+32470000001")
    assert outbox.deliver_due() == 0
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.QUEUED, 0)
    settings.SMS_GATEWAY_URL = gateway.url
    ChannelState.objects.update(closed_until=clock.now() - timedelta(seconds=1))  # the breaker's pause is over
    assert outbox.deliver_due() == 1


@pytest.mark.parametrize(
    ("status", "row"),
    [
        (503, (DeliveryStatus.QUEUED, "", 1)),
        (400, (DeliveryStatus.FAILED, Reason.REFUSED, 1)),
        (403, (DeliveryStatus.QUEUED, "", 0)),
        (301, (DeliveryStatus.QUEUED, "", 0)),
        (405, (DeliveryStatus.QUEUED, "", 0)),
        (500, (DeliveryStatus.FAILED, Reason.OUTCOME_UNKNOWN, 1)),
    ],
)
def test_each_answer_of_the_gateway_has_its_meaning(gateway: Gateway, status: int, row: tuple[str, str, int]) -> None:
    gateway.answer = lambda number: status
    sent_to("+32470000001")
    outbox.deliver_due()
    delivery = Delivery.objects.get(channel="SMS")
    assert (delivery.status, delivery.reason, delivery.attempts) == row


def test_an_address_keeps_what_the_gateway_wants_to_read_in_it(gateway: Gateway, settings: Any) -> None:
    settings.SMS_GATEWAY_URL = f"{gateway.url}?smsc=stad"
    sent_to("+32470000001")
    assert outbox.deliver_due() == 1
    assert (gateway.queries[0]["smsc"], gateway.queries[0]["to"]) == ("stad", "+32470000001")


def test_without_the_gateway_s_address_whatever_this_machine_serves_is_not_asked(
    gateway: Gateway, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SMS_GATEWAY_URL = ""
    monkeypatch.setattr(http.client.HTTPConnection, "connect", lambda self: pytest.fail("asked"))
    sent_to("+32470000001")
    assert outbox.deliver_due() == 0
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.QUEUED, 0)


def test_without_a_report_in_three_days_nobody_pretends_to_know(gateway: Gateway) -> None:
    sent_to("+32470000001")
    outbox.deliver_due()
    assert outbox.settle_unreported() == 0
    Delivery.objects.update(sent_at=clock.now() - timedelta(hours=73))
    assert outbox.settle_unreported() == 1
    assert Delivery.objects.get().reason == Reason.OUTCOME_UNKNOWN


def test_one_that_was_opened_has_arrived_without_a_report(gateway: Gateway) -> None:
    sent_to("+32470000001")
    outbox.deliver_due()
    mark_opened(Delivery.objects.get())
    Delivery.objects.update(sent_at=clock.now() - timedelta(hours=73))
    assert outbox.settle_unreported() == 0
    assert Delivery.objects.get().status == DeliveryStatus.DELIVERED


def test_who_shared_the_dead_phone_is_not_forgotten(gateway: Gateway, client: Client) -> None:
    school_class = make.make_class()
    family = make.make_family(school_class, languages=["tr", "tr"], emails=[])
    make.make_point("+32470000001", *family.guardians, is_shared=True)
    notice = make.make_notice(school_class)
    publish_notice(notice=notice, by=notice.author)
    outbox.deliver_due()
    report(client, gateway.queries[0], "2", "err:001")
    letters = Delivery.objects.filter(channel="LETTER").values_list("guardian_id", flat=True)
    assert sorted(letters) == sorted(guardian.pk for guardian in family.guardians)


def test_a_report_is_asked_for_again_even_if_the_sending_is_settled_while_it_is_judged(
    gateway: Gateway, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_to("+32470000001")
    outbox.deliver_due()
    Delivery.objects.update(status=DeliveryStatus.SENDING, due_at=clock.now())
    plain = receipts.record_receipt

    def settled_meanwhile(*facts: Any) -> bool:
        changed = plain(*facts)
        Delivery.objects.filter(status=DeliveryStatus.SENDING).update(status=DeliveryStatus.SENT)
        return changed

    monkeypatch.setattr(receipts, "record_receipt", settled_meanwhile)
    assert report(client, gateway.queries[0], "1") == 503
    assert report(client, gateway.queries[0], "1") == 200
    assert Delivery.objects.get().status == DeliveryStatus.DELIVERED
