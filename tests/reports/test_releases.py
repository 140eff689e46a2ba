"""Readers outside the schools read every month: two readings together tell no more than each of them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from parents.models import ContactMoment, Family
from reports.disclosure import Cell, Shown
from reports.evaluation.binding import bind_all, counting_for, tell
from reports.evaluation.contacts import contacts_by_kind, contacts_of_schools
from reports.evaluation.draft import draft_evaluation
from reports.evaluation.resources import activities
from reports.figures import Figure, FigureScope, Period, compute
from reports.frozen_year import freeze_year
from reports.models import FigureRun
from reports.releases import TOLD, shown
from tests.reports.world import LAST, World, signed_in, three_schools

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may")]


@pytest.fixture
def world() -> World:
    return three_schools()


def told(world: World, by: str = "school") -> dict[str, Shown]:
    scope, period = FigureScope(project=world.project), Period.of_whole_months(world.project, LAST)
    (found,) = shown([compute("I01", scope, period, by)], scope, for_outsiders=True)
    assert isinstance(found.total, Shown)
    return {**found.rows, "total": found.total}  # type: ignore[dict-item]


def test_one_family_more_stays_with_the_school(world: World) -> None:
    first = told(world)
    world.meet(0, 1)
    assert told(world) == first


def test_a_reader_inside_sees_it_at_once(world: World) -> None:
    told(world)
    world.meet(0, 1)
    scope, period = FigureScope(project=world.project), Period.of_whole_months(world.project, LAST)
    (found,) = shown([compute("I01", scope, period)], scope, for_outsiders=False)
    assert found.total == Shown(31, 46)
    assert FigureRun.objects.filter(parameters=TOLD).count() == 1


def test_it_is_told_once_it_is_one_of_five(world: World) -> None:
    told(world)
    for _ in range(4):
        world.meet(0, 1)
        told(world)
    world.meet(0, 1)
    assert told(world)[world.schools[0].name] == Shown(15, 20)


def test_another_breakdown_tells_no_total_that_the_first_one_kept_back(world: World) -> None:
    first = told(world, "language_group")
    world.meet(1, 2)
    assert told(world, "school")["total"] == first["total"]


def test_the_percentage_is_that_of_what_is_told(world: World) -> None:
    told(world)
    world.meet(0, 1)
    scope, period = FigureScope(project=world.project), Period.of_whole_months(world.project, LAST)
    (found,) = shown([compute("I01", scope, period)], scope, for_outsiders=True)
    assert found.value() == pytest.approx(100 * 30 / 45)
    assert found.months[-1][1] == found.total


def test_the_coordinator_reads_the_same_page_again(world: World) -> None:
    client = signed_in(world.coordinator())
    pages = [reverse("dashboard"), reverse("indicator_detail", args=["I01"]) + "?per=school", reverse("figures_work")]
    first = [_figures_on(client.get(page).content.decode()) for page in pages]
    world.meet(0, 1)
    again = [_figures_on(client.get(page).content.decode()) for page in pages]
    assert all(set(now) <= set(then) for now, then in zip(again, first, strict=True))
    world.meet(0, 4)
    assert _figures_on(client.get(pages[1]).content.decode()) != first[1]


def test_a_file_says_what_the_page_says(world: World) -> None:
    client = signed_in(world.coordinator())
    page = reverse("indicator_detail", args=["I01"]) + "?per=school"
    client.get(page)
    world.meet(0, 1)
    content = client.get(f"{page}&json=1").json()["figures"][0]
    assert content["rows"][world.schools[0].name] == {"n": 10, "N": 15}


def test_a_draft_counts_with_what_was_told_and_tells_nothing(world: World) -> None:
    told(world)
    world.meet(0, 1)
    counting = counting_for(world.project)
    assert counting.figure("I01", by="school").rows[world.schools[0].name] == Shown(10, 15)
    assert counting.figure("I01", by="school").kept_back == {world.schools[0].name}
    assert FigureRun.objects.filter(parameters=TOLD).count() == 1


def test_what_a_report_said_is_told_once_it_is_signed(world: World) -> None:
    """Whoever reads the page after the report finds no family between them; before, the draft may still change."""
    report = draft_evaluation(project=world.project, kind="FINAL")
    world.meet(0, 1)
    bind_all(report, None)
    assert not FigureRun.objects.filter(parameters=TOLD).exists()
    tell(report)
    world.meet(0, 1)
    assert told(world)[world.schools[0].name] == Shown(11, 16)


def test_a_next_report_tells_of_no_family_in_the_parts_of_the_year_that_the_last_one_told(world: World) -> None:
    """In October 30 of 45 families were met, and a talk of then that is noted late would be one family: so it stays."""
    report = draft_evaluation(project=world.project, kind="INTERIM")
    tell(report)
    before = counting_for(world.project).figure("I01", "baseline").total
    assert before == Shown(30, 45)
    world.meet(0, 1)
    assert counting_for(world.project).figure("I01", "baseline").total == before
    assert counting_for(world.project).headline("I01", "baseline")["n"] == 30
    world.meet(0, 4)
    assert counting_for(world.project).figure("I01", "baseline").total == Shown(35, 50)


def test_the_page_of_the_gap_stays_at_the_baseline_that_it_told(world: World) -> None:
    coordinator = signed_in(world.coordinator())
    page = reverse("indicator_detail", args=["I23"]) + "?naast=begin"
    before = coordinator.get(page).context["compared"].rows
    assert any("45" in str(cell) for row in before for cell in row)
    world.meet(0, 1)
    assert coordinator.get(page).context["compared"].rows == before


def test_the_table_of_contacts_tells_of_the_families_that_the_figures_tell(world: World) -> None:
    told(world)
    tell(draft_evaluation(project=world.project, kind="INTERIM"))
    world.meet(0, 1)
    rows = {row[0]: row for row in activities(counting_for(world.project))["table"]["rows"]}
    assert [rows[name][2] for name in ("Telefoongesprek", "Alle contacten")] == ["30", "30"]


def test_a_next_report_tells_of_no_few_visits_at_a_school_since_the_last_one(world: World) -> None:
    families = list(Family.objects.all())
    for place, school in enumerate(world.schools):
        for family in families[place * 15 : place * 15 + 9]:
            world.talk(family, school, kind="HOME_VISIT")

    def pages() -> dict[str, list[str]]:
        counting = counting_for(world.project)
        table = contacts_of_schools(counting)
        found = {kind: [str(cell) for cell in line] for kind, line in zip(table.rows, table.cells, strict=True)}
        kinds = contacts_by_kind(counting)
        return found | {"all": [str(cell) for cell in (*table.column_totals, *kinds.kinds.values(), kinds.total)]}

    tell(draft_evaluation(project=world.project, kind="INTERIM"))
    before = pages()
    assert before["HOME_VISIT"] == [str(Shown(9))] * 3
    for family in families[10:12]:
        world.talk(family, world.schools[0], kind="HOME_VISIT")
    now = pages()
    assert str(Shown(11)) not in now["HOME_VISIT"]
    assert (now["PHONE"], now["all"]) == (before["PHONE"], before["all"])
    for family in families[12:15]:
        world.talk(family, world.schools[0], kind="HOME_VISIT")
    assert pages()["HOME_VISIT"][0] == str(Shown(14))


def test_the_kept_year_says_what_was_told_last(world: World) -> None:
    told(world)
    world.meet(0, 1)
    period = Period.of_whole_months(world.project, LAST)
    assert period.first == Period.to_date(world.project, LAST).first
    freeze_year(world.project)
    kept = FigureRun.objects.get(indicator="I01", breakdown="school", parameters={"grid": "school year"})
    assert kept.result["rows"][world.schools[0].name] == {"n": 10, "N": 15}


def test_what_was_told_holds_no_small_group(world: World) -> None:
    for family in [world.family(world.classes[2], language="ar") for _ in range(3)]:
        world.talk(family, world.schools[2])
    signed_in(world.coordinator()).get(reverse("dashboard"))
    told = list(FigureRun.objects.filter(parameters=TOLD))
    assert any(run.result["total"] for run in told)
    for run in told:
        cells = [run.result["total"], *run.result["rows"].values(), *run.result["months"].values()]
        assert not [cell for cell in cells if cell and cell["n"] in (1, 2, 3, 4)]


def test_a_mean_per_family_is_reckoned_with_the_families_that_are_told(world: World) -> None:
    scope, period = FigureScope(project=world.project), Period.of_whole_months(world.project, LAST)
    figure = compute("I29", scope, period)
    costs = Figure(
        definition=figure.definition, period=period, total=Cell(30, 45), means={"cost_per_family": (6000, 30)}
    )
    more = Figure(
        definition=figure.definition, period=period, total=Cell(31, 46), means={"cost_per_family": (6000, 31)}
    )
    assert shown([costs], scope, for_outsiders=True)[0].means() == {"cost_per_family": 200}
    assert shown([more], scope, for_outsiders=True)[0].means() == {"cost_per_family": 200}


def test_a_contact_noted_late_changes_no_month_that_was_told(world: World) -> None:
    client = signed_in(world.coordinator())
    before = _figures_on(client.get(reverse("dashboard")).content.decode())
    met = ContactMoment.objects.order_by("pk").first()
    assert met is not None
    world.talk(met.family, world.schools[0], date(2025, 10, 7))
    assert _figures_on(client.get(reverse("dashboard")).content.decode()) == before


def _figures_on(page: str) -> list[str]:
    """Every number in the main part of a page."""
    return re.findall(r">([^<]*\d[^<]*)<", page[page.index("<main") :])
