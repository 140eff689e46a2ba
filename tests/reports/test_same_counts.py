"""Whoever was told a count by one figure or table knows it of all that count the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parents.models import Attendance, ContactKind, ContactMoment, Family, Gathering
from reports.disclosure import Cell, Hidden, Shown
from reports.evaluation import schoolpages
from reports.evaluation.binding import counting_for, tell
from reports.evaluation.draft import draft_evaluation
from reports.evaluation.tables import BUILDERS
from reports.figures import FigureScope, Period, ShownFigure, compute
from reports.models import FigureRun
from reports.reach import Rung
from reports.releases import TOLD, shown
from schools.models import Method
from tests.reports.world import FIRST, LAST, World, at, signed_in, three_schools

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may")]


@pytest.fixture
def world() -> World:
    return three_schools()


def told_of(world: World, code: str, by: str = "") -> ShownFigure:
    scope, period = FigureScope(project=world.project), Period.of_whole_months(world.project, LAST)
    (found,) = shown([compute(code, scope, period, by)], scope, for_outsiders=True)
    return found


def rows_of(world: World) -> dict[str, Shown]:
    """I01 by language group, and its total."""
    found = told_of(world, "I01", "language_group")
    return {**found.rows, "total": found.total}  # type: ignore[dict-item]


def test_a_figure_that_was_never_told_says_no_more_than_those_that_count_the_same(world: World) -> None:
    """I01 stays at 30 of 45 families: 15 that are not reached tell no more, and visits tell none who came meanwhile."""
    before = rows_of(world)
    world.meet(0, 2)
    assert told_of(world, "I03").total == Shown(15, 45)
    assert told_of(world, "I09").total == Shown(0, 45)
    kept = rows_of(world)
    assert kept == before
    rest = {label: Shown((cell.N or 0) - cell.n, cell.N) for label, cell in kept.items() if label != "total"}
    assert told_of(world, "I03", "language_group").rows == rest


def test_a_new_month_of_a_curve_counts_on_the_families_that_were_told(world: World) -> None:
    """The curve of visits was read in April: its points of later months would tell who came to live here since."""
    scope = FigureScope(project=world.project)
    april = Period(FIRST, date(2026, 4, 30))
    shown([compute("I01", scope, april)], scope, for_outsiders=True)
    world.meet(0, 2)
    whole = Period.of_whole_months(world.project, LAST)
    (found,) = shown([compute("I09", scope, whole)], scope, for_outsiders=True)
    assert {cell.N for _, cell in found.months if isinstance(cell, Shown)} == {45}
    (by_kind,) = shown([compute("I22", scope, whole, "kind")], scope, for_outsiders=True)
    assert {cell.N for cell in by_kind.rows.values() if isinstance(cell, Shown)} <= {45}


def test_the_last_point_of_a_curve_stays_what_it_was_when_months_follow(world: World) -> None:
    """It is the total, which stays at thirty though two more were met: next month it must not tell of these two."""
    scope, april = FigureScope(project=world.project), Period(FIRST, date(2026, 4, 30))
    shown([compute("I01", scope, Period(FIRST, date(2026, 3, 31)))], scope, for_outsiders=True)
    unmet = list(Family.objects.exclude(pk__in=ContactMoment.objects.values("family")).order_by("pk"))
    for family in unmet[:2]:
        world.talk(family, world.schools[0])
    (then,) = shown([compute("I01", scope, april)], scope, for_outsiders=True)
    assert then.months[-1] == (date(2026, 4, 1), Shown(30, 45))
    for family in unmet[2:8]:
        world.talk(family, world.schools[1], day=date(2026, 5, 4))
    now = told_of(world, "I01")
    assert dict(now.months)[date(2026, 4, 1)] == Shown(30, 45)
    assert now.total == Shown(38, 45)


def test_the_ladder_tells_of_no_more_talks_than_a_report_told_since_it_was_read(world: World) -> None:
    """It was read at 30 families spoken with; a report told 36, and stays there: two more would be two families."""
    page, client = reverse("dashboard"), signed_in(world.coordinator())
    client.get(page)
    world.meet(0, 6)
    tell(draft_evaluation(project=world.project, kind="INTERIM"))
    world.meet(0, 2)
    client.get(page)
    ladder = FigureRun.objects.filter(parameters=TOLD, breakdown="rung").latest("pk").result["rows"]
    assert ladder["*spoken"]["n"] == 36


def test_groups_that_were_never_told_are_not_told_beside_a_total_that_stays(world: World) -> None:
    """Their sum would be the new total."""
    assert told_of(world, "I01").total == Shown(30, 45)
    world.meet(0, 2)
    assert set(map(type, told_of(world, "I01", "language_group").rows.values())) == {Hidden}
    world.meet(0, 3)
    assert told_of(world, "I01", "language_group").total == Shown(35, 50)
    assert set(map(type, told_of(world, "I01", "language_group").rows.values())) == {Shown}


def test_steps_that_divide_all_families_stay_together(world: World) -> None:
    """Each family stands on one step: one that came, and one that went further, is nobody's to work out."""
    before = told_of(world, "I31", "rung").rows
    world.meet(0, 1)
    assert told_of(world, "I31", "rung").rows == before
    assert told_of(world, "I31", "rung").figure.is_of_parts
    talks = told_of(world, "I04", "contacts").rows
    world.meet(0, 1)
    assert told_of(world, "I04", "contacts").rows == talks


