"""Who was asked and did not answer is reminded, twice at most; nobody else is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any
from unittest.mock import Mock

import pytest
import time_machine
from celery.exceptions import SoftTimeLimitExceeded
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import transaction

from messaging import outbox
from messaging.formats import long_day
from messaging.models import CallTask, Channel, Delivery, DeliveryStatus, Notice, Reason
from messaging.outbox.calls import open_call_tasks
from messaging.services import publish_notice, schedule_notice
from parents.models import FollowUp, Guardian
from reports import measuring
from reports.models import MeasurementWave
from reports.tasks import carry_measurements
from reports.views.questionnaire import wave_behind
from schools import clock
from tests.cast import Cast
from tests.messaging.notices_for_pages import settle
from tests.reports.measured import ALL_YES, asked, opened, over, since

pytestmark = pytest.mark.django_db


def reminded(notice: Notice) -> set[str]:
    rows = Delivery.objects.filter(notice=notice, is_reminder=True)
    return set(rows.values_list("guardian__first_name", flat=True))


def sent_long_ago(notice: Notice, days: int) -> None:
    """As if everything had left so many days ago."""
    settle(notice)
    moment = clock.now() - timedelta(days=days)
    Notice.objects.filter(pk=notice.pk).update(published_at=moment)
    Delivery.objects.filter(notice=notice).update(created_at=moment, sent_at=moment)


@pytest.fixture
def wave(cast: Cast) -> MeasurementWave:
    made = opened(cast)
    notice = asked(cast, made)
    sent_long_ago(notice, 8)
    return since(made, 8, left=13)


def test_only_who_did_not_answer_is_reminded_and_once_for_each_round(cast: Cast, wave: MeasurementWave) -> None:
    assert wave.notice is not None
    measuring.answer(wave=wave, person=cast.guardians["separated_father"], given=ALL_YES)
    Guardian.objects.filter(pk=cast.guardians["separated_mother"].pk).update(restricted_on=clock.today())
    assert measuring.send_due_rounds() > 0
    assert "Sara" in reminded(wave.notice)
    assert not {"Karim", "Nadia"} & reminded(wave.notice), "one has answered, the other's data are only kept"
    number = Delivery.objects.filter(notice=wave.notice).count()
    assert measuring.send_due_rounds() == 0
    assert Delivery.objects.filter(notice=wave.notice).count() == number


def test_two_reminders_at_most_the_last_shortly_before_the_end(cast: Cast, wave: MeasurementWave) -> None:
    assert wave.notice is not None
    measuring.send_due_rounds()
    wave.refresh_from_db()
    assert wave.rounds_sent == 2
    sent_long_ago(wave.notice, 20)
    MeasurementWave.objects.filter(pk=wave.pk).update(last_round_on=clock.today() - timedelta(days=6))
    wave.refresh_from_db()
    assert measuring.send_due_rounds() == 0, "thirteen days are left"
    since(wave, 20, left=3)
    assert measuring.send_due_rounds() > 0
    sent_long_ago(wave.notice, 30)
    MeasurementWave.objects.filter(pk=wave.pk).update(last_round_on=clock.today() - timedelta(days=20))
    assert measuring.send_due_rounds() == 0


def test_nothing_before_the_notice_left_nor_after_the_last_day(cast: Cast) -> None:
    unasked = since(opened(cast), 10, left=9)
    assert measuring.send_due_rounds() == 0
    sent_long_ago(asked(cast, unasked), 8)
    over(unasked)
    assert carry_measurements() == 0
    assert not Delivery.objects.filter(is_reminder=True).exists()


def test_a_team_is_asked_by_mail_and_reminded(cast: Cast) -> None:
    wave = opened(cast, audience="TEAM")
    assert measuring.send_due_rounds() == 4
    assert {message.to[0] for message in mail.outbox} == {
        f"{key}@cast.example" for key in ("teacher_3b", "teacher_1a", "head", "care")
    }
    assert f"/school/metingen/{wave.pk}/antwoorden/" in mail.outbox[0].body
    assert measuring.send_due_rounds() == 0
    measuring.answer(wave=wave, person=cast.staff["head"], given=measuring.Given({"backed": 3}))
    mail.outbox.clear()
    since(wave, 8, left=12)
    assert measuring.send_due_rounds() == 3
    assert mail.outbox[0].subject.startswith("Herinnering:")
    assert "head@cast.example" not in {message.to[0] for message in mail.outbox}


def takes_two(taken: list[str], why: type[Exception]) -> Callable[[mail.EmailMessage], int]:
    """As a mail server that takes two mails, then none: it is away, or the worker's time is over."""

    def send(letter: mail.EmailMessage) -> int:
        if len(taken) == 2:
            raise why
        taken.extend(letter.to)
        return 1

    return send


