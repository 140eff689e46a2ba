"""Whatever comes in, the reader answers: a roster with findings, or a refusal with its reason. Never anything else."""

from __future__ import annotations

import io
import resource
import zipfile
from pathlib import Path

import pytest

from schools.models import Level
from schools.roster.reading import Unreadable, look_at, read_roster
from schools.roster.rows import GuardianRow, PupilRow, Roster
from schools.roster.wording import sentence, where
from tests.schools.roster.mutating import FILES, mutants

pytestmark = [pytest.mark.either_engine, pytest.mark.slow]
EACH = 400
#: In a full run the formats together get more than ten thousand.
EACH_IN_FULL = 2_000
#: Bytes of the shortest row.
ROW = 20
#: Megabytes that all of a format's files together may add to the process.
ROOM = 60


@pytest.mark.parametrize("each", [EACH, pytest.param(EACH_IN_FULL, marks=pytest.mark.full)])
@pytest.mark.parametrize("kind", FILES)
def test_spoiled_files_are_always_answered(kind: str, each: int, tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(FILES[kind])
    sound = read_roster(path, name="upload")
    weight = _weight(FILES[kind])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused = 0
    for number, content in enumerate(mutants(kind, each, seed=5)):
        path.write_bytes(content)
        try:
            lost = max(weight - _weight(content), 0)
            reasons = _answered(path, sound, look_too=number % 10 == 0, lost=lost)
        except Exception as problem:
            problem.add_note(f"{kind} {number}: {content[:2000]!r}")
            raise
        refused += len(reasons)
    assert 0 < refused < each
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < ROOM * 1024


def _weight(content: bytes) -> int:
    """Bytes of the tables themselves."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(member.file_size for member in archive.infolist())
    except Exception:
        return len(content)


def _answered(path: Path, original: Roster, *, look_too: bool, lost: int) -> list[str]:
    """The sentence with which the file was refused, if it was. Nobody is left out without a word, unless the spoiling
    cut out so many bytes (``lost``) that a whole row may be gone."""
    try:
        if look_too:
            look_at(path, name="upload")
        roster = read_roster(path, name="upload")
    except Unreadable as problem:
        return [sentence(problem.finding)]
    _is_sound(roster)
    fewer = len(roster.pupils) < len(original.pupils) or len(roster.guardians) < len(original.guardians)
    assert not fewer or roster.findings or lost > ROW
    return []


def _is_sound(roster: Roster) -> None:
    """Rows keep their promises, and every finding can be said."""
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
