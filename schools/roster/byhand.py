"""What somebody of the school types about one child or adult, read as the one line of a list."""

from __future__ import annotations

from collections.abc import Mapping

from schools.models import Pupil
from schools.roster.checks import check
from schools.roster.fields import GUARDIANS
from schools.roster.findings import Findings
from schools.roster.known import KnownPupils
from schools.roster.people import People
from schools.roster.rows import Place, Roster
from schools.roster.sheets import Record
from schools.roster.tidying import tidy

#: How the line calls a child that is new.
NEW_CHILD = "1"


def read_by_hand(cells: Mapping[str, str], region: str = "BE") -> Roster:
    """The roster of one line: ``cells`` by field (``schools.roster.fields``). A finding about a cell has its field for
    a column. Nobody ends by it."""
    findings = Findings()
    people = People(findings, region)
    people.add(_record(cells, findings))
    roster = people.roster("")
    roster.complete, roster.by_hand = False, True
    check(roster, findings)
    roster.findings = findings.listed()
    return roster


def name_of(pupil: Pupil) -> str:
    """How a line calls a child who is at the school."""
    return f"#{pupil.pk}"


def named_by_hand(known: KnownPupils) -> dict[str, Pupil]:
    """The school's children as a line may call them."""
    return {name_of(pupil): pupil for pupil in known.at_school.values()}


def _record(cells: Mapping[str, str], findings: Findings) -> Record:
    place = Place("", 1)
    clean = {}
    for field, text in cells.items():
        if found := tidy(text, Place("", 1, field), findings, may_be_phone=field.endswith(".phone")):
            clean[field] = found
    guardians = {
        slot: fields
        for slot in range(1, GUARDIANS + 1)
        if (fields := {name.partition(".")[2]: name for name in clean if name.startswith(f"guardian{slot}.")})
    }
    return Record(place, clean, {field: field for field in cells}, guardians)
