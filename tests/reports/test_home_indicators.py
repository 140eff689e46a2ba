"""Notices to both homes and in plain Dutch, visits that took place, teachers who spoke: by hand, and recounted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from messaging.models import (
    Channel,
    Delivery,
    DeliveryStatus,
    Notice,
    NoticeKind,
    NoticePupil,
    NoticeStatus,
    TranslationReason,
)
from messaging.models.notices import AudienceKind
from parents.models import (
    ContactKind,
    Family,
    FamilyMembership,
    Guardian,
    Guardianship,
    Household,
    MomentStatus,
    Outcome,
)
from parents.models.families import language_group
from reports.contact_queries import NO_PARTNER
from reports.disclosure import Cell
from reports.figures import FigureScope, compute
from schools import clock
from schools.models import Assignment, Enrolment, Role, School, User
from tests.reports.recount import PERIOD, count, recount
from tests.reports.world import FIRST, World, at, guardian_of, pupils_of

pytestmark = pytest.mark.django_db

DAY = date(2025, 10, 6)


def notice_about(world: World, family: Family, school: School, **facts: Any) -> Notice:
    notice = Notice.objects.create(
        school=school, author=world.writer, kind=NoticeKind.INFO, status=NoticeStatus.PUBLISHED,
        audience=AudienceKind.PUPILS, translation_reason=TranslationReason.INTEGRATION, created_at=at(DAY),
        published_at=at(DAY), **facts,
    )  # fmt: skip
    NoticePupil.objects.create(notice=notice, pupil=pupils_of(family)[0])
    return notice


def second_parent(family: Family, home: Household | None, **rights: Any) -> Guardian:
    person = Guardian.objects.create(first_name="Tweede", household=home)
    Guardianship.objects.create(pupil=pupils_of(family)[0], guardian=person, starts_on=FIRST, **rights)
    return person


def hand_over(notice: Notice, *guardians: Guardian, channel: str = Channel.EMAIL) -> None:
    for guardian in guardians:
        Delivery.objects.create(
            notice=notice, guardian=guardian, channel=channel, status=DeliveryStatus.SENT, language="nl",
            created_at=at(DAY), sent_at=at(DAY),
        )  # fmt: skip


def test_both_homes_worked_out_by_hand() -> None:
    world = World(pilots=1)
    room = world.classes[0]
    here, there = (Household.objects.create(street=f"Weg {n}", postcode="3800", city="X") for n in (1, 2))

    def apart(other: Household | None, told: str, **rights: Any) -> None:
        family = world.family(room)
        first = guardian_of(family)
        Guardian.objects.filter(pk=first.pk).update(household=here)
        second = second_parent(family, other, **rights)
        notice = notice_about(world, family, room.school)
        hand_over(notice, *[{"1": first, "2": second}[key] for key in told])

    apart(there, "12")
    apart(there, "1")
    apart(there, "")
    apart(here, "1")  # one home
    apart(there, "1", information_right=False)
    apart(there, "1", ends_on=DAY - timedelta(days=1))
    apart(None, "12")  # nobody can tell
    figure = compute("I08", FigureScope(project=world.project), PERIOD)
    assert figure.total == Cell(1, 3)
    assert figure.also["address_unknown"] == Cell(1, 4)
    Delivery.objects.filter(notice=Notice.objects.order_by("pk")[0], guardian__first_name="Tweede").update(
        channel=Channel.LETTER
    )
    assert compute("I08", FigureScope(project=world.project), PERIOD).total == Cell(0, 3)


def test_both_homes(fuller: World) -> None:
    plain, told, unknown = recount(fuller), [], 0
    recipients = plain.recipients()
    for row in NoticePupil.objects.select_related("notice"):
        published = row.notice.published_at
        if not published or not plain._is_ours(row.notice, clock.local_date(published)):
            continue
        day = clock.local_date(published)
        people = [
            one.guardian
            for one in Guardianship.objects.filter(pupil_id=row.pupil_id).select_related("guardian")
            if one.information_right and one.starts_on <= day <= (one.ends_on or day)
        ]
        homes = {one.household_id for one in people} - {None}
        reached = {one.household_id for one in people if (row.notice_id, one.pk) in recipients} - {None}
        if len(homes) > 1:
            told.append(homes == reached)
        elif len({one.pk for one in people}) > 1 and None in {one.household_id for one in people}:
            unknown += 1
    figure = count("I08", fuller)
    assert figure.total == Cell(sum(told), len(told))
    assert figure.also["address_unknown"] == Cell(unknown, len(told) + unknown)
    assert 0 < sum(told) < len(told)
    assert unknown
    assert sum(cell.N or 0 for cell in count("I08", fuller, "school").rows.values()) == len(told)
    assert sum(cell.n for _, cell in figure.months) == sum(told)


def test_plain_dutch_worked_out_by_hand() -> None:
    world = World(pilots=1)
    family = world.family(world.classes[0])
    for found in (0, 0, 3, None):
        notice_about(world, family, world.schools[0], plain_findings=found)
    figure = compute("I16", FigureScope(project=world.project), PERIOD)
    assert figure.total == Cell(2, 3)
    assert figure.also["not_checked"] == Cell(1, 4)


def test_plain_dutch(fuller: World) -> None:
    plain = recount(fuller)
    sent = [
        row
        for row in Notice.objects.all()
        if row.published_at and plain._is_ours(row, clock.local_date(row.published_at))
    ]
    checked = [row.plain_findings for row in sent if row.plain_findings is not None]
    figure = count("I16", fuller)
    assert figure.total == Cell(checked.count(0), len(checked))
    assert figure.also["not_checked"] == Cell(len(sent) - len(checked), len(sent))


def test_home_visits_worked_out_by_hand() -> None:
    world = World(pilots=1)
    family = world.family(world.classes[0])
    for status in (*[MomentStatus.HELD] * 3, *MomentStatus.values):
        world.talk(family, world.schools[0], DAY, kind=ContactKind.HOME_VISIT, status=status)
    world.talk(family, world.schools[0], DAY, status=MomentStatus.NO_SHOW)
    figure = compute("I10", FigureScope(project=world.project), PERIOD)
    assert figure.total == Cell(4, 8)
    beside = {name: cell.n for name, cell in figure.also.items()}
    assert beside == {"not_at_home": 2, "cancelled_family": 1, "cancelled_school": 1}


def test_home_visits(fuller: World) -> None:
    plain = recount(fuller)
    in_vain = {"NO_SHOW", "NOT_REACHED", "CANCELLED_FAMILY", "CANCELLED_SCHOOL"}
    among: Any = lambda m: m.kind == "HOME_VISIT" and (m.status == "HELD" or m.status in in_vain)  # noqa: E731
    figure = count("I10", fuller)
    assert figure.total == plain.contacts(among, lambda m: m.status == "HELD")
    assert sum(cell.n for cell in figure.also.values()) == (figure.total.N or 0) - figure.total.n


def test_referrals_worked_out_by_hand() -> None:
    world = World(pilots=1)
    family = world.family(world.classes[0])
    for arrived in (True, True, False, None):
        world.talk(family, world.schools[0], DAY, kind=ContactKind.REFERRAL, arrived=arrived)
    world.talk(family, world.schools[0], DAY, outcome=Outcome.REFERRED, arrived=True)
    world.talk(family, world.schools[0], DAY, kind=ContactKind.REFERRAL, status=MomentStatus.NO_SHOW, arrived=False)
    world.talk(family, world.schools[0], DAY, arrived=True)  # no referral
    figure = compute("I28", FigureScope(project=world.project), PERIOD)
    assert figure.total == Cell(3, 5)
    assert {name: cell.n for name, cell in figure.also.items()} == {"not_arrived": 1, "arrival_unknown": 1}


def test_referrals(fuller: World) -> None:
    plain = recount(fuller)
    referred: Any = lambda m: m.is_reach and (m.kind == "REFERRAL" or m.outcome == "REFERRED")  # noqa: E731
    figure = count("I28", fuller)
    assert figure.total == plain.contacts(referred, lambda m: m.arrived is True)
    assert figure.also["arrival_unknown"] == plain.contacts(referred, lambda m: m.arrived is None)
    assert 0 < figure.total.n < (figure.total.N or 0)
    by_partner = count("I28", fuller, "partner").rows
    for name in ("De Leeshoek", "Huis van het Kind", NO_PARTNER):
        theirs: Any = lambda m, name=name: referred(m) and (m.partner.name if m.partner else NO_PARTNER) == name  # noqa: E731
        assert by_partner[name] == plain.contacts(theirs, lambda m: m.arrived is True)


def test_teachers_worked_out_by_hand() -> None:
    world = World(pilots=1)
    school = world.schools[0]
    rooms = [world.classes[0], *(world.school_class(school) for _ in range(4))]

    def teacher(room: Any, **days: Any) -> User:
        user = world.user("teacher")
        values = {"role": Role.TEACHER, "school": school, "starts_on": FIRST, **days}
        Assignment.objects.create(user=user, school_class=room, **values)
        return user

    spoke, was_silent, met, without, left = (teacher(room) for room in rooms)
    languages = ("ar", "ar", "pa", "", "ar")
    families = [world.family(room, language=code) for room, code in zip(rooms, languages, strict=True)]
    world.talk(families[0], school, recorded_by=spoke)
    world.talk(families[0], school, recorded_by=was_silent)  # of another class
    world.talk(families[1], school)  # written down by somebody else
    world.talk(families[2], school, recorded_by=met, kind=ContactKind.CONFERENCE)
    world.talk(families[3], school, recorded_by=without)
    Assignment.objects.filter(user=left).update(ends_on=FIRST + timedelta(days=1))
    figure = compute("I21", FigureScope(project=world.project), PERIOD)
    assert figure.total == Cell(1, 3)


def test_teachers(fuller: World) -> None:
    plain = recount(fuller)
    ours = {school.pk for school in fuller.schools}
    others = {family.pk for family in Family.objects.all() if language_group(family.home_language) == "other"}
    found: dict[int, bool] = {}
    for post in Assignment.objects.filter(role=Role.TEACHER):
        ends_on = post.ends_on or PERIOD.last
        if post.school_id not in ours or post.starts_on > PERIOD.last or ends_on < PERIOD.first:
            continue
        pupils = {
            row.pupil_id
            for row in Enrolment.objects.filter(school_class_id=post.school_class_id)
            if row.starts_on <= PERIOD.last and (row.ends_on or PERIOD.last) >= PERIOD.first
        }
        families = {row.family_id for row in FamilyMembership.objects.filter(pupil_id__in=pupils)} & others
        if not families:
            continue
        talks = [
            moment
            for moment in plain.moments
            if moment.recorded_by_id == post.user_id and moment.school_id == post.school_id and moment.is_two_way
            and moment.family_id in families and moment.kind != "CONFERENCE"
        ]  # fmt: skip
        found[post.user_id] = found.get(post.user_id, False) or bool(talks)
    assert count("I21", fuller).total == Cell(sum(found.values()), len(found))
    assert any(found.values())
