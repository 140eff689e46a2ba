"""How far a notice came, and when the ladder stops: one definition for the notice's page, the ladder and the year."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from messaging import outbox
from messaging.how_far import HowFar
from messaging.levels import Level
from messaging.models import CallTask, Delivery, DeliveryStatus, Notice, Reason, Thread
from messaging.progress import progress_of
from messaging.reachedlist import with_reached
from messaging.services import (
    ask_question,
    finish_call,
    give_answer,
    mark_not_understood,
    mark_opened,
    mark_understood,
)
from parents.models import ContactMoment, Family, FollowUp, FollowUpKind, FollowUpStatus, Outcome
from reports.reach import rungs_of
from schools import clock
from tests import factories as make
from tests.messaging.ladder_world import MONDAY, leave, publish, rungs, talk, travel
from tests.messaging.notices_for_pages import once_more

pytestmark = pytest.mark.django_db


class Sent:
    """A notice to one family in 3B, mailed on a Monday."""

    def __init__(self, settings: Any, **facts: Any) -> None:
        travel(settings, MONDAY)
        self.settings = settings
        self.school_class = make.make_class()
        self.family = make.make_family(self.school_class, **facts)
        self.notice: Notice = publish(make.make_notice(self.school_class))
        leave()

    @property
    def level(self) -> Level:
        """How far its only family came, as the page of the notice counts it; the list of notices says the same."""
        at_least = HowFar(self.notice, self.notice.author).totals.at_least
        assert progress_of([self.notice])[self.notice.pk].reached == at_least[Level.HANDED_OVER]
        return max(level for level in Level if at_least[level] == 1)

    def climbs_later(self) -> int:
        travel(self.settings, date(2027, 1, 22))
        return outbox.climb()


@pytest.fixture
def sent(settings: Any) -> Sent:
    return Sent(settings)


def only() -> Delivery:
    return Delivery.objects.get()


class TestLevels:
    def test_they_are_climbed_one_by_one(self, sent: Sent) -> None:
        Delivery.objects.update(status=DeliveryStatus.QUEUED, due_at=clock.now(), sent_at=None)
        assert sent.level == Level.TRIED
        leave()
        assert sent.level == Level.HANDED_OVER
        mark_opened(only())
        assert sent.level == Level.OPENED
        give_answer(delivery=only(), key="yes")
        assert sent.level == Level.ANSWERED
        talk(sent.family, sent.notice)
        assert sent.level == Level.SPOKEN
        mark_understood(only())
        assert sent.level == Level.UNDERSTOOD

    def test_a_bounced_mail_was_not_handed_over(self, sent: Sent) -> None:
        Delivery.objects.update(status=DeliveryStatus.FAILED, reason=Reason.BOUNCED)
        assert sent.level == Level.TRIED

    def test_a_printed_letter_is_not_handed_over_until_it_is_given(self, settings: Any) -> None:
        sent = Sent(settings, emails=[None])
        assert (only().channel, only().status) == ("LETTER", DeliveryStatus.SENT)
        assert sent.level == Level.TRIED
        outbox.mark_handed_over(Delivery.objects.all())
        assert sent.level == Level.HANDED_OVER

    def test_a_question_about_it_is_an_answer(self, sent: Sent) -> None:
        guardian, pupil = sent.family.guardians[0], sent.family.pupils[0]
        ask_question(guardian=guardian, pupil=pupil, notice=sent.notice, text="Wanneer?", language="nl")
        assert sent.level == Level.ANSWERED
        assert sent.climbs_later() == 0
        Thread.objects.update(asked_by_family=False)
        assert sent.level < Level.ANSWERED, "what the school asked is none"

    def test_who_says_later_that_it_is_not_clear_has_not_understood(self, sent: Sent) -> None:
        mark_understood(only())
        for _time in range(2):
            mark_not_understood(only())
            assert sent.level == Level.OPENED
            mark_understood(only())
            assert sent.level == Level.UNDERSTOOD

    def test_a_call_that_ended_clearly_is_understood_and_another_asks_for_an_explanation(self, settings: Any) -> None:
        sent = Sent(settings, languages=["rif"], phones=["+32470000001"])
        task = CallTask.objects.get()
        finish_call(call_task=task, by=sent.notice.author, outcome=Outcome.REACHED_FOLLOW_UP)
        assert sent.level == Level.SPOKEN
        assert FollowUp.objects.filter(kind=FollowUpKind.NOT_UNDERSTOOD, owner=sent.notice.author).count() == 1
        other = Sent(settings, languages=["rif"], phones=["+32470000002"])
        finish_call(
            call_task=CallTask.objects.get(delivery__notice=other.notice),
            by=other.notice.author,
            outcome=Outcome.REACHED_AGREED,
        )
        assert other.level == Level.UNDERSTOOD

    def test_who_came_furthest_stands_for_the_family(self, settings: Any) -> None:
        sent = Sent(settings, languages=["nl", "tr"])
        mark_opened(Delivery.objects.order_by("pk")[0])
        assert sent.level == Level.OPENED

    def test_the_familys_year_says_the_same(self, sent: Sent) -> None:
        mark_understood(only())
        families = Family.objects.filter(pk=sent.family.family.pk)
        state = rungs_of(families, MONDAY - timedelta(days=9), MONDAY)[sent.family.family.pk]
        assert state.rung == sent.level == Level.UNDERSTOOD


_NOON = datetime.combine(MONDAY, time(12), tzinfo=clock.BRUSSELS)
#: Talks that are none since the notice was sent, on a Monday at noon.
_NO_TALK: dict[str, dict[str, Any]] = {
    "a word at the gate about nothing": {"purpose": ""},
    "before it was sent": {"held_on": MONDAY - timedelta(days=3)},
    "nobody at home": {"outcome": "NOT_REACHED"},
    "a group": {"kind": "COFFEE_MOMENT"},
    "about something else": {"kind": "CRISIS"},
    "earlier that day": {"held_on": MONDAY, "starts_at": time(0, 1)},
    "a note for oneself": {"visibility": "AUTHOR"},
}


class TestTheListOfNotices:
    """A talk alone reached the family: the list says so as the page does."""

    @pytest.mark.parametrize("is_named", [True, False])
    @pytest.mark.parametrize("facts", [{}, {"held_on": MONDAY, "starts_at": time(15)}], ids=["later", "that day"])
    def test_knows_the_talks_since(self, sent: Sent, facts: dict[str, Any], is_named: bool) -> None:
        notice = self._bounced(sent)
        guardians = sent.family.guardians if is_named else []
        talk(sent.family, notice, guardians=guardians, **facts)
        assert self._reached(notice) == (1, 2)

    @pytest.mark.parametrize("facts", _NO_TALK.values(), ids=_NO_TALK)
    def test_and_no_others(self, sent: Sent, facts: dict[str, Any]) -> None:
        notice = self._bounced(sent)
        talk(sent.family, notice, **facts)
        assert self._reached(notice) == (0, 2)

    def _bounced(self, sent: Sent) -> Notice:
        """A notice to two families of the class that arrived nowhere, two days ago."""
        make.make_family(sent.school_class)
        notice = publish(make.make_notice(sent.school_class))
        leave()
        Delivery.objects.update(status=DeliveryStatus.FAILED, reason=Reason.BOUNCED)
        Notice.objects.update(published_at=_NOON)
        travel(sent.settings, date(2027, 1, 20))
        notice.refresh_from_db()
        return notice

    def _reached(self, notice: Notice) -> tuple[int, int]:
        totals, row = HowFar(notice, notice.author).totals, progress_of([notice])[notice.pk]
        assert (row.reached, row.families) == (totals.reached, totals.families)
        return row.reached, row.families


class TestStopping:
    def test_a_talk_at_the_gate_after_sending_stops_it(self, sent: Sent) -> None:
        travel(sent.settings, date(2027, 1, 20))
        talk(sent.family, sent.notice, guardians=sent.family.guardians)
        assert sent.climbs_later() == 0

    def test_a_talk_that_names_nobody_is_with_the_family(self, sent: Sent) -> None:
        travel(sent.settings, date(2027, 1, 20))
        talk(sent.family, sent.notice)
        assert sent.climbs_later() == 0

    @pytest.mark.parametrize("facts", _NO_TALK.values(), ids=_NO_TALK)
    def test_what_is_no_talk_after_sending_does_not(self, sent: Sent, facts: dict[str, Any]) -> None:
        Notice.objects.update(published_at=_NOON)
        travel(sent.settings, date(2027, 1, 20))
        talk(sent.family, sent.notice, **facts)
        assert sent.climbs_later() == 1

    def test_a_line_of_a_clb_does_not(self, sent: Sent) -> None:
        """The school does not know of it."""
        travel(sent.settings, date(2027, 1, 20))
        talk(sent.family, sent.notice)
        ContactMoment.objects.update(visibility="CLB", centre=sent.notice.school.clb)
        assert sent.climbs_later() == 1

    def test_a_talk_with_another_family_does_not(self, sent: Sent) -> None:
        other = make.make_family(sent.school_class)
        travel(sent.settings, date(2027, 1, 20))
        talk(other, sent.notice)
        assert sent.climbs_later() == 1

    def test_after_a_failure_another_home_is_told_though_this_one_was_spoken_with(self, settings: Any) -> None:
        travel(settings, MONDAY)
        school_class = make.make_class()
        family = make.make_family(school_class)
        father = make.make_guardian(family.pupils, "ar", household=make.make_household())
        make.make_point("vader@post.example", father)
        notice = publish(make.make_notice(school_class))
        leave()
        Delivery.objects.filter(guardian=father).update(status=DeliveryStatus.FAILED, reason=Reason.BOUNCED)
        talk(family, notice)
        assert outbox.climb() == 1
        assert rungs(father) == ["EMAIL", "LETTER"]

    def test_a_letter_and_a_call_that_still_wait_are_no_longer_needed(self, settings: Any) -> None:
        sent = Sent(settings, languages=["nl", "rif"])
        assert CallTask.objects.count() == 1
        mark_opened(Delivery.objects.get(channel="EMAIL"))
        outbox.climb()
        call = Delivery.objects.get(channel="CALL")
        assert (call.status, call.reason) == (DeliveryStatus.CANCELLED, Reason.REACHED)
        assert FollowUp.objects.get().status == FollowUpStatus.DROPPED
        assert sent.climbs_later() == 0

    def test_what_somebody_asked_to_send_again_stays(self, settings: Any) -> None:
        Sent(settings, emails=[None])
        outbox.mark_handed_over(Delivery.objects.all())
        [again] = once_more(only())
        mark_opened(again)
        outbox.climb()
        again.refresh_from_db()
        assert again.status == DeliveryStatus.QUEUED


def test_the_talks_of_a_list_stand_in_no_more_tables_than_postgresql_puts_in_order() -> None:
    """With more than eight (join_collapse_limit) it takes them as written, and asked for the talks of all families of a
    notice, for each child: the list of 25 notices to a school of 300 children took seconds."""
    talks = str(with_reached([1]).query).partition('FROM "parents_contactmoment" ')[2]
    asked_apart = r"\(EXISTS\(SELECT .*?LIMIT 1\) OR NOT EXISTS\(.*?LIMIT 1\)\)"
    names, together = re.search(asked_apart, talks), re.sub(asked_apart, "", talks)
    assert names is not None
    assert "guardians" in names[0]  # who was there, looked up for a talk that was found
    assert 1 + len(re.findall(r'(?:FROM|JOIN) "', together.partition('AS "is_reached"')[0])) <= 8
