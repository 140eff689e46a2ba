"""A list behind a number names no family that only a talk put there which its reader may not read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from parents.models import Attendance, ContactKind, Family, Gathering, MomentStatus, Visibility
from reports.figure_lists import LADDER
from schools.models import Role
from tests.reports.world import World, at, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may"), pytest.mark.either_engine]

SEPTEMBER, MAY = date(2025, 9, 8), date(2026, 5, 4)


class Town(World):
    """A school, its head, and a family with one talk in May that the school may read."""

    def __init__(self) -> None:
        super().__init__(pilots=2)
        self.home = self.family(self.classes[0])
        self.talk(self.home, self.schools[0], MAY)
        self.head = self.user("head", Role.HEAD, school=self.schools[0])

    def hidden(self, family: Family, day: date = SEPTEMBER, **facts: Any) -> None:
        """A talk that the CLB alone reads."""
        self.talk(family, self.schools[0], day, visibility=Visibility.CLB, centre=self.schools[0].clb, **facts)

    def list_of(self, code: str, **query: str) -> tuple[int, int]:
        """How many families the number has, and how many of them the head reads by name."""
        page = signed_in(self.head).get(reverse("figure_list", args=[code]), query)
        assert page.status_code == 200, (code, query)
        return page.context["found"], len(page.context["lines"])


def test_not_by_how_often_somebody_spoke_with_them() -> None:
    town = Town()
    assert town.list_of("I04", per="contacts", groep="1") == (1, 1)
    town.hidden(town.home)
    town.hidden(town.family(town.classes[0]))
    assert town.list_of("I04", per="contacts", groep="2-3") == (1, 0)
    assert town.list_of("I04", per="contacts", groep="1") == (1, 0)
    assert town.list_of("I04") == (2, 1)
    assert town.list_of("I04", per="contacts", groep="1", deel="N") == (2, 1)


def test_not_by_a_visit_at_home_beside_a_call_that_everybody_reads() -> None:
    town = Town()
    town.hidden(town.home, kind=ContactKind.HOME_VISIT)
    assert town.list_of("I09") == (1, 0)
    town.talk(town.home, town.schools[0], MAY, kind=ContactKind.HOME_VISIT)
    assert town.list_of("I09") == (1, 1)


def test_not_by_a_talk_beside_something_that_was_only_sent() -> None:
    town = Town()
    silent = town.family(town.classes[0])
    town.talk(silent, town.schools[0], MAY, kind=ContactKind.INFO_EVENING)
    town.hidden(silent)
    assert town.list_of("I02") == (2, 1)
    assert town.list_of("I01") == (2, 2)


def test_not_by_the_month_in_which_they_were_reached_first() -> None:
    town = Town()
    town.hidden(town.home)
    assert town.list_of("I01", maand="2025-09") == (1, 0)
    assert town.list_of("I01", maand="2026-05") == (1, 1)


def test_not_by_the_window_in_which_they_were_reached() -> None:
    town = Town()
    town.hidden(town.home)
    assert town.list_of("I24", per="window", groep="start") == (1, 0)


def test_not_by_a_group_moment_or_the_step_to_which_it_led() -> None:
    town = Town()
    town.hidden(town.home, kind=ContactKind.COFFEE_MOMENT)
    assert town.list_of("I22") == (1, 0)
    assert town.list_of("I31", per="rung", groep="3") == (1, 0)
    other = town.family(town.classes[0])
    town.talk(other, town.schools[0], MAY, kind=ContactKind.COFFEE_MOMENT)
    assert town.list_of("I22") == (2, 1)
    assert town.list_of("I31", per="rung", groep="3") == (2, 1)


def test_not_by_how_far_they_are_reached() -> None:
    town = Town()
    assert town.list_of(LADDER, groep="5") == (1, 1)
    town.hidden(town.family(town.classes[0]))
    assert town.list_of(LADDER, groep="5") == (2, 1)


def test_not_because_somebody_tried_in_vain_of_whom_they_may_not_read() -> None:
    town = Town()
    town.hidden(town.family(town.classes[0]), status=MomentStatus.NO_SHOW, kind=ContactKind.CLB_TALK)
    assert town.list_of("I03", per="attempt", groep="tried") == (1, 0)
    assert town.list_of("I03", per="attempt", groep="tried", deel="N") == (2, 1)
    assert town.list_of("I03") == (1, 1)
    other = town.family(town.classes[0])
    town.hidden(other, status=MomentStatus.NO_SHOW)
    town.talk(other, town.schools[0], MAY, status=MomentStatus.NOT_REACHED)
    assert town.list_of("I03", per="attempt", groep="tried") == (2, 1), "the school knows that it tried itself"


def test_not_by_a_list_of_a_later_month_than_the_hidden_talk() -> None:
    town = Town()
    town.hidden(town.home, kind=ContactKind.COFFEE_MOMENT)
    coffee = Gathering.objects.create(school=town.schools[0], kind=ContactKind.COFFEE_MOMENT, starts_at=at(MAY))
    Attendance.objects.create(gathering=coffee, family=town.home)
    assert town.list_of("I22", maand="2025-09") == (1, 0)
    assert town.list_of("I22", maand="2026-05") == (1, 1)
