"""The demo world keeps what it promises: its size, its shape, and nobody in it is real."""

from __future__ import annotations

import re
from datetime import date
from statistics import median

import pytest

from ingroeibloei.demo.threads import CLOSED_AFTER
from ingroeibloei.demo.world import World, moment_of
from messaging.inbox import school_days_waited
from messaging.models import Thread
from parents.models import (
    ConferenceRound,
    ConferenceSlot,
    ContactMoment,
    ContactPoint,
    Family,
    Gathering,
    GatheringSignUp,
    Guardian,
    Household,
    SlotStatus,
)
from parents.models.kinds import ContactKind, InterpreterMode, InterpreterNeed
from reports.figures import FigureScope, Period, compute
from reports.indicators import INDICATORS
from schools.models import (
    Assignment,
    CLBCentre,
    Enrolment,
    Holiday,
    Participation,
    ParticipationRole,
    Pupil,
    School,
    SchoolClass,
    User,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_the_town_has_six_pilot_schools_two_comparison_schools_and_two_centres() -> None:
    roles = list(Participation.objects.current().values_list("role", flat=True))
    assert School.objects.count() == 8
    assert roles.count(ParticipationRole.PILOT) == 6
    assert roles.count(ParticipationRole.COMPARISON) == 2
    assert set(CLBCentre.objects.values_list("name", flat=True)) == {"VCLB Haspengouw", "CLB GO! Haspengouw"}


def test_the_town_is_as_large_as_described() -> None:
    assert 1_060 <= Enrolment.objects.current().count() <= 1_140
    assert 830 <= Family.objects.count() <= 880
    assert len(set(Guardian.objects.values_list("contact_language", flat=True))) >= 12
    assert Family.objects.filter(home_language="").exists()


def test_no_two_children_of_a_family_bear_one_name(world: World) -> None:
    for home in world.homes:
        called = [seat.pupil.first_name for seat in home.seats]
        assert len(set(called)) == len(called), called


def test_every_class_has_one_teacher_today(world: World) -> None:
    teachers = Assignment.objects.current().filter(role="TEACHER").values_list("school_class_id", flat=True)
    assert sorted(teachers) == sorted(SchoolClass.objects.values_list("pk", flat=True))
    assert not Assignment.objects.current().filter(user=world.cast["oud-collega"]).exists()


def test_the_joint_worker_may_finish_the_report_two_weeks_after_june(world: World) -> None:
    post = Assignment.objects.get(user=world.cast["gezamenlijke"])
    assert post.ends_on == date(2027, 7, 14)
    assert sorted(world.project.shares.values_list("share", flat=True)) == [50, 50]


def test_numbers_and_addresses_belong_to_nobody() -> None:
    assert all(
        re.fullmatch(r"999\d{3}", number) for number in School.objects.values_list("institution_number", flat=True)
    )
    addresses = [
        *User.objects.values_list("email", flat=True),
        *School.objects.values_list("email", flat=True),
        *CLBCentre.objects.values_list("email", flat=True),
        *ContactPoint.objects.filter(kind="EMAIL").values_list("value", flat=True),
    ]
    assert all(address.endswith(".example") for address in addresses)
    mobiles = ContactPoint.objects.filter(kind="PHONE").values_list("value", flat=True)
    assert all(re.fullmatch(r"\+3247000\d{4}", number) for number in mobiles)
    landlines = [*School.objects.values_list("phone", flat=True), *CLBCentre.objects.values_list("phone", flat=True)]
    assert all(re.fullmatch(r"\+321100\d{4}", number) for number in landlines)
    assert set(Household.objects.values_list("postcode", flat=True)) <= {"3800", "3803"}


def test_sikh_sons_are_singh_and_daughters_kaur() -> None:
    pupils = Pupil.objects.filter(last_name__in=["Singh", "Kaur"])
    assert pupils.count() > 40
    assert set(Guardian.objects.filter(contact_language="pa").values_list("last_name", flat=True)) == {"Singh", "Kaur"}


def test_some_people_have_a_single_name() -> None:
    assert Guardian.objects.filter(last_name="", contact_language__in=["ps", "prs"]).exists()
    assert Pupil.objects.filter(last_name="").exists()


def test_no_contact_lies_in_the_future_in_a_weekend_or_on_a_free_day(world: World) -> None:
    for school in School.objects.all():
        calendar = Holiday.objects.calendar(school)
        days = set(ContactMoment.objects.filter(school=school).values_list("held_on", flat=True))
        assert days
        assert all(calendar.is_school_day(day) and day <= world.today for day in days)


def test_contacts_are_with_children_of_the_family_who_were_at_the_school_that_day() -> None:
    through = ContactMoment.pupils.through
    rows = through.objects.values_list("pupil_id", "contactmoment__school_id", "contactmoment__held_on")
    enrolled = {(row.pupil_id, row.school_id): row for row in Enrolment.objects.all()}
    assert all(enrolled[pupil, school].includes(day) for pupil, school, day in rows)


def test_what_follows_from_a_moment_is_stored_right() -> None:
    for row in ContactMoment.objects.all().iterator():
        stored = (row.is_reach, row.is_two_way, row.held_month)
        row.derive()
        assert stored == (row.is_reach, row.is_two_way, row.held_month)


def share_spoken_with(role: str) -> float:
    schools = Participation.objects.filter(role=role).values("school_id")
    pupils = Enrolment.objects.filter(school_id__in=schools).values("pupil_id")
    families = Family.objects.filter(memberships__pupil_id__in=pupils).distinct()
    spoken = ContactMoment.objects.filter(is_two_way=True).values("family_id")
    return families.filter(pk__in=spoken).count() / families.count()


def test_pilot_schools_speak_with_more_families() -> None:
    assert 0.55 <= share_spoken_with("PILOT") <= 0.65
    assert 0.35 <= share_spoken_with("COMPARISON") <= 0.48


def attendance(name: str, *, dutch: bool) -> float:
    slots = ConferenceSlot.objects.filter(round__name=name, round__school__participations__role="PILOT")
    slots = slots.filter(family__home_language="nl") if dutch else slots.exclude(family__home_language="nl")
    return slots.filter(status=SlotStatus.HELD).count() / slots.count()


def test_in_march_the_gap_between_languages_is_smaller_than_in_november() -> None:
    autumn = attendance("Oudercontact november", dutch=True) - attendance("Oudercontact november", dutch=False)
    spring = attendance("Oudercontact maart", dutch=True) - attendance("Oudercontact maart", dutch=False)
    assert autumn > spring > 0.05


def test_the_joint_workers_year_is_as_one_of_her_colleagues_counted(world: World) -> None:
    hers = ContactMoment.objects.filter(recorded_by=world.cast["gezamenlijke"], is_two_way=True)
    visits = hers.filter(kind=ContactKind.HOME_VISIT).count()
    assert 95 <= hers.values("family_id").distinct().count() <= 115
    assert 40 <= visits <= 55
    assert 180 <= hers.count() - visits <= 225


def test_interpreters_are_asked_and_children_interpret_seldom() -> None:
    needed = ContactMoment.objects.filter(interpreter_need=InterpreterNeed.YES, is_reach=True)
    by_children = needed.filter(interpreter_mode=InterpreterMode.CHILD).count()
    assert needed.count() > 150
    assert 0 < by_children < needed.count() * 0.08


def test_schools_answer_questions_in_about_two_school_days() -> None:
    calendar = Holiday.objects.calendar()
    answered = Thread.objects.filter(first_reply_on__isnull=False).values_list("asked_on", "first_reply_on")
    waits = [calendar.school_days_between(asked, replied) for asked, replied in answered if replied]
    assert 1 <= median(waits) <= 3
    waiting = list(Thread.objects.waiting())
    assert waiting
    assert max(school_days_waited(waiting).values()) <= CLOSED_AFTER, "and nobody is left without a word for months"


def test_gatherings_to_come_are_announced_to_be_signed_up_for(world: World) -> None:
    coming = Gathering.objects.filter(cancelled_at=None, starts_at__gte=moment_of(world.today, 8))
    assert coming.count() >= 4
    assert coming.filter(partner__name="Bibliotheek De Leidraad").count() == 2
    full = coming.get(title="Voorlezen in vele talen")
    assert (full.sign_ups.coming().people(), full.sign_ups.waiting().count()) == (full.places, 2)
    mother = world.home("moeder").contact
    assert not GatheringSignUp.objects.filter(guardian=mother).exists(), "she can still sign up"


def test_of_gatherings_that_were_somebody_wrote_down_who_came(world: World) -> None:
    over = Gathering.objects.filter(starts_at__lt=moment_of(world.today, 0))
    assert over.exists()
    assert not over.filter(attended_at__isnull=True).exists()
    for row in over.filter(counted_only__isnull=False):
        assert (row.counted_only or 0) >= row.attendances.count()


def test_every_indicator_has_something_to_count(world: World) -> None:
    scope, period = FigureScope(project=world.project), Period.of_whole_months(world.project, world.today)
    assert [code for code in INDICATORS if not compute(code, scope, period).total.N] == []


def test_a_parents_evening_that_is_over_looks_as_those_of_schools_do() -> None:
    """Made by a school a round has teachers with times; without them the portal shows none."""
    for conference in ConferenceRound.objects.all():
        assert conference.books_until is not None
        assert conference.hosts.exists()
    slots = ConferenceSlot.objects.select_related("hour", "contact_moment")
    assert set(slots.values_list("status", flat=True)) == set(SlotStatus) - {SlotStatus.CANCELLED}
    for slot in slots.exclude(status__in=[SlotStatus.OFFERED, SlotStatus.CAUGHT_UP]):
        assert slot.hour is not None
        assert (slot.hour.starts_at, slot.way) == (slot.starts_at, "SCHOOL")
    missed = slots.filter(status=SlotStatus.NO_SHOW)
    assert missed.exists()
    assert all(slot.contact_moment and slot.contact_moment.status == "NO_SHOW" for slot in missed)
    assert not missed.exclude(follow_ups__kind="MEETING").exists()
