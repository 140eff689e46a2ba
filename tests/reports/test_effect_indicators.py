"""What does it change, and what does it cost? Experience, hours, methods that stay."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reports.disclosure import Cell
from reports.models import MeasurementWave, MethodAdoption, TimeEntry
from schools import clock
from schools.models import Method
from schools.models.methods import MethodStatus
from tests.reports.recount import count
from tests.reports.world import FIRST, World

pytestmark = pytest.mark.django_db


def test_measurements_hours_and_methods() -> None:
    world = World(pilots=2)
    for kind, agree in (("BASELINE", 2), ("END", 6)):
        for school in world.schools:
            day = date(2025, 10, 1) if kind == "BASELINE" else date(2026, 4, 1)
            MeasurementWave.objects.create(
                project=world.project, school=school, kind=kind, audience="PARENTS", opens_on=day, closes_on=day,
                invited=20, counts={"welcome": [1, 1, 2, agree, 1], "heard": [0, 0, 0, agree, 0]},
            )  # fmt: skip
    experience = count("I25", world, "question")
    assert experience.total == Cell(26, 34)
    assert experience.rows == {"welcome": Cell(14, 22), "heard": Cell(12, 12)}
    assert experience.also["baseline"] == Cell(10, 18)
    assert count("I26", world).total == Cell(0, 0)
    for activity, hours in (("CONTACT", "6.5"), ("TRAVEL", "1.5")):
        TimeEntry.objects.create(
            project=world.project, user=world.writer, week_of=date(2025, 10, 6), activity=activity, hours=hours
        )
    family = world.family(world.classes[0])
    world.talk(family, world.schools[0])
    spent = count("I29", world)
    assert (sum(spent.amounts.values()), spent.total.n) == (8, 1)
    methods = [
        Method.objects.create(slug=f"m{number}", kind="x", theme="x", level=1, status=MethodStatus.PROVEN, title="M",
                              aim="M", preparation_min=1, duration_min=1)
        for number in range(3)
    ]  # fmt: skip
    for method, status, is_origin in zip(methods, ("EMBEDDED", "IN_USE", "PLANNED"), (True, False, False), strict=True):
        MethodAdoption.objects.create(
            method=method, school=world.schools[0], status=status, since=FIRST, is_origin=is_origin
        )
    assert count("I30", world).total == Cell(1, 5)


def test_a_method_that_is_embedded_now_was_in_use_from_its_first_day_on() -> None:
    world = World(pilots=2)
    method = Method.objects.create(
        slug="m", kind="x", theme="x", level=1, title="M", aim="M", preparation_min=1, duration_min=1
    )
    late = FIRST + timedelta(days=900)
    row = MethodAdoption.objects.create(method=method, school=world.schools[0], status="EMBEDDED", since=late)
    assert count("I30", world).total.n == 0
    for day in (FIRST, late):
        row.changes.create(status="IN_USE", since=day, noted_at=clock.now())
    assert count("I30", world).total.n == 1
