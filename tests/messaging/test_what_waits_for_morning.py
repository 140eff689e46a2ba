"""What is planned in the evening or at the weekend leaves on the next morning: much may happen till then."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from messaging import outbox, tasks
from messaging.checking import Check
from messaging.models import Channel, Delivery, DeliveryStatus, LadderPolicy, Notice, Reason
from messaging.policies import Rung
from messaging.services import give_answer, mark_opened, publish_notice, remind, schedule_notice, send_round
from parents.models import Guardian
from schools import clock
from tests import factories as make
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, sent, settle
from tests.messaging.sinks import Gateway, MailSink
from tests.messaging.test_quiet_hours import at

pytestmark = pytest.mark.django_db
FRIDAY_EVENING = at(2026, 12, 4, 21)
MONDAY = date(2026, 12, 7)


@pytest.fixture(autouse=True)
def nights_are_quiet(settings: Any, sink: MailSink) -> None:
    settings.QUIET_HOURS = "20:00-07:00"


def asked(cast: Cast, answer_by: date | None) -> Notice:
    notice = sent(cast)
    settle(notice)
    past = FRIDAY_EVENING - timedelta(days=8)
    Delivery.objects.filter(notice=notice).update(created_at=past)
    Delivery.objects.filter(notice=notice, sent_at__isnull=False).update(sent_at=past)
    Notice.objects.filter(pk=notice.pk).update(answer_by=answer_by)
    notice.refresh_from_db()
    return notice


def reminders(notice: Notice) -> dict[str, tuple[str, str]]:
    rows = Delivery.objects.filter(notice=notice, is_reminder=True).select_related("guardian")
    return {row.guardian.first_name: (row.status, row.reason) for row in rows}


def let_leave(notice: Notice) -> None:
    """As on Monday morning: by the database's clock too."""
    rows = Delivery.objects.filter(notice=notice, is_reminder=True, status=DeliveryStatus.QUEUED)
    rows.update(due_at=clock.now() - timedelta(days=30), turn_at=clock.now() - timedelta(days=30))
    outbox.deliver_due()


def test_who_answered_before_it_left_is_not_reminded(cast: Cast) -> None:
    with time_machine.travel(FRIDAY_EVENING):
        notice = asked(cast, MONDAY + timedelta(days=3))
        remind(notice=notice, by=cast.staff["teacher_3b"])
        assert reminders(notice)["Harpreet"] == (DeliveryStatus.QUEUED, "")
        give_answer(delivery=delivery_to(notice, cast, "mother"), key="yes")
    with time_machine.travel(at(2026, 12, 7, 8)):
        let_leave(notice)
        found = reminders(notice)
    assert found["Harpreet"] == (DeliveryStatus.CANCELLED, Reason.REACHED)
    assert found["Karim"][0] == DeliveryStatus.SENT