def test_steps_that_divide_all_families_do_not_tell_the_one_that_stays(world: World) -> None:
    """Seven left the first step: five to the third, and two who took an active part must not be left over. The two of
    the first step are told with the others there."""
    families = list(Family.objects.order_by("pk"))
    for family in families[:9]:
        world.talk(family, world.schools[0], kind="PARTICIPATION")
    before = told_of(world, "I31", "rung").rows
    assert [str(cell) for cell in before.values()] == [str(Shown(n, 45)) for n in (15, 0, 21, 0, 9)]
    unmet = [family for family in families if not ContactMoment.objects.filter(family=family).exists()]
    for family in unmet[:5]:
        world.talk(family, world.schools[0])
    for family in unmet[5:7]:
        world.talk(family, world.schools[0], kind="PARTICIPATION")
    now = told_of(world, "I31", "rung").rows
    assert (now["0"], now["2"]) == (Shown(10, 45), Shown(26, 45))
    assert now["4"] == before["4"]


def report_of(world: World) -> dict[str, Any]:
    """The tables that count families, children, contacts and uses without an indicator."""
    counting = counting_for(world.project)
    tables = {code: BUILDERS[code](counting)["table"]["rows"] for code in ("T3", "T9", "M1", "D2")}
    ladders = [block["rows"] for block in BUILDERS["P1"](counting)["blocks"] if "hoe ver" in block.get("caption", "")]
    lengths = [row for row in tables["D2"] if row[0] == "Contacten zonder genoteerde duur"]
    return {**tables, "D2": lengths, "P1": ladders}


def test_no_table_of_a_next_report_tells_of_one_family_more(world: World) -> None:
    """The number of all contacts stays as it was told: so it does beside those without a length."""
    method = Method.objects.create(
        slug="m", kind="x", theme="x", level=1, title="M", aim="M", preparation_min=1, duration_min=1
    )
    families = list(Family.objects.order_by("pk"))
    coffee = Gathering.objects.create(
        school=world.schools[0], kind=ContactKind.COFFEE_MOMENT, title="Koffie", place="Refter", starts_at=at(LAST)
    )
    for family in families[:8]:
        talk = world.talk(family, world.schools[0], kind=ContactKind.COFFEE_MOMENT, duration_min=30, method=method)
        Attendance.objects.create(gathering=coffee, family=family, contact_moment=talk)
    tell(draft_evaluation(project=world.project, kind="INTERIM"))
    before = report_of(world)
    assert before["D2"][0][1:3] == ["30", "38"]
    del before["P1"]
    talk = world.talk(families[8], world.schools[0], kind=ContactKind.COFFEE_MOMENT, method=method)
    Attendance.objects.create(gathering=coffee, family=families[8], contact_moment=talk)
    world.meet(0, 1)
    now = report_of(world)
    assert {code: now[code] for code in before} == before


