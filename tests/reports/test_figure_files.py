"""Figures to take along: what the page shows, as numbers, with what they mean and who took them."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from reports.disclosure import Hidden
from reports.figures import FigureScope, Period, compute
from reports.indicators import INDICATORS
from reports.models import TimeEntry
from tests.reports.test_dashboard import count_queries, full_world, signed_in
from tests.reports.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may")]


def book_of(client: Client, page: str, **chosen: str) -> Workbook:
    answer = client.get(page, {**chosen, "xlsx": "1"})
    assert answer.status_code == 200
    assert "spreadsheetml" in answer["Content-Type"]
    assert answer["Content-Disposition"].endswith('.xlsx"')
    return load_workbook(io.BytesIO(answer.content))


def values(book: Workbook, sheet: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def told(client: Client, page: str, **chosen: str) -> dict[str, Any]:
    answer = client.get(page, {**chosen, "json": "1"})
    assert answer["Content-Type"] == "application/json"
    found: dict[str, Any] = json.loads(answer.content)
    return found


def detail(code: str) -> str:
    return reverse("indicator_detail", args=[code])


def test_one_indicator_as_a_workbook_has_numbers_meaning_and_a_watermark() -> None:
    world = full_world()
    book = book_of(signed_in(world.joint_worker()), detail("I01"), per="school")
    assert book.sheetnames == ["I01", "Begrippen"]
    assert (book.properties.creator, bool(book.properties.title)) == ("In groei en bloei", True)
    rows = values(book, "I01")
    total = next(row for row in rows if row[0] == "Totaal")
    assert isinstance(total[1], float)
    assert 0 < total[1] <= 1
    assert all(isinstance(number, int) for number in total[2:4])
    assert {school.name for school in world.schools} <= {row[0] for row in rows}
    assert "Staff joint" in str(rows[-1][0])
    assert [row[0] for row in values(book, "Begrippen")][-1] == "I01"


def test_all_indicators_together_say_what_each_page_says() -> None:
    world = full_world()
    client = signed_in(world.joint_worker())
    lines = {row[0]: row for row in values(book_of(client, reverse("dashboard")), "Cijfers") if row[0] in INDICATORS}
    assert set(lines) == set(INDICATORS)
    by_code = {figure["code"]: figure for figure in told(client, reverse("dashboard"))["figures"]}
    for code in ("I01", "I06", "I17"):
        alone = told(client, detail(code))["figures"][0]
        assert by_code[code] == alone
        assert lines[code][3:5] == [alone["total"]["n"], alone["total"]["N"]]


def test_the_hours_of_each_activity_are_in_every_file() -> None:
    """I29 has no groups: its page is a table of hours."""
    world = full_world()
    TimeEntry.objects.create(
        project=world.project, user=world.writer, week_of=date(2025, 10, 6), activity="COACHING", hours=Decimal("2.5")
    )
    client = signed_in(world.joint_worker())
    (figure,) = told(client, detail("I29"))["figures"]
    page = client.get(detail("I29"), {"csv": "1"}).content.decode()
    assert figure["hours"]["COACHING"] >= 2.5
    assert figure["value"].endswith(" uur"), "as the evaluation says it"
    assert f"{figure['hours']['COACHING']:g}".replace(".", ",") in page
    assert told(client, detail("I01"))["figures"][0]["hours"] == {}


def test_a_file_hides_what_the_page_hides(fuller: World) -> None:
    """The city takes along no cell that it may not see."""
    city = signed_in(fuller.coordinator())
    scope = FigureScope(project=fuller.project, viewer=fuller.coordinator())
    for code, definition in INDICATORS.items():
        for by in ("", *definition.breakdowns[:1]):
            figure = told(city, detail(code), per=by)["figures"][0]
            assert figure["protected"]
            period = Period(date.fromisoformat(figure["from"]), date.fromisoformat(figure["to"]))
            shown = compute(code, scope, period, figure["by"]).protected(for_outsiders=True)
            hidden = {key for key, cell in shown.rows.items() if isinstance(cell, Hidden)}
            assert {key for key, cell in figure["rows"].items() if cell["n"] is None} == hidden
            assert (figure["total"]["n"] is None) == isinstance(shown.total, Hidden)


def test_programs_read_the_medians_and_means_that_the_page_tells(fuller: World) -> None:
    """Of each row its median, and beside the figure quantiles, means and who answered, rounded as on the page."""
    TimeEntry.objects.create(
        project=fuller.project, user=fuller.writer, week_of=date(2025, 10, 6), activity="COACHING", hours=Decimal("7")
    )
    for reader in (fuller.joint_worker(), fuller.coordinator()):
        client = signed_in(reader)
        (families,) = told(client, detail("I04"), per="school")["figures"]
        lines = values(book_of(client, detail("I04"), per="school"), "I04")
        written = {row[0]: row[-1] for row in lines if isinstance(row[-2], int)}
        medians = {*(f"{value:g}" for value in families["medians"].values())}
        assert medians
        assert medians == {words.split()[0].replace(",", ".") for name, words in written.items() if name != "Totaal"}
        assert set(families["spread"]) == {"median", "first_quartile", "third_quartile"}
        (hours,) = told(client, detail("I29"))["figures"]
        shares = told(client, detail("I01"), per="school")["figures"][0]
        assert (shares["medians"], shares["spread"], shares["means"], shares["response"]) == ({}, {}, {}, None)
        page = client.get(detail("I29")).content.decode()
        assert f"{hours['means']['hours_per_family']:g}".replace(".", ",") in page
        assert hours["means"]["hours_per_family"] == round(hours["means"]["hours_per_family"], 1), "no sum behind it"


def test_the_page_leads_to_its_files() -> None:
    client = signed_in(full_world().joint_worker())
    page = client.get(detail("I02"), {"per": "school"}).content.decode()
    assert [kind for kind in ("csv", "xlsx", "json") if f"?per=school&amp;{kind}=1" in page] == ["csv", "xlsx", "json"]
    page = client.get(reverse("dashboard")).content.decode()
    assert "?xlsx=1" in page
    assert "?json=1" in page
    assert "?csv=1" not in page


def test_a_file_of_everything_asks_no_more_of_a_larger_world() -> None:
    world = full_world(pilots=3, families=12)
    client = signed_in(world.joint_worker())
    page = f"{reverse('dashboard')}?json=1"
    before = count_queries(client, page)
    for _ in range(3):
        school = world.school()
        world.schools.append(school)
        world.classes.append(world.school_class(school))
        for number in range(6):
            world.talk(world.family(world.classes[-1], language=("nl", "pa")[number % 2]), school)
    assert count_queries(client, page) == before
