"""The newer figures in words, and what of the change since the baseline stays inside."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from reports.disclosure import Hidden, Shown
from reports.evaluation.counting import headline
from reports.figures import FigureScope, Period, compute
from reports.wording import beside, label_of
from reports.wording import headline as on_the_page
from tests.reports.world import FIRST, LAST, World

pytestmark = pytest.mark.django_db
YEAR = Period(FIRST, LAST)


def met(world: World, **days: list[date]) -> FigureScope:
    """Families of one class, as many as there are days in the longest list; each met on its days."""
    room = world.classes[0]
    families = [world.family(room) for _ in range(max(map(len, days.values())) + 10)]
    for window in days.values():
        for family, day in zip(families, window, strict=False):
            world.talk(family, room.school, day)
    return FigureScope(project=world.project)


@pytest.mark.parametrize(("in_october", "is_shown"), [(2, False), (0, True), (6, True)])
def test_a_baseline_that_would_tell_a_hidden_month_stays_inside(in_october: int, is_shown: bool) -> None:
    september, october = [date(2025, 9, 8)] * 20, [date(2025, 10, 6)] * in_october
    scope = met(World(pilots=1), start=[*september, *october], end=[date(2026, 5, 12)] * 15)
    months = dict(compute("I01", scope, YEAR).protected(for_outsiders=True).months)
    assert isinstance(months[date(2025, 10, 1)], Shown) == is_shown
    outside = compute("I24", scope, YEAR).protected(for_outsiders=True)
    assert isinstance(outside.rows["start"], Shown) == is_shown
    assert isinstance(outside.rows["start_both"], Shown) == is_shown
    assert outside.is_hidden != is_shown
    assert bool(beside(outside)) == is_shown, "nor in the words beside it"
    assert isinstance(compute("I24", scope, YEAR).protected(for_outsiders=False).rows["start"], Shown)


def test_the_change_beside_that_of_comparison_schools() -> None:
    world = World(pilots=1)
    scope = met(world, start=[date(2025, 9, 8)] * 10, end=[date(2026, 5, 12)] * 20)
    other = world.school(role="COMPARISON")
    room = world.school_class(other)
    for number in range(20):
        family = world.family(room)
        if number < 8:
            world.talk(family, other, date(2025, 9, 8))
        if number < 10:
            world.talk(family, other, date(2026, 5, 12))
    inside, outside = (compute("I24", scope, YEAR).protected(for_outsiders=way) for way in (False, True))
    with override("nl"):
        assert on_the_page(inside) == "33\u00a0pp"
        assert beside(inside) == [
            ("Gezinnen die er beide keren waren", "+33\u00a0pp"),
            ("Vergelijkingsscholen", "+10\u00a0pp"),
            ("Meer dan in vergelijkingsscholen", "+23\u00a0pp"),
        ]
        assert beside(outside) == beside(inside)


def test_of_a_group_that_is_hidden_no_median_is_told() -> None:
    world = World(pilots=1)
    room = world.classes[0]
    scope = FigureScope(project=world.project)
    for number in range(23):
        family = world.family(room, language="nl" if number < 20 else "ar")
        for place in range(number % 2 + 1):
            world.talk(family, room.school, date(2025, 10, 6) + timedelta(days=place))
    inside, outside = (
        compute("I04", scope, YEAR, "language_group").protected(for_outsiders=way) for way in (False, True)
    )
    assert inside.medians() == {"nl": 1.5, "other": 1}
    assert outside.medians() == {}, "of the other group it could be worked out who is in this one"
    assert outside.value() == 1
    for _ in range(2):
        world.family(room)
    almost_all = compute("I04", scope, YEAR).protected(for_outsiders=True)
    assert (almost_all.value(), almost_all.spread, beside(almost_all)) == (None, None, [])


def test_the_median_in_words() -> None:
    world = World(pilots=1)
    room = world.classes[0]
    scope = FigureScope(project=world.project)
    for number in (1, 2, 3, 4, 4, 4):
        family = world.family(room)
        for place in range(number):
            world.talk(family, room.school, date(2025, 10, 6) + timedelta(days=place))
    shown = compute("I04", scope, YEAR).protected(for_outsiders=True)
    assert headline(shown)["text"] == "3,5\u00a0contacten"
    with override("nl"):
        assert on_the_page(shown) == "3,5 contacten"
        assert [label_of("contacts", key) for key in ("1", "2-3", "7+")] == [
            "1 contact",
            "2–3 contacten",
            "7+ contacten",
        ]
    rows = compute("I04", scope, YEAR, "contacts").protected(for_outsiders=True).rows
    assert [key for key, cell in rows.items() if isinstance(cell, Hidden)] == ["1", "2-3", "4-6"]
