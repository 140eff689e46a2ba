"""A guardian lives elsewhere, as the school was told: alone, or with those who move along."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from parents.models import Guardian, Guardianship, Household
from schools import audit
from schools.models import Pupil, School, User


@dataclass(frozen=True, slots=True)
class Address:
    street: str
    postcode: str
    city: str

    def is_of(self, home: Household) -> bool:
        said = (self.street, self.postcode, self.city)
        return [part.casefold() for part in said] == [
            part.casefold() for part in (home.street, home.postcode, home.city)
        ]


def housemates(guardian: Guardian, pupil: Pupil) -> list[Guardian]:
    """The other adults of this child at the guardian's address."""
    if guardian.household_id is None:
        return []
    ties = Guardianship.objects.current().filter(pupil=pupil, guardian__household=guardian.household_id)
    return list(Guardian.objects.filter(pk__in=ties.values("guardian_id")).exclude(pk=guardian.pk))


def move_home(*, pupil: Pupil, people: Iterable[Guardian], address: Address, by: User, school: School) -> Household:
    """These adults of a child live here from now on. A household that nobody stays behind in moves as it is; where
    another adult of the child lives at the new address already, they share one: one letter each."""
    movers = {person.pk: person for person in people}
    with transaction.atomic():
        ties = Guardianship.objects.current().filter(pupil=pupil)
        around = Household.objects.filter(guardians__in=ties.values("guardian_id")).distinct()
        home = next((row for row in around.order_by("pk") if address.is_of(row)), None)
        if home is None:
            home = _left_by_all(movers) or Household()
        if home.pk is None or home.pk in {person.household_id for person in movers.values()}:  # spelled otherwise too
            home.street, home.postcode, home.city = address.street, address.postcode, address.city
            home.save()
        Guardian.objects.filter(pk__in=movers).update(household=home)
        for pk in sorted(movers):
            audit.record(actor=by, verb="noted a new home", target=movers[pk], school_id=school.pk, household=home.pk)
    return home


def _left_by_all(movers: dict[int, Guardian]) -> Household | None:
    homes = {person.household_id for person in movers.values()}
    home = homes.pop()
    if homes or home is None or Guardian.objects.filter(household=home).exclude(pk__in=movers).exists():
        return None
    return Household.objects.select_for_update().get(pk=home)
