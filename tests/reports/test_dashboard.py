"""Who reads which figures, and that no page of figures grows with the world."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from parents.models import ContactMoment, Guardian
from reports.disclosure import Hidden, Shown
from reports.figures import FigureScope, Period, published
from reports.frozen_year import freeze_year
from reports.wording import span
from schools.models import Pupil, Role
from tests.reports.world import FIRST, TODAY, World, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may")]


def full_world(pilots: int = 3, families: int = 8) -> World:
    world = World(pilots=pilots)
    for school, school_class in zip(world.schools, world.classes, strict=True):
        for number in range(families):
            family = world.family(school_class, language=("nl", "pa", "ar")[number % 3])
            if number % 2:
                world.talk(family, school, date(2025, 9 + number % 4, 8))
    return world


def pages() -> list[str]:
    codes = ("I01", "I13", "I23", "I29")
    return [
        reverse("dashboard"),
        reverse("how_we_count"),
        reverse("figures_work"),
        *(reverse("indicator_detail", args=[code]) for code in codes),
        reverse("indicator_detail", args=["I01"]) + "?per=school",
        reverse("indicator_detail", args=["I01"]) + "?per=school&naast=begin",
        reverse("dashboard") + "?naast=winter",
    ]


def test_the_coordinators_pages_name_no_child_and_no_parent_and_link_to_none() -> None:
    world = full_world()
    client = signed_in(world.coordinator())
    names = [
        *Pupil.objects.values_list("first_name", flat=True),
        *Guardian.objects.values_list("first_name", flat=True),
    ]
    for page in pages():
        response = client.get(page)
        assert response.status_code == 200, page
        text = response.content.decode()
        assert not [name for name in names if name in text]
        assert "/school/gezinnen/" not in text
        assert "/school/contactmomenten/" not in text


def test_the_coordinator_never_sees_the_lists_of_families() -> None:
    client = signed_in(full_world().coordinator())
    family = reverse("family_ladder", args=[1])
    assert [client.get(page).status_code for page in (reverse("not_reached"), reverse("my_week"), family)] == [403] * 3


def test_the_coordinator_cannot_choose_a_school_or_a_period_of_the_own() -> None:
    world = full_world()
    client = signed_in(world.coordinator())
    plain = client.get(reverse("dashboard"))
    chosen = client.get(reverse("dashboard"), {"school": str(world.schools[0].pk), "periode": "herfst"})
    assert chosen.context["asked"].scope.school is None
    assert (
        chosen.context["asked"].period == plain.context["asked"].period == Period(date(2025, 9, 1), date(2026, 4, 30))
    )


def test_without_figures_the_pages_beside_them_are_found(settings: Any) -> None:
    world = full_world()
    client = signed_in(world.coordinator())
    settings.DEMO_TODAY = date(2025, 9, 10)
    begun = client.get(reverse("dashboard")).content.decode()
    assert "Nog geen cijfers" in begun
    settings.DEMO_TODAY = TODAY
    freeze_year(world.project)
    kept = client.get(reverse("dashboard")).content.decode()
    assert "Cijfers van een jaar dat voorbij is" in kept
    for page in (begun, kept):
        assert all(f'href="{reverse(name)}"' in page for name in ("target_list", "hours", "budget"))
        assert f'href="{reverse("figures_work")}"' not in page, "it only leads back"


def test_a_head_sees_the_own_school_and_of_the_project_only_the_mean() -> None:
    world = full_world()
    head = world.user("head", Role.HEAD, school=world.schools[0])
    client = signed_in(head)
    for page in pages():
        text = client.get(page).content.decode()
        assert not [school.name for school in world.schools[1:] if school.name in text]
    means = [stat["period"] for stat in client.get(reverse("dashboard")).context["stats"]]
    assert any("\u00a0%" in text for text in means)
    asked = client.get(reverse("dashboard"), {"school": world.schools[1].pk}).context["asked"]
    assert asked.school == world.schools[0]


def test_the_joint_worker_sees_the_schools_of_both_networks_unprotected() -> None:
    world = full_world(families=3)
    joint = world.joint_worker()
    shown = published(
        "I01", FigureScope(project=world.project, viewer=joint), Period(date(2025, 9, 1), TODAY), "school"
    )
    assert set(shown.rows) == {school.name for school in world.schools}
    assert all(isinstance(cell, Shown) for cell in shown.rows.values())
    outside = FigureScope(project=world.project, viewer=world.coordinator())
    shown = published("I01", outside, Period(date(2025, 9, 1), TODAY), "school")
    assert all(isinstance(cell, Hidden) for cell in shown.rows.values())


def test_comparison_schools_are_protected_even_for_the_joint_worker() -> None:
    world = full_world()
    world.school(role="COMPARISON")
    assert FigureScope(project=world.project, viewer=world.joint_worker(), comparison=True).is_for_outsiders()
    assert not FigureScope(project=world.project, viewer=world.joint_worker()).is_for_outsiders()


def test_a_teacher_reads_the_figures_of_the_own_class_alone() -> None:
    world = full_world()
    other = world.school_class(world.schools[0])
    world.talk(world.family(other), world.schools[0])
    teacher = world.user("teacher", Role.TEACHER, school=world.schools[0], school_class=world.classes[0])
    client = signed_in(teacher)
    page = client.get(reverse("dashboard"))
    assert page.context["asked"].scope.classes == (world.classes[0],)
    assert [stat["denominator"] for stat in page.context["stats"] if stat["label"] == "Bereikte gezinnen"] == [8]
    asked = client.get(reverse("dashboard"), {"school": world.schools[1].pk}).context["asked"]
    assert asked.scope.classes == (world.classes[0],)
    assert client.get(reverse("figure_list", args=["I01"]), {"deel": "N"}).context["found"] == 8
    assert client.get(reverse("figures_work")).status_code == 200
    for code in ("I01", "I23", "I31"):
        page = client.get(reverse("indicator_detail", args=[code]), {"naast": "begin", "sinds": "2026-03-02"})
        assert page.status_code == 200
    explained = client.get(reverse("how_we_count")).content.decode()
    assert reverse("indicator_detail", args=["I31"]) in explained
    for code in ("I21", "I25", "I29"):
        assert f'id="{code}"' in explained
        assert reverse("indicator_detail", args=[code]) not in explained, "no way to a page that is none"
        assert client.get(reverse("indicator_detail", args=[code])).status_code == 404
        assert client.get(reverse("figure_list", args=[code])).status_code == 404


def test_a_chart_of_nothing_says_so() -> None:
    world = full_world()
    page = signed_in(world.joint_worker()).get(reverse("figures_work"))
    empty = [plot for plot in page.context["plots"] if not plot.picture and not plot.held_back]
    assert empty
    assert page.content.decode().count('<p class="muted">Nog niets te zien.</p>') == len(empty)


def test_a_stranger_does_not_come_to_the_dashboard() -> None:
    world = full_world()
    assert signed_in(world.user("stranger")).get(reverse("dashboard")).status_code == 403
    assert Client().get(reverse("dashboard")).status_code == 302


def test_the_file_has_the_same_cells_and_says_who_made_it() -> None:
    world = full_world()
    client = signed_in(world.coordinator())
    response = client.get(reverse("indicator_detail", args=["I01"]), {"per": "school", "csv": "1"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert response["Content-Type"].startswith("text/csv")
    assert rows[0][0].startswith("I01")
    assert "Staff coordinator" in rows[-1][0]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def count_queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


@pytest.mark.parametrize("role", ["joint", pytest.param("coordinator", marks=pytest.mark.full)])
def test_no_page_of_figures_asks_more_of_a_larger_world(role: str) -> None:
    world = full_world(pilots=3, families=12)
    clients = {"joint": world.joint_worker, "coordinator": world.coordinator}
    client = signed_in(clients[role]())
    first = {page: count_queries(client, page) for page in pages()}
    before = {page: count_queries(client, page) for page in pages()}
    for _ in range(3):
        school = world.school()
        world.schools.append(school)
        world.classes.append(world.school_class(school))
        for number in range(10):
            family = world.family(world.classes[-1], language=("nl", "pa")[number % 2])
            world.talk(family, school)
    again = {page: count_queries(client, page) for page in pages()}
    after = {page: count_queries(client, page) for page in pages()}
    assert before == after
    assert max(first[reverse("dashboard")], again[reverse("dashboard")]) <= 34


def test_of_very_many_schools_the_dashboard_shows_those_furthest_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.plots.MOST_GROUPS", 3)
    monkeypatch.setattr("reports.plots.LAST_GROUPS", 2)
    world = full_world(pilots=4, families=6)
    behind = world.schools[3].name
    ContactMoment.objects.filter(school=world.schools[3]).delete()
    plot = signed_in(world.joint_worker()).get(reverse("dashboard")).context["plots"][1]
    assert plot.rows[0][0] == behind
    assert len(plot.rows) in (2, 3), "and the total"
    assert "Deze 2 staan het verst achter" in plot.note
    monkeypatch.setattr("reports.plots.MOST_GROUPS", 4)
    plot = signed_in(world.joint_worker()).get(reverse("dashboard")).context["plots"][1]
    assert len(plot.rows) >= 4
    assert "verst achter" not in plot.note


def test_outside_the_schools_the_first_months_of_a_curve_are_not_called_the_baseline() -> None:
    """The coordinator's months count on the families of the whole year, the evaluation's baseline on those of its own
    months: two numbers, so two names."""
    world = full_world(families=24)
    coordinator, worker = (
        signed_in(who()).get(reverse("dashboard")).content.decode() for who in (world.coordinator, world.joint_worker)
    )
    assert "sinds de nulmeting" in worker
    assert "sinds de nulmeting" not in coordinator
    months = "1\u00a0sep\u00a02025 tot en met 31\u00a0okt\u00a02025"
    year = r"\(\d[^)]*%, \d+ / \d+ gezinnen van het hele jaar\)"
    assert re.search(rf"pp sinds {months} {year}", coordinator)
    assert re.search(rf"pp sinds de nulmeting van {months} \(\d[^)]*%, \d+ / \d+\)", worker)


def test_what_the_chart_of_contacts_hides_is_not_told_by_the_months_of_home_visits() -> None:
    """Three visits in September, and the smallest month beside it hidden: the page of I10 tells that month and their
    sum."""
    world = World()
    school, families = world.schools[0], [world.family(world.classes[0]) for _ in range(24)]
    months = {"2025-09": (3, 0), "2025-10": (6, 5), "2025-11": (9, 0), "2025-12": (15, 3), "2026-01": (10, 4)}
    for month, (held, in_vain) in months.items():
        for place, family in enumerate(families[: held + in_vain]):
            status = "HELD" if place < held else "NO_SHOW"
            world.talk(family, school, date.fromisoformat(f"{month}-08"), kind="HOME_VISIT", status=status)
    coordinator = signed_in(world.coordinator())
    chart = coordinator.get(reverse("dashboard")).context["plots"][3]
    rows = dict(zip(months, chart.rows, strict=False))
    hidden = {month for month, row in rows.items() if not row[3].isdigit()}
    file = json.loads(coordinator.get(reverse("dashboard") + "?json=1").content)
    (visits,) = [one for one in file["figures"] if one["code"] == "I10"]
    assert visits["total"]["n"] == 43
    assert visits["months"]["2025-10"]["n"] == 6
    assert "2025-09" in hidden
    assert len([month for month in hidden if visits["months"][month]["n"] is None]) > 1


def test_what_the_chart_of_contacts_hides_is_not_what_the_talks_of_a_month_leave() -> None:
    """I11 tells how many talks a month had: three visits would be what these leave beside those at school and by
    phone."""
    world = World()
    school, families = world.schools[0], [world.family(world.classes[0]) for _ in range(24)]
    for month, numbers in ((9, (20, 7, 3, 15)), (10, (18, 6, 7, 9)), (11, (16, 5, 2, 14))):
        for kind, number in zip(("CONFERENCE", "PHONE", "HOME_VISIT", "INFO_EVENING"), numbers, strict=True):
            for family in families[:number]:
                world.talk(family, school, date(2025, month, 8), kind=kind)
    coordinator = signed_in(world.coordinator())
    rows = coordinator.get(reverse("dashboard")).context["plots"][3].rows
    file = json.loads(coordinator.get(reverse("dashboard") + "?json=1").content)
    (talks,) = [one["months"] for one in file["figures"] if one["code"] == "I11"]
    assert [cell["N"] for cell in talks.values()][:3] == [30, 31, 23]
    for name, *cells, _together in rows[:3]:
        hidden = [cell for cell in cells if not cell.isdigit()]
        assert not hidden or len(hidden) > 1, name
    assert not rows[0][3].isdigit()
    assert not rows[2][3].isdigit()


def test_a_period_of_one_day_is_that_day() -> None:
    """On the first of September the year is one day long."""
    with override("nl"):
        assert span(Period(FIRST, FIRST)) == "1\u00a0sep\u00a02025"
        assert span(Period(FIRST, FIRST + timedelta(days=1))) == "1\u00a0sep\u00a02025 tot en met 2\u00a0sep\u00a02025"


def test_a_gap_is_no_share_of_all_families() -> None:
    """Beside "13 pp" the families reached of all would read as what the gap is of; the table has them by group."""
    client = signed_in(full_world().joint_worker())
    lead = r'class="lead"><strong><bdi>[^<]+</bdi></strong>( <span[^>]*><bdi>)?'
    gap, share = (
        re.search(lead, client.get(reverse("indicator_detail", args=[code])).content.decode())
        for code in ("I23", "I01")
    )
    assert gap
    assert share
    assert (gap[1], bool(share[1])) == (None, True)


def test_a_number_of_the_home_row_says_what_it_counts() -> None:
    world = full_world()
    page = signed_in(world.joint_worker()).get(reverse("dashboard")).content.decode()
    row = re.findall(r'class="stat-ratio">(.*?)</span>', page, re.S)
    assert [re.sub(r"<[^>]+>", "", one).split()[-1] for one in row] == [
        "gezinnen", "gezinnen", "gesprekken", "vragen", "contacten",
    ]  # fmt: skip


def test_another_period_keeps_the_breakdown_that_is_open() -> None:
    world = full_world()
    client = signed_in(world.user("head", Role.HEAD, school=world.schools[0]))

    def fields(**chosen: str) -> str:
        page = client.get(reverse("indicator_detail", args=["I01"]), chosen).content.decode()
        return page.partition('class="filter-bar"')[2].partition("</form>")[0]

    assert '<input type="hidden" name="per" value="month"' in fields(per="month")
    for nothing in ({}, {"per": "nonsense"}):
        assert 'name="periode"' in fields(**nothing)
        assert 'name="per"' not in fields(**nothing)
