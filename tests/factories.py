"""Rows for tests, in plain functions: each makes one believable thing and whatever it cannot stand without.

Names are counted, so that two rows never look alike by accident. The people with names of their own live in
``tests.cast``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from messaging.content import load_templates
from messaging.models import Notice, NoticeTemplate
from messaging.services import create_notice
from parents.models import (
    ContactPoint,
    ContactPointUse,
    Family,
    FamilyMembership,
    Guardian,
    Guardianship,
    Household,
    PointKind,
)
from schools import clock
from schools.models import (
    Assignment,
    CLBCentre,
    Enrolment,
    Level,
    Network,
    Pupil,
    Role,
    School,
    SchoolClass,
    SchoolYear,
    User,
)

_numbers = count(1)
LONG_AGO = date(2020, 9, 1)
#: Its days are so far ahead that no run of the tests comes after them.
VALUES = {
    "teacher": "juf An",
    "date": "2083-02-11",
    "time": "16:30",
    "place": "lokaal 3B",
    "phone": "011 00 00 03",
    "deadline": "2083-02-05",
    "amount": "12.5",
    "activity": "de bibliotheek",
}


@dataclass
class MadeFamily:
    """A family as made by ``make_family``: its row, children and guardians, each guardian's contact points by kind."""

    family: Family
    pupils: list[Pupil]
    guardians: list[Guardian]
    points: list[dict[str, ContactPoint]]


def make_school_year(first: int | None = None) -> SchoolYear:
    """The school year that begins in ``first``; the running one if none is given."""
    today = clock.today()
    year = first or (today.year if today.month >= 9 else today.year - 1)
    return SchoolYear.objects.get_or_create(starts_on=date(year, 9, 1), defaults={"ends_on": date(year + 1, 6, 30)})[0]


def make_centre(network: str = Network.VGO) -> CLBCentre:
    number = next(_numbers)
    return CLBCentre.objects.create(name=f"CLB {number}", network=network, key_name=f"clb-{number}")


def make_school(network: str = Network.VGO, *, centre: CLBCentre | None = None, **fields: Any) -> School:
    number = next(_numbers)
    facts = {
        "name": f"Basisschool {number}",
        "institution_number": f"999{number:04d}",
        "clb": centre or make_centre(network),
        "street": f"Kerkstraat {number}",
        "postcode": "3800",
        "city": "Sint-Truiden",
        "phone": "011 00 00 01",
        "email": f"school{number}@school.example",
    }
    return School.objects.create(network=network, **(facts | fields))


def make_class(school: School | None = None, name: str = "3B", level: str = Level.L3) -> SchoolClass:
    return SchoolClass.objects.create(school=school or make_school(), year=make_school_year(), name=name, level=level)


def make_user(full_name: str = "An Peeters", **fields: Any) -> User:
    return User.objects.create_user(f"staff{next(_numbers)}@school.example", full_name=full_name, **fields)


def make_teacher(school_class: SchoolClass, full_name: str = "An Peeters") -> User:
    """A teacher with a running assignment to a class."""
    user = make_user(full_name)
    Assignment.objects.create(
        user=user, role=Role.TEACHER, school=school_class.school, school_class=school_class, starts_on=LONG_AGO
    )
    return user


def make_head(school: School, full_name: str = "An Peeters") -> User:
    """The head of a school."""
    user = make_user(full_name)
    Assignment.objects.create(user=user, role=Role.HEAD, school=school, starts_on=LONG_AGO)
    return user


def make_pupil(school_class: SchoolClass, first_name: str = "", last_name: str = "") -> Pupil:
    """A pupil enrolled in a class."""
    pupil = Pupil.objects.create(first_name=first_name or f"Kind{next(_numbers)}", last_name=last_name)
    Enrolment.objects.create(
        pupil=pupil, school=school_class.school, school_class=school_class, starts_on=school_class.year.starts_on
    )
    return pupil


def make_household(street: str = "") -> Household:
    return Household.objects.create(
        street=street or f"Bloesemlaan {next(_numbers)}", postcode="3800", city="Sint-Truiden"
    )


def make_guardian(
    pupils: Sequence[Pupil], language: str = "nl", *, household: Household | None = None, **fields: Any
) -> Guardian:
    """A guardian with the right to information about these children."""
    number = next(_numbers)
    facts = {"first_name": f"Ouder{number}", "last_name": f"Familie{number}"}
    guardian = Guardian.objects.create(contact_language=language, household=household, **(facts | fields))
    for pupil in pupils:
        Guardianship.objects.create(pupil=pupil, guardian=guardian, starts_on=LONG_AGO)
    return guardian


def make_point(
    value: str, *guardians: Guardian, verified: bool = True, is_shared: bool = False, rank: int = 0
) -> ContactPoint:
    """An e-mail address or phone number of these guardians; the value shows which."""
    point = ContactPoint.objects.create(
        kind=PointKind.EMAIL if "@" in value else PointKind.PHONE,
        value=value,
        verified_on=clock.today() if verified else None,
        valid_from=LONG_AGO,
        is_shared=is_shared,
    )
    for guardian in guardians:
        ContactPointUse.objects.create(contact_point=point, guardian=guardian, rank=rank)
    return point


def make_family(
    school_class: SchoolClass,
    *,
    languages: Sequence[str] = ("nl",),
    emails: Sequence[str | None] | None = None,
    phones: Sequence[str | None] = (),
    children: Sequence[str] = ("",),
    with_address: bool = True,
    home_language: str = "",
) -> MadeFamily:
    """A family with one guardian for each language, living together, and one pupil for each name.

    Without ``emails`` every guardian has a verified address; None stands for no address.
    """
    pupils = [make_pupil(school_class, name) for name in children]
    household = make_household() if with_address else None
    guardians = [make_guardian(pupils, code, household=household) for code in languages]
    family = Family.objects.create(home_language=home_language or languages[0])
    for pupil in pupils:
        FamilyMembership.objects.create(family=family, pupil=pupil, starts_on=LONG_AGO)
    addresses = emails if emails is not None else [f"ouder{guardian.pk}@post.example" for guardian in guardians]
    points: list[dict[str, ContactPoint]] = []
    for place, guardian in enumerate(guardians):
        own = {}
        for kind, values in ((PointKind.EMAIL, addresses), (PointKind.PHONE, phones)):
            value = values[place] if place < len(values) else None
            if value:
                own[str(kind)] = make_point(value, guardian)
        points.append(own)
    return MadeFamily(family, pupils, guardians, points)


def template(slug: str = "parent-meeting-invitation") -> NoticeTemplate:
    """One of the portal's templates, loaded when it is not there yet."""
    if not NoticeTemplate.objects.filter(slug=slug).exists():
        load_templates([slug])
    return NoticeTemplate.objects.get(slug=slug)


def make_notice(
    school_class: SchoolClass | None,
    author: User | None = None,
    *,
    slug: str = "parent-meeting-invitation",
    school: School | None = None,
    **fields: Any,
) -> Notice:
    """A complete draft to a class, or to ``school`` as a whole."""
    place = school or (school_class.school if school_class else make_school())
    writer = author or (make_teacher(school_class) if school_class else make_head(place))
    values = {**VALUES, **fields.pop("values", {})}
    fields.setdefault("urgent_reason", "Dit kan niet wachten.")
    return create_notice(
        author=writer, template=template(slug), school=place, school_class=school_class, values=values, **fields
    )
