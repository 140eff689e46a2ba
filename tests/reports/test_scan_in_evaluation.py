"""The schools' own scans in the evaluation: first and last of the year, as a mean that tells of no single school."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reports.evaluation.accessible import scan_scores
from reports.evaluation.counting import Counting, Windows
from reports.models import AccessScan, ScanAnswer
from schools import clock
from tests.reports.scanned import answers
from tests.reports.world import LAST, World

pytestmark = pytest.mark.django_db


def scan(world: World, place: int, day: date, given: dict[str, tuple[str, str]]) -> None:
    row = AccessScan.objects.create(
        school=world.schools[place], measured_on=day, client_id=f"00000000-0000-0000-0000-{place:02d}{day:%Y%m%d}00",
        kept_at=clock.now(), kept_by=world.writer,
    )  # fmt: skip
    ScanAnswer.objects.bulk_create(
        ScanAnswer(scan=row, point=point, answer=answer, remark=remark) for point, (answer, remark) in given.items()
    )


def table(world: World) -> dict[str, Any]:
    found: dict[str, Any] = scan_scores(Counting(world.project, Windows.of(world.project, LAST)))["table"]
    return found


def words(row: list[str]) -> list[str]:
    return [cell.replace("\u00a0", " ") for cell in row]


def test_both_measurements_of_schools_that_measured_twice() -> None:
    world = World(pilots=4)
    for place in range(3):
        scan(world, place, date(2025, 10, 1), answers("PARTLY"))
        scan(world, place, date(2026, 1, 15), answers("NO"))
        scan(world, place, date(2026, 5, 4), answers("YES", welcome_1="NO"))
    scan(world, 3, date(2026, 5, 4), answers("NO"))
    found = table(world)
    assert words(found["rows"][0]) == ["Welkom", "50 %", "75 %", "+25 pp"]
    assert words(found["rows"][1]) == ["Talen", "50 %", "100 %", "+50 pp"]
    assert found["note"].startswith("Gemiddelde van de 3 scholen die twee keer maten (4 vulden de scan in), ")


def test_with_too_few_that_measured_twice_only_the_last_one_stands() -> None:
    """It is neither a first nor a last one of which somebody could read a change."""
    world = World(pilots=3)
    scan(world, 0, date(2025, 10, 1), answers("NO"))
    for place in range(3):
        scan(world, place, date(2026, 5, 4), answers("YES"))
    found = table(world)
    assert [column["label"] for column in found["columns"]] == ["Thema", "Meting"]
    assert words(found["rows"][0]) == ["Welkom", "100 %"]
    assert found["note"].startswith("Gemiddelde van 3 scholen, van elke de laatste meting, zoals ze zichzelf zien")


def test_what_every_school_measured_once_is_called_no_last_measurement() -> None:
    world = World(pilots=3)
    for place in range(3):
        scan(world, place, date(2025, 10, 1), answers("YES"))
    found = table(world)
    assert [column["label"] for column in found["columns"]] == ["Thema", "Meting"]
    assert found["note"].startswith("Gemiddelde van 3 scholen, zoals ze zichzelf zien")


def test_two_schools_make_no_mean_and_none_is_said_to_be_none() -> None:
    world = World(pilots=3)
    assert "nog geen school" in table(world)["note"]
    for place in range(2):
        scan(world, place, date(2026, 5, 4), answers("YES"))
    found = table(world)
    assert found["rows"][0][1] == "niet getoond"
    assert not any("%" in cell for row in found["rows"] for cell in row)


def test_a_comparison_school_and_another_year_are_not_in_it() -> None:
    world = World(pilots=3)
    world.schools.append(world.school(role="COMPARISON"))
    for place in range(4):
        scan(world, place, date(2026, 5, 4), answers("NO" if place == 3 else "YES"))
        scan(world, place, date(2025, 8, 20), answers("NO"))
    assert words(table(world)["rows"][0]) == ["Welkom", "100 %"]
