"""Staff: accounts and the assignments that say who works where."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password

from ingroeibloei.demo.cast import STAFF, CastMember, staff_address
from ingroeibloei.demo.name_lists import FEMALE, MALE, SURNAMES
from ingroeibloei.demo.world import World, moment_of, write
from schools.models import Assignment, Role, School, SchoolClass, User

#: Of every five teachers, heads and care coordinators of a primary school, four are women.
WOMEN = 0.8


def build(world: World) -> None:
    users, assignments = _story(world)
    taken = {user.full_name for user in users}
    for key, school in world.schools.items():
        for role, people in ((Role.HEAD, world.heads), (Role.CARE_COORDINATOR, world.carers)):
            if school.pk not in people:
                people[school.pk] = _colleague(world, school, users, taken)
                assignments.append(_post(world, people[school.pk], role, school=school))
        office = _colleague(world, school, users, taken)
        assignments.append(_post(world, office, Role.OFFICE, school=school, share=50))
        for school_class in world.classes[key]:
            if school_class.pk not in world.teachers:
                user = world.teachers[school_class.pk] = _colleague(world, school, users, taken)
                starts_on = _after_the_colleague(world) if _is_replaced(school_class, key) else None
                assignments.append(
                    _post(world, user, Role.TEACHER, school=school, school_class=school_class, starts_on=starts_on)
                )
    volunteer = world.volunteer = _account(world, "Samira Bouazza", "samira.bouazza@brievenbus.example")
    users.append(volunteer)
    languages = ["ar", "rif"]
    assignments.append(
        _post(world, volunteer, Role.TRANSLATOR, school=world.schools["kersenboom"], languages=languages)
    )
    write(User, users)
    write(Assignment, assignments)
    write(
        EmailAddress,
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in world.cast.values()],
    )


def _story(world: World) -> tuple[list[User], list[Assignment]]:
    users, assignments = [], []
    for entry in STAFF:
        user = _account(world, entry.name, staff_address(entry.key))
        world.cast[entry.key] = user
        users.append(user)
        assignments.append(_story_post(world, entry, user))
        school = world.schools.get(entry.place)
        if school and entry.role == Role.HEAD:
            world.heads[school.pk] = user
        elif school and entry.role == Role.CARE_COORDINATOR:
            world.carers[school.pk] = user
        elif school and entry.key != "oud-collega":
            world.teachers[world.class_named(entry.place, entry.school_class).pk] = user
    return users, assignments


def _story_post(world: World, entry: CastMember, user: User) -> Assignment:
    place: dict[str, Any] = {}
    if entry.place in world.schools:
        place["school"] = world.schools[entry.place]
    if entry.school_class:
        place["school_class"] = world.class_named(entry.place, entry.school_class)
    if entry.place in world.centres:
        place["clb_centre"] = world.centres[entry.place]
    if entry.place in world.partners:
        place["partner"] = world.partners[entry.place]
    if entry.role in (Role.JOINT_CLB, Role.COORDINATOR):
        place["project"] = world.project
    if entry.role == Role.TRANSLATOR:
        place["languages"] = ["pa"]
    ends_on = None
    if entry.role == Role.JOINT_CLB:
        ends_on = world.year.ends_on + timedelta(days=settings.REPORT_GRACE_DAYS)
    if entry.key == "oud-collega":
        ends_on = _after_the_colleague(world) - timedelta(days=1)
        return _post(
            world, user, Role(entry.role), starts_on=min(world.year.starts_on, ends_on), ends_on=ends_on, **place
        )
    return _post(world, user, Role(entry.role), ends_on=ends_on, **place)


def _post(
    world: World, user: User, role: Role, *, starts_on: date | None = None, ends_on: date | None = None, **place: Any
) -> Assignment:
    """Until 31 August; then who goes on is decided anew. An administrator stays."""
    if ends_on is None and role != Role.ADMIN:
        ends_on = date(world.year.starts_on.year + 1, 8, 31)
    return Assignment(user=user, role=role, starts_on=starts_on or world.year.starts_on, ends_on=ends_on, **place)


def _after_the_colleague(world: World) -> date:
    """The day on which the ex-colleague's successor began: 1 February, or yesterday in a younger world."""
    return min(date(world.year.starts_on.year + 1, 2, 1), world.today - timedelta(days=1))


def _is_replaced(school_class: SchoolClass, key: str) -> bool:
    gone = next(entry for entry in STAFF if entry.key == "oud-collega")
    return key == gone.place and school_class.name == gone.school_class


def _colleague(world: World, school: School, users: list[User], taken: set[str]) -> User:
    """One more member of a school's staff, with a name that nobody has yet."""
    rng = world.rng
    while True:
        first = rng.choice((FEMALE if world.chance(WOMEN) else MALE)["nl"])
        name = f"{first} {rng.choice(SURNAMES['nl'])}"
        if name not in taken:
            break
    taken.add(name)
    user = _account(world, name, f"{name.lower().replace(' ', '.')}@{school.email.partition('@')[2]}")
    users.append(user)
    return user


def _account(world: World, name: str, email: str) -> User:
    return User(
        email=email,
        full_name=name,
        password=make_password(None),
        date_joined=moment_of(world.year.starts_on, 9),
    )
