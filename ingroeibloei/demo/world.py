"""The demo world as a whole: what its builders share, and the order in which they work.

Everything follows from the day on which the world is anchored and one fixed seed, so that two builds are equal. Rows
are collected and written in batches; nothing is saved row by row.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from random import Random
from typing import TypeVar

from django.db import connection, models, transaction

from ingroeibloei.demo.days import SchoolDays
from messaging.models import Notice, NoticeTemplate
from parents.models import ConferenceRound, ContactMoment, Family, Guardian
from schools.clock import BRUSSELS
from schools.models import CLBCentre, Method, Partner, Project, Pupil, School, SchoolClass, SchoolYear, User
from schools.roster.rings import no_search_for_rings

SEED = 2027
BATCH = 500

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Seat:
    """A pupil's place in a class."""

    pupil: Pupil
    school_class: SchoolClass
    starts_on: date
    ends_on: date | None = None

    @property
    def school(self) -> School:
        return self.school_class.school

    def is_at(self, school: School) -> bool:
        """Quicker than comparing schools, for there are thousands of seats to ask."""
        return bool(self.school_class.school_id == school.pk)

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(slots=True, eq=False)
class Home:
    """A family of the world with what its builders need to know about it.

    ``language`` is what the parents speak, whatever the family declared; ``is_reached`` whether anybody ever speaks
    with them; after ``silent_after`` nobody does any more.
    """

    family: Family
    language: str
    guardians: list[Guardian]
    seats: list[Seat]
    is_reached: bool = False
    silent_after: date | None = None
    key: str = ""

    @property
    def is_dutch(self) -> bool:
        return self.language == "nl"

    @property
    def contact(self) -> Guardian:
        """The guardian with whom the school speaks most."""
        return self.guardians[0]


@dataclass(slots=True)
class World:
    """Everything built so far, by the names under which later builders look for it."""

    today: date
    say: Callable[[str], None]
    rng: Random = field(default_factory=lambda: Random(SEED))
    year: SchoolYear = field(init=False)
    project: Project = field(init=False)
    centres: dict[str, CLBCentre] = field(default_factory=dict)
    partners: dict[str, Partner] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)
    pilots: list[School] = field(default_factory=list)
    classes: dict[str, list[SchoolClass]] = field(default_factory=dict)
    cast: dict[str, User] = field(default_factory=dict)
    teachers: dict[int, User] = field(default_factory=dict)
    heads: dict[int, User] = field(default_factory=dict)
    carers: dict[int, User] = field(default_factory=dict)
    days: dict[int, SchoolDays] = field(default_factory=dict)
    homes: list[Home] = field(default_factory=list)
    methods: dict[str, Method] = field(default_factory=dict)
    templates: dict[str, NoticeTemplate] = field(default_factory=dict)
    #: Reads aloud and translates for one school.
    volunteer: User = field(init=False)
    moments: list[tuple[ContactMoment, Sequence[Pupil], Sequence[Guardian]]] = field(default_factory=list)
    spoken: set[int] = field(default_factory=set)
    after_moments: list[tuple[type[models.Model], list[models.Model]]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    #: Parents of the class of the story still choose a time in it.
    coming_round: ConferenceRound = field(init=False)

    def is_pilot(self, school: School) -> bool:
        return any(school.pk == pilot.pk for pilot in self.pilots)

    def uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def write_after_moments(self, model: type[Row], rows: Iterable[Row]) -> None:
        """Keep rows that refer to contact moments until those are written."""
        self.after_moments.append((model, list(rows)))

    def class_named(self, school: str, name: str) -> SchoolClass:
        return next(entry for entry in self.classes[school] if entry.name == name)

    def home(self, key: str) -> Home:
        return next(home for home in self.homes if home.key == key)


def moment_of(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a school day, in Brussels."""
    return datetime.combine(day, time(hour, minute), BRUSSELS)


def write(model: type[Row], rows: Iterable[Row]) -> list[Row]:
    """Insert rows in batches; their keys are set afterwards."""
    listed = list(rows)
    model._default_manager.bulk_create(listed, batch_size=BATCH)
    return listed


def _silently(_line: str) -> None:
    """Nobody listens."""


@no_search_for_rings()
@transaction.atomic
def build_world(today: date, say: Callable[[str], None] = _silently) -> World:
    """Build the whole world as seen from ``today``. The tables must be empty."""
    from ingroeibloei.demo import (
        adopted,
        alike,
        cardfiles,
        childpages,
        conferences,
        deliveries,
        editions,
        evenings,
        families,
        figures,
        followups,
        gatherings,
        joint,
        measurements,
        notices,
        places,
        planner,
        posts,
        readings,
        reference,
        rights,
        sealed,
        sent,
        signups,
        threads,
        translating,
        year,
    )

    world = World(today=today, say=say)
    steps: tuple[tuple[str, Callable[[World], None]], ...] = (
        ("Words, method cards and texts", reference.load),
        ("Schools, centres and partners", places.build),
        ("Staff and their assignments", posts.build),
        ("Texts read by native speakers", readings.build),
        ("Families", families.build),
        ("Families that two schools brought in", alike.build),
        ("Parents' evenings", conferences.build),
        ("Group moments", gatherings.build),
        ("Talks of teachers and care coordinators", year.build),
        ("The joint worker's year", joint.build),
        ("Questions of parents", threads.build),
        ("A parents' evening to come", evenings.build),
        ("Notices", notices.build),
        ("Deliveries and answers", deliveries.build),
        ("Contact moments written", year.write_moments),
        ("Notes of the CLBs", sealed.build),
        ("What the outbox shows", sent.build),
        ("A translation asked for", translating.build),
        ("Follow-ups", followups.build),
        ("What goes well, and who is not at school", childpages.build),
        ("Gatherings to come", signups.build),
        ("Requests about data, and who looked", rights.build),
        ("Families that may be one", alike.lay_before_the_joint_worker),
        ("Targets and hours", figures.build),
        ("What schools make of the cards", adopted.build),
        ("Files of cards", cardfiles.build),
        ("What parents and teams said", measurements.build),
        ("Year planners of schools", planner.build),
        ("An edition of the draaiboek", editions.build),
    )
    for title, build in steps:
        build(world)
        say(title)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # a year came in at once: without its sizes the first pages would wait for minutes
    return world
