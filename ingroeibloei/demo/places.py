"""Schools, CLB centres, partners and the project: invented names, numbers outside the real range (999xxx)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from ingroeibloei.demo.days import SchoolDays
from ingroeibloei.demo.world import World, write
from schools.calendar import first_year_of
from schools.models import (
    CentreShare,
    CLBCentre,
    Holiday,
    Level,
    Network,
    Participation,
    ParticipationRole,
    Partner,
    Project,
    School,
    SchoolClass,
    SchoolYear,
)
from schools.services import lay_school_year, shared_holidays

POSTCODE, TOWN = "3800", "Sint-Truiden"
#: Wednesday of the week of this day is the study day of a school, one week later for each next school.
STUDY_DAY = (2, 1)


@dataclass(frozen=True, slots=True)
class Place:
    key: str
    name: str
    network: Network
    street: str
    is_pilot: bool = True


SCHOOLS = (
    Place("kersenboom", "VBS De Kersenboom", Network.VGO, "Kersenbloesemstraat 12"),
    Place("haspenland", "GO! basisschool Haspenland", Network.GO, "Perelaarsdreef 3"),
    Place("appelgaard", "VBS De Appelgaard", Network.VGO, "Boomgaardweg 41"),
    Place("bloesem", "GO! basisschool De Bloesem", Network.GO, "Bloesemplein 7"),
    Place("hubertushof", "VBS Sint-Hubertushof", Network.VGO, "Hubertushof 1"),
    Place("veldhof", "GO! basisschool 't Veldhof", Network.GO, "Veldhofstraat 88"),
    Place("perelaar", "VBS De Perelaar", Network.VGO, "Wijngaardpad 5", is_pilot=False),
    Place("wijngaard", "GO! basisschool De Wijngaard", Network.GO, "Wijngaardpad 60", is_pilot=False),
)
PARTNERS = {
    "integratie": ("Integratiedienst van de stad", "integratiedienst"),
    "leidraad": ("Bibliotheek De Leidraad", "bibliotheek"),
    "opvang": ("Opvangcentrum De Bongerd", "opvangcentrum"),
    "lop": ("LOP Sint-Truiden", "lokaal overlegplatform"),
    "gastvrij": ("Gastvrij Sint-Truiden", "vereniging"),
}
LEVELS = tuple(Level.values)
#: Levels with a second class, at the school of the story.
PARALLEL = (Level.L1, Level.L2, Level.L3)


def build(world: World) -> None:
    first_year = first_year_of(world.today)
    world.year = SchoolYear.objects.create(starts_on=date(first_year, 9, 1), ends_on=date(first_year + 1, 6, 30))
    _centres(world)
    _schools(world)
    _calendar(world, first_year)
    _classes(world)
    _project(world)


def _centres(world: World) -> None:
    world.centres = {
        "vclb": CLBCentre(
            name="VCLB Haspengouw", network=Network.VGO, key_name="vclb", phone="+3211000201", email="vclb@clb.example"
        ),
        "go": CLBCentre(
            name="CLB GO! Haspengouw",
            network=Network.GO,
            key_name="clb-go",
            phone="+3211000202",
            email="go@clb.example",
        ),
    }
    write(CLBCentre, world.centres.values())
    world.partners = {key: Partner(name=name, kind=kind) for key, (name, kind) in PARTNERS.items()}
    write(Partner, world.partners.values())


def _schools(world: World) -> None:
    for number, place in enumerate(SCHOOLS, start=1):
        world.schools[place.key] = School(
            name=place.name,
            institution_number=f"9990{number:02d}",
            network=place.network,
            clb=world.centres["vclb" if place.network == Network.VGO else "go"],
            street=place.street,
            postcode=POSTCODE,
            city=TOWN,
            phone=f"+32110001{number:02d}",
            email=f"info@{place.key}.example",
        )
    write(School, world.schools.values())
    world.pilots = [world.schools[place.key] for place in SCHOOLS if place.is_pilot]


def _calendar(world: World, first_year: int) -> None:
    """The holidays of the government, one study day of each school, and the year after, into which schools go."""
    rows = shared_holidays(first_year)
    everybody = [(row.starts_on, row.ends_on) for row in rows]
    first = date(first_year + 1, *STUDY_DAY)
    for number, school in enumerate(world.schools.values()):
        week = first + timedelta(weeks=number % 2)
        study_day = week + timedelta(days=(2 - week.weekday()) % 7)
        rows.append(Holiday(name="Pedagogische studiedag", starts_on=study_day, ends_on=study_day, school=school))
        free = [*everybody, (study_day, study_day)]
        world.days[school.pk] = SchoolDays(free, world.year.starts_on, min(world.today, world.year.ends_on))
    write(Holiday, rows)
    lay_school_year(first_year + 1, with_holidays=True)


def _classes(world: World) -> None:
    for place in SCHOOLS:
        school, rows = world.schools[place.key], []
        for level in LEVELS:
            sections = ("A", "B") if place.key == "kersenboom" and level in PARALLEL else ("A",)
            for section in sections:
                name = level if level.startswith("K") else f"{level[1]}{section}"
                rows.append(SchoolClass(school=school, year=world.year, name=name, level=level))
        world.classes[place.key] = rows
    write(SchoolClass, [row for rows in world.classes.values() for row in rows])


def _project(world: World) -> None:
    year = world.year
    world.project = Project.objects.create(
        name="In groei en bloei",
        year=year,
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        report_due_on=year.ends_on,
        funder="Federaal Impulsfonds voor het Migrantenbeleid",
        grant_number=f"FIM-{year.starts_on.year}-999",
    )
    world.project.partners.set(world.partners.values())
    write(CentreShare, [CentreShare(project=world.project, centre=row, share=50) for row in world.centres.values()])
    grace = year.ends_on + timedelta(days=settings.REPORT_GRACE_DAYS)
    write(
        Participation,
        [
            Participation(
                project=world.project,
                school=school,
                role=ParticipationRole.PILOT if world.is_pilot(school) else ParticipationRole.COMPARISON,
                starts_on=year.starts_on,
                ends_on=grace,
            )
            for school in world.schools.values()
        ],
    )
