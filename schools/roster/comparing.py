"""Compares the classes and pupils of a roster with the database, set-wise: what would be created, changed, ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from schools import clock
from schools.models import Pupil, School, SchoolClass
from schools.roster import limits
from schools.roster.byhand import named_by_hand
from schools.roster.classes import plan_classes
from schools.roster.joined import as_joined
from schools.roster.keys import key_of, year_of
from schools.roster.known import KnownPupils, known_pupils
from schools.roster.places import Placed, Places
from schools.roster.plan import Deed, Kind, Line, SchoolPlan
from schools.roster.rows import Finding, Place, PupilRow, Roster, Severity

#: A list with more children who stand twice is wrong as a whole: the first are told.
_MOST_DOUBLES = 50
#: Fewer children who change class are no sign of another year.
_MANY = 5


def _nobody(_system: str, _source_id: str) -> bool:
    return False


def plan_school(roster: Roster, school: School, is_erased: Callable[[str, str], bool] = _nobody) -> SchoolPlan:
    """The plan for one school's rows (``schools.roster.splitting``). ``is_erased`` says of a source system and id
    whether that child was erased: no list brings it back. Reads; writes nothing."""
    key = "" if roster.by_hand else key_of(roster.source_system, school)
    roster = as_joined(roster, key)
    plan = SchoolPlan(
        school=school,
        year=year_of(roster),
        key=key,
        day=clock.today(),
        roster=roster,
        # Whose level the file leaves open is a question for new classes only, and `classes` answers it or asks.
        findings=[finding for finding in roster.findings if finding.code != "class_without_level"],
    )
    if plan.year.last_day < plan.day:
        plan.findings.append(Finding(Severity.ERROR, "plan_year_over", Place(""), {"year": str(plan.year)}))
    _Pupils(plan, plan_classes(plan), is_erased).compare()
    return plan


class _Pupils:
    def __init__(
        self, plan: SchoolPlan, classes: dict[str, SchoolClass], is_erased: Callable[[str, str], bool]
    ) -> None:
        self._plan, self._classes, self._is_erased = plan, classes, is_erased
        ids = {row.source_id for row in plan.roster.pupils}
        self._known: KnownPupils = known_pupils(plan.school, plan.key, ids)
        self._places = Places(plan, is_first_list=not self._has_list_of_year())
        self._matched: set[int] = set()
        #: How many children begin after the year of the list.
        self._later = 0

    def compare(self) -> None:
        plan = self._plan
        plan.enrolled = len(self._enrolled())
        plan.others = named_by_hand(self._known) if plan.roster.by_hand else self._known.by_id
        seen: set[str] = set()
        for row in plan.roster.pupils:
            if row.source_id in seen:
                plan.findings.append(Finding(Severity.ERROR, "plan_pupil_twice", row.place, {"id": row.source_id}))
                continue
            seen.add(row.source_id)
            self._compare_row(row)
        self._tell_doubles()
        if plan.roster.by_hand:
            self._tell_alike()
        self._tell_of_which_year()
        if plan.roster.complete:
            self._end_missing()
        if erased := sum(line.notes == [("erased", "")] for line in plan.lines):
            values = {"count": str(erased)}
            plan.findings.append(Finding(Severity.NOTE, "plan_pupils_erased", Place(""), values))
        plan.leaving = sum(line.kind is Kind.PUPIL and line.deed is Deed.END for line in plan.lines)

    def _tell_of_which_year(self) -> None:
        """That a list is about a year to come; or, of one about this year, that it looks like one of the next, or that
        its classes are those of the school under other names: teachers would stay in classes without children."""
        plan = self._plan
        if self._later:
            values = {"count": str(self._later), "year": str(plan.year)}
            plan.findings.append(Finding(Severity.NOTE, "plan_begin_later", Place(""), values))
        if plan.day < plan.year.starts_on:
            values = {"year": str(plan.year)}
            plan.findings.append(Finding(Severity.NOTE, "plan_year_to_come", Place(""), values))
        elif self._places.moved >= _MANY and self._places.moved * 2 > plan.enrolled:
            code, moved = "plan_most_move", self._places.moved
            if self._places.moved_on_level * 2 > moved:
                code, moved = "plan_classes_renamed", self._places.moved_on_level
            values = {"moved": str(moved), "enrolled": str(plan.enrolled), "year": str(plan.year)}
            plan.findings.append(Finding(Severity.WARNING, code, Place(""), values))

    def _tell_doubles(self) -> None:
        """Children whom the file names under two numbers, by name and date of birth."""
        first: dict[tuple[str, str, date], str] = {}
        told: list[Finding] = []
        for row in self._plan.roster.pupils:
            if row.birth_date is None or row.ended:
                continue
            who = (row.first_name.casefold(), row.last_name.casefold(), row.birth_date)
            number = first.setdefault(who, row.source_id)
            if number != row.source_id:
                name = f"{row.first_name} {row.last_name}".strip()
                values = {"name": name, "first": number, "second": row.source_id}
                told.append(Finding(Severity.WARNING, "plan_pupil_double", row.place, values))
        self._plan.findings += told[:_MOST_DOUBLES]

    def _tell_alike(self) -> None:
        """A child of the school with the name of one that was typed, and another date of birth: perhaps a slip."""
        for row in self._plan.roster.pupils:
            name = (row.first_name.casefold(), row.last_name.casefold())
            for pk in self._enrolled():
                other = self._known.at_school[pk]
                is_other = pk not in self._matched and (other.first_name.casefold(), other.last_name.casefold()) == name
                if is_other:
                    values = {"name": other.full_name, "class": self._known.enrolments[pk][-1].school_class.name}
                    self._plan.findings.append(Finding(Severity.WARNING, "plan_pupil_alike", row.place, values))

    def _compare_row(self, row: PupilRow) -> None:
        plan, pupil = self._plan, self._find(row)
        line = Line(Kind.PUPIL, f"{row.first_name} {row.last_name}".strip(), plan.class_names.get(row.class_id, ""))
        if row.ended:
            if pupil is not None:
                self._matched.add(pupil.pk)
                plan.pupils[row.source_id] = pupil
                self._places.end(self._known.enrolments[pupil.pk], row.ends_on, line)
                plan.lines.append(line)
            return
        begins_later = row.starts_on is not None and row.starts_on > plan.year.last_day
        self._later += begins_later
        if not row.class_id or begins_later:
            self._compare_without_class(row, pupil, line)
            return
        room = self._classes.get(row.class_id)
        if room is None:
            values = {"name": line.name, "class": row.class_id}
            plan.findings.append(Finding(Severity.ERROR, "plan_class_unknown", row.place, values))
            return
        if pupil is None:
            if self._is_erased(plan.key, row.source_id):
                line.notes.append(("erased", ""))
                plan.lines.append(line)
            else:
                self._create(row, room, line)
            return
        self._matched.add(pupil.pk)
        here = self._places.running(self._known.enrolments[pupil.pk])
        if plan.roster.by_hand and here is not None:
            values = {"name": pupil.full_name, "class": here.school_class.name}
            plan.findings.append(Finding(Severity.ERROR, "plan_pupil_here", row.place, values))
            return
        placed = self._places.put(pupil, row, room, self._known.enrolments[pupil.pk], line)
        if placed is Placed.ELSEWHERE:
            plan.findings.append(Finding(Severity.WARNING, "plan_not_enrolled", row.place, {"name": line.name}))
        elif placed is Placed.YES:
            plan.pupils[row.source_id] = pupil
        self._compare_fields(row, pupil, line)
        plan.lines.append(line)

    def _compare_without_class(self, row: PupilRow, pupil: Pupil | None, line: Line) -> None:
        """The file says nothing of a class, or of one in a later year: a child that is known keeps its place, a new one
        cannot come in (the reader warned, or it is told how many)."""
        if pupil is None:
            return
        self._matched.add(pupil.pk)
        running = self._places.running(self._known.enrolments[pupil.pk])
        if running is not None:
            line.place = running.school_class.name
            self._plan.first_days[row.source_id] = running.starts_on
        self._plan.pupils[row.source_id] = pupil
        self._compare_fields(row, pupil, line)
        self._plan.lines.append(line)

    def _create(self, row: PupilRow, room: SchoolClass, line: Line) -> None:
        system, number = self._plan.number(row.source_id)
        pupil = Pupil(
            first_name=row.first_name[: limits.NAME],
            last_name=row.last_name[: limits.NAME],
            birth_date=row.birth_date,
            source_system=system,
            source_id=number,
        )
        if self._places.put(pupil, row, room, [], line) is not Placed.YES:
            return
        line.deed = Deed.CREATE
        if row.birth_date:
            line.change("birth_date", None, row.birth_date)
        self._plan.new_pupils.append(pupil)
        self._plan.pupils[row.source_id] = pupil
        self._plan.lines.append(line)

    def _compare_fields(self, row: PupilRow, pupil: Pupil, line: Line) -> None:
        if self._plan.roster.by_hand:
            line.notes.append(("known_child", ""))
            return
        before = len(line.changes)
        if (pupil.source_system, pupil.source_id) != (self._plan.key, row.source_id):
            line.change("source", pupil.source_id, row.source_id)
            line.notes.append(("same_person", ""))
            pupil.source_system, pupil.source_id = self._plan.key, row.source_id
        wanted = {"first_name": row.first_name[: limits.NAME], "last_name": row.last_name[: limits.NAME]}
        for name, value in wanted.items():
            if getattr(pupil, name) != value:
                line.change(name, getattr(pupil, name), value)
                setattr(pupil, name, value)
        if row.birth_date and pupil.birth_date != row.birth_date:
            line.change("birth_date", pupil.birth_date, row.birth_date)
            pupil.birth_date = row.birth_date
        if len(line.changes) > before:
            self._plan.changed_pupils.append(pupil)

    def _find(self, row: PupilRow) -> Pupil | None:
        """The pupil with this id; or the one child of the school with this very name and date of birth."""
        known = self._known.by_id.get(row.source_id)
        if known is not None:
            return known
        same = [pupil for pupil in self._known.same_person(row) if pupil.pk not in self._matched]
        if len(same) > 1:
            values = {"name": f"{row.first_name} {row.last_name}".strip(), "count": str(len(same))}
            self._plan.findings.append(Finding(Severity.WARNING, "plan_several_same", row.place, values))
        return same[0] if len(same) == 1 else None

    def _end_missing(self) -> None:
        """Whoever is enrolled and not on a complete list has left; who comes on a day that lies ahead may be missing
        there."""
        for pk in self._enrolled():
            pupil, known = self._known.at_school[pk], self._known.enrolments[pk]
            if pk in self._matched or self._places.are_to_come(known):
                continue
            line = Line(Kind.PUPIL, pupil.full_name, known[-1].school_class.name)
            line.notes.append(("missing", ""))
            if self._places.end(known, None, line):
                self._plan.lines.append(line)

    def _enrolled(self) -> list[int]:
        """Pupils with a place at the school that has no last day in the past; who comes after the plan's year only is
        on no list of it."""
        school = self._plan.school.pk
        return [
            pk
            for pk, places in self._known.enrolments.items()
            if any(place.school_id == school and self._places.holds(place) for place in places)
        ]

    def _has_list_of_year(self) -> bool:
        year, school = self._plan.year, self._plan.school.pk
        return any(
            place.school_id == school and place.school_class.year_id == year.pk
            for places in self._known.enrolments.values()
            for place in places
        )
