"""Group moments: information evenings of schools, the joint worker's coffee moments, reading in the library."""

from __future__ import annotations

from datetime import date, time, timedelta

from ingroeibloei.demo.moments import talk
from ingroeibloei.demo.world import Home, World, moment_of
from parents.models import Attendance, Gathering
from parents.models.kinds import ContactKind, Initiative, Purpose, Visibility
from schools.models import School, User

COFFEE_MOMENTS = 10
THEMES = (
    "Hoe werkt de school?", "Slapen en opstaan", "Samen lezen in elke taal", "Het rapport begrijpen",
    "Gezond in de brooddoos", "Spelen is leren", "Schermtijd", "Sport en speelplein", "Naar het eerste leerjaar",
    "De zomer door",
)  # fmt: skip
READINGS = 4
#: Share of families that come to the information evening: (is anybody ever spoken with, Dutch at home).
INFO_EVENING = {(True, True): 0.48, (True, False): 0.28, (False, True): 0.10, (False, False): 0.05}


def build(world: World) -> None:
    gatherings: list[Gathering] = []
    attendances: list[Attendance] = []
    for school in world.schools.values():
        _info_evening(world, school, gatherings, attendances)
    _coffee(world, gatherings, attendances)
    _reading(world, gatherings, attendances)
    world.write_after_moments(Gathering, gatherings)
    world.write_after_moments(Attendance, attendances)


def _info_evening(world: World, school: School, gatherings: list[Gathering], attendances: list[Attendance]) -> None:
    first = world.year.starts_on + timedelta(days=6)
    day = world.days[school.pk].choose(world.rng, first, first + timedelta(days=9))
    if day is None:
        return
    row = Gathering(
        school=school,
        kind=ContactKind.INFO_EVENING,
        title="Infoavond",
        place="Refter",
        starts_at=moment_of(day, 19, 30),
    )
    gatherings.append(row)
    coming = [
        home for home in _families_of(world, school, day) if world.chance(INFO_EVENING[home.is_reached, home.is_dutch])
    ]
    _attend(world, row, coming, day, world.heads[school.pk], Initiative.SCHOOL, attendances)


def _coffee(world: World, gatherings: list[Gathering], attendances: list[Attendance]) -> None:
    """Ten coffee moments over the pilot schools, one a month and one more before summer and winter."""
    days = world.days[world.pilots[0].pk].days
    for number, theme in enumerate(THEMES[:COFFEE_MOMENTS]):
        school = world.pilots[number % len(world.pilots)]
        possible = [day for day in world.days[school.pk].days if day.weekday() == 3]
        place = 3 + number * 3
        if place >= len(possible) or not days:
            break
        day = possible[min(place, len(possible) - 1)]
        row = Gathering(
            school=school,
            method=world.methods["coffee-moment"],
            kind=ContactKind.COFFEE_MOMENT,
            title=f"Koffiemoment: {theme}",
            place="Ouderlokaal",
            starts_at=moment_of(day, 8, 45),
            counted_only=world.rng.randint(0, 4),
        )
        gatherings.append(row)
        homes = [home for home in _families_of(world, school, day) if home.is_reached and not home.is_dutch]
        coming = world.rng.sample(homes, min(len(homes), world.rng.randint(7, 14)))
        row.counted_only = len(coming) + (row.counted_only or 0)  # some came with two
        _attend(world, row, coming, day, world.cast["gezamenlijke"], Initiative.PROJECT_WORKER, attendances)


def _reading(world: World, gatherings: list[Gathering], attendances: list[Attendance]) -> None:
    for number in range(READINGS):
        school = world.pilots[number]
        first = world.year.starts_on + timedelta(days=45 + 55 * number)
        day = world.days[school.pk].choose(world.rng, first, first + timedelta(days=20))
        if day is None:
            continue
        row = Gathering(
            school=school,
            partner=world.partners["leidraad"],
            method=world.methods["library-visit"],
            kind=ContactKind.READING,
            title="Voorleesuur in de bibliotheek",
            place="Bibliotheek De Leidraad",
            starts_at=moment_of(day, 13, 30),
        )
        gatherings.append(row)
        homes = [home for home in _families_of(world, school, day) if home.is_reached]
        coming = world.rng.sample(homes, min(len(homes), 9))
        _attend(world, row, coming, day, world.cast["gezamenlijke"], Initiative.PARTNER, attendances)


def _families_of(world: World, school: School, day: date) -> list[Home]:
    """Families with a child at the school on that day who are still spoken with."""
    return [
        home
        for home in world.homes
        if home.seats[0].is_at(school)
        and home.seats[0].covers(day)
        and (home.silent_after is None or day <= home.silent_after)
        and not home.key
    ]


def _attend(
    world: World,
    row: Gathering,
    homes: list[Home],
    day: date,
    by: User,
    initiative: Initiative,
    attendances: list[Attendance],
) -> None:
    row.attended_at = row.starts_at + timedelta(hours=2)
    for home in homes:
        moment = talk(
            world,
            home,
            home.seats[0],
            ContactKind(row.kind),
            day,
            by,
            initiative=initiative,
            purpose=Purpose.INFORMATION,
            starts_at=time(row.starts_at.hour, row.starts_at.minute),
            visibility=Visibility.SCHOOL_TEAM,
            note=row.title,
            method=row.method,
        )
        attendances.append(Attendance(gathering=row, family=home.family, contact_moment=moment))
