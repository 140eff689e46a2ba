"""Who waited for a colleague finds what the colleague wrote, also in the rows that hang on the one that was waited for:
rows that are joined to a locked one are those of before the wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from messaging.models import Notice, StripMark
from messaging.services import clear_strip, mark_strip, print_letters
from parents.models import ContactMoment, ContactPointUse, FollowUp, FollowUpStatus
from parents.services.attendance import Evening, correct_attendance, write_attendance
from reports.measuring import close_due, draft_invitation, extend_wave
from reports.models import MeasurementWave
from schools import clock
from tests.cast import Cast, build_cast
from tests.faults.meanwhile import Somebody
from tests.messaging.notices_for_pages import sent, template
from tests.parents.conferences import book, hours_of, round_of, slot_of, ten_days_on
from tests.reports.measured import opened, over

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town() -> Cast:
    return build_cast()


def test_a_strip_of_another_child_takes_its_call_along(town: Cast) -> None:
    ContactPointUse.objects.all().delete()
    teacher = town.staff["teacher_3b"]
    letter = print_letters(notice=sent(town), by=teacher).letters.get(delivery__guardian=town.guardians["mother"])
    with transaction.atomic():
        mark_strip(letter=letter, mark=StripMark.CALL, by=teacher, on=clock.today())
        other = Somebody(lambda: clear_strip(letter=letter, by=teacher))
    assert other.ended() == []
    letter.refresh_from_db()
    assert (letter.strip, letter.follow_up) == ("", None)
    assert not FollowUp.objects.filter(pupil=town.pupils["simran"], status=FollowUpStatus.OPEN, kind="CALL").exists()


def test_a_talk_that_is_put_right_counts_once(town: Cast) -> None:
    made, teacher = round_of(town), town.staff["teacher_3b"]
    slot = slot_of(town, made, "simran")
    book(town, slot, hours_of(made)[0], "mother")
    ten_days_on(made)
    with transaction.atomic():
        write_attendance(host=made.hosts.get(), evening=Evening(shown=[slot.pk], came=[slot.pk]), by=teacher)
        other = Somebody(lambda: correct_attendance(slot=slot, status="NO_SHOW", by=town.staff["head"]))
    assert other.ended() == []
    standing = ContactMoment.objects.filter(kind="CONFERENCE", withdrawn_at=None, pupils=slot.pupil)
    assert [moment.status for moment in standing] == ["NO_SHOW"]


def test_a_measurement_is_announced_once(town: Cast) -> None:
    wave = opened(town)
    template()
    before = Notice.objects.count()
    with transaction.atomic():
        first = draft_invitation(wave=wave, by=town.staff["head"])
        other = Somebody(lambda: draft_invitation(wave=wave, by=town.staff["head"]))
    assert other.ended() == []
    wave.refresh_from_db()
    assert (wave.notice, Notice.objects.count()) == (first, before + 1)


def test_a_measurement_that_is_given_more_days_stays_open(town: Cast) -> None:
    wave, day = over(opened(town), days=15), clock.today() + timedelta(days=7)
    with transaction.atomic():
        extend_wave(wave=wave, closes_on=day, by=town.staff["head"])
        other = Somebody(close_due)
    assert other.ended() == []
    assert MeasurementWave.objects.running().get().closes_on == day
