"""Whatever comes in, the reader answers: a roster with findings, or a refusal with its reason. Never anything else."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from schools.models import Level
from schools.roster.reading import Unreadable, look_at, read_roster
from schools.roster.rows import GuardianRow, PupilRow, Roster
from schools.roster.wording import sentence, where
from tests.schools.roster.mutating import FILES, mutants

pytestmark = [pytest.mark.either_engine, pytest.mark.slow]
EACH = 2_000
#: Megabytes that all of a format's files together may add to the process.
ROOM = 60


@pytest.mark.parametrize("kind", FILES)
def test_spoiled_files_are_always_answered(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(FILES[kind])
    sound = read_roster(path, name="upload")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused = 0
    for number, content in enumerate(mutants(kind, EACH, seed=5)):
        path.write_bytes(content)
        try:
            reasons = _answered(path, sound, look_too=number % 10 == 0)
        except Exception as problem:
            problem.add_note(f"{kind} {number}: {content[:2000]!r}")
            raise
        refused += len(reasons)
    assert 0 < refused < EACH
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < ROOM * 1024


def _answered(path: Path, original: Roster, *, look_too: bool) -> list[str]:
    """The sentence with which the file was refused, if it was."""
    try:
        if look_too:
            look_at(path, name="upload")
        roster = read_roster(path, name="upload")
    except Unreadable as problem:
        return [sentence(problem.finding)]
    _is_sound(roster, original)
    return []


def _is_sound(roster: Roster, original: Roster) -> None:
    """Rows keep their promises, every finding can be said, and nobody is lost without a word."""
    for finding in roster.findings:
        assert "%(" not in sentence(finding)
        where(finding.place)
    pupils = {row.source_id for row in roster.pupils}
    guardians = {row.source_id for row in roster.guardians}
    assert len(pupils) == len(roster.pupils)
    assert len(guardians) == len(roster.guardians)
    assert all(row.level in ("", *Level.values) for row in roster.classes)
    assert all(len(row.name) <= 20 for row in roster.classes)
    people: list[PupilRow | GuardianRow] = [*roster.pupils, *roster.guardians]
    for person in people:
        assert person.first_name or roster.has_errors
        assert len(person.first_name) <= 80
        assert len(person.last_name) <= 80
        assert len(person.source_id) <= 255
    if roster.complete:
        assert all(link.pupil_id in pupils and link.guardian_id in guardians for link in roster.links)
    fewer = len(roster.pupils) < len(original.pupils) or len(roster.guardians) < len(original.guardians)
    assert not fewer or roster.findings