def test_a_next_report_tells_of_no_family_that_went_one_step_further(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody more was spoken with; at each school one opened what it was sent. Five more of them are told."""
    stand = {Rung.HANDED_OVER: 10, Rung.OPENED: 15, Rung.SPOKEN: 10}

    def on_rungs(_scope: Any, _year: object) -> dict[str, Cell]:
        return {str(rung.value): Cell(stand.get(rung, 0)) for rung in Rung}

    for _ in range(20):
        for school_class in world.classes:
            world.family(school_class)
    monkeypatch.setattr(schoolpages, "families_by_rung", on_rungs)
    tell(draft_evaluation(project=world.project, kind="INTERIM"))
    before = report_of(world)["P1"]
    assert [row[1] for row in before[0]] == ["10", "15", "10"]
    stand[Rung.HANDED_OVER], stand[Rung.OPENED] = 9, 16
    assert report_of(world)["P1"] == before
    stand[Rung.HANDED_OVER], stand[Rung.OPENED] = 5, 20
    assert [row[1] for row in report_of(world)["P1"][0]] == ["5", "20", "10"]


def contacts_of_march(client: Client) -> list[str]:
    """What the dashboard's table of kinds by month says of March: talks by sort, then group moments."""
    page = client.get(reverse("dashboard")).content.decode()
    table = page[page.index("<tbody", page.index("Contacten per soort en maand")) :]
    row = next(row for row in table.split("<tr>") if ">mrt<" in "".join(row.split()))
    return [re.sub("<[^>]*>", "", f"<{cell}").strip() for cell in row.split("<td")[1:]]


def test_home_visits_of_a_month_are_the_same_on_the_chart_and_in_their_figure(world: World) -> None:
    """The chart told nine visits in March; I10, which never told that month, does not say that there was one more.
    Nor does I11, by the talks of that month."""
    march, coordinator = date(2026, 3, 10), signed_in(world.coordinator())
    families = list(Family.objects.order_by("pk"))
    for place, family in enumerate(families[:27]):
        kind = (ContactKind.HOME_VISIT, ContactKind.PHONE, ContactKind.CONFERENCE)[place % 3]
        world.talk(family, world.schools[place % 3], march, kind=kind)
    first = contacts_of_march(coordinator)
    world.talk(families[0], world.schools[0], march, kind=ContactKind.HOME_VISIT)
    visits, talks = (dict(told_of(world, code).months)[date(2026, 3, 1)] for code in ("I10", "I11"))
    assert isinstance(visits, Hidden)  # nine of ten would tell of one that was not made
    assert isinstance(talks, Shown)
    assert talks.N == 27
    assert contacts_of_march(coordinator) == first
    assert first == ["9", "9", "9", "0"]


def test_a_mean_of_families_does_not_tell_who_came_meanwhile(world: World) -> None:
    """Two gatherings of ten: one name more on a list makes 10,5 of 10. Five more are told."""
    families = list(Family.objects.order_by("pk"))
    coffees = [
        Gathering.objects.create(
            school=world.schools[0], kind=ContactKind.COFFEE_MOMENT, title="Koffie", place="Refter", starts_at=at(day)
        )
        for day in (date(2026, 2, 3), date(2026, 3, 3))
    ]

    def came(numbers: Iterable[int]) -> None:
        for number in numbers:
            Attendance.objects.create(gathering=coffees[number % 2], family=families[number])

    came(range(20))
    assert told_of(world, "I22").means() == {"per_gathering": 10}
    came([20])
    assert told_of(world, "I22").means() == {"per_gathering": 10}
    assert told_of(world, "I22", "school").means() == {"per_gathering": 10}
    came(range(21, 25))
    assert told_of(world, "I22", "kind").means() == {"per_gathering": Fraction(25, 2)}


def test_a_mean_that_was_hidden_meanwhile_does_not_tell_who_came(world: World) -> None:
    """Forty at two gatherings; 42, hidden for the three who never came; then five families more at the school."""
    coffees = [
        Gathering.objects.create(
            school=world.schools[0], kind=ContactKind.COFFEE_MOMENT, title="Koffie", place="Refter", starts_at=at(day)
        )
        for day in (date(2026, 2, 3), date(2026, 3, 3))
    ]
    for place, family in enumerate(Family.objects.order_by("pk")[:42]):
        if place == 40:
            assert told_of(world, "I22").means() == {"per_gathering": 20}
        Attendance.objects.create(gathering=coffees[place % 2], family=family)
    assert [told_of(world, "I22").means() for _ in range(2)] == [{}, {}]
    for _ in range(5):
        world.family(world.classes[0])
    assert told_of(world, "I22").means() == {"per_gathering": 20}


def test_appointments_by_kind_and_talks_by_kind_remember_each_other(world: World) -> None:
    """Of 36 agreed visits 24 took place, and so many talks at home there were; one more is told by neither."""
    families, visit = list(Family.objects.order_by("pk")), ContactKind.HOME_VISIT
    for place, family in enumerate(families[:36]):
        came = "HELD" if place % 3 else "NO_SHOW"
        world.talk(family, world.schools[place % 3], kind=visit, status=came)
    assert told_of(world, "I19", "kind").rows[visit] == Shown(12, 36)
    world.talk(families[40], world.schools[0], kind=visit)
    assert told_of(world, "I11", "kind").rows[visit] == Shown(0, 24)
    for family in families[30:37]:
        world.talk(family, world.schools[0], kind=visit)
    assert told_of(world, "I11", "kind").rows[visit] == Shown(0, 32)
    world.talk(families[41], world.schools[0], kind=visit)
    assert told_of(world, "I19", "kind").rows[visit] == Shown(12, 44), "32 that took place, as the other figure said"
