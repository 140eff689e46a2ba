"""The longest silence comes first everywhere: families with whom nobody ever spoke, then who waits longest.

PostgreSQL puts an empty date last and SQLite first, so the order has to be said; this is asked of both.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from parents.models import Family
from reports.silence import not_reached
from schools.models import Role
from tests.reports.world import World, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may")]


@pytest.fixture
def world() -> World:
    return World(pilots=1)


@pytest.fixture
def families(world: World) -> list[Family]:
    """In the order of their silence, but made in another one: lately, long ago, never, last year, never."""
    lately, long_ago, never, last_year, never_too = (world.family(world.classes[0]) for _ in range(5))
    for family, day in ((lately, date(2025, 6, 20)), (long_ago, date(2024, 11, 5)), (last_year, date(2025, 3, 1))):
        world.talk(family, world.schools[0], day)
    return [never, never_too, long_ago, last_year, lately]


def test_on_the_list_of_families_nobody_reached(world: World, families: list[Family]) -> None:
    joint = world.joint_worker()
    assert list(not_reached(joint)) == families
    page = signed_in(joint).get(reverse("not_reached"))
    assert [row.family for row in page.context["rows"]] == families


def test_a_talk_that_did_not_happen_ends_no_silence(world: World, families: list[Family]) -> None:
    world.talk(families[1], world.schools[0], date(2026, 5, 4), status="NOT_REACHED")
    assert list(not_reached(world.joint_worker())) == families


def test_on_the_list_of_all_families_and_in_the_class(world: World, families: list[Family]) -> None:
    teacher = world.user("teacher", Role.TEACHER, school=world.schools[0], school_class=world.classes[0])
    client = signed_in(teacher)
    assert list(client.get(reverse("family_list")).context["page"]) == families
    in_class = client.get(reverse("class_detail", args=[world.classes[0].pk]))
    assert list(in_class.context["families"]) == families


def test_the_order_holds_over_the_pages(world: World, families: list[Family]) -> None:
    more = [world.family(world.classes[0]) for _ in range(25)]
    client = signed_in(world.joint_worker())
    for name, key in (("not_reached", "rows"), ("family_list", "page")):
        found: list[Family] = []
        for page in (1, 2):
            rows = client.get(reverse(name), {"page": page}).context[key]
            found += [getattr(row, "family", row) for row in rows]
        assert found == [*families[:2], *more, *families[2:]], name
