"""A child who stands twice at a school, with what a school notes of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from messaging.models import NoticePupil
from messaging.services import ask_question
from parents.doublepupils import doubled_pupil, holders_of_pupils
from parents.models import (
    Absence,
    ConferenceRound,
    ConferenceSlot,
    Consent,
    ContactMoment,
    Family,
    FamilyMembership,
    FollowUp,
    Guardian,
    PupilMerge,
)
from parents.services import log_contact_moment
from parents.services.doublepupils import join_pupils
from schools import clock
from schools.models import Assignment, Pupil, Role
from schools.roster.keys import key_of
from tests import factories as make
from tests.cast import make_account
from tests.roster.people import SYSTEM

BORN = date(2018, 3, 14)


class Twins:
    """Amina, written down twice, each row with a family and a mother of its own; the school and its head."""

    def __init__(self) -> None:
        self.room = make.make_class()
        self.school = self.room.school
        self.head = make_account(f"directie{self.school.pk}@school.example", "Rita Moons")
        Assignment.objects.create(user=self.head, role=Role.HEAD, school=self.school, starts_on=make.LONG_AGO)
        self.homes = [make.make_family(self.room, languages=["ar"], children=["Amina"]) for _row in range(2)]
        self.kept, self.joined = (home.pupils[0] for home in self.homes)
        for number, row in enumerate((self.kept, self.joined)):
            row.birth_date, row.source_system, row.source_id = BORN, key_of(SYSTEM, self.school), f"p{number}"
            row.save()

    def join(self) -> PupilMerge:
        return join_pupils(kept=self.kept, joined=self.joined, school=self.school, by=self.head)

    def talk(self, *pupils: Pupil) -> ContactMoment:
        return log_contact_moment(
            author=self.head, school=self.school, pupils=pupils, kind="PHONE", outcome="REACHED_AGREED",
            held_on=clock.today(), purpose="PRAISE",
        )  # fmt: skip

    def why_not(self) -> list[str]:
        return doubled_pupil(self.kept, self.joined, self.school).why_not

    def page(self) -> str:
        return reverse("pupil_join", args=[self.school.pk, *sorted((self.kept.pk, self.joined.pk))])


def busy(twins: Twins) -> None:
    """Much was noted, sent and said of both rows."""
    second, mother, day = twins.joined, twins.homes[1].guardians[0], clock.today()
    twins.talk(twins.kept)
    moment = twins.talk(second)
    FollowUp.objects.create(
        school=twins.school, family=moment.family, pupil=second, what="Bel terug.", due_on=day, created_at=clock.now()
    )
    Absence.objects.create(pupil=second, school=twins.school, starts_on=day, ends_on=day, reported_at=clock.now())
    Consent.objects.create(guardian=mother, child=second, purpose="PHOTOS", given_on=day, given_how="SPOKEN")
    notice = make.make_notice(twins.room)
    NoticePupil.objects.bulk_create([NoticePupil(notice=notice, pupil=row) for row in (twins.kept, second)])
    ask_question(guardian=mother, pupil=second, notice=notice, text="متى؟", language="ar")
    conference = ConferenceRound.objects.create(
        school=twins.school, name="Oudercontact", held_on=day, catch_up_until=day
    )
    for row in (twins.kept, second):
        ConferenceSlot.objects.create(round=conference, pupil=row, school_class=twins.room)


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows that name a child or a family, as they are."""
    models = {model for model, _column in holders_of_pupils()} | {Family, Guardian}
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


def sibling_in_both(twins: Twins) -> None:
    for number, home in enumerate(twins.homes):
        child = make.make_pupil(twins.room, f"Kind {number}")
        FamilyMembership.objects.create(family=home.family, pupil=child, starts_on=make.LONG_AGO)


def two_times(twins: Twins) -> None:
    conference = ConferenceRound.objects.create(
        school=twins.school, name="Oudercontact", held_on=clock.today(), catch_up_until=clock.today()
    )
    for row, hour in ((twins.kept, 1), (twins.joined, 2)):
        ConferenceSlot.objects.create(
            round=conference, pupil=row, school_class=twins.room, status="BOOKED",
            starts_at=clock.now() + timedelta(hours=hour),
        )  # fmt: skip
