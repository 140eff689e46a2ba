"""Children whom the school's own system holds twice and whom the portal joined: both numbers are one child's."""

from __future__ import annotations

from dataclasses import replace

from schools.models import Pupil
from schools.roster.rows import Finding, LinkRow, Place, PupilRow, Roster, Severity


def as_joined(roster: Roster, key: str) -> Roster:
    """The roster with the number of the row that stayed wherever it names one that was taken in. A child whom the file
    names under both stands once, as the row says that did not end. One query."""
    taken = Pupil.objects.filter(source_system=key, merged_into__source_system=key).exclude(source_id="")
    own = dict(taken.exclude(merged_into__source_id="").values_list("source_id", "merged_into__source_id"))
    if not own:
        return roster
    pupils = _once([replace(row, source_id=own.get(row.source_id, row.source_id)) for row in roster.pupils], own)
    links: dict[tuple[str, str], LinkRow] = {}
    for link in roster.links:
        number = own.get(link.pupil_id, link.pupil_id)
        known = links.get((number, link.guardian_id))
        if known is None or known.ended:
            links[number, link.guardian_id] = replace(link, pupil_id=number)
    joined = replace(
        roster,
        pupils=pupils,
        links=list(links.values()),
        languages=[replace(row, pupil_id=own.get(row.pupil_id, row.pupil_id)) for row in roster.languages],
    )
    if left_out := len(roster.pupils) - len(pupils):
        said = Finding(Severity.NOTE, "plan_pupils_joined", Place(""), {"count": str(left_out)})
        joined.findings = [*roster.findings, said]
    return joined


def _once(rows: list[PupilRow], own: dict[str, str]) -> list[PupilRow]:
    """Of several rows of a child that was joined the first that did not end. A second row of another child stays: it
    is a mistake of the file, and is told."""
    kept = set(own.values())
    standing: dict[str, PupilRow] = {}
    for row in rows:
        known = standing.get(row.source_id)
        if row.source_id in kept and (known is None or (known.ended and not row.ended)):
            standing[row.source_id] = row
    return [row for row in rows if row.source_id not in kept or standing[row.source_id] is row]
