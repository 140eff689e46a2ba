"""A reminder at a phone that two people share, and one for whoever asked for another way since the notice left."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from messaging import outbox
from messaging.models import Channel, Delivery, DeliveryStatus, Notice, OptOut, Reason
from messaging.outbox.needless import stop_before_leaving, stop_needless
from messaging.outbox.rounds import count_round
from messaging.services import give_answer, publish_notice, remind
from messaging.services.rounds import reminder_round, undo_round
from parents.models import ConferenceHour, Guardian
from schools import clock
from tests import factories as make
from tests.cast import Cast
from tests.messaging.notices_for_pages import settle
from tests.messaging.sinks import Gateway
from tests.messaging.test_quiet_hours import at
from tests.parents.conferences import invite, round_of

pytestmark = pytest.mark.django_db
PHONE = "+32470000901"
FRIDAY_EVENING = at(2026, 12, 4, 21)
MONDAY_MORNING = at(2026, 12, 7, 8)


@pytest.fixture(autouse=True)
def texts(settings: Any, gateway: Gateway) -> None:
    """A gateway that takes them, and nights that are quiet."""
    settings.QUIET_HOURS = "20:00-07:00"


def asked(**family: Any) -> tuple[Notice, list[Guardian]]:
    """Two parents of one home who each are asked, on a Thursday a week ago."""
    with time_machine.travel(at(2026, 11, 26, 10)):
        school_class = make.make_class()
        made = make.make_family(school_class, languages=("nl", "fr"), **family)
        notice = make.make_notice(school_class, answer_by=date(2026, 12, 11))
        publish_notice(notice=notice, by=notice.author)
        settle(notice)
        notice.refresh_from_db()
    return notice, made.guardians


def one_phone() -> tuple[Notice, list[Guardian]]:
    return asked(emails=(None, None), phones=(PHONE, PHONE))


def answered(notice: Notice, guardian: Guardian) -> None:
    give_answer(delivery=Delivery.objects.filter(notice=notice, guardian=guardian).latest("pk"), key="yes")


def reminded(notice: Notice) -> list[tuple[Guardian, str, str]]:
    rows = Delivery.objects.filter(notice=notice, is_reminder=True).select_related("guardian").order_by("pk")
    return [(row.guardian, row.channel, row.language) for row in rows]


def test_the_second_of_a_shared_phone_is_reminded_when_the_first_answered() -> None:
    notice, (mother, father) = one_phone()
    assert [row.guardian for row in Delivery.objects.filter(notice=notice)] == [mother]
    with time_machine.travel(at(2026, 12, 4, 10)):
        answered(notice, mother)
        assert count_round(reminder_round(notice, notice.author)) == 1
        remind(notice=notice, by=notice.author)
        assert reminded(notice) == [(father, Channel.SMS, "fr")]
    settle(notice)
    with time_machine.travel(at(2026, 12, 7, 10)):
        answered(notice, father)
        assert remind(notice=notice, by=notice.author).deliveries == 0


def test_one_text_message_for_both_goes_to_whom_the_notice_went() -> None:
    notice, (mother, _father) = one_phone()
    with time_machine.travel(at(2026, 12, 4, 10)):
        remind(notice=notice, by=notice.author)
        assert remind(notice=notice, by=notice.author).deliveries == 0, "the phone is left alone for a day"
    assert reminded(notice) == [(mother, Channel.SMS, "nl")]


def test_who_shares_is_not_reminded_where_nothing_arrived() -> None:
    notice, (mother, _father) = one_phone()
    Delivery.objects.filter(notice=notice).update(status=DeliveryStatus.FAILED, reason=Reason.UNKNOWN_NUMBER)
    with time_machine.travel(at(2026, 12, 4, 10)):
        answered(notice, mother)
        assert remind(notice=notice, by=notice.author).deliveries == 0


def wait_and_answer(notice: Notice, guardian: Guardian) -> None:
    """A reminder of Friday evening; an answer on Sunday; on Monday what waits is due."""
    with time_machine.travel(FRIDAY_EVENING):
        remind(notice=notice, by=notice.author)
    with time_machine.travel(at(2026, 12, 6, 18)):
        answered(notice, guardian)
    with time_machine.travel(MONDAY_MORNING):
        past = clock.now() - timedelta(days=30)
        Delivery.objects.filter(status=DeliveryStatus.QUEUED).update(due_at=past, turn_at=past)
        outbox.deliver_due()


def test_one_that_waited_while_the_first_answered_goes_to_the_second() -> None:
    """What he gets of another notice meanwhile is no reminder of this one."""
    notice, (mother, father) = one_phone()
    other, _parents = asked()
    Delivery.objects.filter(notice=other).delete()
    with time_machine.travel(at(2026, 12, 5, 10)):
        Delivery.objects.create(
            notice=other, guardian=father, channel=Channel.LETTER, status=DeliveryStatus.SENT, language="fr",
            created_at=clock.now(),
        )  # fmt: skip
    wait_and_answer(notice, mother)
    assert reminded(notice) == [(father, Channel.SMS, "fr")]
    row = Delivery.objects.get(notice=notice, is_reminder=True)
    assert (row.status, row.address) == (DeliveryStatus.SENT, PHONE)
    assert row.contact_point is not None
    assert row.contact_point.uses.get().guardian == father


def test_one_that_goes_on_to_the_second_waits_on_while_the_gateway_is_away() -> None:
    """The family was reached by the first, and the second had mail before: who is reminded is asked all the same."""
    notice, (mother, father) = one_phone()
    Delivery.objects.create(
        notice=notice, guardian=father, channel=Channel.EMAIL, status=DeliveryStatus.FAILED, language="fr",
        reason=Reason.BOUNCED, created_at=notice.created_at,
    )  # fmt: skip
    with time_machine.travel(at(2026, 12, 4, 10)):
        remind(notice=notice, by=notice.author)
        answered(notice, mother)
        row = Delivery.objects.get(notice=notice, is_reminder=True)
        for _tried in range(2):
            assert stop_before_leaving([row.pk]) == set()
            stop_needless(notice)
        row.refresh_from_db()
        assert (row.guardian, row.status) == (father, DeliveryStatus.QUEUED)
        answered(notice, father)
        assert stop_before_leaving([row.pk]) == {row.pk}


def test_one_without_a_time_to_choose_leaves_to_who_shares_the_phone_and_finds_some(cast: Cast) -> None:
    """Two families with one phone, each with a child of another teacher."""
    made = round_of(cast, "3b", "1a")
    row = invite(cast, made, "separated_father")
    room = cast.classes["1a"]
    aunt = Guardian.objects.filter(guardianships__pupil__enrolments__school_class=room).order_by("pk")[0]
    point = make.make_point(PHONE, row.guardian, aunt, is_shared=True)
    facts = {"channel": Channel.SMS, "address": PHONE, "contact_point": point, "is_reminder": True}
    Delivery.objects.filter(pk=row.pk).update(created_at=clock.now() + timedelta(seconds=9), **facts)
    ConferenceHour.objects.filter(host__round=made, host__school_class=cast.classes["3b"]).delete()
    assert stop_before_leaving([row.pk]) == set()
    row.refresh_from_db()
    assert row.guardian == aunt
    ConferenceHour.objects.filter(host__round=made).delete()
    assert stop_before_leaving([row.pk]) == {row.pk}


def test_one_does_not_go_on_to_who_refuses_text_messages() -> None:
    notice, (mother, father) = one_phone()
    OptOut.objects.create(guardian=father, channel=Channel.SMS, category="", since=clock.now())
    wait_and_answer(notice, mother)
    row = Delivery.objects.get(notice=notice, is_reminder=True)
    assert (row.guardian, row.status, row.reason) == (mother, DeliveryStatus.CANCELLED, Reason.REACHED)
    assert not Delivery.objects.filter(notice=notice, guardian=father).exists(), "no letter in its place"


@pytest.mark.parametrize(
    "became", [{}, {"status": DeliveryStatus.FAILED, "reason": Reason.BOUNCED}], ids=["", "failed"]
)
def test_one_that_was_undone_leaves_who_shares_the_phone_on_the_ladder(became: dict[str, Any]) -> None:
    """Two families with one phone: the first answered, and nothing else was tried for the other."""
    with time_machine.travel(at(2026, 11, 26, 10)):
        room = make.make_class()
        first, other = (make.make_family(room, emails=(None,), phones=(PHONE,)).guardians[0] for _family in range(2))
        notice = make.make_notice(room, answer_by=date(2026, 12, 11))
        publish_notice(notice=notice, by=notice.author)
        settle(notice)
        notice.refresh_from_db()
    with time_machine.travel(at(2026, 12, 4, 10)):
        answered(notice, first)
        asked = remind(notice=notice, by=notice.author)
        assert reminded(notice) == [(other, Channel.SMS, "nl")]
        assert undo_round(notice=notice, by=notice.author, moment=asked.moment) == 1
        Delivery.objects.filter(guardian=first).update(channel=Channel.SMS, **became)
        assert outbox.climb() == 1
    assert Delivery.objects.get(status=DeliveryStatus.QUEUED).guardian == other


def test_one_whose_last_day_is_over_leaves_to_nobody() -> None:
    notice, (mother, _father) = one_phone()
    with time_machine.travel(at(2026, 12, 4, 10)):
        remind(notice=notice, by=notice.author)
        answered(notice, mother)
    row = Delivery.objects.get(notice=notice, is_reminder=True)
    with time_machine.travel(at(2026, 12, 12, 10)):
        assert stop_before_leaving([row.pk]) == {row.pk}
    row.refresh_from_db()
    assert (row.guardian, row.reason) == (mother, Reason.OVER)


def test_one_that_waited_leaves_to_nobody_where_both_answered() -> None:
    notice, (mother, father) = one_phone()
    with time_machine.travel(at(2026, 12, 4, 10)):
        answered(notice, mother)
        remind(notice=notice, by=notice.author)
    row = Delivery.objects.get(notice=notice, is_reminder=True)
    with time_machine.travel(at(2026, 12, 4, 10)):
        answered(notice, father)
        Delivery.objects.filter(pk=row.pk).update(due_at=clock.now() - timedelta(days=30))
        outbox.deliver_due()
    row.refresh_from_db()
    assert (row.status, row.reason) == (DeliveryStatus.CANCELLED, Reason.REACHED)


def test_each_with_an_own_phone_has_an_own_reminder() -> None:
    notice, (mother, father) = asked(emails=(None, None), phones=(PHONE, "+32470000902"))
    wait_and_answer(notice, mother)
    rows = Delivery.objects.filter(notice=notice, is_reminder=True).order_by("pk")
    assert [(row.guardian, row.status) for row in rows] == [
        (mother, DeliveryStatus.CANCELLED),
        (father, DeliveryStatus.SENT),
    ]


class TestAnotherWayWished:
    """The notice went by e-mail; since then the mother asked for text messages."""

    def told(self) -> tuple[Notice, Guardian]:
        notice, (mother, father) = asked(phones=(PHONE,))
        answered(notice, father)
        Guardian.objects.filter(pk=mother.pk).update(preferred_channel=Channel.SMS)
        return notice, mother

    def remind(self, notice: Notice) -> list[tuple[Guardian, str, str]]:
        with time_machine.travel(at(2026, 12, 4, 10)):
            remind(notice=notice, by=notice.author)
        return reminded(notice)

    def test_is_the_way_of_the_reminder(self) -> None:
        notice, mother = self.told()
        assert self.remind(notice) == [(mother, Channel.SMS, "nl")]

    def test_unless_it_was_tried_and_the_other_one_worked(self) -> None:
        notice, mother = self.told()
        row = Delivery.objects.get(notice=notice, guardian=mother)
        row.delete()
        for channel, status, reason in (
            (Channel.SMS, DeliveryStatus.FAILED, Reason.UNKNOWN_NUMBER),
            (Channel.EMAIL, DeliveryStatus.SENT, ""),
        ):
            row.pk, row.channel, row.status, row.reason = None, channel, status, reason
            row.save(force_insert=True)
        assert self.remind(notice) == [(mother, Channel.EMAIL, "nl")]

    def test_unless_it_does_not_lead_to_them(self) -> None:
        notice, mother = self.told()
        OptOut.objects.create(guardian=mother, channel=Channel.SMS, category="", since=clock.now())
        assert self.remind(notice) == [(mother, Channel.EMAIL, "nl")]

    def test_can_be_taken_back(self) -> None:
        notice, _mother = self.told()
        with time_machine.travel(at(2026, 12, 4, 10)):
            moment = remind(notice=notice, by=notice.author).moment
            assert undo_round(notice=notice, by=notice.author, moment=moment) == 1
