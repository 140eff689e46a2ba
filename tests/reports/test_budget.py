"""The budget: lines of a grant, bookings with a day, and corrections that keep what was there."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from reports.budget import MOST_LINES, Spending, add_line, book, change_line, reverse_booking, states, together
from reports.evaluation.binding import counting_for
from reports.evaluation.resources import budget
from reports.models import BudgetBooking, BudgetChange, BudgetLine
from reports.ownproject import project_tabs
from schools import clock
from schools.models import Project, User
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(cast: Cast) -> Project:
    assert cast.project is not None
    return cast.project


@pytest.fixture
def line(project: Project, cast: Cast) -> BudgetLine:
    return add_line(project=project, name="Tolken", granted=Decimal(1000), by=cast.staff["joint"])


def spent(line: BudgetLine, cast: Cast, amount: str, *, key: UUID | None = None, days: int = 0) -> BudgetBooking:
    spending = Spending(booked_on=clock.today() - timedelta(days=days), amount=Decimal(amount), what="Tolk Pashtu")
    return book(line=line, spending=spending, client_id=key or uuid4(), by=cast.staff["joint"])


def fields(**more: Any) -> dict[str, Any]:
    facts = {"amount": "1.085,50", "booked_on": clock.today().isoformat(), "what": "Tolken", "proof": "F-12"} | more
    return {"form": "booking", **{f"booking-{name}": value for name, value in facts.items()}} | {
        "booking-client_id": str(uuid4())
    }


def test_what_is_left_follows_from_dated_bookings(line: BudgetLine, cast: Cast) -> None:
    spent(line, cast, "250.25", days=10)
    spent(line, cast, "100")
    whole = together(states(line.project))
    assert (whole.spent, whole.left, whole.percent) == (Decimal("350.25"), Decimal("649.75"), 35)
    earlier = together(states(line.project, clock.today() - timedelta(days=1)))
    assert earlier.spent == Decimal("250.25")
    spent(line, cast, "900")
    assert together(states(line.project)).is_over


def test_half_a_per_cent_goes_up_as_in_every_figure(line: BudgetLine, cast: Cast) -> None:
    spent(line, cast, "125")
    assert together(states(line.project)).percent == 13


def test_the_project_years_to_choose_from_say_which_is_open(project: Project) -> None:
    before = Project(pk=project.pk + 1, name=project.name, year=project.year)
    assert [tab["current"] for tab in project_tabs([project, before], before)] == [False, True]
    assert project_tabs([project], project) == []


def test_a_form_sent_twice_is_booked_once(line: BudgetLine, cast: Cast) -> None:
    key = uuid4()
    assert spent(line, cast, "5", key=key) == spent(line, cast, "5", key=key)
    assert line.bookings.count() == 1


def test_a_mistake_is_reversed_once_and_both_stay(line: BudgetLine, cast: Cast) -> None:
    wrong = spent(line, cast, "99")
    opposite = reverse_booking(booking=wrong, by=cast.staff["director_go"])
    assert (opposite.amount, opposite.booked_on) == (-99, wrong.booked_on)
    for again in (wrong, opposite):
        with pytest.raises(ValidationError):
            reverse_booking(booking=again, by=cast.staff["joint"])
    assert together(states(line.project)).spent == 0
    for action in (lambda: BudgetBooking.objects.update(amount=1), lambda: BudgetBooking.objects.all().delete()):
        with pytest.raises((DatabaseError, TypeError)), transaction.atomic():
            action()
    assert line.bookings.count() == 2


def test_a_repayment_that_was_none_is_reversed_too(line: BudgetLine, cast: Cast) -> None:
    assert reverse_booking(booking=spent(line, cast, "-40"), by=cast.staff["joint"]).amount == 40
    assert together(states(line.project)).spent == 0


def test_no_line_takes_the_name_of_another_however_it_is_written(line: BudgetLine, cast: Cast) -> None:
    by = cast.staff["joint"]
    other = add_line(project=line.project, name="Drukwerk", granted=Decimal(1), by=by)
    with pytest.raises(ValidationError):
        change_line(line=other, name="TOLKEN", granted=Decimal(1), reason="Anders genoemd", by=by)
    assert change_line(line=line, name="TOLKEN", granted=Decimal(1000), reason="Anders geschreven", by=by)


def test_a_budget_takes_no_more_lines_than_pages_show(line: BudgetLine, cast: Cast) -> None:
    project, one = line.project, Decimal(1)
    BudgetLine.objects.bulk_create(
        BudgetLine(project=project, name=f"Lijn {number}", granted=one, position=number + 1)
        for number in range(1, MOST_LINES)
    )
    with pytest.raises(ValidationError):
        add_line(project=project, name="Nog een", granted=one, by=cast.staff["joint"])


def test_a_line_that_changes_keeps_what_it_said(line: BudgetLine, cast: Cast) -> None:
    by = cast.staff["director_vclb"]
    assert change_line(line=line, name="Sociaal tolken", granted=Decimal(1200), reason="Akkoord van het fonds", by=by)
    assert not change_line(line=line, name="Sociaal tolken", granted=Decimal(1200), reason="Nog eens", by=by)
    change = BudgetChange.objects.get()
    assert (change.name, change.granted, change.changed_by) == ("Tolken", 1000, by)
    with pytest.raises(ValidationError):
        add_line(project=line.project, name="sociaal TOLKEN", granted=Decimal(1), by=by)


@pytest.mark.parametrize("days", [-1, 400])
def test_a_day_to_come_or_before_the_project_is_refused(line: BudgetLine, cast: Cast, days: int) -> None:
    with pytest.raises(ValidationError):
        spent(line, cast, "5", days=days)


@pytest.mark.parametrize("key", ["coordinator", "clb_vclb", "head"])
def test_nobody_else_books(line: BudgetLine, cast: Cast, key: str) -> None:
    spending = Spending(booked_on=clock.today(), amount=Decimal(5), what="x")
    with pytest.raises(ValidationError):
        book(line=line, spending=spending, client_id=uuid4(), by=cast.staff[key])


class TestThePages:
    def test_take_amounts_as_people_type_them(self, line: BudgetLine, cast: Cast) -> None:
        browser, page = cast.client("director_vclb"), reverse("budget_line", args=[line.pk])
        assert browser.post(page, fields()).status_code == 302
        assert line.bookings.get().amount == Decimal("1085.50")
        html = browser.get(page).content.decode()
        assert "€\u00a01.085,50" in html
        User.objects.filter(pk=cast.staff["joint"].pk).update(language="fr")
        assert "1\u00a0085,50\u00a0€" in cast.client("joint").get(page).content.decode()
        added = browser.post(reverse("budget"), {"line-name": "Vorming", "line-granted": "1.900"})
        assert added.status_code == 302
        assert BudgetLine.objects.get(name="Vorming").granted == 1900
        html = browser.get(reverse("budget")).content.decode()
        assert "€\u00a02.900,00" in html
        assert "te veel uitgegeven" in html

    @pytest.mark.parametrize("amount", ["gratis", "0", "1,234"])
    def test_lose_nothing_of_what_was_typed(self, line: BudgetLine, cast: Cast, amount: str) -> None:
        answer = cast.client("joint").post(reverse("budget_line", args=[line.pk]), fields(amount=amount))
        assert answer.status_code == 422
        assert f'value="{amount}"' in answer.content.decode()
        assert 'value="F-12"' in answer.content.decode()

    def test_are_read_only_for_the_coordinator_and_name_nobody(self, line: BudgetLine, cast: Cast) -> None:
        wrong, browser = spent(line, cast, "99"), cast.client("coordinator")
        page = reverse("budget_line", args=[line.pk])
        html = browser.get(page).content.decode()
        assert "€\u00a099,00" in html
        assert "Marijke" not in html
        assert ("Geboekt op" in html, "Geboekt door" in html) == (True, False), "no label promises a name"
        assert "<form method" not in html.split("<main")[1]
        assert browser.post(page, fields()).status_code == 404
        assert browser.post(reverse("budget"), {"line-name": "X", "line-granted": "1"}).status_code == 404
        assert browser.post(reverse("booking_reverse", args=[wrong.pk])).status_code == 403

    def test_give_a_workbook_in_which_nothing_is_computed(self, line: BudgetLine, cast: Cast) -> None:
        change_line(line=line, name="=1+1", granted=Decimal("1000.50"), reason="x", by=cast.staff["joint"])
        spent(line, cast, "-12.5")
        answer = cast.client("coordinator").get(reverse("budget_workbook"))
        book_read = load_workbook(io.BytesIO(answer.content))
        cells = {cell.value: cell for sheet in book_read for row in sheet.iter_rows() for cell in row}
        assert {1000.5, -12.5} <= set(cells)
        assert cells["=1+1"].data_type == "s"
        text = cast.client("coordinator").get(reverse("budget_csv")).content.decode()
        assert ";=1+1" not in text
        assert "\n=1+1" not in text


def test_the_report_counts_bookings_until_its_last_day_and_what_a_family_cost(town: Cast) -> None:
    project = town.project
    assert project is not None
    counting = counting_for(project)
    line = BudgetLine.objects.get(project=project)
    late = Spending(booked_on=counting.windows.year.last + timedelta(days=1), amount=Decimal(50), what="Later")
    book(line=line, spending=late, client_id=uuid4(), by=town.staff["joint"])
    found = budget(counting)["table"]
    assert found["rows"][-1][2] == "€\u00a039.870,55"
    families = counting.figure("I29").figure.total.n
    assert f"({families} gezinnen): €\u00a0" in found["note"]


def test_the_cost_of_a_family_is_not_told_where_it_points_at_a_few(line: BudgetLine, cast: Cast) -> None:
    spent(line, cast, "100", days=1)
    assert "100,00 en" not in budget(counting_for(line.project))["table"]["note"]
    assert budget(counting_for(line.project))["table"]["note"] == ""