@pytest.mark.parametrize("why", [ConnectionRefusedError, SoftTimeLimitExceeded])
def test_who_missed_the_mail_of_a_team_gets_it_later(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, why: type[Exception]
) -> None:
    wave, taken = opened(cast, audience="TEAM"), list[str]()
    with monkeypatch.context() as slow, suppress(SoftTimeLimitExceeded):
        slow.setattr(mail.EmailMessage, "send", takes_two(taken, why))
        assert measuring.send_due_rounds() == 2
    assert measuring.send_due_rounds() == 2
    assert len({*taken, *(letter.to[0] for letter in mail.outbox)}) == 4, "each of them once"
    assert not any(letter.subject.startswith("Herinnering:") for letter in mail.outbox)
    assert measuring.send_due_rounds() == 0
    wave.refresh_from_db()
    assert (wave.rounds_sent, wave.mailed_up_to) == (1, None)


def test_an_address_that_is_refused_keeps_nobody_else_from_the_mail(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(cast, audience="TEAM")
    monkeypatch.setattr(mail.EmailMessage, "send", Mock(side_effect=[1, SMTPRecipientsRefused({}), 1, 1]))
    assert (measuring.send_due_rounds(), measuring.send_due_rounds()) == (3, 0)


def closed_unread(wave: MeasurementWave) -> MeasurementWave:
    """In autumn, after all its rounds, with too few answers."""
    MeasurementWave.objects.filter(pk=wave.pk).update(rounds_sent=3, last_round_on=clock.today() - timedelta(days=120))
    over(wave)
    wave.opens_on = clock.today() - timedelta(days=150)
    wave.save(update_fields=["opens_on"])
    measuring.close_wave(wave=wave, by=None)
    return wave


def test_a_team_that_is_asked_again_is_invited_again(cast: Cast) -> None:
    wave, day = closed_unread(opened(cast, audience="TEAM")), clock.today() + timedelta(days=20)
    measuring.extend_wave(wave=wave, closes_on=day, by=cast.staff["head"])
    assert measuring.send_due_rounds() == 4
    assert not mail.outbox[0].subject.startswith("Herinnering:")
    assert measuring.send_due_rounds() == 0


def test_parents_who_are_asked_again_get_a_notice_that_says_the_new_day(cast: Cast, wave: MeasurementWave) -> None:
    old, day = wave.notice, clock.today() + timedelta(days=20)
    measuring.extend_wave(wave=closed_unread(wave), closes_on=day, by=cast.staff["head"])
    assert measuring.send_due_rounds() == 0, "the old notice says a day that is over"
    wave.refresh_from_db()
    fresh = asked(cast, wave)
    assert (fresh != old, fresh.values["deadline"]) == (True, day.isoformat())
    sent_long_ago(fresh, 8)
    assert measuring.send_due_rounds() > 0
    assert old is not None
    assert wave_behind(old) == wave, "the link of the old notice leads there too"


def test_nobody_is_reminded_of_a_day_that_is_not_the_last_any_more(cast: Cast, wave: MeasurementWave) -> None:
    old, day = wave.notice, clock.today() + timedelta(days=20)
    assert old is not None
    assert measuring.extend_wave(wave=wave, closes_on=wave.closes_on, by=cast.staff["head"]), "it left with another day"
    wave.refresh_from_db()
    first = asked(cast, wave)
    assert not measuring.extend_wave(wave=wave, closes_on=wave.closes_on, by=cast.staff["head"]), (
        "it says that very day"
    )
    assert measuring.extend_wave(wave=wave, closes_on=day, by=cast.staff["head"])
    sent_long_ago(first, 8)
    assert measuring.send_due_rounds() == 0
    wave.refresh_from_db()
    fresh = asked(cast, wave)
    assert fresh.values["deadline"] == day.isoformat()
    assert wave_behind(old) == wave_behind(first) == wave, "the links of the old notices lead there too"
    assert measuring.send_due_rounds() == 0, "it left only now"
    sent_long_ago(fresh, 8)
    assert measuring.send_due_rounds() > 0
    assert reminded(fresh)
    assert not reminded(first)


def test_a_notice_that_leaves_later_does_not_leave_with_the_old_day(cast: Cast, wave: MeasurementWave) -> None:
    day, head = clock.today() + timedelta(days=20), cast.staff["head"]
    MeasurementWave.objects.filter(pk=wave.pk).update(notice=None)
    notice = measuring.draft_invitation(wave=wave, by=head)
    Notice.objects.filter(pk=notice.pk).update(send_at=clock.now() + timedelta(hours=30))
    schedule_notice(notice=notice, by=head)
    assert measuring.extend_wave(wave=wave, closes_on=day, by=head)
    notice.refresh_from_db()
    assert (notice.status, notice.values["deadline"]) == ("DRAFT", day.isoformat()), "it is sent from elsewhere too"
    assert long_day(day, "nl") in notice.texts.get(language="nl").body
    with time_machine.travel(clock.now() + timedelta(hours=31)):
        assert list(Notice.objects.held_back(head)) == [notice], "nobody took it back: it was to leave"
    assert not measuring.extend_wave(wave=wave, closes_on=day + timedelta(days=1), by=head), "nothing left or was to"
    notice.refresh_from_db()
    assert notice.values["deadline"] == (day + timedelta(days=1)).isoformat()
    day += timedelta(days=1)
    wave.refresh_from_db()
    taken_up = measuring.draft_invitation(wave=wave, by=head)
    assert (taken_up.pk, taken_up.values["deadline"]) == (notice.pk, day.isoformat())


def test_a_notice_that_leaves_later_does_not_ask_for_answers_to_what_is_closed(
    cast: Cast, wave: MeasurementWave
) -> None:
    head = cast.staff["head"]
    MeasurementWave.objects.filter(pk=wave.pk).update(notice=None)
    notice = measuring.draft_invitation(wave=wave, by=head)
    Notice.objects.filter(pk=notice.pk).update(send_at=clock.now() + timedelta(hours=30))
    schedule_notice(notice=notice, by=head)
    measuring.close_wave(wave=wave, by=head)
    assert not Notice.objects.filter(pk=notice.pk).exists()
    wave.refresh_from_db()
    assert wave.notice is None


def test_nobody_is_called_or_written_to_about_a_measurement_that_is_closed(cast: Cast, wave: MeasurementWave) -> None:
    """A call would stand as late in somebody's week until the next school year."""
    assert wave.notice is not None
    calls = Delivery.objects.filter(notice=wave.notice).exclude(guardian=cast.guardians["mother"])
    calls.update(channel=Channel.CALL, status=DeliveryStatus.QUEUED, due_at=clock.now())
    letters = Delivery.objects.filter(notice=wave.notice, guardian=cast.guardians["mother"])
    letters.update(channel=Channel.LETTER, status=DeliveryStatus.QUEUED, due_at=clock.now())
    assert open_call_tasks(wave.notice)
    asked_for = FollowUp.objects.filter(pk__in=CallTask.objects.values("follow_up_id"))
    assert asked_for.open().exists()
    measuring.close_wave(wave=wave, by=cast.staff["head"])
    assert set(asked_for.values_list("status", "closed_because")) == {("DROPPED", "De meting is gesloten.")}
    assert set(Delivery.objects.filter(notice=wave.notice).values_list("status", flat=True)) == {"CANCELLED"}


def test_no_further_way_is_tried_once_a_measurement_is_closed(cast: Cast, wave: MeasurementWave) -> None:
    Delivery.objects.filter(notice=wave.notice).update(status=DeliveryStatus.FAILED, reason=Reason.BOUNCED)
    with transaction.atomic():
        assert outbox.climb() > 0, "whose address is dead is told by another way"
        transaction.set_rollback(True)
    measuring.close_wave(wave=wave, by=cast.staff["head"])
    assert outbox.climb() == 0
    assert not Delivery.objects.filter(notice=wave.notice, status=DeliveryStatus.QUEUED).exists()


def test_a_draft_does_not_leave_after_the_last_day_that_it_names(cast: Cast, wave: MeasurementWave) -> None:
    """It would lead to a questionnaire that is closed, and for want of answers waits for another day."""
    head = cast.staff["head"]
    MeasurementWave.objects.filter(pk=wave.pk).update(notice=None)
    notice = measuring.draft_invitation(wave=wave, by=head)
    with time_machine.travel(clock.now() + timedelta(days=30)):
        with pytest.raises(ValidationError) as refused:
            publish_notice(notice=notice, by=head)
        assert refused.value.code == "last_day"
        measuring.extend_wave(wave=wave, closes_on=clock.today() + timedelta(days=5), by=head)
        notice.refresh_from_db()
        assert publish_notice(notice=notice, by=head)


def test_a_team_with_more_days_is_reminded_of_the_new_one(cast: Cast) -> None:
    wave, day = since(opened(cast, audience="TEAM"), 8, left=12), clock.today() + timedelta(days=20)
    MeasurementWave.objects.filter(pk=wave.pk).update(rounds_sent=1)
    assert not measuring.extend_wave(wave=wave, closes_on=day, by=cast.staff["head"])
    assert measuring.send_due_rounds() == 4
    assert long_day(day, "nl") in mail.outbox[0].body


def test_killed_after_a_mail_left_what_comes_twice_is_one_mail(cast: Cast) -> None:
    wave = since(opened(cast, audience="TEAM"), 8, left=12)
    for mailed_up_to in (None, 0):  # the second time: the round was taken, and nothing was written down
        MeasurementWave.objects.filter(pk=wave.pk).update(rounds_sent=1, mailed_up_to=mailed_up_to)
        assert measuring.send_due_rounds() == 4
    names = {(message.to[0], message.message()["Message-ID"]) for message in mail.outbox}
    assert (len(mail.outbox), len(names)) == (8, 4), "a mail program shows one"


def test_two_reminders_are_days_apart_though_the_end_is_near(cast: Cast) -> None:
    wave = since(opened(cast, audience="TEAM"), 8, left=2)
    MeasurementWave.objects.filter(pk=wave.pk).update(rounds_sent=1)
    assert (measuring.send_due_rounds(), measuring.send_due_rounds()) == (4, 0)


def test_the_clock_rings_for_it_each_hour(settings: Any) -> None:
    assert settings.CELERY_BEAT_SCHEDULE["go on with the measurements"]["task"] == carry_measurements.name


def test_a_paused_outbox_asks_nobody(cast: Cast, settings: Any) -> None:
    opened(cast, audience="TEAM")
    settings.OUTBOX_PAUSED = True
    assert carry_measurements() == 0
    assert mail.outbox == []
