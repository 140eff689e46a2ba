"""The random world with what the later indicators ask for: parents who live apart, teachers who write talks down, group
moments with and without a list, and notices that were checked."""

from __future__ import annotations

import random
from datetime import timedelta

from messaging.models import Channel, Delivery, DeliveryStatus, Notice, NoticeKind, NoticePupil, NoticeStatus
from messaging.models.notices import AudienceKind
from parents.models import (
    Attendance,
    ContactKind,
    ContactMoment,
    Family,
    FamilyMembership,
    Gathering,
    Guardian,
    Guardianship,
    Household,
    Outcome,
    Purpose,
)
from schools.models import Assignment, Partner, Role, User
from tests.reports.random_world import random_world, some_day
from tests.reports.world import FIRST, World, at, guardian_of, pupils_of


def fuller_world(seed: int) -> World:
    world, chance = random_world(seed), random.Random(1000 + seed)
    _add_second_homes(world, chance)
    _add_teachers_and_ends(world, chance)
    _add_gatherings(world, chance)
    for notice in Notice.objects.order_by("pk"):
        Notice.objects.filter(pk=notice.pk).update(plain_findings=chance.choice([None, 0, 0, 1, 4]))
    partners = [Partner.objects.create(name=name) for name in ("De Leeshoek", "Huis van het Kind")]
    for moment in ContactMoment.objects.order_by("pk"):
        ContactMoment.objects.filter(pk=moment.pk).update(partner=chance.choice([None, *partners]))
    return world


def _add_second_homes(world: World, chance: random.Random) -> None:
    """Some families get a second parent, at another address, the same one or an unknown one; some a third."""
    for number, family in enumerate(Family.objects.order_by("pk")):
        first = guardian_of(family)
        homes = [Household.objects.create(street=f"Weg {number}x{place}") for place in (1, 2)]
        first.household = chance.choice([*homes[:1] * 4, None])
        first.save()
        people = [first]
        for place in range(chance.choice([0, 1, 1, 1, 1, 2])):
            person = Guardian.objects.create(
                first_name=f"Tweede{number}x{place}", household=chance.choice([homes[0], *[homes[1]] * 4, None])
            )
            people.append(person)
            for row in FamilyMembership.objects.filter(family=family):
                starts_on = chance.choice([FIRST, FIRST, FIRST, some_day(chance)])
                Guardianship.objects.create(
                    pupil=row.pupil, guardian=person, starts_on=starts_on, information_right=chance.random() < 0.85,
                    ends_on=chance.choice([None, None, None, starts_on + timedelta(days=chance.randrange(30, 250))]),
                )  # fmt: skip
        _add_letters(world, chance, family, people)


def _add_letters(world: World, chance: random.Random, family: Family, people: list[Guardian]) -> None:
    """Notices about one of the children, handed over to most of its parents."""
    for _ in range(3):
        moment, child = at(some_day(chance)), chance.choice(pupils_of(family))
        notice = Notice.objects.create(
            school=chance.choice(world.schools), author=world.writer, kind=NoticeKind.INFO, created_at=moment,
            published_at=moment, status=NoticeStatus.PUBLISHED, audience=AudienceKind.PUPILS,
        )  # fmt: skip
        NoticePupil.objects.create(notice=notice, pupil=child)
        for person in people:
            if chance.random() < 0.8:
                Delivery.objects.create(
                    notice=notice, guardian=person, channel=chance.choice([Channel.EMAIL, Channel.LETTER]),
                    status=chance.choice([DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.DELIVERED]),
                    language="nl", created_at=moment, sent_at=moment,
                )  # fmt: skip


def _add_teachers_and_ends(world: World, chance: random.Random) -> None:
    teachers: dict[int, list[User]] = {}
    for number, room in enumerate(world.classes * 3):
        teacher = world.user(f"teacher{number}")
        starts_on = chance.choice([FIRST, some_day(chance)])
        Assignment.objects.create(
            user=teacher, role=Role.TEACHER, school=room.school, school_class=room, starts_on=starts_on,
            ends_on=chance.choice([None, starts_on + timedelta(days=30)]),
        )  # fmt: skip
        teachers.setdefault(room.school_id, []).append(teacher)
    for moment in ContactMoment.objects.order_by("pk"):
        outcome = chance.choice([moment.outcome, moment.outcome, Outcome.REFERRED])
        known = chance.choice([None, True, True, False])
        ContactMoment.objects.filter(pk=moment.pk).update(arrived=known, outcome=outcome)
        if moment.school_id in teachers and chance.random() < 0.7:
            ContactMoment.objects.filter(pk=moment.pk).update(recorded_by=chance.choice(teachers[moment.school_id]))


def _add_gatherings(world: World, chance: random.Random) -> None:
    families = list(Family.objects.order_by("pk"))
    for number in range(6):
        school, day = world.schools[number % 2], some_day(chance)
        kind = chance.choice([ContactKind.COFFEE_MOMENT, ContactKind.READING, ContactKind.PARTICIPATION])
        gathering = Gathering.objects.create(school=school, kind=kind, title="Samen", place="Refter", starts_at=at(day))
        for family in chance.sample(families, chance.randrange(9)):
            moment = None
            if chance.random() < 0.6:
                moment = world.talk(family, school, day, kind=kind, purpose=Purpose.INFORMATION)
                if chance.random() < 0.2:
                    moment.withdrawn_at = at(day)
                    moment.save()
            Attendance.objects.create(gathering=gathering, family=family, contact_moment=moment)
