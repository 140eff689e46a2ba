"""My week: a sentence for each thing that waits, from the rows this account may see."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from messaging.models import Answer, NoticeText, TextState, Thread
from parents.models import ConferenceRound, ConferenceSlot, ContactMoment, Family, FollowUp, SlotStatus
from reports.week import silent_month, week_of
from schools.models import Assignment, Role, User
from tests.reports.test_reach import delivery, notice
from tests.reports.world import TODAY, World, at, guardian_of, pupils_of, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may")]


def teacher_of(world: World, place: int = 0) -> User:
    return world.user("teacher", Role.TEACHER, school=world.schools[place], school_class=world.classes[place])


def test_silence_is_counted_since_the_month_before_the_last() -> None:
    assert silent_month(date(2026, 5, 15)) == date(2026, 3, 1)
    assert silent_month(date(2026, 1, 31)) == date(2025, 11, 1)


def test_months_without_school_are_no_silence() -> None:
    assert silent_month(date(2026, 7, 5)) == date(2026, 5, 1)
    for day in (date(2026, 8, 20), date(2026, 9, 1), date(2026, 9, 30)):
        assert silent_month(day) == date(2026, 5, 1)
    assert silent_month(date(2026, 10, 1)) == date(2026, 6, 1)
    assert silent_month(date(2026, 11, 2)) == date(2026, 9, 1)


def test_a_teacher_sees_how_many_families_of_the_own_class_nobody_spoke_with() -> None:
    world = World(pilots=2)
    spoken, long_ago, _never = (world.family(world.classes[0]) for _ in range(3))
    world.family(world.classes[1])
    world.talk(spoken, world.schools[0], date(2026, 3, 1))
    world.talk(long_ago, world.schools[0], date(2026, 2, 27))
    (silent,) = week_of(teacher_of(world)).silent
    assert (silent.class_id, silent.n, silent.N) == (world.classes[0].pk, 2, 3)
    page = signed_in(teacher_of(world)).get(reverse("my_week")).content.decode()
    assert reverse("class_detail", args=[world.classes[0].pk]) in page
    assert reverse("not_reached") not in page


def test_who_leads_two_schools_reads_of_which_one_a_class_is() -> None:
    """Each has a 1A."""
    world = World(pilots=2)
    head = world.user("head", Role.HEAD, school=world.schools[0])
    for room in world.classes[:2]:
        world.family(room)
    names = [school.name for school in world.schools[:2]]

    def places() -> list[str]:
        page = signed_in(User.objects.get(pk=head.pk)).get(reverse("my_week")).content.decode()
        return [name for name in names if name in page.partition('id="week-silent"')[2]]

    assert places() == []
    Assignment.objects.create(user=head, role=Role.HEAD, school=world.schools[1], starts_on=TODAY)
    assert places() == names


def test_in_summer_nobody_is_asked_to_speak_with_families(settings: Any) -> None:
    world = World(pilots=1)
    world.family(world.classes[0])
    teacher = teacher_of(world)
    assert week_of(teacher).silent
    settings.DEMO_TODAY = date(2026, 7, 6)
    assert week_of(teacher).silent == []
    page = strip_tags(signed_in(teacher).get(reverse("my_week")).content.decode())
    assert "niet gesproken sinds" not in page
    assert "Het is zomer" in page
    assert "elk gezin" not in page, "nor praised for it"


def test_a_quiet_week_does_not_say_that_every_question_was_answered(settings: Any) -> None:
    """A director of a CLB reads the questions that wait for a school; they wait for a colleague there."""
    world, asked = World(pilots=1), date(2026, 7, 2)
    school, family = world.schools[0], world.family(world.classes[0])
    Thread.objects.create(
        school=school, family=family, guardian=guardian_of(family), pupil=pupils_of(family)[0],
        asked_at=at(asked), asked_on=asked, waits_on=asked, assigned_to=teacher_of(world),
    )  # fmt: skip
    director = world.user("director", Role.CLB_DIRECTOR, clb_centre=school.clb)
    settings.DEMO_TODAY = date(2026, 7, 6)
    browser = signed_in(director)
    assert "1 vraag wacht op een antwoord" in strip_tags(browser.get(reverse("thread_list")).content.decode())
    page = strip_tags(browser.get(reverse("my_week")).content.decode())
    assert "er wacht geen vraag op jou" in page
    assert "elke vraag" not in page


def test_answers_questions_and_agreements_wait_on_the_page() -> None:
    world = World(pilots=1)
    teacher = teacher_of(world)
    family = world.family(world.classes[0])
    sent = notice(world, family, day=TODAY - timedelta(days=3))
    sent.author = teacher
    sent.answers = [{"key": "ja", "labels": {"nl": "Ik kom"}}]
    sent.save()
    NoticeText.objects.create(
        notice=sent, language="nl", title="Oudercontact", subject="x", body="x", sms="x", state=TextState.MASTER
    )
    guardian = delivery(sent, family).guardian
    Answer.objects.create(notice=sent, guardian=guardian, key="ja", answered_at=at(TODAY - timedelta(days=1)))
    asked = TODAY - timedelta(days=7)
    Thread.objects.create(
        school=world.schools[0], family=family, guardian=guardian_of(family), pupil=pupils_of(family)[0],
        asked_at=at(asked), asked_on=asked, waits_on=asked,
    )  # fmt: skip
    task = FollowUp.objects.create(
        school=world.schools[0], family=family, what="Tolk bellen", owner=teacher, due_on=TODAY, created_at=at(asked)
    )
    evening = ConferenceRound.objects.create(
        school=world.schools[0], name="Mei", held_on=TODAY + timedelta(days=4), catch_up_until=TODAY
    )
    ConferenceSlot.objects.create(
        round=evening, pupil=pupils_of(family)[0], school_class=world.classes[0], family=family,
        starts_at=at(TODAY + timedelta(days=4)), status=SlotStatus.BOOKED,
    )  # fmt: skip
    week = week_of(teacher)
    assert [(group.title, group.answers) for group in week.answers] == [("Oudercontact", [("Ik kom", 1)])]
    assert [question.school_days for question in week.questions] == [5]
    assert week.tasks == [task]
    assert len(week.meetings) == 1
    page = signed_in(teacher).get(reverse("my_week")).content.decode()
    for words in ("Oudercontact", "Ik kom", "Tolk bellen", reverse("follow_up_done", args=[task.pk])):
        assert words in page
    assert "Gedaan Tolk bellen" in strip_tags(page), "each button says which one it is to who hears the page"
    assert "wacht 5 schooldagen" in page


def test_a_question_of_today_does_not_wait_yet() -> None:
    world = World(pilots=1)
    teacher = teacher_of(world)
    family = world.family(world.classes[0])
    Thread.objects.create(
        school=world.schools[0], family=family, guardian=guardian_of(family), pupil=pupils_of(family)[0],
        asked_at=at(TODAY), asked_on=TODAY, waits_on=TODAY,
    )  # fmt: skip
    page = strip_tags(signed_in(teacher).get(reverse("my_week")).content.decode())
    assert "Vragen zonder antwoord" in page
    assert "schooldag" not in page


def test_a_week_without_anything_says_so_and_an_ended_assignment_opens_nothing() -> None:
    world = World(pilots=1)
    teacher = teacher_of(world)
    assert week_of(teacher).is_quiet
    assert signed_in(teacher).get(reverse("my_week")).status_code == 200
    teacher.assignments.update(ends_on=date(2026, 1, 1))
    assert signed_in(teacher).get(reverse("my_week")).status_code == 403


def test_the_page_asks_the_same_of_a_small_and_of_a_large_school() -> None:
    world = World(pilots=1)
    head = world.user("head", Role.HEAD, school=world.schools[0])
    client = signed_in(head)
    counts = []
    for _ in range(2):
        for _ in range(6):
            family = world.family(world.school_class(world.schools[0]))
            FollowUp.objects.create(
                school=world.schools[0], family=family, what="x", owner=head, due_on=TODAY, created_at=at(TODAY)
            )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("my_week")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 27


def timed(world: World, writer: User, seconds: int | None, place: int = 0, day: date = TODAY) -> None:
    moment = world.talk(Family.objects.get(), world.schools[place], day, seconds_to_log=seconds)
    ContactMoment.objects.filter(pk=moment.pk).update(recorded_by=writer)


def test_what_noting_a_talk_costs_is_told_of_five_colleagues_or_more_and_never_of_one() -> None:
    world = World(pilots=2)
    teacher = teacher_of(world)
    world.family(world.classes[0])
    colleagues = [world.user("colleague") for _ in range(5)]
    for place, colleague in enumerate(colleagues[:4]):
        timed(world, colleague, 10 + place)
    timed(world, colleagues[0], 900)
    timed(world, colleagues[4], 20, place=1)
    timed(world, colleagues[4], 20, day=TODAY - timedelta(days=100))
    timed(world, colleagues[4], None)
    assert week_of(teacher).logging is None, "four of this school measured something in these months"
    timed(world, colleagues[4], 14)
    assert week_of(teacher).logging == (13, 6), "twelve and a half"
    assert week_of(world.joint_worker()).logging == (13, 7)
    page = signed_in(teacher).get(reverse("my_week")).content.decode()
    assert "Een contactmoment noteren kost 13 seconden: de mediaan van 6 contactmomenten" in page
    assert "900" not in page
