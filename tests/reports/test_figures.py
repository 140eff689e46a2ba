"""The worked example of the definitions, to the last digit."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from reports import statistics
from reports.disclosure import Cell, Hidden, Shown
from reports.figures import FigureScope, Period, compute
from tests.reports.world import FIRST, LAST, World

pytestmark = pytest.mark.django_db

YEAR = Period(FIRST, LAST)
END = Period(date(2026, 5, 1), LAST)
GROUPS = (("nl", 24, 18), ("pa", 14, 7), ("", 2, 1))


def worked_example() -> World:
    """40 families, 24 of whom speak Dutch at home, 14 another language, 2 do not say; 26 reached in autumn."""
    world = World(pilots=1)
    for language, size, reached in GROUPS:
        for number in range(size):
            family = world.family(world.classes[0], language=language)
            if number < reached:
                world.talk(family, world.schools[0])
            if number < {"nl": 22, "pa": 12}.get(language, 0):
                world.talk(family, world.schools[0], date(2026, 5, 20))
    return world


def percent(cell: Cell) -> str:
    return statistics.format_rate(cell.n, cell.N or 0)


def test_26_of_40_families_are_65_percent_and_the_gap_is_25_points() -> None:
    world = worked_example()
    scope = FigureScope(school=world.schools[0])
    autumn = Period(FIRST, date(2025, 10, 31))
    reach, gap = compute("I01", scope, autumn, "language_group"), compute("I23", scope, autumn)
    assert (reach.total, percent(reach.total)) == (Cell(26, 40), "65")
    assert {label: percent(cell) for label, cell in reach.rows.items()} == {"nl": "75", "other": "50", "unknown": "50"}
    assert statistics.format_points(gap.gap) == "+25"
    assert statistics.format_ratio(gap.ratio, decimal_mark=".") == "0.67"


def test_in_the_end_window_the_gap_is_6_points_and_has_changed_by_minus_19() -> None:
    world = worked_example()
    scope = FigureScope(school=world.schools[0])
    start, end = (compute("I23", scope, period) for period in (Period(FIRST, date(2025, 10, 31)), END))
    assert end.rows["nl"] == Cell(22, 24)
    assert end.rows["other"] == Cell(12, 14)
    assert percent(end.rows["nl"]) == "92"
    assert percent(end.rows["other"]) == "86"
    assert statistics.format_points(end.gap) == "+6"
    assert end.gap is not None
    assert start.gap == Fraction(25)
    assert statistics.format_points(end.gap - start.gap) == "\u221219"


def test_outside_the_school_the_unknown_group_is_hidden_and_one_more_so_that_it_cannot_be_worked_out() -> None:
    world = worked_example()
    figure = compute("I01", FigureScope(school=world.schools[0]), Period(FIRST, date(2025, 10, 31)), "language_group")
    shown = figure.protected(for_outsiders=True)
    assert shown.total == Shown(26, 40)
    assert isinstance(shown.rows["unknown"], Hidden)
    assert sum(isinstance(cell, Hidden) for cell in shown.rows.values()) >= 2
    assert figure.protected(for_outsiders=False).rows["unknown"] == Shown(1, 2)


def test_a_family_with_children_in_two_schools_of_two_networks_counts_once_in_the_total() -> None:
    world = World(pilots=2)
    both = world.family(*world.classes)
    world.family(world.classes[0])
    world.talk(both, world.schools[0])
    figure = compute("I01", FigureScope(project=world.project), YEAR, "school")
    assert {school.network for school in world.schools} == {"GO", "VGO"}
    assert figure.total == Cell(1, 2)
    assert figure.rows == {world.schools[0].name: Cell(1, 2), world.schools[1].name: Cell(0, 1)}
    assert figure.is_overlapping


def test_the_curve_by_month_ends_at_the_total_and_never_falls() -> None:
    world = World(pilots=1)
    for number, day in enumerate([date(2025, 9, 3), date(2025, 11, 4), date(2025, 11, 9), None]):
        family = world.family(world.classes[0], language="nl" if number else "pa")
        for moment in (day, date(2026, 3, 2)) if day else ():
            world.talk(family, world.schools[0], moment)
    figure = compute("I01", FigureScope(project=world.project), Period(FIRST, date(2025, 12, 31)))
    assert [cell.n for _, cell in figure.months] == [1, 1, 3, 3]
    assert figure.months[-1][1] == figure.total == Cell(3, 4)


def test_a_child_who_left_before_the_period_or_a_withdrawn_talk_does_not_count() -> None:
    world = World(pilots=1)
    gone = world.family(world.classes[0], ends_on=date(2025, 9, 30))
    stays = world.family(world.classes[0])
    world.talk(gone, world.schools[0], date(2025, 9, 15))
    talk = world.talk(stays, world.schools[0], date(2025, 11, 3))
    talk.withdrawn_at = talk.recorded_at
    talk.save()
    scope = FigureScope(project=world.project)
    assert compute("I01", scope, YEAR).total == Cell(1, 2)
    assert compute("I01", scope, Period(date(2025, 10, 1), LAST)).total == Cell(0, 1)


def test_an_unknown_breakdown_is_refused() -> None:
    world = World(pilots=1)
    with pytest.raises(ValueError, match="no breakdown by channel"):
        compute("I01", FigureScope(project=world.project), YEAR, "channel")
