"""The ladder counted for all families at once gives what asking each family gives."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from messaging.models import (
    Answer,
    Channel,
    Delivery,
    DeliveryStatus,
    Notice,
    NoticeKind,
    NoticePupil,
    NoticeStatus,
    Reason,
    Thread,
)
from messaging.models.notices import AudienceKind
from parents.models import (
    ContactKind,
    Family,
    FamilyMembership,
    Guardian,
    Guardianship,
    InterpreterMode,
    MomentStatus,
    Outcome,
)
from reports.ladder_counts import families_by_rung, families_on_rung
from reports.reach import Rung, rungs_of
from schools.models import Pupil
from tests.reports.world import FIRST, LAST, World, at, guardian_of, pupils_of

pytestmark = pytest.mark.django_db

LANGUAGES = ("nl", "tr", "ar", "")
KINDS = (ContactKind.PHONE, ContactKind.GATE_TALK, ContactKind.INFO_EVENING)


class DrawnWorld(World):
    """Families of two schools and what happened to them, by chance: some parents have children in two families or a
    child without one, and a notice is about some children of a family and not about others."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.draw = random.Random(seed)
        self.families = [
            self.family(*self.some(self.classes, 1, 2), contact=self.draw.choice(LANGUAGES)) for _ in range(10)
        ]
        self.parents = {family.pk: guardian_of(family) for family in self.families}
        for one, other in zip(self.families[:4], self.families[4:8], strict=True):
            self._also(self.parents[one.pk], pupils_of(other)[0])
        alone = Pupil.objects.create(first_name="Kind zonder gezin", last_name="Verzonnen")
        self.enrol(alone, self.classes[0])
        self._also(self.parents[self.families[8].pk], alone)
        self.pupils = list(Pupil.objects.order_by("pk"))
        for _ in range(8):
            self._notice()
        for _ in range(16):
            self._contact()
        for _ in range(2):
            self._question()

    def some(self, of: Sequence[Any], *numbers: int) -> list[Any]:
        return self.draw.choices(of, k=self.draw.choice(numbers))

    def a_day(self) -> date:
        return FIRST + timedelta(days=self.draw.randrange(60))

    def _also(self, guardian: Guardian, pupil: Pupil) -> None:
        Guardianship.objects.create(pupil=pupil, guardian=guardian, starts_on=FIRST)

    def _notice(self) -> None:
        day = self.a_day()
        notice = Notice.objects.create(
            school=self.draw.choice(self.schools),
            author=self.writer,
            kind=NoticeKind.INFO,
            status=NoticeStatus.PUBLISHED,
            audience=AudienceKind.PUPILS,
            created_at=at(day),
            published_at=at(day),
        )
        pupils = self.draw.sample(self.pupils, 4)
        NoticePupil.objects.bulk_create(NoticePupil(notice=notice, pupil=pupil) for pupil in pupils)
        guardians = Guardian.objects.filter(guardianships__pupil__in=pupils).distinct().order_by("pk")
        for guardian in guardians:
            self._delivery(notice, guardian, day)

    def _delivery(self, notice: Notice, guardian: Guardian, day: date) -> None:
        status = self.draw.choice([DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.FAILED])

        def perhaps(chance: float, late: int = 30) -> Any:
            return at(day + timedelta(days=self.draw.randrange(late))) if self.draw.random() < chance else None

        Delivery.objects.create(
            notice=notice,
            guardian=guardian,
            status=status,
            reason=Reason.BOUNCED if status == DeliveryStatus.FAILED else "",
            channel=self.draw.choice([Channel.EMAIL, Channel.LETTER]),
            language="nl",
            created_at=at(day),
            sent_at=perhaps(0.9),
            opened_at=perhaps(0.2),
            understood_at=perhaps(0.03),
            not_understood_at=perhaps(0.5),
        )
        if (answered_at := perhaps(0.3)) is not None:
            Answer.objects.create(notice=notice, guardian=guardian, key="yes", answered_at=answered_at)

    def _contact(self) -> None:
        withdrawn = {"withdrawn_at": at(LAST)} if self.draw.random() < 0.1 else {}
        self.talk(
            self.draw.choice(self.families),
            self.draw.choice(self.schools),
            self.a_day(),
            kind=self.draw.choice(KINDS),
            status=self.draw.choice([MomentStatus.HELD, MomentStatus.NOT_REACHED]),
            outcome=self.draw.choice(["", Outcome.REACHED_AGREED]),
            language_used=self.draw.choice([*LANGUAGES, "", ""]),
            interpreter_mode=self.draw.choice(["", "", "", "", InterpreterMode.PHONE]),
            **withdrawn,
        )

    def _question(self) -> None:
        family = self.draw.choice(self.families)
        Thread.objects.create(
            school=self.draw.choice(self.schools),
            family=family,
            guardian=self.parents[family.pk],
            asked_by_family=self.draw.random() < 0.5,
            asked_on=self.a_day(),
            asked_at=at(FIRST),
        )


@pytest.mark.parametrize("seed", range(6))
def test_counting_all_at_once_is_asking_each_family(seed: int) -> None:
    world = DrawnWorld(seed)
    seen = set()
    for last in (LAST, FIRST + timedelta(days=30)):
        for schools in (frozenset(school.pk for school in world.schools), frozenset({world.schools[0].pk})):
            asked = rungs_of(Family.objects.all(), FIRST, last, schools=schools)
            for family, state in asked.items():
                alone = FamilyMembership.objects.filter(family=family).values("family_id")
                counted = families_by_rung(alone, FIRST, last, schools=schools)
                assert [rung for rung, number in counted.items() if number] == [state.rung], (family, last, schools)
            everybody = FamilyMembership.objects.values("family_id")
            together = families_by_rung(everybody, FIRST, last, schools=schools)
            for rung in Rung:
                on_it = families_on_rung(everybody, rung, FIRST, last, schools=schools)
                assert on_it == {family for family, state in asked.items() if state.rung == rung}
            rungs = [state.rung for state in asked.values()]
            assert together == {rung: rungs.count(rung) for rung in Rung}
            seen |= set(rungs)
    assert len(seen) >= 5  # the draw tells apart what it should
