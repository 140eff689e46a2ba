"""``manage.py roster``: what it tells, what it does, how it ends."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from celery.signals import before_task_publish
from django.core.management import call_command

from parents.roster.outright import bring_in
from schools.models import Pupil, School
from schools.roster.rows import ClassRow, Place, PupilRow, Roster
from tests import factories as make
from tests.roster.lists import ROWS, file_of

pytestmark = pytest.mark.django_db


def run(path: Path, *arguments: str) -> tuple[int, str]:
    """Exit status and what it said."""
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("roster", str(path), *arguments, stdout=said, stderr=said)
    return int(ended.value.code or 0), said.getvalue()


def run_json(path: Path, *arguments: str) -> tuple[int, Any]:
    status, said = run(path, *arguments, "--json")
    return status, json.loads(said)


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "leerlingen.csv"
    path.write_bytes(file_of())
    return path


def test_without_apply_it_only_tells(school: School, roster: Path) -> None:
    status, found = run_json(roster, "--school", school.institution_number)
    assert status == 0
    assert found["applied"] is False
    assert found["schools"][0]["counts"]["pupil"] == {"create": 3, "change": 0, "end": 0, "leave": 0}
    assert not Pupil.objects.exists()


def test_applied_it_says_so_and_a_second_time_that_nothing_had_to_change(school: School, roster: Path) -> None:
    number = school.institution_number
    status, said = run(roster, "--school", number, "--apply")
    assert (status, Pupil.objects.count()) == (0, 3)
    assert "Applied." in said
    status, said = run(roster, "--school", number, "--apply")
    assert status == 0
    assert "Nothing had to change." in said


def test_with_an_error_it_applies_nothing_and_ends_with_1(school: School, roster: Path) -> None:
    roster.write_bytes(file_of(*ROWS, "101;Iemand;Anders;01/01/2018;3B;;;;;"))
    status, found = run_json(roster, "--school", school.institution_number, "--apply")
    assert status == 1
    assert not Pupil.objects.exists()
    error = next(finding for finding in found["schools"][0]["findings"] if finding["severity"] == "error")
    assert (error["code"], error["row"]) == ("id_twice", 5)


def test_so_many_leavers_are_said_to_be_right_first(school: School, roster: Path) -> None:
    number = school.institution_number
    run(roster, "--school", number, "--apply")
    roster.write_bytes(file_of(*ROWS[:1]))
    status, said = run(roster, "--school", number, "--apply")
    assert status == 1
    assert "2 of 3 pupils would leave" in said
    assert run(roster, "--school", number, "--apply", "--many-leave")[0] == 0


@pytest.mark.parametrize("applies", [True, False])
def test_what_is_brought_in_rings_for_families_that_may_be_one(
    school: School, roster: Path, applies: bool, django_capture_on_commit_callbacks: Any
) -> None:
    rung: list[str] = []

    def note(sender: str, **more: object) -> None:
        rung.append(sender)

    before_task_publish.connect(note)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            run(roster, "--school", school.institution_number, *["--apply"] * applies)
    finally:
        before_task_publish.disconnect(note)
    assert rung == ["parents.tasks.offer_same_families"] * applies


@pytest.mark.parametrize("wrong", [0, 1])
def test_one_school_with_an_error_stops_the_others_of_the_file_and_all_are_told(school: School, wrong: int) -> None:
    schools, place = [school, make.make_school()], Place("lijst.csv")
    rooms = [ClassRow(place, f"k{one.pk}", "3B", school=one.institution_number) for one in schools]
    rows = [
        PupilRow(place, f"l{one.pk}", "Kind", "Test", class_id="k0" if number == wrong else f"k{one.pk}")
        for number, one in enumerate(schools)
    ]
    plans = bring_in(Roster("wisa", classes=rooms, pupils=rows), schools, many_leave=False)
    assert [plan.children.school for plan in plans] == schools
    assert plans[wrong].has_errors
    assert not Pupil.objects.exists()


@pytest.mark.parametrize(
    ("content", "arguments"),
    [
        (b"%PDF-1.7", ["--school", "{number}"]),
        (b"", ["--school", "{number}"]),
        (None, []),
        (None, ["--school", "000000"]),
        (None, ["--school", "{number}", "--preset", "nobody-knows"]),
    ],
    ids=["a PDF", "an empty file", "no school named", "an unknown school", "an unknown preset"],
)
def test_what_cannot_be_read_ends_with_2(
    school: School, roster: Path, content: bytes | None, arguments: list[str]
) -> None:
    if content is not None:
        roster.write_bytes(content)
    status, said = run(roster, *(word.format(number=school.institution_number) for word in arguments), "--apply")
    assert status == 2
    assert said.strip()


def test_a_file_that_is_not_there_ends_with_2(school: School, tmp_path: Path) -> None:
    assert run(tmp_path / "nergens.csv", "--school", school.institution_number)[0] == 2
