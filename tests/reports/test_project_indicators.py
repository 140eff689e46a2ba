"""Answers, hours and methods: every figure against a naive recount over a small random world."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from reports.disclosure import Cell
from reports.models import BudgetBooking, BudgetLine, MeasurementWave, MethodAdoption, TimeEntry
from schools import clock
from schools.models import Method
from schools.models.methods import MethodStatus
from tests.reports.recount import PERIOD, count, recount
from tests.reports.world import FIRST, LAST, World

pytestmark = pytest.mark.django_db


@pytest.fixture(params=(1, 2, 3))
def chance(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.param)


def some_day(chance: random.Random) -> date:
    return FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))


@pytest.mark.parametrize(("code", "audience"), [("I25", "PARENTS"), ("I26", "TEAM")])
def test_who_agrees_with_what(chance: random.Random, code: str, audience: str) -> None:
    world = World(pilots=3)
    outside = world.school(role="COMPARISON")
    for school in (*world.schools, outside):
        for kind in ("BASELINE", "END"):
            if chance.random() < 0.8:
                counts = {key: [chance.randrange(6) for _ in range(5)] for key in ("welcome", "heard")}
                day = some_day(chance)
                MeasurementWave.objects.create(
                    project=world.project, school=school, kind=kind, audience=audience, opens_on=day, closes_on=day,
                    invited=40, counts=counts, forms={"OWN": chance.randrange(50)},
                )  # fmt: skip
    ours = [
        wave
        for wave in MeasurementWave.objects.all()
        if wave.school_id != outside.pk and PERIOD.first <= wave.opens_on <= PERIOD.last
    ]
    last = [wave for wave in ours if wave.kind == "END"] or ours

    def agreed(waves: list[Any], wanted: str = "") -> Cell:
        rows = [faces for wave in waves for key, faces in wave.counts.items() if wanted in ("", key)]
        return Cell(sum(faces[3] + faces[4] for faces in rows), sum(map(sum, rows)))

    figure = count(code, world, "question")
    assert figure.total == agreed(last)
    assert all(cell == agreed(last, key) for key, cell in figure.rows.items())
    assert figure.also["baseline"] == agreed([wave for wave in ours if wave.kind == "BASELINE"])
    if last:
        asked = [min(sum(wave.forms.values()), 40) for wave in last]
        assert figure.response == Cell(sum(asked), 40 * len(last))
    for school in world.schools:
        here = count(code, world, "school").rows.get(school.name, Cell(0, 0))
        assert here == agreed([wave for wave in last if wave.school_id == school.pk])


def test_hours_and_euros_for_each_family(world: World) -> None:
    chance = random.Random(7)
    line = BudgetLine.objects.create(project=world.project, name="Werking", granted=Decimal(9000))
    for _ in range(25):
        day = some_day(chance)
        week, hours = day - timedelta(days=day.weekday()), Decimal(chance.randrange(2, 30)) / 2
        activity = chance.choice(["CONTACT", "TRAVEL", "COACHING"])
        TimeEntry.objects.get_or_create(
            project=world.project, user=world.writer, week_of=week, activity=activity, defaults={"hours": hours}
        )
        BudgetBooking.objects.create(
            line=line, booked_on=day, amount=Decimal(chance.randrange(1, 90)), what="Papier", booked_at=clock.now()
        )
    spent: Counter[str] = Counter()
    for entry in TimeEntry.objects.all():
        if PERIOD.first <= entry.week_of <= PERIOD.last:
            spent[entry.activity] += entry.hours  # type: ignore[assignment]
    euros = sum(row.amount for row in BudgetBooking.objects.all() if PERIOD.first <= row.booked_on <= PERIOD.last)
    figure = count("I29", world)
    assert dict(figure.amounts) == dict(spent)
    families = recount(world).families(lambda moment: moment.is_two_way)
    assert figure.total == families
    assert figure.means["hours_per_family"] == (sum(spent.values()), families.n)
    assert figure.means["cost_per_family"] == (euros, families.n)


def test_methods_that_schools_took_over(chance: random.Random) -> None:
    world = World(pilots=3)
    methods = [
        Method.objects.create(
            slug=f"m{number}", kind="x", theme="x", level=1, status=MethodStatus.PROVEN, title="M", aim="M",
            preparation_min=1, duration_min=1,
        )
        for number in range(5)
    ]  # fmt: skip
    for school in world.schools:
        for method in chance.sample(methods, chance.randrange(6)):
            MethodAdoption.objects.create(
                method=method, school=school, status=chance.choice(MethodAdoption.Status.values),
                since=some_day(chance), is_origin=chance.random() < 0.25,
            )  # fmt: skip
    cells = {}
    for school in world.schools:
        rows = list(MethodAdoption.objects.filter(school=school))
        others = [row for row in rows if not row.is_origin]
        used = [row for row in others if row.status in ("IN_USE", "EMBEDDED") and row.since <= PERIOD.last]
        cells[school.name] = Cell(len(used), 5 - (len(rows) - len(others)))
    figure = count("I30", world, "school")
    assert figure.rows == cells
    assert figure.total == Cell(sum(cell.n for cell in cells.values()), sum(cell.N or 0 for cell in cells.values()))
