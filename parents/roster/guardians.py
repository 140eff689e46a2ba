"""Adults of the file beside those of the portal: found again by their id, then by their name at the same child.

What a parent chose is the parent's: a file does not overwrite it, the preview only says that the file differs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from parents import ledger
from parents.models import Guardian, Household, ReadingMode
from parents.roster.known import KnownAdults
from parents.roster.plan import FamilyPlan
from schools import languages
from schools.roster import limits
from schools.roster.institutions import is_of_institution
from schools.roster.plan import Deed, Kind, Line
from schools.roster.rows import Finding, GuardianRow, LanguageRow, LinkRow, Place, Severity

_CHILDREN_SHOWN = 3
#: A list with more adults who stand twice is wrong as a whole: the first are told.
_MOST_DOUBLES = 50


class Adults:
    """Finds or makes the row of each adult and compares what the file says of them."""

    def __init__(self, plan: FamilyPlan, known: KnownAdults) -> None:
        self._plan, self._known = plan, known
        self._erased = ledger.erased_guardians()
        self.links: dict[str, list[LinkRow]] = defaultdict(list)
        for link in plan.school.roster.links:
            if plan.school.pupil(link.pupil_id) is not None:
                self.links[self.number(link.guardian_id)].append(link)
        self._adults = self._once_each(plan.school.roster.guardians)
        self._ids = {row.source_id for row in self._adults}
        self.lines: dict[str, Line] = {}
        self.rows: dict[str, GuardianRow] = {}

    def compare(self) -> None:
        plan, without_child, erased = self._plan, 0, 0
        taken: set[int] = set()
        for row in self._adults:
            if row.source_id in self.rows:
                plan.findings.append(Finding(Severity.ERROR, "plan_guardian_twice", row.place, {"id": row.source_id}))
                continue
            guardian = self._find(row, taken)
            line = Line(Kind.GUARDIAN, f"{row.first_name} {row.last_name}".strip(), self._children(row))
            if guardian is None:
                if row.ended or not any(not link.ended for link in self.links[row.source_id]):
                    without_child += not row.ended
                    continue
                if self._is_erased(row, line.name):
                    erased += 1
                    line.notes.append(("erased", ""))
                    plan.lines.append(line)
                    continue
                guardian = self._create(row, line)
            else:
                taken.add(guardian.pk)
                self._compare_fields(row, guardian, line)
            self.rows[row.source_id], self.lines[row.source_id] = row, line
            plan.guardians[row.source_id] = guardian
            plan.lines.append(line)
        self._compare_second_file(taken)
        self._tell_doubles()
        if without_child:
            values = {"count": str(without_child)}
            plan.findings.append(Finding(Severity.NOTE, "plan_guardians_without_child", Place(""), values))
        if erased:
            values = {"count": str(erased)}
            plan.findings.append(Finding(Severity.NOTE, "plan_guardians_erased", Place(""), values))

    def number(self, source_id: str) -> str:
        """The number by which the portal knows whom the school's system holds under this one."""
        return self._known.own_number.get(source_id, source_id)

    def _once_each(self, rows: list[GuardianRow]) -> list[GuardianRow]:
        """A parent whom the school's system holds twice, and whose rows were joined here, is one row with what both
        say; one that is over says nothing beside one that is not."""
        if not self._known.own_number:
            return rows
        joined = {*self._known.own_number, *self._known.own_number.values()}
        numbers = Counter(self.number(row.source_id) for row in rows if not row.ended)
        found: dict[str, GuardianRow] = {}
        once: list[GuardianRow] = []
        for row in rows:
            number = self.number(row.source_id)
            if row.source_id not in joined:
                once.append(row)
            elif row.ended and numbers[number]:
                continue
            elif number in found:
                found[number] = _with_ways(found[number], row)
            else:
                found[number] = replace(row, source_id=number)
        return [*once, *found.values()]

    def _tell_doubles(self) -> None:
        """Adults whom the file names under two numbers at one child."""
        rows = {row.source_id: row for row in self._adults if not row.ended}
        first: dict[tuple[str, str], str] = {}
        told: dict[tuple[str, str], Finding] = {}
        for number, links in self.links.items():
            row = rows.get(number)
            if row is None or not row.first_name:
                continue
            name = f"{row.first_name} {row.last_name}".strip()
            for link in links:
                other = first.setdefault((link.pupil_id, name.casefold()), number)
                if other != number and not link.ended:
                    values = {"name": name, "first": other, "second": number}
                    told[other, number] = Finding(Severity.WARNING, "plan_guardian_double", row.place, values)
        self._plan.findings += list(told.values())[:_MOST_DOUBLES]

    def _find(self, row: GuardianRow, taken: set[int]) -> Guardian | None:
        """The adult with this id; or the one of this very name who already answers for one of these children."""
        known = self._known.by_id.get(row.source_id)
        if known is not None:
            return known
        name = (row.first_name.casefold(), row.last_name.casefold())
        same: dict[int, Guardian] = {}
        for link in self.links[row.source_id]:
            pupil = self._plan.school.pupil(link.pupil_id)
            for role in self._known.of_pupil[pupil.pk] if pupil is not None and pupil.pk else ():
                adult = role.guardian
                is_named = adult.source_system == self._plan.school.key and adult.source_id in self._ids
                if (adult.first_name.casefold(), adult.last_name.casefold()) == name and not is_named:
                    same[adult.pk] = adult
        free = [adult for pk, adult in same.items() if pk not in taken]
        if not free and self._plan.school.roster.by_hand:
            return self._recognised(row, name, taken)
        return free[0] if len(free) == 1 else None

    def _recognised(self, row: GuardianRow, name: tuple[str, str], taken: set[int]) -> Guardian | None:
        """The one adult around the school of this very name with one of these numbers or addresses, or with this home
        for a name of two parts: what joins rows of one file too (``schools.roster.adults``). Others of the name are
        told."""
        alike = [
            adult
            for pk, adult in self._known.rows.items()
            if pk not in taken and (adult.first_name.casefold(), adult.last_name.casefold()) == name
        ]
        ways = {value.strip().casefold() for value in (*row.emails, *row.phones)}
        found = [
            adult
            for adult in alike
            if ways & {use.contact_point.value.casefold() for use in self._known.uses[adult.pk]}
            or (all(name) and row.street and adult.household is not None and is_at(adult.household, row))
        ]
        if len(found) == 1:
            return found[0]
        for adult in alike[:_MOST_DOUBLES]:
            values = {"name": adult.full_name}
            self._plan.findings.append(Finding(Severity.WARNING, "plan_guardian_alike", row.place, values))
        return None

    def _is_erased(self, row: GuardianRow, name: str) -> bool:
        values = (*(value.strip().lower() for value in row.emails), *(value.strip() for value in row.phones))
        return self._erased.holds(self._plan.school.key, row.source_id) or self._erased.holds_name(name, values)

    def _create(self, row: GuardianRow, line: Line) -> Guardian:
        language = row.contact_language if row.contact_language in languages.LANGUAGES else None
        system, number = self._plan.school.number(row.source_id)
        guardian = Guardian(
            first_name=row.first_name[: limits.NAME],
            last_name=row.last_name[: limits.NAME],
            contact_language=language or languages.MASTER,
            reading_mode=row.reading_mode if row.reading_mode in ReadingMode.values else ReadingMode.TEXT,
            second_language="",
            wants_digest=False,
            source_system=system,
            source_id=number,
        )
        line.deed = Deed.CREATE
        if language:
            line.change("contact_language", "", language)
        else:
            self._plan.without_language += 1
        self._plan.new_guardians.append(guardian)
        return guardian

    def _compare_second_file(self, taken: set[int]) -> None:
        """What a file of languages says of adults whom the portal knows already."""
        for said in self._plan.school.roster.languages:
            for guardian in self._meant(said):
                if guardian.pk in taken:
                    continue
                taken.add(guardian.pk)
                key = guardian.source_id or f"row {guardian.pk}"
                row = GuardianRow(
                    said.place,
                    key,
                    guardian.first_name,
                    guardian.last_name,
                    contact_language=said.contact_language,
                    home_language=said.home_language,
                    reading_mode=said.reading_mode,
                )
                line = Line(Kind.GUARDIAN, guardian.full_name)
                self._compare_wishes(row, guardian, line)
                if line.changes:
                    self._plan.changed_guardians.append(guardian)
                self.rows[key], self.lines[key] = row, line
                self._plan.guardians[key] = guardian
                self._plan.lines.append(line)

    def _meant(self, said: LanguageRow) -> list[Guardian]:
        if said.guardian_id:
            known = self._known.by_id.get(self.number(said.guardian_id))
            return [known] if known is not None else []
        pupil = self._plan.school.others.get(said.pupil_id)
        ties = self._known.of_pupil[pupil.pk] if pupil is not None else []
        return [tie.guardian for tie in ties if not is_of_institution(tie.relation)]

    def _compare_fields(self, row: GuardianRow, guardian: Guardian, line: Line) -> None:
        if self._plan.school.roster.by_hand:
            line.notes.append(("known_adult", ""))
            return
        if (guardian.source_system, guardian.source_id) != (self._plan.school.key, row.source_id):
            line.change("source", guardian.source_id, row.source_id)
            line.notes.append(("same_person", ""))
            guardian.source_system, guardian.source_id = self._plan.school.key, row.source_id
        self._set(guardian, "first_name", row.first_name[: limits.NAME], line)
        self._set(guardian, "last_name", row.last_name[: limits.NAME], line)
        self._compare_wishes(row, guardian, line)
        if line.changes:
            self._plan.changed_guardians.append(guardian)

    def _compare_wishes(self, row: GuardianRow, guardian: Guardian, line: Line) -> None:
        if row.contact_language in languages.LANGUAGES:
            if guardian.language_confirmed_on is None:
                self._set(guardian, "contact_language", row.contact_language, line)
            elif guardian.contact_language != row.contact_language:
                line.notes.append(("own_language", str(row.contact_language)))
        if row.reading_mode in ReadingMode.values:
            if guardian.reading_confirmed_on is None:
                self._set(guardian, "reading_mode", row.reading_mode, line)
            elif guardian.reading_mode != row.reading_mode:
                line.notes.append(("own_reading", str(row.reading_mode)))

    @staticmethod
    def _set(guardian: Guardian, name: str, value: object, line: Line) -> None:
        if getattr(guardian, name) != value:
            line.change(name, getattr(guardian, name), value)
            setattr(guardian, name, value)

    def _children(self, row: GuardianRow) -> str:
        found = [self._plan.school.pupil(link.pupil_id) for link in self.links[row.source_id]]
        names = list(dict.fromkeys(pupil.first_name for pupil in found if pupil is not None))
        return ", ".join(names[:_CHILDREN_SHOWN]) + (" …" if len(names) > _CHILDREN_SHOWN else "")


def is_at(home: Household, row: GuardianRow) -> bool:
    """Whether the row says this very address."""
    said = (row.street, row.postcode, row.city)
    return [" ".join(part.split()).casefold() for part in said] == [
        part.casefold() for part in (home.street, home.postcode, home.city)
    ]


def _with_ways(row: GuardianRow, other: GuardianRow) -> GuardianRow:
    """With the addresses and numbers of the other one too."""
    return replace(row, emails=(*row.emails, *other.emails), phones=(*row.phones, *other.phones))
