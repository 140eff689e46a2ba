"""Whose rows these are: a file may speak of one school without naming it, or of several by their numbers."""

from __future__ import annotations

from dataclasses import replace

from schools.models import School
from schools.roster.rows import Finding, Place, Roster, Severity

_WHOLE_FILE = Place("")


def schools_named(roster: Roster) -> list[str]:
    """The names by which the file calls schools, in their order; empty when it names none."""
    return list(dict.fromkeys(row.school for row in roster.classes if row.school))


def part_of(roster: Roster, school: School) -> Roster:
    """The rows of one school. A file that names one school only is about the one it was brought in for; of several,
    those under the school's institution number are taken and the others counted in a finding."""
    named = schools_named(roster)
    if len(named) < 2:
        return roster
    number = school.institution_number
    if number not in named:
        values = {"number": number, "named": ", ".join(named[:5])}
        missing = Finding(Severity.ERROR, "plan_school_not_in_file", _WHOLE_FILE, values)
        return replace(roster, classes=[], pupils=[], guardians=[], links=[], findings=[*roster.findings, missing])
    others = {row.source_id for row in roster.classes if row.school and row.school != number}
    pupils = [row for row in roster.pupils if row.class_id not in others]
    kept = {row.source_id for row in pupils}
    links = [row for row in roster.links if row.pupil_id in kept]
    adults = {row.guardian_id for row in links}
    left_out = len(roster.pupils) - len(pupils)
    note = Finding(Severity.NOTE, "plan_other_schools", _WHOLE_FILE, {"count": str(left_out)})
    return replace(
        roster,
        classes=[row for row in roster.classes if row.source_id not in others],
        pupils=pupils,
        guardians=[row for row in roster.guardians if row.source_id in adults],
        links=links,
        findings=[*roster.findings, note] if left_out else list(roster.findings),
    )
