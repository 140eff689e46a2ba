"""A random crowd around one class: parents who live apart, shared phones, refusals, addresses that ended."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from messaging.models import Channel, LadderPolicy, Notice, NoticeKind, NoticeText, OptOut
from messaging.policies import DAYS
from parents.models import (
    Consent,
    ConsentPurpose,
    ContactPoint,
    ContactPointUse,
    Family,
    FamilyMembership,
    Guardian,
    Guardianship,
    PointKind,
    ReadingMode,
)
from schools import clock
from schools.languages import INTERFACE_CODES, LANGUAGES
from schools.models import Pupil, SchoolClass
from tests import factories as make

_OWN_LADDERS = (
    ("EMAIL",),
    ("SMS", "EMAIL"),
    ("LETTER", "CALL"),
    ("SMS", "LETTER", "EMAIL", "CALL"),
    ("CALL",),
)
SLUGS = ("parent-meeting-invitation", "school-closed", "urgent-early-closing")


@dataclass
class Crowd:
    """Drawn from one seed, so that a failure can be drawn again."""

    chance: random.Random
    school_class: SchoolClass

    @classmethod
    def of(cls, seed: int) -> Crowd:
        crowd = cls(random.Random(seed), make.make_class())
        other = make.make_class(crowd.school_class.school, "4C")
        for _ in range(16):
            crowd._add_family(crowd.school_class, other)
        crowd._share_phones()
        return crowd

    def notice(self) -> Notice:
        """A draft to the class or the school, with some languages missing, some stale, perhaps an own ladder."""
        slug, to_class = self.chance.choice(SLUGS), self.chance.random() < 0.7
        notice = make.make_notice(
            self.school_class if to_class else None,
            make.make_teacher(self.school_class) if to_class else make.make_head(self.school_class.school),
            school=self.school_class.school,
            slug=slug,
        )
        foreign = NoticeText.objects.filter(notice=notice).exclude(language="nl").order_by("language")
        for text in foreign:
            draw = self.chance.random()
            if draw < 0.2:
                text.delete()
            elif draw < 0.4:
                NoticeText.objects.filter(pk=text.pk).update(source_hash="an older Dutch")
        notice.language_choices = dict.fromkeys(INTERFACE_CODES, "DUTCH")
        notice.save(update_fields=["language_choices"])
        if self.chance.random() < 0.5:
            self._give_own_ladder(notice)
        return Notice.objects.get(pk=notice.pk)

    def change(self) -> None:
        """What may happen between planning and the next rung: an address ends, a phone comes, a refusal."""
        for point in ContactPoint.objects.filter(valid_until=None, valid_from__lte=clock.today()).order_by("pk"):
            if self.chance.random() < 0.3:
                ContactPoint.objects.filter(pk=point.pk).update(valid_until=clock.today())
        for guardian in Guardian.objects.order_by("pk"):
            if self.chance.random() < 0.15:
                make.make_point(self._number(), guardian)
            if self.chance.random() < 0.1:
                self._refuse(guardian)

    def _add_family(self, own: SchoolClass, other: SchoolClass) -> None:
        places = self.chance.choice([[own], [own], [own, own], [own, other], [other]])
        pupils = [make.make_pupil(place) for place in places]
        together = make.make_household()
        family = Family.objects.create(home_language="nl")
        for pupil in pupils:
            FamilyMembership.objects.create(family=family, pupil=pupil, starts_on=make.LONG_AGO)
        for _ in range(self.chance.choice([1, 1, 2, 2, 3])):
            household = self.chance.choice([together, together, make.make_household(), None])
            self._add_guardian(pupils, household)

    def _add_guardian(self, pupils: list[Pupil], household: Any) -> None:
        chance = self.chance
        guardian = make.make_guardian(
            chance.sample(pupils, chance.randrange(1, len(pupils) + 1)),
            chance.choice(list(LANGUAGES)),
            household=household,
            reading_mode=chance.choice([*[ReadingMode.TEXT] * 6, *ReadingMode.values]),
            preferred_channel=chance.choice(["", "", "", *Channel.values]),
            wants_digest=chance.random() < 0.7,
            may_be_contacted=chance.random() < 0.9,
        )
        rights = {name: chance.random() < 0.9 for name in ("information_right", "may_receive")}
        if chance.random() < 0.1:
            rights["ends_on"] = clock.today() - timedelta(days=chance.randrange(3))  # type: ignore[assignment]
        Guardianship.objects.filter(guardian=guardian).update(**rights)
        for value in ("mail", "mail", "phone", "phone"):
            if chance.random() < 0.45:
                self._add_point(guardian, value)
        if chance.random() < 0.4:
            self._refuse(guardian)
        if chance.random() < 0.3:
            Consent.objects.create(
                guardian=guardian, purpose=chance.choice(ConsentPurpose.values), given_on=make.LONG_AGO,
                given_how="op papier", withdrawn_on=chance.choice([None, clock.today()]),
            )  # fmt: skip

    def _add_point(self, guardian: Guardian, sort: str) -> None:
        number = self.chance.randrange(10**6)
        value = f"ouder{number}@post.example" if sort == "mail" else self._number()
        point = make.make_point(value, guardian, rank=self.chance.randrange(3), verified=self.chance.random() < 0.8)
        draw, today = self.chance.random(), clock.today()
        if draw < 0.15:
            point.valid_until = today - timedelta(days=self.chance.randrange(2))
        elif draw < 0.25:
            point.valid_until = today + timedelta(days=1)
        elif draw < 0.35:
            point.valid_from = today + timedelta(days=self.chance.randrange(2))
        point.save()

    def _share_phones(self) -> None:
        """Relatives and neighbours with one phone: as one row, or as the same number written in two."""
        everybody = list(Guardian.objects.order_by("pk"))
        for point in list(ContactPoint.objects.filter(kind=PointKind.PHONE).order_by("pk")):
            if self.chance.random() < 0.9:
                guardian = self.chance.choice(everybody)
                if self.chance.random() < 0.5:
                    make.make_point(point.value, guardian, rank=self.chance.randrange(3))
                elif not ContactPointUse.objects.filter(contact_point=point, guardian=guardian).exists():
                    ContactPointUse.objects.create(
                        contact_point=point, guardian=guardian, rank=self.chance.randrange(3)
                    )

    def _refuse(self, guardian: Guardian) -> None:
        OptOut.objects.get_or_create(
            guardian=guardian,
            channel=self.chance.choice(["EMAIL", "SMS", "LETTER"]),
            category=self.chance.choice(["", "appointment", "school_life", "urgent", "money"]),
            defaults={"since": clock.now()},
        )

    def _give_own_ladder(self, notice: Notice) -> None:
        rungs = [{"channel": way, "wait": None, "unit": DAYS} for way in self.chance.choice(_OWN_LADDERS)]
        LadderPolicy.objects.create(
            school=notice.school, kind=NoticeKind(notice.kind), rungs=rungs, changed_at=clock.now(),
            changed_by=notice.author,
        )  # fmt: skip

    def _number(self) -> str:
        return f"+3247{self.chance.randrange(10**7):07}"
