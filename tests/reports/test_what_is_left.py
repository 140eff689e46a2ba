"""What a count leaves of the families stays too, whichever figure told since how many families there are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from parents.models import ContactMoment, Family
from reports.disclosure import Hidden, ProtectedCell, Reason, Shown
from reports.figures import FigureScope, Period, ShownFigure, compute
from reports.releases import Releases, counts_shown, shown, tell_with
from schools import clock
from tests.reports.world import LAST, World, signed_in, three_schools

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may")]


def told_of(world: World, code: str, by: str = "") -> ShownFigure:
    scope, period = FigureScope(project=world.project), Period.of_whole_months(world.project, LAST)
    (found,) = shown([compute(code, scope, period, by)], scope, for_outsiders=True)
    return found


@pytest.fixture
def world() -> World:
    """Thirty of forty-five families were told as reached. Ten came and were met, and one of the fifteen others was."""
    found = three_schools()
    assert (told_of(found, "I01").total, told_of(found, "I03").total) == (Shown(30, 45), Shown(15, 45))
    found.meet(0, 10)
    reached = ContactMoment.objects.values("family")
    found.talk(Family.objects.exclude(pk__in=reached).earliest("pk"), found.schools[0])
    return found


def test_that_one_family_less_is_not_reached_is_not_told_once_another_figure_told_the_families(world: World) -> None:
    assert told_of(world, "I31").total == Shown(0, 55)
    assert told_of(world, "I01").total == Shown(40, 55), "those who were left are fifteen still"
    assert told_of(world, "I03").total == Shown(15, 55)


def test_a_figure_reads_the_same_before_and_after_others_were_read(world: World) -> None:
    first = {code: told_of(world, code).total for code in ("I01", "I03")}
    for code, by in (("I31", ""), ("I22", ""), ("I01", "school"), ("I03", "language_group")):
        told_of(world, code, by)
    assert {code: told_of(world, code).total for code in first} == first
    assert first == {"I01": Shown(40, 55), "I03": Shown(15, 55)}


def test_the_home_of_the_city_says_the_same_when_it_is_loaded_again(world: World) -> None:
    client, page = signed_in(world.coordinator()), f"{reverse('dashboard')}?json=1"
    first, second = ({one["code"]: one["total"] for one in client.get(page).json()["figures"]} for _ in range(2))
    assert first == second
    assert first["I01"] == {"n": 40, "N": 55}


def test_what_is_left_is_told_once_five_changed_sides(world: World) -> None:
    """It stays no longer than the rule asks: of the fifteen, four more were met."""
    told_of(world, "I01")
    unmet = Family.objects.exclude(pk__in=ContactMoment.objects.values("family")).order_by("pk")
    for family in list(unmet[:4]):
        world.talk(family, world.schools[1], day=date(2025, 11, 3))
    assert told_of(world, "I01").total == Shown(45, 55)


def test_what_was_told_is_remembered_while_it_is_hidden() -> None:
    """Ten of fifteen; then thirteen, hidden for the two that are left; then five came: thirteen would tell of three."""
    found = three_schools()
    school, by = found.schools[0], ("I01", "school")
    assert told_of(found, *by).rows[school.name] == Shown(10, 15)
    unmet = Family.objects.exclude(pk__in=ContactMoment.objects.values("family")).order_by("pk")
    for family in list(unmet[:3]):
        found.talk(family, school)
    assert isinstance(told_of(found, *by).rows[school.name], Hidden)
    for _ in range(5):
        found.family(found.classes[0])
    assert told_of(found, *by).rows[school.name] == Shown(10, 20)


def test_so_is_what_a_chart_told_beside_the_indicators() -> None:
    """Ten; then hidden for the sake of another cell; then twelve would tell of two."""
    found = three_schools()
    scope, period = FigureScope(project=found.project), Period.of_whole_months(found.project, LAST)

    def told(cell: ProtectedCell) -> ProtectedCell:
        return counts_shown("kind", {"At school 2026-04": cell}, scope, period)["At school 2026-04"]

    told(Shown(10))
    for _ in range(2):
        told(Hidden(Reason.COMPLEMENTARY))
    assert told(Shown(12)) == Shown(10)
    assert told(Shown(15)) == Shown(15)


def test_a_report_that_is_signed_late_does_not_take_the_place_of_what_was_read_since() -> None:
    """Thirty were counted for it; then the city read 36, and the report was signed: 38 would tell of two."""
    found = three_schools()
    for _ in range(15):
        found.family(found.classes[0])
    period, mark = Period.of_whole_months(found.project, LAST), {"release": "EVALUATION 1"}
    report = Releases.of(found.project, period)
    report.beside(compute("I01", FigureScope(project=found.project), period).protected(for_outsiders=True))
    report.remember(mark, clock.now() - timedelta(days=1))
    unmet = list(Family.objects.exclude(pk__in=ContactMoment.objects.values("family")).order_by("pk"))
    for family in unmet[:6]:
        found.talk(family, found.schools[0])
    assert told_of(found, "I01").total == Shown(36, 60)
    tell_with(mark, found.project)
    for family in unmet[6:8]:
        found.talk(family, found.schools[0])
    assert told_of(found, "I01").total == Shown(36, 60)


def test_one_family_that_came_does_not_hold_back_those_who_were_reached() -> None:
    """Eight were met and one came: the families stay forty-five, and thirty would say that nothing happened."""
    found = three_schools()
    assert told_of(found, "I01").total == Shown(30, 45)
    unmet = Family.objects.exclude(pk__in=ContactMoment.objects.values("family")).order_by("pk")
    for family in list(unmet[:8]):
        found.talk(family, found.schools[0])
    found.family(found.classes[1])
    assert told_of(found, "I01").total == Shown(38, 45)


def test_one_family_of_a_small_group_does_not_hold_the_larger_ones_back() -> None:
    """The one who came in the second group is told with the six of the first: the gap is that of today, and whoever
    takes the parts from their total is left with nothing."""
    found = three_schools()
    before = told_of(found, "I01", "language_group")
    assert (before.rows["nl"], before.rows["other"]) == (Shown(15, 24), Shown(15, 21))
    found.meet(0, 6)
    found.talk(found.family(found.classes[1], language="pa"), found.schools[1])
    now = told_of(found, "I01", "language_group")
    assert now.total == Shown(37, 52)
    assert (now.rows["nl"], now.rows["other"]) == (Shown(22, 31), Shown(15, 21))
    assert told_of(found, "I23").rows.items() >= now.rows.items()
    assert told_of(found, "I03", "language_group").rows["nl"] == Shown(9, 31)
