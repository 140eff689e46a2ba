"""The reach ladder: from nobody tried to understood."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.models import (
    Answer,
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
from parents.models import ContactKind, Family, InterpreterMode, MomentStatus, Outcome
from reports.disclosure import Cell
from reports.figures import FigureScope, Period, compute, families_by_rung
from reports.reach import Rung, RungState, rungs_of
from tests.reports.world import FIRST, LAST, World, at, guardian_of, pupils_of

pytestmark = pytest.mark.django_db

DAY = date(2025, 10, 6)


def notice(world: World, *families: Family, day: date = DAY) -> Notice:
    sent = Notice.objects.create(
        school=world.schools[0],
        author=world.writer,
        kind=NoticeKind.values[0],
        status=NoticeStatus.PUBLISHED,
        audience=AudienceKind.PUPILS,
        translation_reason=TranslationReason.values[0],
        created_at=at(day),
        published_at=at(day),
    )
    for family in families:
        NoticePupil.objects.create(notice=sent, pupil=pupils_of(family)[0])
    return sent


def delivery(sent: Notice, family: Family, status: str = DeliveryStatus.SENT, **facts: Any) -> Delivery:
    values: dict[str, Any] = {"channel": Channel.EMAIL, "language": "nl", "created_at": sent.published_at, **facts}
    if status in (DeliveryStatus.SENT, DeliveryStatus.DELIVERED):
        values.setdefault("sent_at", sent.published_at)
    return Delivery.objects.create(notice=sent, guardian=guardian_of(family), status=status, **values)


def rung(family: Family) -> Rung:
    return rungs_of(Family.objects.filter(pk=family.pk), FIRST, LAST)[family.pk].rung


def test_each_step_puts_the_family_one_rung_higher() -> None:
    world = World(pilots=1)
    family = world.family(world.classes[0], language="pa", contact="pa")
    assert rung(family) == Rung.NOT_TRIED
    sent = notice(world, family)
    row = delivery(sent, family, DeliveryStatus.FAILED, reason="BOUNCED")
    assert rung(family) == Rung.TRIED
    later = delivery(sent, family, channel=Channel.SMS)
    assert rung(family) == Rung.HANDED_OVER
    later.opened_at = at(DAY + timedelta(days=1))
    later.save()
    assert rung(family) == Rung.OPENED
    Answer.objects.create(notice=sent, guardian=row.guardian, key="yes", answered_at=at(DAY + timedelta(days=2)))
    later.not_understood_at = at(DAY + timedelta(days=3))
    later.save()
    assert rung(family) == Rung.ANSWERED
    world.talk(family, world.schools[0], outcome=Outcome.REACHED_AGREED, language_used="nl")
    assert rung(family) == Rung.SPOKEN
    world.talk(family, world.schools[0], outcome=Outcome.REACHED_AGREED, interpreter_mode=InterpreterMode.PHONE)
    assert rung(family) == Rung.UNDERSTOOD


def test_somebody_who_was_not_at_home_was_tried_and_no_more() -> None:
    world = World(pilots=1)
    family = world.family(world.classes[0])
    world.talk(family, world.schools[0], kind=ContactKind.HOME_VISIT, status=MomentStatus.NOT_REACHED)
    state = rungs_of(Family.objects.all(), FIRST, LAST)[family.pk]
    assert state == RungState(Rung.TRIED, DAY)


def test_a_talk_in_the_familys_own_language_is_understood_and_one_in_dutch_by_a_dutch_speaker_too() -> None:
    world = World(pilots=1)
    own, dutch, other = (world.family(world.classes[0], contact=code) for code in ("pa", "nl", "pa"))
    world.talk(own, world.schools[0], outcome=Outcome.REACHED_AGREED, language_used="pa")
    world.talk(dutch, world.schools[0], outcome=Outcome.REACHED_AGREED)
    world.talk(other, world.schools[0], outcome=Outcome.REACHED_AGREED)
    assert [rung(family) for family in (own, dutch, other)] == [Rung.UNDERSTOOD, Rung.UNDERSTOOD, Rung.SPOKEN]


def test_a_notice_about_one_child_says_nothing_of_the_guardians_other_family() -> None:
    world = World(pilots=1)
    first, second = world.family(world.classes[0]), world.family(world.classes[0])
    guardian_of(first).guardianships.create(pupil=pupils_of(second)[0], starts_on=FIRST)
    delivery(notice(world, first), first)
    assert rung(first) == Rung.HANDED_OVER
    assert rung(second) == Rung.NOT_TRIED


def test_the_number_of_queries_does_not_depend_on_the_number_of_families() -> None:
    world = World(pilots=1)
    counts = []
    for size in (1, 12):
        families = [world.family(world.classes[0]) for _ in range(size)]
        sent = notice(world, *families)
        for family in families:
            delivery(sent, family)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rungs_of(Family.objects.all(), FIRST, LAST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_families_on_the_rungs_add_up_to_the_population_and_agree_with_each_family() -> None:
    world = World(pilots=1)
    families = [world.family(world.classes[0]) for _ in range(6)]
    sent = notice(world, *families[:5])
    for number, family in enumerate(families[:5]):
        delivery(sent, family, opened_at=at(DAY) if number > 2 else None)
    world.talk(families[4], world.schools[0])
    counted = families_by_rung(FigureScope(project=world.project), Period(FIRST, LAST))
    single = [state.rung for state in rungs_of(Family.objects.all(), FIRST, LAST).values()]
    assert counted == {str(step.value): Cell(single.count(step)) for step in Rung}
    assert sum(cell.n for cell in counted.values()) == 6


def test_the_figures_of_a_school_do_not_tell_what_another_one_did() -> None:
    world = World(pilots=2)
    shared = world.family(*world.classes)
    delivery(notice(world, shared), shared)  # by the first school
    world.talk(shared, world.schools[0])
    counts = []
    for school in world.schools:
        scope = FigureScope(school=school)
        spoken = families_by_rung(scope, Period(FIRST, LAST))[str(Rung.SPOKEN.value)]
        tried = compute("I03", scope, Period(FIRST, LAST), "attempt").rows
        counts.append((spoken.n, {name: cell.n for name, cell in tried.items()}))
    assert counts == [(1, {"tried": 0}), (0, {"not_tried": 1})]
