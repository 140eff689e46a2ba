"""The ladder climbs until a person was reached, and no further."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from messaging import outbox, tasks
from messaging.models import CallTask, Delivery, DeliveryStatus, LadderPolicy, Notice, Reason
from messaging.outbox.calls import open_call_tasks
from messaging.services import finish_call, give_answer, mark_opened, publish_notice, remind, send_round, undo_round
from parents.models import (
    ContactKind,
    ContactMoment,
    ContactPoint,
    FollowUp,
    FollowUpStatus,
    Gathering,
    Guardian,
    Guardianship,
    Outcome,
)
from schools import clock
from schools.models import Enrolment, Holiday
from tests import factories as make
from tests.cast import Cast
from tests.messaging.ladder_world import publish, talk
from tests.parents.gatherings import announced, gathering_of

pytestmark = pytest.mark.django_db


def sent(school_days_ago: int = 0, slug: str = "parent-meeting-invitation", **facts: object) -> Notice:
    """A notice to one family, mailed so many school days ago."""
    school_class = make.make_class()
    make.make_family(school_class, **facts)  # type: ignore[arg-type]
    notice = make.make_notice(school_class, slug=slug)
    publish_notice(notice=notice, by=notice.author)
    mailed(school_days_ago)
    return notice


def tells_of(notice: Notice, values: dict[str, str]) -> None:
    Notice.objects.filter(pk=notice.pk).update(values=values)


def mailed(school_days_ago: int) -> None:
    day = Holiday.objects.calendar().add_school_days(clock.today(), -school_days_ago)
    moment = clock.now() - (clock.today() - day)
    Delivery.objects.filter(status=DeliveryStatus.QUEUED).exclude(channel="CALL").update(
        status=DeliveryStatus.SENT, sent_at=moment, due_at=None
    )


def rungs(guardian: Guardian | None = None) -> list[str]:
    rows = Delivery.objects.order_by("pk")
    return list((rows.filter(guardian=guardian) if guardian else rows).values_list("channel", flat=True))


def test_nobody_reacted_in_time_so_the_next_way_is_tried_once() -> None:
    sent(school_days_ago=3)
    assert outbox.climb() == 1
    assert outbox.climb() == 0
    assert rungs() == ["EMAIL", "LETTER"]


def test_a_family_whose_children_left_the_school_is_asked_no_further_and_by_nobody() -> None:
    notice = sent(school_days_ago=3)
    assert outbox.climb() == 1
    Delivery.objects.filter(channel="LETTER").update(channel="CALL")
    assert open_call_tasks(notice) == 1
    Enrolment.objects.update(ends_on=clock.today())
    outbox.climb()
    assert FollowUp.objects.get().status == FollowUpStatus.OPEN, "it is here on its last day"
    Enrolment.objects.update(ends_on=clock.today() - timedelta(days=1))
    assert outbox.climb() == 0
    assert FollowUp.objects.get().status == FollowUpStatus.DROPPED
    Delivery.objects.filter(channel="CALL").delete()
    assert outbox.climb() == 0
    assert rungs() == ["EMAIL"]
    Enrolment.objects.update(ends_on=None)
    assert outbox.climb() == 1, "it stays after all"


def test_before_its_time_nothing_happens() -> None:
    sent(school_days_ago=2)
    assert outbox.climb() == 0


def test_a_notice_that_asks_nothing_is_left_alone() -> None:
    sent(school_days_ago=9, slug="school-closed")
    assert outbox.climb() == 0


def test_an_old_notice_is_left_alone() -> None:
    notice = sent(school_days_ago=5)
    Notice.objects.filter(pk=notice.pk).update(published_at=clock.now() - timedelta(days=30))
    assert outbox.climb() == 0


@pytest.mark.parametrize("goes_on", ["the day is to come", "one may still answer", "urgent"])
def test_once_the_day_that_it_tells_of_is_over_no_other_way_tells_of_it(goes_on: str) -> None:
    """Nobody gets a text message on Thursday about the trip of Wednesday."""
    notice = sent(school_days_ago=3)
    gone = (clock.today() - timedelta(days=1)).isoformat()
    yesterday = {**notice.values, "date": gone, "deadline": gone}
    tells_of(notice, yesterday)
    assert outbox.climb() == 0
    if goes_on == "the day is to come":
        tells_of(notice, {**yesterday, "date": clock.today().isoformat()})
    elif goes_on == "one may still answer":
        tells_of(notice, {**yesterday, "deadline": clock.today().isoformat()})
    else:
        Notice.objects.update(kind="DRINGEND")
    assert outbox.climb() == 1


@pytest.mark.parametrize("ways", [{"emails": [None]}, {"languages": ["rif"], "phones": ["+32470000001"]}])
def test_nor_does_paper_that_waits_or_a_call_that_nobody_made(ways: dict[str, Any]) -> None:
    """The pile would bring the trip of Wednesday on Thursday, and the list would have it called about."""
    room = make.make_class()
    make.make_family(room, **ways)
    notice = make.make_notice(room)
    publish_notice(notice=notice, by=notice.author)
    today = clock.today().isoformat()
    tells_of(notice, {**notice.values, "date": today, "deadline": today})
    assert outbox.stop_what_is_over() == 0, "it is today"
    gone = (clock.today() - timedelta(days=1)).isoformat()
    tells_of(notice, {**notice.values, "date": gone, "deadline": gone})
    assert outbox.stop_what_is_over() == 0, "somebody asked for it afterwards"
    Delivery.objects.update(created_at=clock.now() - timedelta(days=1))
    Notice.objects.update(kind="DRINGEND")
    assert outbox.stop_what_is_over() == 0, "a child that is absent is called about"
    Notice.objects.update(kind="ACTIE")
    tasks.climb_ladders()
    row = Delivery.objects.get()
    assert (row.status, row.reason) == (DeliveryStatus.CANCELLED, Reason.OVER)
    assert set(FollowUp.objects.values_list("status", flat=True)) <= {FollowUpStatus.DROPPED}


def test_what_tells_of_yesterday_goes_on_until_its_last_day_to_answer() -> None:
    """A certificate is asked for after the child was ill."""
    notice = sent(school_days_ago=3)
    gone = (clock.today() - timedelta(days=1)).isoformat()
    template = make.template("illness-certificate")
    Notice.objects.filter(pk=notice.pk).update(template=template)
    tells_of(notice, {**notice.values, "date": gone, "deadline": gone})
    assert outbox.climb() == 0
    tells_of(notice, {**notice.values, "date": gone, "deadline": ""})
    assert outbox.climb() == 1


def test_of_a_child_that_left_the_school_nothing_goes_on_by_itself() -> None:
    """Moved, or worse: no letter and no call of its teacher follows."""
    sent(school_days_ago=3)
    Enrolment.objects.update(ends_on=clock.today() - timedelta(days=1))
    assert outbox.climb() == 0
    Enrolment.objects.update(ends_on=clock.today())
    assert outbox.climb() == 1, "on its last day it is there"


def test_who_may_not_know_any_more_reaches_no_family() -> None:
    """The father opened it, then lost the right to know: the mother still has to hear."""
    notice = sent(school_days_ago=3, languages=["nl", "nl"])
    father, mother = Guardian.objects.order_by("pk")
    mark_opened(Delivery.objects.get(notice=notice, guardian=father))
    assert outbox.climb() == 0
    Guardianship.objects.filter(guardian=father).update(information_right=False, may_receive=False)
    assert outbox.climb() == 1
    assert rungs(mother) == ["EMAIL", "LETTER"]


def test_it_ends_with_a_call() -> None:
    sent(school_days_ago=3)
    outbox.climb()
    mailed(3)
    outbox.climb()
    mailed(3)
    outbox.climb()
    assert rungs() == ["EMAIL", "LETTER", "CALL"]
    assert CallTask.objects.count() == FollowUp.objects.count() == 1


def test_opening_ends_it() -> None:
    sent(school_days_ago=3)
    mark_opened(Delivery.objects.get())
    assert outbox.climb() == 0


def test_one_of_the_family_is_enough() -> None:
    sent(school_days_ago=3, languages=["nl", "pa"])
    give_answer(delivery=Delivery.objects.first(), key="yes")  # type: ignore[arg-type]
    assert outbox.climb() == 0


def test_a_reminder_that_was_undone_leaves_everybody_where_they_stood() -> None:
    notice = sent(school_days_ago=3)
    notice.refresh_from_db()
    undo_round(notice=notice, by=notice.author, moment=remind(notice=notice, by=notice.author).moment)
    assert outbox.climb() == 1
    assert rungs() == ["EMAIL", "EMAIL", "LETTER"]


@pytest.mark.parametrize("way", ["SMS", "LETTER"])
def test_a_way_that_was_asked_for_and_undone_was_not_tried(settings: Any, way: str) -> None:
    settings.SMS_DRIVER = "record"
    notice = sent(phones=("+32470000001",) if way == "SMS" else ())
    notice.refresh_from_db()
    Delivery.objects.update(status=DeliveryStatus.FAILED, reason=Reason.BOUNCED)
    asked = send_round(notice=notice, by=notice.author, families=None, channel=way)
    assert undo_round(notice=notice, by=notice.author, moment=asked.moment) == 1
    assert outbox.climb() == 1
    assert Delivery.objects.get(status=DeliveryStatus.QUEUED).channel == way


def test_a_failed_way_in_another_home_is_followed_up_all_the_same() -> None:
    school_class = make.make_class()
    family = make.make_family(school_class)
    father = make.make_guardian(family.pupils, "ar", household=make.make_household())
    make.make_point("vader@post.example", father)
    notice = make.make_notice(school_class)
    publish_notice(notice=notice, by=notice.author)
    mark_opened(Delivery.objects.get(guardian=family.guardians[0]))
    Delivery.objects.filter(guardian=father).update(status=DeliveryStatus.FAILED, reason="BOUNCED", due_at=None)
    assert outbox.climb() == 1
    assert rungs(father) == ["EMAIL", "LETTER"]


def test_a_failed_way_in_the_same_home_is_not() -> None:
    sent(languages=["nl", "pa"])
    first, second = Delivery.objects.order_by("pk")
    mark_opened(first)
    Delivery.objects.filter(pk=second.pk).update(status=DeliveryStatus.FAILED, reason="BOUNCED")
    assert outbox.climb() == 0


def test_a_talk_that_names_nobody_ends_the_call_of_no_other_home() -> None:
    room = make.make_class()
    family = make.make_family(room)
    father = make.make_guardian(family.pupils, "rif", household=make.make_household())
    make.make_point("+32470000001", father)
    notice = publish(make.make_notice(room))
    talk(family, notice)
    outbox.climb()
    assert Delivery.objects.get(guardian=father).status == DeliveryStatus.QUEUED
    talk(family, notice, guardians=[father])
    outbox.climb()
    assert Delivery.objects.get(guardian=father).status == DeliveryStatus.CANCELLED


def test_one_that_names_nobody_ends_it_for_a_family_of_one_home() -> None:
    room = make.make_class()
    family = make.make_family(room, languages=["nl", "rif"], phones=[None, "+32470000001"])
    notice = publish(make.make_notice(room))
    talk(family, notice)
    outbox.climb()
    assert Delivery.objects.get(channel="CALL").status == DeliveryStatus.CANCELLED


def test_who_shares_a_house_with_another_family_is_written_to_all_the_same() -> None:
    room = make.make_class()
    reached, other = (make.make_family(room, emails=[None]) for _ in range(2))
    Guardian.objects.update(household=reached.guardians[0].household)
    notice = publish(make.make_notice(room))
    talk(reached, notice)
    outbox.climb()
    letters = Delivery.objects.filter(channel="LETTER").values_list("guardian", "status")
    assert dict(letters) == {reached.guardians[0].pk: "CANCELLED", other.guardians[0].pk: "QUEUED"}


@pytest.mark.parametrize(
    ("begins_in", "cancelled", "tried"), [(-1, None, 0), (1, None, 1), (1, 1, 0), (1, -1, 1)],
    ids=["it has begun", "it is to come", "it was cancelled since", "the notice is of after that"],
)  # fmt: skip
def test_who_is_invited_to_a_gathering(cast: Cast, begins_in: int, cancelled: int | None, tried: int) -> None:
    row, hour = gathering_of(cast), timedelta(hours=1)
    mail = announced(cast, row, "separated_father")
    Notice.objects.update(values={})
    Delivery.objects.filter(pk=mail.pk).update(status=DeliveryStatus.FAILED, reason=Reason.BOUNCED, due_at=None)
    starts = clock.now() + begins_in * hour
    Gathering.objects.update(
        starts_at=starts, ends_at=starts + 2 * hour, cancelled_at=clock.now() + cancelled * hour if cancelled else None
    )
    outbox.climb()
    ways = Delivery.objects.filter(guardian=mail.guardian).exclude(pk=mail.pk)
    assert ways.count() == tried


def called() -> CallTask:
    school_class = make.make_class()
    make.make_family(school_class, languages=["rif"], phones=["+32470000001"])
    notice = make.make_notice(school_class)
    publish_notice(notice=notice, by=notice.author)
    return CallTask.objects.get()


def test_a_call_made_is_a_contact_moment() -> None:
    task = called()
    caller = task.delivery.notice.author
    moment = finish_call(call_task=task, by=caller, outcome=Outcome.REACHED_AGREED, note="Mama komt")
    assert (moment.kind, moment.note, moment.is_two_way) == (ContactKind.PHONE, "Mama komt", True)
    task.delivery.refresh_from_db()
    follow_up = FollowUp.objects.get()
    assert task.delivery.status == DeliveryStatus.DELIVERED
    assert (follow_up.status, follow_up.contact_moment) == (FollowUpStatus.DONE, moment)
    with pytest.raises(ValidationError, match="al gebeld"):
        finish_call(call_task=task, by=caller, outcome=Outcome.REACHED_AGREED)
    assert ContactMoment.objects.count() == 1


@pytest.mark.parametrize("outcome", [Outcome.REACHED_AGREED, Outcome.NOT_REACHED])
def test_whom_no_number_leads_to_was_not_phoned(outcome: Outcome) -> None:
    """The list of calls says: speak at the gate."""
    task = called()
    ContactPoint.objects.update(valid_until=clock.today())
    for _press in range(2 if outcome == Outcome.NOT_REACHED else 1):
        moment = finish_call(call_task=task, by=task.delivery.notice.author, outcome=outcome)
    assert moment.kind == ContactKind.GATE_TALK
    assert ContactMoment.objects.count() == 1


def test_a_call_that_nobody_took_stays_to_be_made() -> None:
    task = called()
    moment = finish_call(call_task=task, by=task.delivery.notice.author, outcome=Outcome.NOT_REACHED)
    task.delivery.refresh_from_db()
    assert not moment.is_reach
    assert task.delivery.status == DeliveryStatus.QUEUED
    assert FollowUp.objects.get().status == FollowUpStatus.OPEN


def test_two_whom_nobody_could_reach_one_after_the_other_are_two_calls() -> None:
    room = make.make_class()
    make.make_family(room, languages=["rif", "rif"], phones=["+32470000001", "+32470000002"])
    notice = publish(make.make_notice(room))
    for task in CallTask.objects.order_by("pk"):
        finish_call(call_task=task, by=notice.author, outcome=Outcome.NOT_REACHED)
    assert ContactMoment.objects.count() == 2


def test_a_ladder_that_cannot_be_climbed_stops_no_other() -> None:
    broken, sound = sent(school_days_ago=30), sent(school_days_ago=30)
    LadderPolicy.objects.create(
        school=broken.school, kind=broken.kind, rungs=[{}], changed_at=clock.now(), changed_by=broken.author
    )
    assert outbox.climb() == 1
    assert sound.deliveries.count() == 2


def test_a_child_without_a_family_yet_is_called_about_when_it_has_one() -> None:
    school_class = make.make_class()
    pupil = make.make_pupil(school_class)
    make.make_guardian([pupil], "rif")
    notice = make.make_notice(school_class)
    publish_notice(notice=notice, by=notice.author)
    assert not CallTask.objects.exists()
    from parents.models import Family, FamilyMembership

    FamilyMembership.objects.create(family=Family.objects.create(), pupil=pupil, starts_on=make.LONG_AGO)
    outbox.climb()
    assert CallTask.objects.count() == 1
