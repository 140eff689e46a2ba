"""Two periods beside each other: both with n/N, and for readers outside only what is published anyway."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse

from parents.models import ContactMoment
from reports.audience import BEGIN, FigureRequest, Other, figure_request
from reports.comparing import Earlier, comparison, earlier_of, home_baseline
from reports.disclosure import Cell, Hidden, Shown
from reports.figures import Figure, FigureScope, Period, compute
from reports.frozen_year import freeze_year
from reports.indicators import indicator
from schools.models import Participation, Project, Role, SchoolYear
from tests.reports.attacker import SMALL, Attacker
from tests.reports.world import FIRST, LAST, World, signed_in

SCHOOL_YEAR = Period(FIRST, LAST)
AUTUMN = Period(FIRST, date(2025, 12, 31))


def outside(key: str = "herfst", window: Period = AUTUMN) -> FigureRequest:
    """A reader outside the schools who puts a part of the year beside the year."""
    other = Other(key=key, words="", period=window, scope=FigureScope())
    return FigureRequest(
        scope=FigureScope(), period=SCHOOL_YEAR, baseline=Period(FIRST, date(2025, 10, 31)), project=None, schools=[],
        school=None, term="jaar", is_outsider=True, others=(other,), other=other,
    )  # fmt: skip


def monthly(cells: list[Cell]) -> Figure:
    """A figure whose units each belong to one month."""
    months = list(zip(SCHOOL_YEAR.months(), cells, strict=False))
    total = Cell(sum(cell.n for cell in cells), sum(cell.N or 0 for cell in cells))
    return Figure(definition=indicator("I17"), period=SCHOOL_YEAR, total=total, months=months)


class TestOutsideTheSchools:
    @pytest.mark.parametrize("seed", range(60))
    def test_the_earlier_number_is_the_sum_of_months_that_are_shown(self, seed: int) -> None:
        chance = random.Random(seed)
        sizes = [chance.choice([0, 3, 8, 20, 30]) for _ in range(8)]
        cells = [Cell(chance.choice([0, size // 2, size]), size) for size in sizes]
        shown = monthly(cells).protected(for_outsiders=True)
        before = earlier_of(outside(), shown, outside().other)
        autumn = [cell for _, cell in shown.months[:4]]
        told = [cell for cell in autumn if isinstance(cell, Shown)]
        if len(told) < 4:
            assert before is None
        else:
            assert before is not None
            assert before.total == Shown(sum(cell.n for cell in told), sum(cell.N or 0 for cell in told))

    @pytest.mark.parametrize("seed", range(40))
    def test_no_month_can_be_worked_out_with_it(self, seed: int) -> None:
        """Somebody who has the months, their total and the earlier number knows of no small month what it is."""
        chance = random.Random(seed)
        numbers = [chance.choice([0, 1, 2, 4, 6, 9]) for _ in range(6)]
        months = list(SCHOOL_YEAR.months())[:6]
        total = Cell(sum(numbers), sum(numbers))
        figure = Figure(
            definition=indicator("I17"), period=SCHOOL_YEAR, total=total,
            months=[(month, Cell(number, number)) for month, number in zip(months, numbers, strict=True)],
        )  # fmt: skip
        shown = figure.protected(for_outsiders=True)
        window = Period(months[0], date(2025, 11, 30))
        before = earlier_of(outside("herfst", window), shown, outside("herfst", window).other)
        names = [(f"{day}",) for day, _ in shown.months]
        cells: dict[Any, Any] = dict(zip(names, (cell for _, cell in shown.months), strict=True))
        sums = [(tuple(names), ("total",))]
        cells["total",] = Shown(total.n)
        if before is not None:
            cells["earlier",] = before.total
            sums.append((tuple(names[:3]), ("earlier",)))
        attacker = Attacker(cells, sums, most=40)
        for name, number in zip(names, numbers, strict=True):
            if isinstance(cells[name], Hidden) and number in SMALL:
                assert len(attacker.possible_values(name, enough=4)) >= 4, (numbers, cells)

    def test_of_a_curve_its_last_point_is_told_and_no_part_in_the_middle(self) -> None:
        months = list(SCHOOL_YEAR.months())
        points = [Cell(n, 60) for n in (20, 26, 31, 31, 40, 40, 45)]
        figure = Figure(
            definition=indicator("I01"), period=SCHOOL_YEAR, total=points[-1], is_cumulative=True,
            months=list(zip(months, points, strict=False)),
        )  # fmt: skip
        shown = figure.protected(for_outsiders=True)
        before = earlier_of(outside(), shown, outside().other)
        assert before is not None
        assert before.total == Shown(31, 60)
        winter = outside("winter", Period(date(2026, 1, 1), date(2026, 3, 31)))
        assert earlier_of(winter, shown, winter.other) is None
        table = comparison(winter, shown)
        assert table is not None
        assert not table.rows
        assert table.notes


@pytest.mark.django_db
@pytest.mark.usefixtures("in_may")
class TestOnThePages:
    def world(self, families: int = 12) -> World:
        """In each class half of the families are spoken with in September, a quarter more in January."""
        world = World(pilots=2)
        for school, school_class in zip(world.schools, world.classes, strict=True):
            for number in range(families):
                family = world.family(school_class, language=("nl", "pa")[number % 2])
                if number < families // 2:
                    world.talk(family, school, date(2025, 9, 8))
                elif number < families * 3 // 4:
                    world.talk(family, school, date(2026, 1, 12))
        return world

    def asked(self, user: Any, **chosen: str) -> FigureRequest:
        query = QueryDict(mutable=True)
        query.update(chosen)
        asked = figure_request(user, query)
        assert asked is not None
        return asked

    def test_the_worker_reads_both_with_counts_intervals_and_the_change(self) -> None:
        world = self.world()
        client = signed_in(world.joint_worker())
        page = client.get(reverse("indicator_detail", args=["I01"]), {"naast": "begin"})
        table = page.context["compared"]
        words = [cell.replace("\u00a0", " ") for cell in table.rows[-1][1:]]
        assert words == ["50 % (12 / 24)", "31–69 %", "75 % (18 / 24)", "55–88 %", "+25 pp"]
        text = page.content.decode()
        assert "verandering" in text
        by_school = client.get(reverse("indicator_detail", args=["I01"]), {"naast": "begin", "per": "school"})
        assert [row[0] for row in by_school.context["compared"].rows][:2] == [one.name for one in world.schools]

    def test_the_address_keeps_the_choice_and_what_is_unknown_is_no_choice(self) -> None:
        world = self.world(4)
        client = signed_in(world.joint_worker())
        page = client.get(reverse("dashboard"), {"naast": "winter"})
        assert page.context["compared"].rows
        assert all("naast=winter" in stat["url"] for stat in page.context["stats"])
        assert client.get(reverse("dashboard"), {"naast": "morgen"}).context["compared"] is None

    def test_a_part_of_the_year_stands_beside_an_earlier_part(self) -> None:
        asked = self.asked(self.world(4).joint_worker(), periode="winter", naast="herfst")
        assert [one.key for one in asked.others] == [BEGIN, "herfst"]
        assert asked.other is not None
        shown = compute("I01", asked.scope, asked.period).protected(False)
        before = earlier_of(asked, shown, asked.other)
        assert isinstance(before, Earlier)
        assert (before.total, shown.total) == (Shown(4, 8), Shown(2, 8))

    def test_the_coordinator_reads_totals_of_whole_months_and_no_schools(self) -> None:
        world = self.world()
        client = signed_in(world.coordinator())
        for code in ("I01", "I02", "I13", "I23"):
            page = client.get(reverse("indicator_detail", args=[code]), {"naast": "herfst", "per": "school"})
            assert page.status_code == 200
        page = client.get(reverse("indicator_detail", args=["I01"]), {"naast": "herfst", "per": "school"})
        table = page.context["compared"]
        assert [row[:2] for row in table.rows] == [["Totaal", "50\u00a0% (12 / 24)"]]

    def earlier_year(self, world: World) -> Project:
        """The same project a year before, with a talk in November with each of ten families."""
        first, last = date(2024, 9, 1), date(2025, 6, 30)
        year = SchoolYear.objects.create(starts_on=first, ends_on=last)
        project = Project.objects.create(
            name=world.project.name, year=year, starts_on=first, ends_on=last, report_due_on=last
        )
        for school in world.schools:
            Participation.objects.create(project=project, school=school, role="PILOT", starts_on=first)
        for number in range(20):
            family = world.family(world.classes[0], starts_on=first, ends_on=last)
            family.memberships.update(starts_on=first)
            if number < 10:
                world.talk(family, world.schools[0], date(2024, 11, 4))
        return project

    def test_the_same_part_of_the_year_before_is_counted_or_read_from_what_was_kept(self) -> None:
        world = self.world()
        project = self.earlier_year(world)
        asked = self.asked(world.joint_worker(), naast="vorig")
        assert asked.other is not None
        assert asked.other.period == Period(date(2024, 9, 1), date(2025, 5, 15))
        shown = compute("I01", asked.scope, asked.period).protected(False)
        before = earlier_of(asked, shown, asked.other)
        assert before is not None
        assert before.total == Shown(10, 20)
        freeze_year(project)
        kept = self.asked(world.joint_worker(), naast="vorig")
        assert kept.other is not None
        assert kept.other.is_kept
        again = earlier_of(kept, shown, kept.other)
        assert again is not None
        assert (again.total, again.figure) == (Shown(10, 20), None)
        outsider = self.asked(world.coordinator(), naast="vorig")
        protected = compute("I01", outsider.scope, outsider.period).protected(True)
        outside = earlier_of(outsider, protected, outsider.other)
        assert outside is not None
        assert outside.total == Shown(10, 20)

    def test_a_family_of_the_year_before_that_was_forgotten_since_is_not_missed(self) -> None:
        world = self.world()
        self.earlier_year(world)
        outsider = self.asked(world.coordinator(), naast="vorig")
        shown = compute("I01", outsider.scope, outsider.period).protected(True)
        before = earlier_of(outsider, shown, outsider.other)
        assert before is not None
        assert before.total == Shown(10, 20)
        for talk in ContactMoment.objects.filter(held_on__year=2024)[:2]:
            talk.delete()
        again = earlier_of(outsider, shown, outsider.other)
        assert again is not None
        assert again.total == before.total

    def test_a_school_is_not_offered_a_year_of_which_only_the_project_was_kept(self) -> None:
        world = self.world(4)
        project = self.earlier_year(world)
        head = world.user("head", Role.HEAD, school=world.schools[0])
        assert "vorig" in [one.key for one in self.asked(head).others]
        freeze_year(project)
        assert "vorig" not in [one.key for one in self.asked(head).others]

    def test_the_home_row_stands_beside_the_baseline_where_nothing_is_chosen(self) -> None:
        asked = self.asked(self.world().joint_worker())
        shown = compute("I01", asked.scope, asked.period).protected(False)
        before = home_baseline(asked, shown)
        assert before is not None
        assert (asked.other, before.total) == (None, Shown(12, 24))

    @pytest.mark.parametrize("late", [0, 3])
    def test_the_baseline_of_the_gap_is_not_told_where_few_families_came_after_it(self, late: int) -> None:
        world = self.world(24)
        for _ in range(late):
            world.family(world.classes[0], starts_on=date(2025, 11, 3))
        asked = self.asked(world.coordinator())
        shown = compute("I23", asked.scope, asked.period).protected(True)
        assert not shown.is_hidden
        assert (home_baseline(asked, shown) is None) == bool(late)
