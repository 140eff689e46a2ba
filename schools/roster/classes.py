"""Classes of the file beside those of the school: found again by their id, then by their name in the same year."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from schools.models import Level, SchoolClass
from schools.roster import limits
from schools.roster.plan import Deed, Kind, Line, SchoolPlan
from schools.roster.rows import ClassRow, Finding, Severity

#: "3B", "L3", "3de leerjaar"; "K2", "2KA".
_KLEUTER = re.compile(r"^\s*(?:K([0-3])|([0-3])\s*K)", re.IGNORECASE)
_LAGER = re.compile(r"^\s*L?([1-6])", re.IGNORECASE)
#: Levels by the age that a child reaches in the calendar year in which the school year begins.
_BY_AGE = {2: Level.K0, 3: Level.K1, 4: Level.K2, 5: Level.K3} | {age: Level(f"L{age - 5}") for age in range(6, 12)}


def plan_classes(plan: SchoolPlan) -> dict[str, SchoolClass]:
    """Rows for every class of the file by its id in the file, new ones unsaved; and classes that only the database
    knows, for a file that says what changed."""
    known = [] if plan.new_year else list(SchoolClass.objects.filter(school=plan.school, year=plan.year).order_by("pk"))
    by_id = {row.source_id: row for row in known if row.source_id and row.source_system == plan.key}
    by_name = {row.name.casefold(): row for row in known}
    ages = _ages(plan)
    found: dict[str, SchoolClass] = dict(by_id)
    for row in plan.roster.classes:
        name = row.name.strip()
        line = Line(Kind.CLASS, name)
        room = by_id.get(row.source_id) or by_name.get(name.casefold())
        if room is None and not row.ended:
            room = _new(plan, row, name, ages)
            if room is None:
                continue
            line.deed = Deed.CREATE
            by_name[name.casefold()] = room
        elif room is not None and room.pk is not None and not plan.roster.by_hand:
            _compare(plan, row, name, room, line, by_name)
        if room is not None:
            found[row.source_id] = room
            plan.lines.append(line)
    plan.class_names = {key: room.name for key, room in found.items()}
    return found


def _new(plan: SchoolPlan, row: ClassRow, name: str, ages: dict[str, Counter[int]]) -> SchoolClass | None:
    if not name or len(name) > limits.CLASS_NAME:
        values = {"name": name, "most": str(limits.CLASS_NAME)}
        plan.findings.append(Finding(Severity.ERROR, "plan_class_name", row.place, values))
        return None
    level = row.level or _level_by_name(name)
    if not level:
        level = _level_by_age(ages[row.source_id])
        severity, code = (Severity.WARNING, "plan_level_by_age") if level else (Severity.ERROR, "plan_level_unknown")
        plan.findings.append(Finding(severity, code, row.place, {"name": name, "level": level}))
        if not level:
            return None
    system, number = plan.number(row.source_id)
    room = SchoolClass(
        school=plan.school, year=plan.year, name=name, level=level, source_system=system, source_id=number
    )
    plan.new_classes.append(room)
    return room


def _compare(
    plan: SchoolPlan, row: ClassRow, name: str, room: SchoolClass, line: Line, by_name: dict[str, SchoolClass]
) -> None:
    other = by_name.get(name.casefold())
    if name and name != room.name and len(name) <= limits.CLASS_NAME and other in (None, room):
        line.change("name", room.name, name)
        by_name.pop(room.name.casefold(), None)
        by_name[name.casefold()] = room
        room.name = name
    if row.level and row.level != room.level:
        line.change("level", room.level, row.level)
        room.level = row.level
    if (room.source_system, room.source_id) != (plan.key, row.source_id):
        line.change("source", room.source_id, row.source_id)
        room.source_system, room.source_id = plan.key, row.source_id
    if line.changes:
        plan.changed_classes.append(room)


def _ages(plan: SchoolPlan) -> dict[str, Counter[int]]:
    """By class how many of its pupils reach each age in the calendar year in which the school year begins."""
    ages: dict[str, Counter[int]] = defaultdict(Counter)
    for row in plan.roster.pupils:
        if row.birth_date and not row.ended:
            ages[row.class_id][plan.year.starts_on.year - row.birth_date.year] += 1
    return ages


def _level_by_name(name: str) -> str:
    if kleuter := _KLEUTER.match(name):
        return f"K{kleuter[1] or kleuter[2]}"
    lager = _LAGER.match(name)
    return f"L{lager[1]}" if lager else ""


def _level_by_age(ages: Counter[int]) -> str:
    """The level of most pupils' age; "" when no age says it."""
    known = [(count, age) for age, count in ages.items() if age in _BY_AGE]
    return str(_BY_AGE[max(known)[1]]) if known else ""
