"""A talk that the CLB alone reads counts, and neither a family's page nor its row in a list of work tells of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from parents.models import ContactKind, MomentStatus, Visibility
from reports.reach import Rung
from reports.silence import not_reached
from reports.worklist import work_rows
from schools.models import Role, User
from tests.reports.world import World, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may"), pytest.mark.either_engine]


class Town(World):
    """A family, its head of school and the CLB of the school."""

    def __init__(self) -> None:
        super().__init__(pilots=1)
        self.school_one = self.schools[0]
        self.home = self.family(self.classes[0])
        self.head = self.user("head", Role.HEAD, school=self.school_one)
        self.clb = self.user("clb", Role.CLB, clb_centre=self.school_one.clb)

    def hidden(self, day: date, **facts: Any) -> None:
        self.talk(self.home, self.school_one, day, visibility=Visibility.CLB, centre=self.school_one.clb, **facts)

    def rung(self, user: User) -> Rung:
        page = signed_in(user).get(reverse("family_ladder", args=[self.home.pk]))
        rung: Rung = page.context["state"].rung
        return rung

    def row(self, user: User) -> Any:
        return next(iter(work_rows(not_reached(user)[:5], user)))


def test_the_ladder_on_the_page_of_a_family() -> None:
    town = Town()
    town.hidden(date(2025, 9, 8))
    assert town.rung(town.head) == Rung.NOT_TRIED
    assert town.rung(town.clb) == Rung.SPOKEN
    town.talk(town.home, town.school_one, date(2026, 5, 4))
    assert town.rung(town.head) == Rung.SPOKEN


def test_an_appointment_in_the_list_of_families_nobody_reached() -> None:
    town = Town()
    town.hidden(date(2025, 10, 6), kind=ContactKind.CLB_TALK, status=MomentStatus.NO_SHOW)
    told, known = town.row(town.head), town.row(town.clb)
    assert (told.reason, told.tried) == ("Nog niemand probeerde het.", [])
    assert known.reason == "Het gezin kwam niet naar de afspraak."
    assert known.tried


def test_the_day_of_a_talk_in_that_list() -> None:
    town = Town()
    town.hidden(date(2025, 6, 2))
    assert town.row(town.head).silent_since is None
    assert town.row(town.clb).silent_since == date(2025, 6, 2)


def test_nor_the_place_of_the_family_in_that_list() -> None:
    """The longest silence stands first: between two days stood who has none."""
    town = Town()
    first, last = (town.family(town.classes[0]) for _ in range(2))
    town.hidden(date(2025, 6, 2))
    for family, day in ((first, date(2025, 3, 3)), (last, date(2025, 6, 20))):
        town.talk(family, town.school_one, day)
    assert list(not_reached(town.head)) == [town.home, first, last]
    assert list(not_reached(town.clb)) == [first, town.home, last]
