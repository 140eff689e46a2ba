"""Families: seats in classes filled one family at a time, the families of the story first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from ingroeibloei.demo import names
from ingroeibloei.demo.households import adults
from ingroeibloei.demo.reachable import Points
from ingroeibloei.demo.seats import Seats
from ingroeibloei.demo.story import story_homes
from ingroeibloei.demo.world import Home, Seat, World, write
from parents.models import Family, FamilyMembership, Guardian, Guardianship
from schools.languages import PREFERS_NOT_TO_SAY, UNKNOWN_LANGUAGE
from schools.models import Enrolment, Level, Pupil, SchoolClass

#: What is spoken at home, in families of a thousand.
HOME_LANGUAGES = {
    "nl": 545, "pa": 95, "tr": 65, "ar": 50, "pl": 48, "bg": 40, "ro": 34, "uk": 28, "ru": 18, "ps": 24, "prs": 14,
    "so": 12, "fr": 14, "rif": 8, "rom": 5,
}  # fmt: skip
#: Of a hundred families with one, two and three children at the school.
CHILDREN = {1: 74, 2: 22, 3: 4}
#: Share of larger families with a child at another school.
ACROSS_SCHOOLS = 0.13
#: Share of families with whom somebody speaks in the year: (pilot, Dutch spoken at home) → share.
REACHED = {(True, True): 0.67, (True, False): 0.55, (False, True): 0.47, (False, False): 0.30}
FELL_SILENT = 0.14


def build(world: World) -> None:
    seats, points = Seats(world), Points(world)
    world.homes = [*story_homes(world, seats, points)]
    while not seats.is_full:
        world.homes += _next_homes(world, seats, points)
    for home in world.homes:
        _decide_reach(world, home)
    _write(world, points)


def _next_homes(world: World, seats: Seats, points: Points) -> list[Home]:
    """The next family; two when siblings go to schools that do not know of each other."""
    rng = world.rng
    language = rng.choices(list(HOME_LANGUAGES), list(HOME_LANGUAGES.values()))[0]
    parents = names.parents(rng, language)
    number = rng.choices(list(CHILDREN), list(CHILDREN.values()))[0]
    across = number > 1 and world.chance(ACROSS_SCHOOLS)
    taken = seats.take(number, across=across)
    children: list[Seat] = []
    for place in taken:
        called = {seat.pupil.first_name for seat in children}
        children.append(Seat(_child(world, parents, place, called), place, *_span(world, place)))
    guardians, ties = adults(world, parents, language, points)
    family = Family(home_language=_declared(world, language))
    home = Home(family, language, guardians, children)
    homes = [home]
    if across and world.chance(0.5):
        # Only the joint worker joins a family across schools (rulings 13); until then each school has its own.
        far = [seat for seat in children if seat.school != children[0].school]
        home.seats = [seat for seat in children if seat not in far]
        homes.append(Home(Family(home_language=family.home_language), language, guardians, far))
    ties.bind([seat.pupil for seat in children], world.year.starts_on)
    points.ties += ties.rows
    return [entry for entry in homes if entry.seats]


def _child(world: World, parents: names.Parents, school_class: SchoolClass, called: set[str]) -> Pupil:
    """``called`` are the names of its brothers and sisters. Whoever gets another name leaves the world's dice alone."""
    name = names.child(world.rng, parents)
    dice = Random(name.first)
    while name.first in called:
        name = names.child(dice, parents)
    return Pupil(first_name=name.first, last_name=name.last, birth_date=birth_date(world, school_class.level))


def birth_date(world: World, level: str) -> date:
    """A day on which a child of this level was born: K1 turns three in the year in which the school year begins."""
    age = list(Level.values).index(level) + 2
    first = date(world.year.starts_on.year - age, 1, 1)
    return first + timedelta(days=world.rng.randrange(365))


def _span(world: World, school_class: SchoolClass) -> tuple[date, date | None]:
    """When a pupil came and left: toddlers enter during the year, a few families move."""
    first, days = world.year.starts_on, world.days[school_class.school_id]
    if school_class.level == Level.K0:
        return days.choose(world.rng, first, first + timedelta(days=230)) or first, None
    luck = world.rng.random()
    if luck < 0.03:
        return days.choose(world.rng, first + timedelta(days=35), first + timedelta(days=190)) or first, None
    if luck < 0.04 and world.today > first + timedelta(days=150):
        return first, days.choose(world.rng, first + timedelta(days=60), first + timedelta(days=140))
    return first, None


def _declared(world: World, language: str) -> str:
    """What the family itself declared as its home language."""
    luck = world.rng.random()
    if luck < 0.01:
        return PREFERS_NOT_TO_SAY
    return UNKNOWN_LANGUAGE if luck < 0.05 else language


def _decide_reach(world: World, home: Home) -> None:
    if home.key:
        return
    share = REACHED[world.is_pilot(home.seats[0].school), home.is_dutch]
    home.is_reached = world.chance(share)
    is_in_3b = any(seat.school_class is world.class_named("kersenboom", "3B") for seat in home.seats)
    if home.is_reached and world.chance(0.4 if is_in_3b else FELL_SILENT):
        home.silent_after = date(world.year.starts_on.year, 10, 16)


def _write(world: World, points: Points) -> None:
    homes = world.homes
    write(Family, [home.family for home in homes])
    write(Pupil, [seat.pupil for home in homes for seat in home.seats])
    points.write_households()
    write(Guardian, _once(guardian for home in homes for guardian in home.guardians))
    seats = [(home, seat) for home in homes for seat in home.seats]
    write(
        Enrolment,
        [
            Enrolment(
                pupil=seat.pupil,
                school=seat.school,
                school_class=seat.school_class,
                starts_on=seat.starts_on,
                ends_on=seat.ends_on,
            )
            for _, seat in seats
        ],
    )
    write(
        FamilyMembership,
        [FamilyMembership(family=home.family, pupil=seat.pupil, starts_on=seat.starts_on) for home, seat in seats],
    )
    write(Guardianship, points.ties)
    points.write()


def _once(guardians: Iterable[Guardian]) -> list[Guardian]:
    """Every guardian one time, in order; one with children in two families comes twice."""
    return list({id(guardian): guardian for guardian in guardians}.values())
