"""Families at the two schools of the cast, to be found alike or not."""

from __future__ import annotations

from datetime import date

from parents.models import (
    ContactPoint,
    Family,
    FamilyMatch,
    FamilyMembership,
    Guardian,
    Guardianship,
    MatchState,
)
from parents.samefamily.facts import kind_of
from parents.services import offer_same_families
from schools.models import Enrolment, Pupil
from tests.cast import Cast


class Homes:
    """Makes families at the two schools of the cast, with nothing in common but what is said."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.number = 0

    def add(
        self,
        room: str,
        last: str = "",
        *,
        parent: tuple[str, str] | None = None,
        phone: str = "",
        street: str = "",
        child: str = "",
        born: date | None = None,
    ) -> Family:
        self.number += 1
        n, start = self.number, self.cast.year.starts_on
        place = self.cast.classes[room]
        family = Family.objects.create(home_language="")
        pupil = Pupil.objects.create(first_name=child or f"Kind{n}", last_name=last, birth_date=born)
        Enrolment.objects.create(pupil=pupil, school=place.school, school_class=place, starts_on=start)
        FamilyMembership.objects.create(family=family, pupil=pupil, starts_on=start)
        first, name = parent or (f"Ouder{chr(96 + n)}", last)
        guardian = Guardian.objects.create(first_name=first, last_name=name)
        Guardianship.objects.create(pupil=pupil, guardian=guardian, starts_on=start)
        if phone:
            point = ContactPoint.objects.create(kind="PHONE", value=phone, valid_from=start)
            point.uses.create(guardian=guardian)
        if street:
            guardian.household = self.cast.guardians["mother"].household.__class__.objects.create(  # type: ignore[union-attr]
                street=street, postcode="3800", city="Sint-Truiden"
            )
            guardian.save(update_fields=["household"])
        return family


def found() -> dict[tuple[int, int], set[str]]:
    offer_same_families()
    rows = FamilyMatch.objects.filter(state=MatchState.OPEN)
    return {(row.first_id, row.second_id): {kind_of(fact) for fact in row.facts} for row in rows}


def pupil_of(family: Family) -> Pupil:
    return Pupil.objects.get(family_memberships__family=family)


def matched(homes: Homes) -> FamilyMatch:
    """Two families with one phone number, one at each school."""
    homes.add("3b", "Yilmaz", phone="+32470001111")
    homes.add("go2", "Demir", phone="+32470001111")
    offer_same_families()
    return FamilyMatch.objects.get()
