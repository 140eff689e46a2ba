"""The adults of a family: who lives where, who may know what, in which language each is spoken to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from ingroeibloei.demo.names import Name, Parents
from ingroeibloei.demo.reachable import Points
from ingroeibloei.demo.world import World
from parents.models import Authority, Guardian, Guardianship, ReadingMode
from schools.languages import LANGUAGES
from schools.models import Pupil

#: Share of families in which one parent answers alone, and in which parents live apart.
ALONE, APART = 0.10, 0.18
#: Share of parents who are spoken to in Dutch though they speak another language at home.
DUTCH_FOR_CONTACT = 0.22
#: Authority of the parent with whom the children do not live.
OTHER_PARENT = {Authority.JOINT: 80, Authority.INFORMATION_ONLY: 14, Authority.NONE: 6}


@dataclass(slots=True)
class Ties:
    """What each adult is to each child."""

    authority: list[tuple[Guardian, str, str]]
    rows: list[Guardianship] = field(default_factory=list)

    def bind(self, pupils: list[Pupil], day: date) -> None:
        for pupil in pupils:
            self.rows += [tie(pupil, guardian, relation, right, day) for guardian, relation, right in self.authority]


def tie(pupil: Pupil, guardian: Guardian, relation: str, authority: str, day: date) -> Guardianship:
    """A guardianship whose rights follow from the authority."""
    return Guardianship(
        pupil=pupil,
        guardian=guardian,
        relation=relation,
        authority=authority,
        information_right=authority != Authority.NONE,
        may_receive=authority != Authority.NONE,
        may_decide=authority in (Authority.JOINT, Authority.SOLE),
        starts_on=day,
    )


def adults(world: World, parents: Parents, language: str, points: Points) -> tuple[list[Guardian], Ties]:
    """The guardians of a family, each with a household and ways to be reached."""
    luck = world.rng.random()
    mother = adult(world, parents.mother, language)
    mother.household = points.household()
    if luck < ALONE:
        points.give([mother], language)
        return [mother], Ties([(mother, "moeder", Authority.SOLE)])
    father = adult(world, parents.father, language)
    if luck < ALONE + APART:
        father.household = points.household()
        points.give([mother], language)
        points.give([father], language)
        authority = world.rng.choices(list(OTHER_PARENT), list(OTHER_PARENT.values()))[0]
        mothers = Authority.SOLE if authority == Authority.NONE else Authority.JOINT
        return [mother, father], Ties([(mother, "moeder", mothers), (father, "vader", authority)])
    father.household = mother.household
    points.give([mother, father], language)
    return [mother, father], Ties([(mother, "moeder", Authority.JOINT), (father, "vader", Authority.JOINT)])


def adult(world: World, name: Name, language: str) -> Guardian:
    """A guardian with a language for contact and a way of reading of one's own."""
    contact = language if language == "nl" or not world.chance(DUTCH_FOR_CONTACT) else "nl"
    confirmed = world.days[world.pilots[0].pk].choose(
        world.rng, world.year.starts_on, world.year.starts_on + timedelta(days=60)
    )
    asked = confirmed if contact == "nl" or world.chance(0.7) else None
    return Guardian(
        first_name=name.first,
        last_name=name.last,
        contact_language=contact,
        language_confirmed_on=asked,
        reading_confirmed_on=asked,
        reading_mode=_reading(world, contact),
    )


def _reading(world: World, contact: str) -> str:
    luck = world.rng.random()
    if contact == "nl":
        return ReadingMode.EASY_TEXT if luck < 0.06 else ReadingMode.TEXT
    if LANGUAGES[contact].spoken_only or luck < 0.05:
        return ReadingMode.ORAL_ONLY
    return ReadingMode.EASY_TEXT if luck < 0.20 else ReadingMode.TEXT
