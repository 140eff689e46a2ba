"""One number that two schools know without knowing of each other: nothing of a child stands on it (rulings 4 and 6)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.checking import Check
from messaging.models import Delivery, Notice
from messaging.services import publish_notice
from messaging.tokens import make_token
from parents.models import ContactPoint
from schools import clock
from tests import factories as make
from tests.messaging.rendered import sms_for

pytestmark = pytest.mark.django_db
PHONE = "+32470000009"


@pytest.fixture(autouse=True)
def with_text_messages(settings: Any) -> None:
    settings.SMS_DRIVER = "record"


def with_phone() -> tuple[Notice, make.MadeFamily, ContactPoint]:
    """A class of a school of its own, a family in it, and its row of that one number."""
    room = make.make_class()
    family = make.make_family(room, languages=["pa"], emails=[], children=["Noor"])
    point = make.make_point(PHONE, *family.guardians)
    return make.make_notice(room), family, point


def texted(notice: Notice) -> Delivery:
    publish_notice(notice=notice, by=notice.author)
    return Delivery.objects.get(notice=notice, channel="SMS")


def test_alone_it_is_the_familys_own() -> None:
    notice, _family, point = with_phone()
    assert ContactPoint.objects.read_by_others([point.pk]) == set()
    assert Check(notice, notice.author).shared_points == 0
    delivery = texted(notice)
    assert "ਮੁਲਾਕਾਤ" in sms_for(delivery), "what it is about"
    assert Client().get(reverse("token_notice", args=[make_token(delivery)]), follow=True).status_code == 200


def test_known_to_two_schools_it_is_read_by_others() -> None:
    notice, _family, point = with_phone()
    _other, _neighbours, twin = with_phone()
    with CaptureQueriesContext(connection) as queries:
        assert ContactPoint.objects.read_by_others([point.pk, twin.pk]) == {point.pk, twin.pk}
    assert len(queries) == 1
    check = Check(notice, notice.author)
    assert check.shared_points == 1, "the page says so before it is sent"
    (cost,) = check.sms_costs
    assert cost.is_shared
    delivery = texted(notice)
    assert "ਮਾਪੇ ਮਿਲਣੀ" not in sms_for(delivery)
    asked = Client().get(reverse("token_notice", args=[make_token(delivery)]))
    assert asked.headers["Location"] == reverse("token_second_fact", args=[make_token(delivery)])


def test_one_that_ended_at_the_other_school_counts_no_more() -> None:
    _notice, _family, point = with_phone()
    _other, _neighbours, twin = with_phone()
    ContactPoint.objects.filter(pk=twin.pk).update(valid_until=make.LONG_AGO)
    assert ContactPoint.objects.read_by_others([point.pk]) == set()


def test_what_the_other_school_ticked_as_shared_is_so_here() -> None:
    _notice, family, point = with_phone()
    make.make_point(PHONE, *family.guardians, is_shared=True)
    assert ContactPoint.objects.read_by_others([point.pk]) == {point.pk}


def test_a_link_that_was_sent_to_a_shared_phone_asks_also_after_that_number_ended() -> None:
    room = make.make_class()
    family = make.make_family(room, languages=["pa", "nl"], emails=[])
    point = make.make_point(PHONE, *family.guardians)
    ContactPoint.objects.filter(pk=point.pk).update(valid_until=clock.today())
    assert ContactPoint.objects.read_by_others([point.pk]) == {point.pk}
