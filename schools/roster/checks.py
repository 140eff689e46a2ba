"""What only shows when all rows are together: doubles, links that lead nowhere, who would be left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from schools import clock
from schools.roster.findings import WHOLE, Findings
from schools.roster.rows import ClassRow, GuardianRow, PupilRow, Roster

_Row = TypeVar("_Row", ClassRow, PupilRow, GuardianRow)
#: Years of age in a primary school, with room for a late child.
_AGES = range(2, 16)


def check(roster: Roster, findings: Findings) -> None:
    """Rows that cannot be kept are taken out; the rest is as it will be applied."""
    roster.classes = _once(roster.classes, findings)
    roster.pupils = _once(roster.pupils, findings)
    roster.guardians = _once(roster.guardians, findings)
    _classes(roster, findings)
    _pupils(roster, findings)
    if roster.complete:
        _links(roster, findings)
    _guardians(roster, findings)
    if not (roster.pupils or roster.languages or roster.guardians or roster.classes):
        if roster.complete:
            findings.error("no_pupils", WHOLE)
        else:
            findings.note("nothing_in_it", WHOLE)
    elif roster.complete and not roster.pupils:
        findings.error("no_pupils", WHOLE)


def _once(rows: Sequence[_Row], findings: Findings) -> list[_Row]:
    """Each source id once; the same row again does no harm, another one does."""
    found: dict[str, _Row] = {}
    for row in rows:
        first = found.setdefault(row.source_id, row)
        if first is row:
            continue
        if replace(row, place=first.place) == first:
            findings.note("row_again", row.place, row=first.place.row)
        else:
            findings.error("id_twice", row.place, row=first.place.row)
    return list(found.values())


def _classes(roster: Roster, findings: Findings) -> None:
    for row in roster.classes:
        if not row.name and not row.ended:
            findings.error("class_without_name", row.place)
        elif not row.level and not row.ended:
            findings.warning("class_without_level", row.place, name=row.name)


def _pupils(roster: Roster, findings: Findings) -> None:
    classes = {row.source_id for row in roster.classes}
    year = clock.today().year
    kept = []
    for row in roster.pupils:
        if roster.complete and not row.ended:
            if not row.class_id:
                findings.warning("pupil_without_class", row.place)
            elif row.class_id not in classes:
                findings.warning("class_unknown", row.place)
                row = replace(row, class_id="")
        if row.birth_date and year - row.birth_date.year not in _AGES:
            findings.warning("odd_age", row.place)
        if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
            findings.warning("days_turned", row.place)
            row = replace(row, ends_on=None)
        kept.append(row)
    roster.pupils = kept


def _links(roster: Roster, findings: Findings) -> None:
    """In a complete upload both ends must be in it, and every running pupil should have somebody."""
    pupils = {row.source_id for row in roster.pupils}
    guardians = {row.source_id for row in roster.guardians}
    kept = []
    for link in roster.links:
        if link.pupil_id not in pupils:
            findings.warning("link_unknown_pupil", link.place)
        elif link.guardian_id not in guardians:
            findings.warning("link_unknown_guardian", link.place)
        else:
            kept.append(link)
    roster.links = kept
    linked = {link.guardian_id for link in kept}
    for guardian in roster.guardians:
        if guardian.source_id not in linked and not guardian.ended:
            findings.warning("guardian_without_pupil", guardian.place)
    roster.guardians = [row for row in roster.guardians if row.source_id in linked or row.ended]
    cared_for = {link.pupil_id for link in kept if not link.ended}
    if not cared_for and roster.pupils:
        findings.note("no_guardians", WHOLE)
        return
    for pupil in roster.pupils:
        if pupil.source_id not in cared_for and not pupil.ended:
            findings.warning("pupil_without_guardian", pupil.place)


def _guardians(roster: Roster, findings: Findings) -> None:
    if not roster.complete:
        return
    for row in roster.guardians:
        if not (row.emails or row.phones or row.street or row.ended):
            findings.warning("guardian_unreachable", row.place)
