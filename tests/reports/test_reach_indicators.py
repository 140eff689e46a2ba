"""Whom do we reach? Every figure against a naive recount over a small random world."""

from __future__ import annotations

import pytest

from parents.models import (
    ContactKind,
    Family,
    FamilyMembership,
)
from parents.models.families import language_group
from reports.disclosure import Cell
from reports.figures import FigureScope, compute
from schools.models import Enrolment
from tests.reports.recount import PERIOD, Recount, count, recount
from tests.reports.world import LAST

pytestmark = pytest.mark.django_db


def test_families_reached_spoken_with_visited_and_not_reached(world) -> None:
    plain = recount(world)
    reached = plain.families(lambda moment: True)
    assert count("I01", world).total == reached
    assert count("I02", world).total == plain.families(lambda moment: moment.is_two_way)
    assert count("I09", world).total == plain.families(lambda moment: moment.kind == ContactKind.HOME_VISIT)
    assert reached.N is not None
    assert count("I03", world).total == Cell(reached.N - reached.n, reached.N)


def test_every_school_and_language_group_and_month_of_reach(world) -> None:
    for school in world.schools:
        alone = Recount([school], PERIOD).families(lambda moment: True)
        assert count("I01", world, "school").rows[school.name] == alone
        assert compute("I01", FigureScope(school=school), PERIOD).total == alone
    population = {family.pk: language_group(family.home_language) for family in Family.objects.all()}
    plain = recount(world)
    reached = {moment.family_id for moment in plain.moments if moment.is_reach}
    for group, cell in count("I23", world).rows.items():
        among = {pk for pk in plain.population() if population[pk] == group}
        assert cell == Cell(len(among & reached), len(among))
    for month, cell in count("I01", world).months:
        until = {m.family_id for m in plain.moments if m.is_reach and m.held_month <= month}
        assert cell.n == len(until & plain.population())


def test_the_breakdowns_of_families_not_reached_hold_the_same_families(world) -> None:
    world.family(world.classes[0])
    whole, split = count("I03", world), count("I03", world, "attempt")
    assert sum(cell.n for cell in split.rows.values()) == whole.total.n
    assert split.rows["not_tried"] == Cell(1, 1)


def test_single_classes_count_their_own_families(world) -> None:
    school_class = world.classes[0]
    figure = compute("I01", FigureScope(classes=[school_class]), PERIOD)
    pupils = {
        row.pupil_id
        for row in Enrolment.objects.filter(school_class=school_class)
        if row.starts_on <= PERIOD.last and (row.ends_on or LAST) >= PERIOD.first
    }
    families = {row.family_id for row in FamilyMembership.objects.filter(pupil_id__in=pupils)}
    assert len(families) == figure.total.N
