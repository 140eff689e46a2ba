"""The notice that asks parents for a measurement is taken back, stopped or corrected: the measurement goes along."""

from __future__ import annotations

import pytest
from django.urls import reverse

from messaging.models import Delivery, DeliveryStatus, Notice
from messaging.services import cancel_notice, correct_notice, publish_notice, undo_notice
from reports import measuring
from reports.models import MeasurementWave
from tests.cast import Cast
from tests.reports.measured import asked, opened

pytestmark = pytest.mark.django_db


def page(cast: Cast, wave: MeasurementWave) -> str:
    return cast.client("head").get(reverse("measurement_detail", args=[wave.pk])).content.decode()


def asking(wave: MeasurementWave) -> Notice | None:
    return MeasurementWave.objects.select_related("notice").get(pk=wave.pk).notice


def test_taken_back_it_has_not_left_and_its_draft_is_the_one_that_asks(cast: Cast) -> None:
    wave, head = opened(cast), cast.staff["head"]
    notice = asked(cast, wave)
    assert "Het bericht is vertrokken" in page(cast, wave)
    draft = undo_notice(notice=notice, by=head)
    assert "Het bericht is vertrokken" not in page(cast, wave)
    assert measuring.draft_invitation(wave=wave, by=head) == draft, "not a second one beside it"
    publish_notice(notice=draft, by=head)
    assert "Het bericht is vertrokken" in page(cast, wave)
    assert asking(wave) == draft, "who does not answer is reminded of it"


def test_stopped_half_way_nobody_is_reminded_and_one_may_ask_again(cast: Cast) -> None:
    wave, head = opened(cast), cast.staff["head"]
    notice = asked(cast, wave)
    first = Delivery.objects.filter(notice=notice).order_by("pk")[0]
    Delivery.objects.filter(pk=first.pk).update(status=DeliveryStatus.SENT, due_at=None)
    cancel_notice(notice=notice, by=head)
    assert "Het bericht is vertrokken" not in page(cast, wave)
    assert measuring.draft_invitation(wave=wave, by=head) != notice


def test_a_correction_asks_once_it_is_sent_and_taken_back_the_first_asks_again(cast: Cast) -> None:
    wave, head = opened(cast), cast.staff["head"]
    notice = asked(cast, wave)
    correction = correct_notice(notice=notice, by=head)
    assert asking(wave) == notice, "it may be thrown away yet"
    publish_notice(notice=correction, by=head)
    assert asking(wave) == correction
    undo_notice(notice=correction, by=head)
    assert asking(wave) == notice
