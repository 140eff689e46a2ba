"""The ladder follows the school's policy: which ways, in which order, how long each waits for a person."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from messaging import audience, outbox, policies
from messaging.models import CallTask, Delivery, DeliveryStatus, LadderPolicy, Notice, NoticeKind, OptOut
from messaging.policies import MINUTES, Rung
from messaging.services import mark_opened, reset_ladder, set_ladder
from messaging.ways import chosen
from parents.models import Guardian, ReadingMode
from schools import clock
from schools.models import Assignment, AuditEntry, Role, School
from tests import factories as make
from tests.messaging.ladder_world import MONDAY, free_day, head_of, leave, minutes_ago, publish, rungs, travel

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_phone(settings: Any) -> None:
    settings.SMS_DRIVER = "record"


def ladder(school: School, *steps: Rung, kind: str = "ACTIE", caller: str = "TEACHER") -> None:
    set_ladder(school=school, kind=kind, rungs=steps, caller=caller, by=make.make_user())


def to_one_family(*steps: Rung, slug: str = "parent-meeting-invitation", **facts: Any) -> Notice:
    school_class = make.make_class()
    notice = make.make_notice(school_class, slug=slug)
    if steps:
        ladder(school_class.school, *steps, kind=notice.kind)
    make.make_family(school_class, **({"phones": ["+32470000001"]} | facts))
    return publish(notice)


class TestOrder:
    def test_the_schools_own_order_is_followed(self, settings: Any) -> None:
        travel(settings, MONDAY)
        to_one_family(Rung("LETTER", 1), Rung("SMS", 1), Rung("CALL"))
        for day in (19, 20):
            leave()
            travel(settings, date(2027, 1, day))
            outbox.climb()
        assert rungs() == ["LETTER", "SMS", "CALL"]

    def test_a_way_that_the_school_leaves_out_is_not_used(self) -> None:
        to_one_family(Rung("SMS"), emails=["a@post.example"])
        assert rungs() == ["SMS"]

    def test_without_a_call_at_the_end_it_ends(self, settings: Any) -> None:
        travel(settings, MONDAY)
        to_one_family(Rung("EMAIL", 1), Rung("SMS", 1))
        for day in (19, 20, 21):
            leave()
            travel(settings, date(2027, 1, day))
            outbox.climb()
        assert rungs() == ["EMAIL", "SMS"]

    def test_whom_no_way_reaches_is_called_all_the_same(self) -> None:
        to_one_family(Rung("EMAIL"), emails=[None], phones=[])
        assert rungs() == ["CALL"]
        assert CallTask.objects.count() == 1

    @pytest.mark.parametrize("wish", ["SMS", "LETTER", "CALL"])
    def test_the_guardians_wish_comes_first_also_if_the_school_leaves_it_out(self, wish: str) -> None:
        school_class = make.make_class()
        notice = make.make_notice(school_class)
        ladder(school_class.school, Rung("EMAIL", 3))
        family = make.make_family(school_class, phones=["+32470000001"])
        Guardian.objects.filter(pk=family.guardians[0].pk).update(preferred_channel=wish)
        publish(notice)
        assert rungs() == [wish]

    def test_after_the_wish_the_ladder_begins(self, settings: Any) -> None:
        travel(settings, MONDAY)
        school_class = make.make_class()
        family = make.make_family(school_class, phones=["+32470000001"])
        Guardian.objects.filter(pk=family.guardians[0].pk).update(preferred_channel="LETTER")
        publish(make.make_notice(school_class))
        for day in (21, 26, 29):
            leave()
            travel(settings, date(2027, 1, day))
            outbox.climb()
        assert rungs() == ["LETTER", "EMAIL", "SMS", "CALL"]

    def test_an_urgent_notice_waits_for_no_paper(self) -> None:
        school_class = make.make_class()
        family = make.make_family(school_class, phones=["+32470000001"])
        Guardian.objects.filter(pk=family.guardians[0].pk).update(preferred_channel="LETTER")
        publish(make.make_notice(school_class, slug="urgent-early-closing"))
        assert rungs() == ["SMS"]

    def test_planning_asks_the_ladder_once(self, django_assert_num_queries: Any) -> None:
        school_class = make.make_class()
        notice = make.make_notice(school_class)
        for _number in range(5):
            make.make_family(school_class)
        with django_assert_num_queries(1):
            assert policies.ladder_for(notice.school_id, notice.kind).rungs[0].channel == "EMAIL"


class TestWaiting:
    def test_weekends_and_holidays_do_not_count(self, settings: Any) -> None:
        """Sent on Thursday; Friday is a study day, the next week a holiday: three school days later is Wednesday."""
        travel(settings, date(2027, 1, 21))
        free_day(date(2027, 1, 22), date(2027, 1, 22))
        free_day(date(2027, 1, 25), date(2027, 1, 29))
        to_one_family()
        leave()
        for day in (date(2027, 1, 26), date(2027, 1, 31), date(2027, 2, 2)):
            travel(settings, day)
            assert outbox.climb() == 0, day
        travel(settings, date(2027, 2, 3))
        assert outbox.climb() == 1
        assert rungs() == ["EMAIL", "SMS"]

    def test_each_rung_waits_its_own_time(self, settings: Any) -> None:
        travel(settings, MONDAY)
        to_one_family(Rung("EMAIL", 1), Rung("SMS", 4), Rung("LETTER"))
        leave()
        travel(settings, date(2027, 1, 19))
        assert outbox.climb() == 1
        leave()
        travel(settings, date(2027, 1, 22))
        assert outbox.climb() == 0
        travel(settings, date(2027, 1, 25))
        assert outbox.climb() == 1
        assert rungs() == ["EMAIL", "SMS", "LETTER"]

    def test_a_notice_that_only_informs_goes_on_when_it_fails_alone(self, settings: Any) -> None:
        travel(settings, MONDAY)
        to_one_family(slug="school-closed")
        leave()
        travel(settings, date(2027, 2, 1))
        assert outbox.climb() == 0
        Delivery.objects.update(status=DeliveryStatus.FAILED, reason="BOUNCED")
        assert outbox.climb() == 1
        assert rungs() == ["EMAIL", "SMS"]

    def test_a_school_may_let_it_wait_all_the_same(self, settings: Any) -> None:
        travel(settings, MONDAY)
        to_one_family(Rung("EMAIL", 2), Rung("SMS"), slug="school-closed")
        leave()
        travel(settings, date(2027, 1, 20))
        assert outbox.climb() == 1

    def test_what_is_urgent_is_texted_then_mailed_then_called_the_same_day(self, settings: Any) -> None:
        travel(settings, date(2027, 1, 23))  # a Saturday: what is urgent does not wait for Monday
        to_one_family(slug="urgent-early-closing")
        for _rung in range(2):
            leave()
            minutes_ago(29)
            assert outbox.climb_urgent() == 0
            minutes_ago(31)
            assert outbox.climb_urgent() == 1
        assert rungs() == ["SMS", "EMAIL", "CALL"]
        task = CallTask.objects.select_related("follow_up").get()
        assert task.follow_up.due_on == clock.today()

    def test_a_changed_ladder_holds_for_notices_under_way(self, settings: Any) -> None:
        travel(settings, MONDAY)
        notice = to_one_family()
        leave()
        ladder(notice.school, Rung("EMAIL", 1), Rung("CALL"))
        travel(settings, date(2027, 1, 19))
        outbox.climb()
        assert rungs() == ["EMAIL", "CALL"]


class TestWhoCalls:
    def called_by(self, caller: str) -> int | None:
        school_class = make.make_class()
        teacher = make.make_teacher(school_class)
        liaison = make.make_user("Lia Brug")
        Assignment.objects.create(user=liaison, role=Role.LIAISON, school=school_class.school, starts_on=make.LONG_AGO)
        self.people = {"teacher": teacher.pk, "liaison": liaison.pk}
        notice = make.make_notice(school_class, head_of(school_class.school))
        ladder(school_class.school, Rung("EMAIL", 3), Rung("CALL"), caller=caller)
        make.make_family(school_class, languages=["rif"])
        publish(notice)
        self.people["author"] = notice.author_id
        return CallTask.objects.get().follow_up.owner_id

    @pytest.mark.parametrize(("caller", "who"), [("TEACHER", "teacher"), ("LIAISON", "liaison"), ("AUTHOR", "author")])
    def test_the_ladder_says_whose_task_a_call_is(self, caller: str, who: str) -> None:
        owner = self.called_by(caller)
        assert owner == self.people[who]

    @pytest.mark.parametrize("caller", ["TEACHER", "LIAISON"])
    def test_where_nobody_holds_that_post_the_sender_calls(self, caller: str) -> None:
        school_class = make.make_class()
        notice = make.make_notice(school_class, head_of(school_class.school))
        ladder(school_class.school, Rung("CALL"), caller=caller)
        make.make_family(school_class, languages=["rif"])
        publish(notice)
        assert CallTask.objects.get().follow_up.owner_id == notice.author_id


class TestSetting:
    def test_it_is_written_down_and_can_be_taken_back(self) -> None:
        school, head = make.make_school(), make.make_user()
        set_ladder(school=school, kind="INFO", rungs=[Rung("LETTER")], caller="AUTHOR", by=head)
        assert policies.ladder_for(school.pk, "INFO").is_own
        assert policies.ladder_for(make.make_school().pk, "INFO").position("LETTER") == 3, "only this school's"
        assert AuditEntry.objects.get(verb="changed the ladder").detail["kind"] == "INFO"
        reset_ladder(school=school, kind="INFO", by=head)
        assert policies.ladder_for(school.pk, "INFO") == policies.default_ladder("INFO")
        assert AuditEntry.objects.filter(verb="gave up its own ladder").count() == 1

    @pytest.mark.parametrize(
        "steps",
        [
            [],
            [Rung("EMAIL", 3), Rung("EMAIL", 3), Rung("CALL")],
            [Rung("CALL"), Rung("EMAIL")],
            [Rung("EMAIL", 0), Rung("CALL")],
            [Rung("EMAIL", 21), Rung("CALL")],
            [Rung("EMAIL", 30, MINUTES), Rung("CALL")],
        ],
    )
    def test_what_cannot_work_is_refused_in_a_sentence(self, steps: list[Rung]) -> None:
        with pytest.raises(ValidationError) as refusal:
            ladder(make.make_school(), *steps)
        assert all(sentence.endswith(".") or ": " in sentence for sentence in refusal.value.messages)
        assert not LadderPolicy.objects.exists()

    def test_urgent_notices_may_wait_in_minutes(self) -> None:
        ladder(make.make_school(), Rung("SMS", 15, MINUTES), Rung("CALL"), kind="DRINGEND")

    def test_the_usual_ladders_are_in_order_themselves(self) -> None:
        for kind in NoticeKind.values:
            policies.check(kind, policies.default_ladder(kind).rungs)

    def test_it_is_told_in_plain_words(self) -> None:
        words = policies.default_ladder("DRINGEND").in_words()
        assert len(words) == 3
        assert "30" in words[1]


#: What the portal did before ladders were data, written as a rule for one guardian.
_FIXED = {"EMAIL": 1, "SMS": 2, "LETTER": 3, "CALL": 4}


def as_it_was(guardian: Guardian, has: dict[str, bool], refused: set[str], tried: int) -> str:
    """The way of the constants: e-mail, text message, letter, call; one only climbs."""
    possible = [way for way in ("EMAIL", "SMS", "LETTER") if has[way] and way not in refused and tried < _FIXED[way]]
    if guardian.reading_mode == ReadingMode.ORAL_ONLY or guardian.contact_language == "rif":
        return "CALL"
    if guardian.preferred_channel == "CALL":
        return "CALL"
    if guardian.preferred_channel in possible:
        return guardian.preferred_channel
    return possible[0] if possible else "CALL"


@pytest.mark.parametrize("climbing", [False, True])
def test_the_usual_ladder_is_what_the_constants_were(climbing: bool) -> None:
    """400 parents with everything mixed; when climbing those without a wish, whose wish now goes before the ladder."""
    dice = Random(20270118 + climbing)
    school_class = make.make_class()
    make.make_family(school_class)
    notice = publish(make.make_notice(school_class))
    expected = {}
    for number in range(400):
        pupil = make.make_pupil(school_class)
        notice.notice_pupils.create(pupil=pupil, school_class=school_class)
        home = dice.choice([None, make.make_household()])
        guardian = make.make_guardian(
            [pupil],
            dice.choice(["nl", "tr", "pa", "rif"]),
            household=home,
            reading_mode=dice.choice(["TEXT", "EASY_TEXT", "ORAL_ONLY"]),
            preferred_channel="" if climbing else dice.choice(["", "EMAIL", "SMS", "LETTER", "CALL"]),
        )
        has = {"EMAIL": dice.random() < 0.6, "SMS": dice.random() < 0.6, "LETTER": home is not None}
        if has["EMAIL"]:
            make.make_point(f"o{number}@post.example", guardian)
        if has["SMS"]:
            make.make_point(f"+3247{number:07d}", guardian)
        refused = {way for way in ("EMAIL", "SMS", "LETTER") if dice.random() < 0.2}
        for way in refused:
            other = dice.choice(["", "appointment"])
            OptOut.objects.create(guardian=guardian, channel=way, category=other, since=clock.now())
        tried = dice.choice([1, 2, 3, 4]) if climbing else 0
        for way in [way for way, place in _FIXED.items() if place <= tried]:
            Delivery.objects.create(
                notice=notice,
                guardian=guardian,
                channel=way,
                language="nl",
                created_at=clock.now(),
                due_at=clock.now() + timedelta(days=9),
            )
        if tried < 4:
            expected[guardian.pk] = as_it_was(guardian, has, refused, tried)
    people = audience.guardians_of(notice)
    sql, params = chosen(notice, people, audience.sendable_languages(notice), climbing=climbing)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} SELECT id, channel FROM chosen", params)
        found = dict(cursor.fetchall())
    assert {pk: found.get(pk) for pk in expected} == expected
    assert len(set(expected.values())) == (3 if climbing else 4)


def test_opening_stops_an_urgent_one_too() -> None:
    to_one_family(slug="urgent-early-closing")
    leave()
    minutes_ago(60)
    mark_opened(Delivery.objects.get())
    assert outbox.climb_urgent() == 0
