"""Where guardians live: those who answer for the same child at the same address share a household, one letter each."""

from __future__ import annotations

from collections import defaultdict

from parents.models import Guardian, Household
from parents.roster.guardians import Adults, is_at
from parents.roster.known import KnownAdults
from parents.roster.plan import FamilyPlan
from schools.roster import limits
from schools.roster.rows import GuardianRow

Address = tuple[str, str, str]


class Homes:
    def __init__(self, plan: FamilyPlan, known: KnownAdults, adults: Adults) -> None:
        self._plan, self._known, self._adults = plan, known, adults
        self._leader: dict[str, str] = {}

    def compare(self) -> None:
        moving = self._with_address()
        for together in self._together(moving):
            self._settle(together, moving)

    def _with_address(self) -> dict[str, Household]:
        """The address that the file gives of each adult, as a household that is not written."""
        given: dict[str, Household] = {}
        for source_id in self._plan.guardians:
            row = self._adults.rows[source_id]
            known = self._plan.guardians[source_id]
            if self._plan.school.roster.by_hand and known.pk:
                self._keep(known, row, given)
                continue
            if row.street.strip() and (row.postcode.strip() or row.city.strip()) and not row.ended:
                given[source_id] = _household(row)
        return given

    def _keep(self, known: Guardian, row: GuardianRow, given: dict[str, Household]) -> None:
        """Who is known lives where the portal says; others of the child may turn out to live there too."""
        if known.household is not None:
            given[row.source_id] = known.household
        if row.street.strip() and (known.household is None or not is_at(known.household, row)):
            self._adults.lines[row.source_id].notes.append(("kept_contact", str(_household(row))))

    def _together(self, moving: dict[str, Household]) -> list[list[str]]:
        """Adults at one address who share a child, and whoever shares a child with one of those."""
        self._leader = {source_id: source_id for source_id in moving}
        first: dict[tuple[str, Address], str] = {}
        for source_id, home in moving.items():
            for link in self._adults.links[source_id]:
                other = first.setdefault((link.pupil_id, _address(home)), source_id)
                self._leader[self._find(source_id)] = self._find(other)
        groups: dict[str, list[str]] = defaultdict(list)
        for source_id in moving:
            groups[self._find(source_id)].append(source_id)
        return list(groups.values())

    def _find(self, source_id: str) -> str:
        while self._leader[source_id] != source_id:
            self._leader[source_id] = self._leader[self._leader[source_id]]
            source_id = self._leader[source_id]
        return source_id

    def _settle(self, together: list[str], moving: dict[str, Household]) -> None:
        """One household for all of them: one that stands there, the one that all of them leave, or a new one."""
        target = moving[together[0]]
        rows = {source_id: self._plan.guardians[source_id] for source_id in together}
        changes = {
            source_id: (str(row.household or ""), str(target))
            for source_id, row in rows.items()
            if row.household is None or _address(row.household) != _address(target)
        }
        if not changes:
            return
        home = self._standing(together, rows, target) or self._left_by_all(rows, target)
        if home is None:
            home = target
            self._plan.new_households.append(home)
        for source_id, (old, new) in changes.items():
            row, line = rows[source_id], self._adults.lines[source_id]
            line.change("address", old, new)
            row.household = home
            if row.pk is not None:
                self._plan.changed_guardians.append(row)

    def _standing(self, together: list[str], rows: dict[str, Guardian], target: Household) -> Household | None:
        """A household at this address of one of them, or of another guardian of the same child."""
        homes = [row.household for row in rows.values()]
        for source_id in together:
            for link in self._adults.links[source_id]:
                pupil = self._plan.school.pupil(link.pupil_id)
                if pupil is not None and pupil.pk:
                    homes += [role.guardian.household for role in self._known.of_pupil[pupil.pk]]
        return next((home for home in homes if home is not None and _address(home) == _address(target)), None)

    def _left_by_all(self, rows: dict[str, Guardian], target: Household) -> Household | None:
        """The household that these people, and nobody besides them, move from: it moves along."""
        movers = {row.pk for row in rows.values()}
        for row in rows.values():
            home = row.household
            if home is not None and home.pk and self._known.residents[home.pk] <= movers:
                home.street, home.postcode, home.city = target.street, target.postcode, target.city
                self._plan.changed_households.append(home)
                return home
        return None


def _household(row: GuardianRow) -> Household:
    return Household(
        street=" ".join(row.street.split())[: limits.STREET],
        postcode=" ".join(row.postcode.split())[: limits.POSTCODE],
        city=" ".join(row.city.split())[: limits.CITY],
    )


def _address(home: Household) -> Address:
    return home.street.casefold(), home.postcode.casefold(), home.city.casefold()
