"""Gatherings to come, and who signed up: coffee with free places, reading in the library that is full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ingroeibloei.demo.cast import guardian_source
from ingroeibloei.demo.world import Home, World, moment_of, write
from parents.models import ContactKind, Gathering, GatheringSignUp, Guardian, SignUpState
from schools.languages import MASTER
from schools.models import School

#: Of the reached families of a school every seventh signs up: no dice, so that the rest of the world stays as it is.
STEP = 7
#: Adults and children with whom parents come, in turn.
PEOPLE = ((1, 0), (1, 1), (2, 2), (1, 0), (2, 1))


@dataclass(frozen=True, slots=True)
class Plan:
    """``ahead`` in school days; ``pilot`` is the school's place among those of the project; ``families`` that ask."""

    pilot: int
    ahead: int
    kind: ContactKind
    title: str
    place: str
    hour: int
    families: int
    places: int | None = None
    partner: str = ""


PLANS = (
    Plan(0, 4, ContactKind.COFFEE_MOMENT, "Samen spelen in elke taal", "Ouderlokaal", 9, 4, 16),
    Plan(0, 9, ContactKind.READING, "Voorlezen in vele talen", "Bibliotheek De Leidraad", 14, 6, 8, "leidraad"),
    Plan(1, 6, ContactKind.INFO_EVENING, "Op weg naar het volgende leerjaar", "Refter", 19, 3),
    Plan(
        1, 11, ContactKind.READING, "Een kaart voor de bibliotheek", "Bibliotheek De Leidraad", 15, 2, None, "leidraad"
    ),
)
CARDS = {ContactKind.COFFEE_MOMENT: "coffee-moment", ContactKind.READING: "library-visit"}


def build(world: World) -> None:
    rows = write(Gathering, [_gathering(world, plan) for plan in PLANS])
    write(
        GatheringSignUp, [row for plan, made in zip(PLANS, rows, strict=True) for row in _sign_ups(world, plan, made)]
    )


def _gathering(world: World, plan: Plan) -> Gathering:
    school = world.pilots[plan.pilot]
    starts = moment_of(world.days[school.pk].calendar.add_school_days(world.today, plan.ahead), plan.hour)
    card = CARDS.get(plan.kind)
    return Gathering(
        school=school,
        partner=world.partners[plan.partner] if plan.partner else None,
        method=world.methods[card] if card else None,
        kind=plan.kind,
        title=plan.title,
        place=plan.place,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=90),
        places=plan.places,
        made_by=world.carers[school.pk],
        changed_at=moment_of(world.today, 8),
    )


def _sign_ups(world: World, plan: Plan, gathering: Gathering) -> list[GatheringSignUp]:
    """In the order in which they asked: as long as there is room they come, then they wait."""
    rows, taken = [], 0
    for place, home in enumerate(_homes(world, gathering.school)[: plan.families]):
        adults, children = PEOPLE[place % len(PEOPLE)]
        fits = plan.places is None or taken + adults + children <= plan.places
        taken += (adults + children) * fits
        asked_at = moment_of(world.today, 8, 5 + place)
        guardian = _who_comes(home)
        rows.append(
            GatheringSignUp(
                gathering=gathering,
                guardian=guardian,
                adults=adults,
                children=children,
                interpreter="" if place % 2 or guardian.contact_language == MASTER else guardian.contact_language,
                state=SignUpState.COMING if fits else SignUpState.WAITING,
                asked_at=asked_at,
                changed_at=asked_at,
            )
        )
    return rows


def _who_comes(home: Home) -> Guardian:
    """In the story the father, else the parent with whom the school speaks most."""
    return next((one for one in home.guardians if one.source_id == guardian_source("vader")), home.contact)


def _homes(world: World, school: School) -> list[Home]:
    """The father of the story first, where it is his school; the mother of the story has not signed up yet."""
    found = [
        home
        for home in world.homes
        if home.is_reached and home.seats[0].is_at(school) and home.seats[0].covers(world.today) and not home.key
    ]
    father = world.home("vader")
    return ([father] if father.seats[0].is_at(school) else []) + found[::STEP]
