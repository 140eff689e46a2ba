"""What the portal knows of the adults around a school's pupils: read at once, whatever the file's size."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from parents.models import (
    ContactPoint,
    ContactPointUse,
    FamilyMembership,
    Guardian,
    Guardianship,
    Household,
)
from schools.models import Enrolment
from schools.roster.plan import SchoolPlan


@dataclass(slots=True)
class KnownAdults:
    """``by_id`` those whom this school's system brought in; ``links`` the running guardianships by pupil and guardian;
    ``points`` the usable contact points at the school by kind and value; ``residents`` who lives in a household,
    whichever school their children go to."""

    by_id: dict[str, Guardian] = field(default_factory=dict)
    #: Numbers of adults whom the school's system holds twice, each with the number of the row that took them in.
    own_number: dict[str, str] = field(default_factory=dict)
    rows: dict[int, Guardian] = field(default_factory=dict)
    links: dict[tuple[int, int], Guardianship] = field(default_factory=dict)
    of_pupil: dict[int, list[Guardianship]] = field(default_factory=lambda: defaultdict(list))
    of_guardian: dict[int, list[Guardianship]] = field(default_factory=lambda: defaultdict(list))
    uses: dict[int, list[ContactPointUse]] = field(default_factory=lambda: defaultdict(list))
    users: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    points: dict[tuple[str, str], ContactPoint] = field(default_factory=dict)
    memberships: dict[int, FamilyMembership] = field(default_factory=dict)
    members: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    residents: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


def known_adults(plan: SchoolPlan) -> KnownAdults:
    known = KnownAdults()
    pupils = Enrolment.objects.filter(school=plan.school).values("pupil_id")
    around = Guardianship.objects.filter(pupil_id__in=pupils)
    adults = Guardian.objects.filter(
        Q(pk__in=around.values("guardian_id")) | (Q(source_system=plan.key) & ~Q(source_id=""))
    )
    _read_adults(known, plan, adults)
    _read_links(known, plan, around)
    _read_points(known, plan, adults)
    _read_families(known, plan, pupils)
    return known


def _read_adults(known: KnownAdults, plan: SchoolPlan, adults: QuerySet[Guardian]) -> None:
    homes: dict[int, Household] = {}
    for row in adults.select_related("household").order_by("pk"):
        known.rows[row.pk] = row
        if row.household is not None:  # one object for each household, so that a change is everybody's
            row.household = homes.setdefault(row.household.pk, row.household)
        if row.source_system == plan.key and row.source_id:
            known.by_id[row.source_id] = row
    for row in list(known.rows.values()):
        if row.merged_into_id is not None:
            _note_taken_in(known, plan, row)
    at_home = Guardian.objects.filter(household_id__in=adults.exclude(household=None).values("household_id"))
    for household_id, pk in at_home.order_by().values_list("household_id", "pk"):
        if household_id is not None:
            known.residents[household_id].add(pk)


def _note_taken_in(known: KnownAdults, plan: SchoolPlan, row: Guardian) -> None:
    """Nobody is found by the number of who was taken in but the one who took them in."""
    known.rows.pop(row.pk)
    known.by_id.pop(row.source_id, None)
    kept = known.rows.get(row.merged_into_id or 0)
    if kept is not None and kept.source_system == plan.key and kept.source_id:
        known.own_number[row.source_id] = kept.source_id


def _read_links(known: KnownAdults, plan: SchoolPlan, around: QuerySet[Guardianship]) -> None:
    running = around.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=plan.day))
    for link in running.order_by("starts_on", "pk"):
        link.guardian = known.rows[link.guardian_id]
        known.links[link.pupil_id, link.guardian_id] = link
        known.of_pupil[link.pupil_id].append(link)
        known.of_guardian[link.guardian_id].append(link)


def _read_points(known: KnownAdults, plan: SchoolPlan, adults: QuerySet[Guardian]) -> None:
    points: dict[int, ContactPoint] = {}
    uses = ContactPointUse.objects.filter(guardian_id__in=adults.order_by().values("pk"))
    for use in uses.select_related("contact_point").order_by("rank", "pk"):
        point = use.contact_point = points.setdefault(use.contact_point_id, use.contact_point)
        known.uses[use.guardian_id].append(use)
        if point.valid_until is None or point.valid_until > plan.day:
            known.points.setdefault((point.kind, point.value), point)
    everybody = ContactPointUse.objects.filter(contact_point_id__in=uses.order_by().values("contact_point_id"))
    for point_id, guardian_id in everybody.order_by().values_list("contact_point_id", "guardian_id"):
        known.users[point_id].add(guardian_id)


def _read_families(known: KnownAdults, plan: SchoolPlan, pupils: QuerySet[Enrolment, Any]) -> None:
    running = FamilyMembership.objects.filter(pupil_id__in=pupils).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=plan.day)
    )
    for membership in running.select_related("family").order_by("starts_on", "pk"):
        known.memberships[membership.pupil_id] = membership
        known.members[membership.family_id].add(membership.pupil_id)
