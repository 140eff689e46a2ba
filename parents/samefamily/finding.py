"""Finds families that share something: a few reads whatever their number, and only families with something in common
are ever compared.

Each family says its facts; families meet where they say the same one. What more than MOST_TOGETHER families say is no
sign of a family (the phone of a shelter, the address of a reception centre) and is dropped, so that the work grows with
the number of families and not with its square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from django.conf import settings

from parents.models import ContactPoint, ContactPointUse, FamilyMembership, Guardianship
from parents.samefamily.facts import LEAST, Fact, score
from parents.samefamily.names import plain, surname, whole_name
from schools import clock
from schools.models import Enrolment, Participation, ParticipationRole, Project
from schools.roster.institutions import is_of_institution

MOST_TOGETHER = 12
Pair = tuple[int, int]


@dataclass(slots=True)
class _Said:
    """What one family says. ``meets`` are the facts, alone or two together, at which it may meet another."""

    facts: set[Fact] = field(default_factory=set)
    meets: set[tuple[Fact, ...]] = field(default_factory=set)


@dataclass(slots=True)
class _Child:
    first: str
    surname: str
    born: date | None


@dataclass(slots=True)
class _Home:
    children: list[_Child] = field(default_factory=list)
    parents: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    surnames: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    points: set[Fact] = field(default_factory=set)


def pairs_of_projects() -> dict[Pair, list[Fact]]:
    """Every pair worth a look, with its facts; of each project apart, for its worker sees no further. One that is over
    has no worker after the days of grace, and nothing is compared for it. Five reads for each project that runs."""
    schools: dict[int, set[int]] = defaultdict(set)
    today = clock.today()
    running = Project.objects.overlapping(today - timedelta(days=settings.REPORT_GRACE_DAYS), today)
    taking_part = Participation.objects.current().filter(project__in=running.values("pk"))
    taking_part = taking_part.exclude(role=ParticipationRole.COMPARISON)
    for project, school in taking_part.values_list("project_id", "school_id"):
        schools[project].add(school)
    found: dict[Pair, list[Fact]] = {}
    for ids in schools.values():
        found |= _compared(_said(_homes(ids)))
    return found


def _homes(schools: Iterable[int]) -> dict[int, _Home]:
    there = Enrolment.objects.current().filter(school_id__in=schools).values("pupil_id")
    members = FamilyMembership.objects.current().filter(pupil_id__in=there)
    homes: dict[int, _Home] = defaultdict(_Home)
    family_of: dict[int, int] = {}
    names = ("pupil__first_name", "pupil__last_name", "pupil__birth_date")
    for family, pupil, first, last, born in members.values_list("family_id", "pupil_id", *names):
        family_of[pupil] = family
        homes[family].children.append(_Child(plain(first), surname(last), born))
        homes[family].surnames.add(surname(last))
    # Who asked that the data be only kept is not compared (GDPR art. 18).
    ties = Guardianship.objects.current().filter(pupil_id__in=there, guardian__restricted_on__isnull=True)
    at = ("household__street", "household__postcode")
    columns = ("first_name", "last_name", *at)
    families: dict[int, set[int]] = defaultdict(set)
    rows = ties.values_list("relation", "pupil_id", "guardian_id", *(f"guardian__{column}" for column in columns))
    for relation, pupil, guardian, first, last, street, postcode in rows:
        if pupil in family_of and not is_of_institution(relation):
            families[guardian].add(family_of[pupil])
            _add_parent(homes[family_of[pupil]], guardian, first, last, street, postcode)
    _add_points(homes, families)
    return homes


def _add_parent(home: _Home, guardian: int, first: str, last: str, street: str | None, postcode: str | None) -> None:
    home.parents.add(guardian)
    home.names.add(whole_name(first, last))
    home.surnames.add(surname(last))
    if street and postcode:
        home.addresses.add(f"{' '.join(street.casefold().replace(',', ' ').split())} {postcode.strip()}")


def _add_points(homes: dict[int, _Home], families: dict[int, set[int]]) -> None:
    """Whose points are asked for is chosen here and not by the database: told to, one without statistics of its tables
    (a restored or a new one) looks at each point for each parent."""
    uses = ContactPointUse.objects.filter(contact_point_id__in=ContactPoint.objects.usable().values("pk"))
    rows = uses.values_list("guardian_id", "contact_point__kind", "contact_point__value")
    for guardian, kind, value in rows.iterator():
        for family in families.get(guardian, ()):
            homes[family].points.add((kind, value.strip().casefold()))


def _said(homes: dict[int, _Home]) -> dict[int, _Said]:
    return {family: _of(home) for family, home in homes.items()}


def _of(home: _Home) -> _Said:
    """The facts of one family. Two together are needed where each alone is not enough to be offered."""
    people: set[Fact] = {("PARENT", str(pk)) for pk in home.parents}
    names: set[Fact] = {("NAME", name) for name in home.names if name}
    surnames: set[Fact] = {("SURNAME", name) for name in home.surnames if name}
    addresses: set[Fact] = {("ADDRESS", place) for place in home.addresses}
    known = [child for child in home.children if child.born]
    children: set[Fact] = {("CHILD", f"{child.first} {child.born}") for child in known if child.first}
    birthdays: set[Fact] = {("BIRTHDAY", f"{child.surname} {child.born}") for child in known if child.surname}
    alone = people | home.points | children
    together = {(place, name) for place in addresses for name in surnames | names}
    together |= {(name, day) for name in names for day in birthdays}
    return _Said(alone | names | surnames | addresses | birthdays, {*((fact,) for fact in alone), *together})


def _compared(said: dict[int, _Said]) -> dict[Pair, list[Fact]]:
    """The pairs that meet anywhere and share enough."""
    tellers: dict[Fact, int] = defaultdict(int)
    meeting: dict[tuple[Fact, ...], list[int]] = defaultdict(list)
    for family, one in said.items():
        for fact in one.facts:
            tellers[fact] += 1
        for place in one.meets:
            meeting[place].append(family)
    met = {
        pair
        for families in meeting.values()
        if len(families) <= MOST_TOGETHER
        for pair in combinations(sorted(families), 2)
    }
    found = {}
    for first, second in sorted(met):
        shared = {
            fact
            for fact in said[first].facts & said[second].facts
            if fact[0] == "SURNAME" or tellers[fact] <= MOST_TOGETHER
        }
        if score(kind for kind, _value in shared) >= LEAST:
            found[first, second] = sorted(shared)
    return found
