"""A small random world for the indicators: families that come late, leave early and go to two schools."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Any

from messaging.models import (
    Answer,
    Channel,
    Delivery,
    DeliveryStatus,
    Notice,
    NoticeKind,
    NoticePupil,
    NoticeStatus,
    Thread,
    TranslationReason,
)
from messaging.models.notices import AudienceKind
from parents.models import (
    ConferenceRound,
    ConferenceSlot,
    ContactKind,
    ContactPoint,
    ContactPointUse,
    Family,
    FollowUp,
    FollowUpStatus,
    Initiative,
    InterpreterMode,
    InterpreterNeed,
    MomentStatus,
    PointKind,
    Purpose,
    SlotStatus,
)
from schools import clock
from schools.models import Enrolment
from tests.reports.world import FIRST, LAST, World, at, guardian_of, pupils_of


def some_day(chance: random.Random) -> date:
    return FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))


def random_world(seed: int) -> World:
    """Two pilot schools, one comparison school, families that come late, leave early and go to two schools."""
    chance = random.Random(seed)
    world = World(pilots=2)
    other = world.school(role="COMPARISON")
    places = [*world.classes, world.school_class(world.schools[0], "K2"), world.school_class(other)]
    for _ in range(26):
        classes = chance.sample(places, chance.choice([1, 1, 1, 2]))
        starts_on = chance.choice([FIRST, FIRST, some_day(chance)])
        ends_on = chance.choice([None, None, starts_on + timedelta(days=chance.randrange(200))])
        language = chance.choice(["nl", "nl", "pa", "ar", "", "-"])
        family = world.family(
            *classes, language=language, contact=chance.choice(["nl", "pa", "prs", "rif"]), starts_on=starts_on,
            ends_on=ends_on,
        )  # fmt: skip
        _add_contacts(world, chance, family, [one.school for one in classes])
        _add_notices(world, chance, family, classes[0].school)
    _add_rounds(world, chance)
    return world


def _add_contacts(world: World, chance: random.Random, family: Family, schools: list[Any]) -> None:
    for _ in range(chance.randrange(5)):
        moment = world.talk(
            family,
            chance.choice(schools),
            some_day(chance),
            kind=chance.choice(ContactKind.values),
            status=chance.choice([*[MomentStatus.HELD] * 4, *MomentStatus.values]),
            initiative=chance.choice(Initiative.values),
            purpose=chance.choice(["", *Purpose.values]),
            interpreter_need=chance.choice(InterpreterNeed.values),
            interpreter_mode=chance.choice(["", *InterpreterMode.values]),
        )
        if chance.random() < 0.1:
            moment.withdrawn_at = at(LAST)
            moment.save()
    for _ in range(chance.randrange(3)):
        status = chance.choice(FollowUpStatus.values)
        due = some_day(chance)
        done = due + timedelta(days=chance.randrange(-5, 6)) if status == FollowUpStatus.DONE else None
        FollowUp.objects.create(
            school=chance.choice(schools), family=family, what="Afspraak", due_on=due, status=status, done_on=done,
            created_at=at(FIRST),
        )  # fmt: skip
        asked = some_day(chance)
        replied = chance.choice([None, asked + timedelta(days=chance.randrange(14))])
        Thread.objects.create(
            school=chance.choice(schools), family=family, guardian=guardian_of(family), asked_at=at(asked),
            asked_on=asked, first_reply_at=replied and at(replied), first_reply_on=replied,
            asked_by_family=chance.random() < 0.8,
        )  # fmt: skip


def _add_notices(world: World, chance: random.Random, family: Family, school: Any) -> None:
    guardian = guardian_of(family)
    if chance.random() < 0.6:
        guardian.language_confirmed_on = some_day(chance)
        guardian.save()
        point = ContactPoint.objects.create(
            kind=chance.choice(PointKind.values), value="+32470000000", valid_from=FIRST, verified_on=some_day(chance)
        )
        ContactPointUse.objects.create(contact_point=point, guardian=guardian)
    for _ in range(chance.randrange(3)):
        moment = at(some_day(chance), chance.randrange(24))
        notice = Notice.objects.create(
            school=school, author=world.writer, kind=NoticeKind.INFO, status=NoticeStatus.PUBLISHED,
            audience=AudienceKind.PUPILS, translation_reason=TranslationReason.INTEGRATION, created_at=moment,
            published_at=moment,
        )  # fmt: skip
        NoticePupil.objects.create(notice=notice, pupil=pupils_of(family)[0])
        for channel in chance.sample(Channel.values, 2):
            status = chance.choice([DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.FAILED])
            Delivery.objects.create(
                notice=notice, guardian=guardian, channel=channel, status=status, created_at=moment, sent_at=moment,
                language=chance.choice(["nl", "pa", "fa"]), reason="BOUNCED" if status == "FAILED" else "",
                opened_at=chance.choice([None, moment + timedelta(days=chance.randrange(1, 12))]),
            )  # fmt: skip
        if chance.random() < 0.3:
            Answer.objects.create(
                notice=notice, guardian=guardian, key="ja", answered_at=moment + timedelta(days=chance.randrange(12))
            )


def _add_rounds(world: World, chance: random.Random) -> None:
    for number in range(4):
        held_on = some_day(chance)
        evening = ConferenceRound.objects.create(
            school=world.schools[number % 2], name=f"Ronde {number}", held_on=held_on,
            catch_up_until=held_on + timedelta(days=14), last_on=chance.choice([None, held_on + timedelta(days=3)]),
        )  # fmt: skip
        first = datetime.combine(held_on, time(16), tzinfo=clock.BRUSSELS)
        places = Enrolment.objects.filter(school=evening.school).select_related("pupil")
        for minutes, enrolment in enumerate(places):
            family = Family.objects.get(memberships__pupil=enrolment.pupil)
            caught_up = world.talk(family, evening.school, held_on + timedelta(days=chance.choice([7, 30])))
            ConferenceSlot.objects.create(
                round=evening, pupil=enrolment.pupil, school_class=enrolment.school_class, family=family,
                status=chance.choice(SlotStatus.values), contact_moment=chance.choice([None, caught_up]),
                starts_at=chance.choice([None, first + timedelta(days=chance.choice([0, 3]), minutes=minutes)]),
            )  # fmt: skip
            if chance.random() < 0.2:
                ConferenceSlot.objects.create(
                    round=evening, pupil=enrolment.pupil, school_class=enrolment.school_class, family=family,
                    guardian=guardian_of(family), status=chance.choice(SlotStatus.values),
                )  # fmt: skip
