"""Writes the plan of the adults, in the caller's transaction, after that of the children."""

from __future__ import annotations

from django.db.models import F

from parents.models import (
    ContactPoint,
    ContactPointUse,
    Family,
    FamilyMembership,
    Guardian,
    Guardianship,
    Household,
)
from parents.roster.plan import FamilyPlan
from parents.services.choices import language_told
from parents.services.contacts import regroup_talks
from schools.roster.applying import change, create
from schools.roster.progress import Progress, Step

_GUARDIAN = [
    "first_name",
    "last_name",
    "contact_language",
    "reading_mode",
    "household",
    "source_system",
    "source_id",
]
_GUARDIANSHIP = [
    "relation",
    "authority",
    "information_right",
    "may_receive",
    "may_decide",
    "ends_on",
]


#: Rows of one statement.
_AT_ONCE = 500


def _hold_who_gets_a_number(plan: FamilyPlan) -> None:
    """Who notes a number of the same guardian by hand writes the guardian's row too: it is not there twice then."""
    new = {guardian.pk for guardian in plan.new_guardians}
    known = sorted({use.guardian.pk for use in plan.new_uses} - new)
    for start in range(0, len(known), 500):
        Guardian.objects.filter(pk__in=known[start : start + 500]).update(first_name=F("first_name"))


def _change_guardians(plan: FamilyPlan, progress: Progress) -> None:
    """What waits follows those who read another language from now on."""
    read: dict[int, str] = {}
    for start in range(0, len(plan.changed_guardians), 500):
        rows = Guardian.objects.filter(pk__in=[row.pk for row in plan.changed_guardians[start : start + 500]])
        read.update(rows.values_list("pk", "contact_language"))
    change(Guardian.objects.all(), plan.changed_guardians, _GUARDIAN, progress, Step.GUARDIANS)
    for guardian in plan.changed_guardians:
        if read.get(guardian.pk, guardian.contact_language) != guardian.contact_language:
            language_told.send(Guardian, guardian=guardian)


def apply_families(plan: FamilyPlan, progress: Progress) -> None:
    """Insert and change what the plan says. Raises progress.Stopped when somebody asked to stop."""
    create(Household.objects.all(), plan.new_households, progress, Step.GUARDIANS)
    change(Household.objects.all(), plan.changed_households, ["street", "postcode", "city"], progress, Step.GUARDIANS)
    create(Guardian.objects.all(), plan.new_guardians, progress, Step.GUARDIANS)
    _change_guardians(plan, progress)
    change(Guardianship.objects.all(), plan.changed_guardianships, _GUARDIANSHIP, progress, Step.GUARDIANS)
    create(Guardianship.objects.all(), plan.new_guardianships, progress, Step.GUARDIANS)
    _hold_who_gets_a_number(plan)
    ends = ["valid_until", "ended_because", "is_shared"]
    change(ContactPoint.objects.all(), plan.changed_points, ends, progress, Step.CONTACTS)
    create(ContactPoint.objects.all(), plan.new_points, progress, Step.CONTACTS)
    left: set[int] = set()
    for start in range(0, len(plan.left_uses), _AT_ONCE):
        uses = ContactPointUse.objects.filter(pk__in=plan.left_uses[start : start + _AT_ONCE])
        left.update(uses.values_list("contact_point_id", flat=True))
        uses.delete()
    create(ContactPointUse.objects.all(), plan.new_uses, progress, Step.CONTACTS)
    for start in range(0, len(points := sorted(left)), _AT_ONCE):
        ContactPoint.objects.left_to_one(points[start : start + _AT_ONCE])
    change(Family.objects.all(), plan.changed_families, ["home_language"], progress, Step.FAMILIES)
    regroup_talks(family.pk for family in plan.changed_families)
    create(Family.objects.all(), plan.new_families, progress, Step.FAMILIES)
    create(FamilyMembership.objects.all(), plan.new_memberships, progress, Step.FAMILIES)
