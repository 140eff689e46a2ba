"""The families of 3B that the story needs: each of them is unlike the others in one way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ingroeibloei.demo.cast import PILOT, guardian_source
from ingroeibloei.demo.households import tie
from ingroeibloei.demo.reachable import Points
from ingroeibloei.demo.seats import Seats
from ingroeibloei.demo.world import Home, Seat, World
from parents.models import Authority, Family, Guardian, PointKind, ReadingMode
from schools.models import Pupil

#: Mails to the family whose address was given up come back with the next notice after this part of the year: the
#: invitation of March.
BOUNCED_AFTER = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Adult:
    """One parent of the story. ``phone`` and ``email`` empty: has none; equal phones of a family are one, shared."""

    first: str
    last: str
    relation: str
    language: str
    phone: str = ""
    email: str = ""
    key: str = ""
    reading: str = ReadingMode.TEXT
    lives_apart: bool = False


@dataclass(frozen=True, slots=True)
class Tale:
    """One family: ``children`` as (first name, surname, class); ``silent`` since October; ``reached`` at all."""

    key: str
    language: str
    adults: tuple[Adult, ...]
    children: tuple[tuple[str, str, str], ...]
    reached: bool = True
    silent: bool = False


TALES = (
    Tale(
        "moeder",
        "pa",
        (
            Adult("Harpreet", "Kaur", "moeder", "pa", "+32470000001", "harpreet.kaur@brievenbus.example", "moeder"),
            Adult("Gurpreet", "Singh", "vader", "pa", "+32470000001"),
        ),
        (("Simran", "Kaur", "3B"), ("Arjan", "Singh", "K3")),
    ),
    Tale(
        "vader",
        "ar",
        (
            Adult("Nadia", "Benali", "moeder", "nl", "+32470000002", "nadia.benali@brievenbus.example"),
            Adult(
                "Youssef",
                "El Idrissi",
                "vader",
                "ar",
                "+32470000003",
                "youssef.elidrissi@brievenbus.example",
                "vader",
                lives_apart=True,
            ),
        ),
        (("Yasmina", "El Idrissi", "3B"),),
        silent=True,
    ),
    Tale(
        "teruggekomen",
        "ro",
        (Adult("Ionela", "Munteanu", "moeder", "ro", "+32470000004", "ionela.munteanu@brievenbus.example"),),
        (("Andrei", "Munteanu", "3B"),),
        silent=True,
    ),
    Tale(
        "turks",
        "tr",
        (
            Adult("Ayşe", "Yıldız", "moeder", "tr", "+32470000005", "ayse.yildiz@brievenbus.example"),
            Adult("Mehmet", "Yıldız", "vader", "tr", "+32470000006"),
        ),
        (("Emre", "Yıldız", "3B"), ("Elif", "Yıldız", "1A")),
    ),
    Tale(
        "pools",
        "pl",
        (
            Adult("Agnieszka", "Kowalska", "moeder", "pl", "+32470000007", "agnieszka.kowalska@brievenbus.example"),
            Adult("Marek", "Kowalski", "vader", "pl", "+32470000008", "marek.kowalski@brievenbus.example"),
        ),
        (("Zofia", "Kowalska", "3B"),),
    ),
    Tale(
        "ouder-nl",
        "nl",
        (
            Adult("Sofie", "Peeters", "moeder", "nl", "+32470000009", "sofie.peeters@brievenbus.example", "ouder-nl"),
            Adult("Tom", "Willems", "vader", "nl", "+32470000010", "tom.willems@brievenbus.example"),
        ),
        (("Jef", "Willems", "3B"),),
    ),
    Tale(
        "brief",
        "uk",
        (Adult("Olena", "Kovalenko", "moeder", "uk"),),
        (("Danylo", "Kovalenko", "3B"),),
        reached=False,
    ),
    Tale(
        "mondeling",
        "so",
        (Adult("Hodan", "Warsame Ali", "moeder", "so", "+32470000011", reading=ReadingMode.ORAL_ONLY),),
        (("Liban", "Farah Ahmed", "3B"), ("Sahra", "Farah Ahmed", "K2")),
        silent=True,
    ),
    Tale(
        "een-naam",
        "ps",
        (
            Adult("Zarghuna", "", "moeder", "ps", "+32470000012", reading=ReadingMode.EASY_TEXT),
            Adult("Zmaray", "", "vader", "ps", "+32470000012"),
        ),
        (("Malalai", "", "3B"),),
    ),
)


def story_homes(world: World, seats: Seats, points: Points) -> list[Home]:
    return [_home(world, tale, seats, points) for tale in TALES]


def _home(world: World, tale: Tale, seats: Seats, points: Points) -> Home:
    from ingroeibloei.demo.families import birth_date

    taken = []
    for first, last, name in tale.children:
        row = seats.take_in(PILOT, name)
        pupil = Pupil(first_name=first, last_name=last, birth_date=birth_date(world, row.level))
        taken.append(Seat(pupil, row, world.year.starts_on))
    guardians = _guardians(tale, points)
    authority = Authority.SOLE if len(guardians) == 1 else Authority.JOINT
    points.ties += [
        tie(seat.pupil, guardian, adult.relation, authority, world.year.starts_on)
        for seat in taken
        for guardian, adult in zip(guardians, tale.adults, strict=True)
    ]
    home = Home(Family(home_language=tale.language), tale.language, guardians, taken, tale.reached, key=tale.key)
    home.silent_after = date(world.year.starts_on.year, 10, 16) if tale.silent else None
    return home


def _guardians(tale: Tale, points: Points) -> list[Guardian]:
    home = points.household()
    guardians = []
    for adult in tale.adults:
        guardians.append(
            Guardian(
                first_name=adult.first,
                last_name=adult.last,
                household=points.household() if adult.lives_apart else home,
                contact_language=adult.language,
                language_confirmed_on=points.world.year.starts_on,
                reading_confirmed_on=points.world.year.starts_on,
                reading_mode=adult.reading,
                source_system="demo" if adult.key else "",
                source_id=guardian_source(adult.key) if adult.key else "",
            )
        )
    _reach(tale, guardians, points)
    return guardians


def _reach(tale: Tale, guardians: list[Guardian], points: Points) -> None:
    """E-mail addresses each for oneself; a number that two have is one shared telephone."""
    for guardian, adult in zip(guardians, tale.adults, strict=True):
        if adult.email:
            point = points.point(PointKind.EMAIL, guardian, value=adult.email, verified=True)
            if tale.key == "teruggekomen":
                points.end(point, points.world.year.starts_on + BOUNCED_AFTER)
    for number in dict.fromkeys(adult.phone for adult in tale.adults if adult.phone):
        users = [row for row, adult in zip(guardians, tale.adults, strict=True) if adult.phone == number]
        points.point(PointKind.PHONE, *users, value=number, verified=True)
