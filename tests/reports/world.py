"""A small invented world for the figures: families with children in classes, and what happened to them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from parents.models import ContactKind, ContactMoment, Family, FamilyMembership, Guardian, Guardianship, Initiative
from parents.models.families import language_group
from schools.clock import BRUSSELS
from schools.models import (
    Assignment,
    CentreShare,
    CLBCentre,
    Enrolment,
    Participation,
    Project,
    Pupil,
    Role,
    School,
    SchoolClass,
    SchoolYear,
    User,
)
from tests.cast import staff_browser

FIRST, LAST = date(2025, 9, 1), date(2026, 6, 30)
TODAY = date(2026, 5, 15)


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), BRUSSELS)


class World:
    """Two centres of two networks, a project, and whatever a test adds."""

    def __init__(self, pilots: int = 2) -> None:
        self._last = 0
        self.year = SchoolYear.objects.create(starts_on=FIRST, ends_on=LAST)
        self.centres = [
            CLBCentre.objects.create(name=f"CLB {network}", network=network, key_name=f"clb-{network.lower()}")
            for network in ("GO", "VGO")
        ]
        self.project = Project.objects.create(
            name="In groei en bloei", year=self.year, starts_on=FIRST, ends_on=LAST, report_due_on=LAST
        )
        for centre in self.centres:
            CentreShare.objects.create(project=self.project, centre=centre, share=50)
        self.writer = self.user("writer")
        self.schools = [self.school() for _ in range(pilots)]
        self.classes = [self.school_class(school) for school in self.schools]

    def number(self) -> int:
        """Another one each time. An iterator could not be kept with the world (``tests.mould``)."""
        self._last += 1
        return self._last

    def user(self, name: str, role: str = "", **place: Any) -> User:
        user = User.objects.create(email=f"{name}{self.number()}@example.org", full_name=f"Staff {name}")
        if role:
            Assignment.objects.create(user=user, role=role, starts_on=FIRST, **place)
        return user

    def joint_worker(self) -> User:
        return self.user("joint", Role.JOINT_CLB, project=self.project)

    def coordinator(self) -> User:
        return self.user("coordinator", Role.COORDINATOR, project=self.project)

    def school(self, role: str = "PILOT") -> School:
        number = self.number()
        school = School.objects.create(
            name=f"School {number}",
            institution_number=f"999{number:03d}",
            network="GO" if number % 2 else "VGO",
            clb=self.centres[number % 2],
            street="Straat 1",
            postcode="3800",
            city="Sint-Truiden",
            phone="+3211000000",
            email=f"school{number}@example.org",
        )
        Participation.objects.create(project=self.project, school=school, role=role, starts_on=FIRST)
        return school

    def school_class(self, school: School, level: str = "L3") -> SchoolClass:
        name = f"{level[1]}{self.number()}"
        return SchoolClass.objects.create(school=school, year=self.year, name=name, level=level)

    def family(self, *classes: SchoolClass, language: str = "nl", contact: str = "nl", **place: Any) -> Family:
        """A family with one guardian and a child in each of the classes."""
        number = self.number()
        family = Family.objects.create(home_language=language)
        guardian = Guardian.objects.create(
            first_name=f"Ouder{number}", last_name=f"Verzonnen{number}", contact_language=contact
        )
        for place_in, school_class in enumerate(classes):
            pupil = Pupil.objects.create(first_name=f"Kind{number}x{place_in}", last_name=f"Verzonnen{number}")
            self.enrol(pupil, school_class, **place)
            FamilyMembership.objects.create(family=family, pupil=pupil, starts_on=FIRST)
            Guardianship.objects.create(pupil=pupil, guardian=guardian, starts_on=FIRST)
        return family

    def enrol(
        self, pupil: Pupil, school_class: SchoolClass, starts_on: date = FIRST, ends_on: date | None = None
    ) -> None:
        Enrolment.objects.create(
            pupil=pupil, school=school_class.school, school_class=school_class, starts_on=starts_on, ends_on=ends_on
        )

    def meet(self, place: int, number: int) -> None:
        """So many families of one school whom nobody met before."""
        for _ in range(number):
            self.talk(self.family(self.classes[place]), self.schools[place])

    def talk(self, family: Family, school: School, day: date = date(2025, 10, 6), **facts: Any) -> ContactMoment:
        usual = {"kind": ContactKind.PHONE, "initiative": Initiative.TEACHER, "recorded_by": self.writer}
        values: dict[str, Any] = {**usual, **facts}
        moment = ContactMoment.objects.create(
            family=family,
            school=school,
            held_on=day,
            recorded_at=at(day),
            language_group=language_group(family.home_language),
            **values,
        )
        moment.pupils.set(Pupil.objects.filter(family_memberships__family=family, enrolments__school=school).distinct())
        return moment


def signed_in(user: User) -> Client:
    """A browser past the second factor."""
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True, "verified": True})
    if not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, generate_totp_secret())
    return staff_browser(user)


def guardian_of(family: Family) -> Guardian:
    return Guardian.objects.get(guardianships__pupil__in=pupils_of(family)[:1])


def pupils_of(family: Family) -> list[Pupil]:
    return list(Pupil.objects.filter(family_memberships__family=family).order_by("pk"))


def three_schools() -> World:
    """Each of fifteen families, ten of which somebody met."""
    world = World(pilots=3)
    for school, school_class in zip(world.schools, world.classes, strict=True):
        for number in range(15):
            family = world.family(school_class, language=("nl", "pa")[number % 2])
            if number < 10:
                world.talk(family, school)
    return world