def test_one_that_would_leave_after_the_last_day_is_refused_with_its_day(cast: Cast) -> None:
    with time_machine.travel(FRIDAY_EVENING):
        notice = asked(cast, MONDAY - timedelta(days=1))
        browser = cast.client("teacher_3b")
        page = browser.get(reverse("notice_detail", args=[notice.pk]))
        assert page.context["standing"].reminders is None
        assert page.context["standing"].reminder_too_late == MONDAY
        answer = browser.post(reverse("notice_remind", args=[notice.pk]), follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert any("7\xa0december\xa02026" in words for words in said), said
    assert not reminders(notice)


@pytest.mark.parametrize(
    ("days", "becomes"),
    [(0, (DeliveryStatus.SENT, "")), (1, (DeliveryStatus.CANCELLED, Reason.OVER))],
    ids=["on its last day it leaves", "held by a mail server that was away all Monday it does not"],
)
def test_one_that_is_still_wanted(cast: Cast, days: int, becomes: tuple[str, str]) -> None:
    with time_machine.travel(FRIDAY_EVENING):
        notice = asked(cast, MONDAY)
        remind(notice=notice, by=cast.staff["teacher_3b"])
    with time_machine.travel(at(2026, 12, 7 + days, 8)):
        let_leave(notice)
    assert reminders(notice)["Harpreet"] == becomes


class TestAFurtherWay:
    """A mail of Thursday to which nobody reacted by Saturday, and a text message that is to follow on Monday."""

    @pytest.fixture(autouse=True)
    def texts(self, gateway: Gateway) -> None:
        """A gateway that takes them."""

    def planned(self) -> tuple[Notice, make.MadeFamily]:
        with time_machine.travel(at(2026, 12, 3, 10)):
            school_class = make.make_class()
            family = make.make_family(school_class, phones=["+32470000901"])
            notice = make.make_notice(school_class, slug="parent-meeting-invitation")
            rungs = [Rung("EMAIL", 1).as_data(), Rung("SMS").as_data()]
            LadderPolicy.objects.create(
                school=notice.school, kind=notice.kind, rungs=rungs, changed_at=clock.now(), changed_by=notice.author
            )
            publish_notice(notice=notice, by=notice.author)
            settle(notice)
        with time_machine.travel(at(2026, 12, 5, 0, 10)):
            assert outbox.climb() == 1
            assert outbox.claim() is None
        return notice, family

    def standing_of(self, notice: Notice) -> tuple[str, str]:
        row = Delivery.objects.get(notice=notice, channel="SMS")
        return row.status, row.reason

    def leave(self) -> None:
        waiting = Delivery.objects.filter(status=DeliveryStatus.QUEUED)
        waiting.update(due_at=clock.now() - timedelta(days=30), turn_at=clock.now() - timedelta(days=30))
        outbox.deliver_due()

    def test_is_not_tried_when_a_parent_opened_the_mail_on_sunday(self) -> None:
        notice, _family = self.planned()
        with time_machine.travel(at(2026, 12, 6, 18)):
            mark_opened(delivery=Delivery.objects.get(notice=notice, channel="EMAIL"))
        with time_machine.travel(at(2026, 12, 7, 7, 1)):
            self.leave()
        assert self.standing_of(notice) == (DeliveryStatus.CANCELLED, Reason.REACHED)

    def test_is_gone_from_what_waits_within_the_hour(self) -> None:
        notice, _family = self.planned()
        with time_machine.travel(at(2026, 12, 6, 18)):
            mark_opened(delivery=Delivery.objects.get(notice=notice, channel="EMAIL"))
            assert outbox.climb() == 0
        assert self.standing_of(notice) == (DeliveryStatus.CANCELLED, Reason.REACHED)

    def test_is_tried_when_nobody_did(self) -> None:
        notice, _family = self.planned()
        with time_machine.travel(at(2026, 12, 7, 7, 1)):
            self.leave()
        assert self.standing_of(notice)[0] == DeliveryStatus.SENT

    @pytest.mark.parametrize(
        ("day", "ends"), [(6, (DeliveryStatus.CANCELLED, Reason.OVER)), (7, (DeliveryStatus.SENT, ""))]
    )
    def test_does_not_invite_on_monday_to_what_was_on_sunday(self, day: int, ends: tuple[str, str]) -> None:
        notice, _family = self.planned()
        told = date(2026, 12, day).isoformat()
        Notice.objects.update(values={**notice.values, "date": told, "deadline": told}, answer_by=None)
        with time_machine.travel(at(2026, 12, 7, 7, 1)):
            self.leave()
        assert self.standing_of(notice) == ends

    @pytest.mark.parametrize(
        ("day", "is_opened"), [(6, False), (8, True)], ids=["its day is over", "a parent opened it"]
    )
    def test_that_a_person_asks_for_leaves_all_the_same(self, day: int, is_opened: bool) -> None:
        """The mail came back, and somebody tells it by text message."""
        notice, _family = self.planned()
        Delivery.objects.filter(channel="SMS").delete()
        Delivery.objects.update(status=DeliveryStatus.FAILED, reason=Reason.BOUNCED)
        Notice.objects.update(values={**notice.values, "date": f"2026-12-0{day}", "deadline": ""}, answer_by=None)
        notice.refresh_from_db()
        with time_machine.travel(at(2026, 12, 7, 9)):
            assert send_round(notice=notice, by=notice.author, families=None, channel=Channel.SMS).deliveries == 1
            if is_opened:
                mark_opened(delivery=Delivery.objects.get(notice=notice, channel="EMAIL"))
                outbox.climb()
            self.leave()
        assert self.standing_of(notice) == (DeliveryStatus.SENT, "")

    def test_nor_is_a_letter_taken_back_that_somebody_asks_for_once_more(self) -> None:
        notice, _family = self.planned()
        Delivery.objects.filter(channel="SMS").update(channel=Channel.LETTER)
        Delivery.objects.update(status=DeliveryStatus.FAILED, reason=Reason.RETURNED)
        notice.refresh_from_db()
        with time_machine.travel(at(2026, 12, 5, 9)):
            send_round(notice=notice, by=notice.author, families=None, channel=Channel.LETTER)
            mark_opened(delivery=Delivery.objects.get(notice=notice, channel="EMAIL"))
            outbox.climb()
        assert Delivery.objects.get(notice=notice, channel="LETTER", round=2).status == DeliveryStatus.QUEUED

    def test_is_tried_in_another_home(self) -> None:
        """What one parent opened says nothing to the one who lives elsewhere and got nothing."""
        notice, family = self.planned()
        other = make.make_guardian(family.pupils, "nl", household=make.make_household())
        make.make_point("+32470000902", other)
        with time_machine.travel(at(2026, 12, 5, 8)):
            outbox.plan(notice, Guardian.objects.filter(pk=other.pk))
        with time_machine.travel(at(2026, 12, 6, 18)):
            mark_opened(delivery=Delivery.objects.get(notice=notice, channel="EMAIL"))
        with time_machine.travel(at(2026, 12, 7, 7, 1)):
            self.leave()
        assert Delivery.objects.get(notice=notice, guardian=other).status == DeliveryStatus.SENT


def test_what_waits_behind_a_batch_that_nobody_needs_leaves_at_once(cast: Cast, settings: Any) -> None:
    """Everybody answered at the weekend: their reminders hold nobody up until the next beat of the clock."""
    with time_machine.travel(FRIDAY_EVENING):
        notice = asked(cast, MONDAY + timedelta(days=3))
        remind(notice=notice, by=cast.staff["teacher_3b"])
        for name in ("mother", "separated_father"):
            give_answer(delivery=delivery_to(notice, cast, name), key="yes")
    settings.OUTBOX_BATCH = 1
    with time_machine.travel(at(2026, 12, 7, 8)):
        other = sent(cast)
        waiting = Delivery.objects.filter(notice=other, status=DeliveryStatus.QUEUED)
        waiting.update(due_at=clock.now() - timedelta(days=30), turn_at=clock.now())
        let_leave(notice)
        assert {reminders(notice)[name][0] for name in ("Harpreet", "Karim")} == {DeliveryStatus.CANCELLED}
        left = Delivery.objects.filter(notice=other, channel=Channel.EMAIL)
        assert set(left.values_list("status", flat=True)) == {DeliveryStatus.SENT}


@pytest.mark.parametrize(("answers", "day"), [(True, 1), (False, 8)])
def test_nor_is_a_letter_printed_that_reminds_for_nothing(cast: Cast, answers: bool, day: int) -> None:
    """It waits in the pile for a person, perhaps for days."""
    with time_machine.travel(at(2026, 12, 1, 10)):
        notice = asked(cast, MONDAY)
        mother = delivery_to(notice, cast, "mother")
        Delivery.objects.filter(pk=mother.pk).update(channel=Channel.LETTER)
        remind(notice=notice, by=cast.staff["teacher_3b"])
        assert reminders(notice)["Harpreet"][0] == DeliveryStatus.QUEUED
        tasks.climb_ladders()
        assert reminders(notice)["Harpreet"][0] == DeliveryStatus.QUEUED, "it is wanted"
        if answers:
            give_answer(delivery=mother, key="yes")
    with time_machine.travel(at(2026, 12, day, 11)):
        tasks.climb_ladders()
    expected = Reason.REACHED if answers else Reason.OVER
    assert reminders(notice)["Harpreet"] == (DeliveryStatus.CANCELLED, expected)


@pytest.mark.parametrize("name", ["date", "deadline"])
@pytest.mark.parametrize("later", [False, True])
def test_a_notice_of_friday_evening_does_not_invite_on_monday_to_saturday(name: str, later: bool) -> None:
    room = make.make_class()
    make.make_family(room)
    with time_machine.travel(FRIDAY_EVENING):
        notice = make.make_notice(room, values={name: "2026-12-05"})
        if later:
            Notice.objects.update(send_at=at(2026, 12, 5, 9))
            notice.refresh_from_db()
        send = schedule_notice if later else publish_notice
        with pytest.raises(ValidationError, match="zou pas op 7"):
            send(notice=notice, by=notice.author)
        assert "7\xa0december" in Check(notice, notice.author).obstacle
        Notice.objects.update(values={**notice.values, name: MONDAY.isoformat()})
        notice.refresh_from_db()
        assert send(notice=notice, by=notice.author)
        assert Check(notice, notice.author).obstacle == ""


def test_an_urgent_one_leaves_on_friday_evening() -> None:
    room = make.make_class()
    make.make_family(room)
    with time_machine.travel(FRIDAY_EVENING):
        notice = make.make_notice(room, values={"date": "2026-12-05"}, kind="DRINGEND")
        assert publish_notice(notice=notice, by=notice.author)


def test_the_first_way_of_the_other_parent_leaves_though_one_opened_it_in_the_portal_at_night() -> None:
    """Only a further way is tried for nothing; the notice itself comes to each parent, of one home too."""
    with time_machine.travel(at(2026, 12, 3, 21)):
        school_class = make.make_class()
        make.make_family(school_class, languages=["nl", "fr"])
        notice = make.make_notice(school_class, slug="parent-meeting-invitation")
        publish_notice(notice=notice, by=notice.author)
        opened, other = notice.deliveries.order_by("pk")
        mark_opened(delivery=opened)
        outbox.climb()
    with time_machine.travel(at(2026, 12, 4, 8)):
        past = clock.now() - timedelta(days=30)
        notice.deliveries.filter(status=DeliveryStatus.QUEUED).update(due_at=past, turn_at=past)
        outbox.deliver_due()
    other.refresh_from_db()
    assert (other.status, other.reason) == (DeliveryStatus.SENT, "")
