"""The joint worker's hours: one week on one screen, corrected with history, summed for others without a name."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from time import sleep
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from reports import wording
from reports.comparing import Earlier, change_between
from reports.evaluation.bound import value_in_words
from reports.evaluation.counting import headline
from reports.figures import FigureScope, Period, compute
from reports.hours import (
    by_centre,
    by_month,
    copy_last_week,
    hours_in,
    missing_weeks,
    monday_of,
    note_week,
    totals,
    week_within,
)
from reports.models import TimeCorrection, TimeEntry
from schools import clock
from schools.models import Assignment, Holiday, Project
from tests.cast import Cast, build_cast
from tests.reports.beats import at_once
from tests.reports.conftest import travel_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Four whole weeks after the project began."""
    assert cast.project is not None
    travel_to(monkeypatch, monday_of(cast.project.starts_on) + timedelta(days=30))
    return cast.project


def week(project: Project, number: int) -> date:
    return monday_of(project.starts_on) + timedelta(weeks=number)


def noted(project: Project, cast: Cast, number: int, **hours: str) -> int:
    amounts = {activity: Decimal(value) for activity, value in hours.items()}
    return note_week(project=project, week=week(project, number), hours=amounts, by=cast.staff["joint"])


def address(project: Project, number: int) -> str:
    return f"{reverse('hours')}?week={week(project, number).isoformat()}"


def fields(**more: Any) -> dict[str, Any]:
    return {"CONTACT": "12,5", "PREPARATION": "4", "COACHING": "", "ADMINISTRATION": "3.5", "TRAVEL": "0"} | more


def test_a_week_is_kept_whole_and_a_correction_keeps_what_it_said(project: Project, cast: Cast) -> None:
    assert noted(project, cast, 1, CONTACT="12.5", TRAVEL="3") == 5
    assert noted(project, cast, 1, CONTACT="12.5", TRAVEL="4") == 1
    assert hours_in(project, cast.staff["joint"], week(project, 1))["TRAVEL"] == 4
    correction = TimeCorrection.objects.get()
    assert (correction.entry.activity, correction.hours) == ("TRAVEL", 3)
    with pytest.raises(DatabaseError), transaction.atomic():
        TimeCorrection.objects.update(hours=9)


@pytest.mark.parametrize("hours", [{"CONTACT": "3.25"}, {"CONTACT": "-1"}, {"CONTACT": "40", "TRAVEL": "20.5"}])
def test_quarters_and_more_than_a_week_are_refused(project: Project, cast: Cast, hours: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        noted(project, cast, 1, **hours)
    assert not TimeEntry.objects.filter(project=project).exists()


def test_nobody_notes_hours_for_another_nor_in_a_week_to_come(project: Project, cast: Cast) -> None:
    with pytest.raises(ValidationError):
        note_week(project=project, week=week(project, 1), hours={}, by=cast.staff["director_vclb"])
    with pytest.raises(ValidationError):
        noted(project, cast, 9, CONTACT="1")
    assert week_within(project, week(project, 9)) == week(project, 4)
    assert week_within(project, date(2000, 1, 1)) == week(project, 0)


@pytest.mark.django_db(transaction=True)
def test_the_button_pressed_twice_at_the_same_moment_keeps_the_week_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = build_cast()
    project, by = cast.project, cast.staff["joint"]
    assert project is not None
    # Between looking and writing, so that both would have looked.
    monkeypatch.setattr(TimeCorrection.objects, "bulk_create", lambda _rows: sleep(0.3))
    now, hours = week_within(project, clock.today()), {"CONTACT": Decimal("12.5")}
    assert at_once(lambda: note_week(project=project, week=now, hours=hours, by=by)) == [0, 5]


def test_last_weeks_hours_are_taken_over_once(project: Project, cast: Cast) -> None:
    with pytest.raises(ValidationError):
        copy_last_week(project=project, week=week(project, 2), by=cast.staff["joint"])
    noted(project, cast, 1, CONTACT="10", COACHING="2.5")
    browser = cast.client("joint")
    target = f"{reverse('hours_copy')}?week={week(project, 2).isoformat()}"
    assert reverse("hours_copy") in browser.get(address(project, 2)).content.decode()
    for _twice in range(2):
        assert browser.post(target).status_code == 302
    assert hours_in(project, cast.staff["joint"], week(project, 2)) == hours_in(
        project, cast.staff["joint"], week(project, 1)
    )
    assert not TimeCorrection.objects.exists()


def test_weeks_without_hours_are_named_but_not_those_of_holidays(project: Project, cast: Cast) -> None:
    worker = cast.staff["joint"]
    Holiday.objects.create(name="Vakantie", starts_on=week(project, 2), ends_on=week(project, 2) + timedelta(days=6))
    noted(project, cast, 1)
    assert missing_weeks(project, worker) == [week(project, 0), week(project, 3)], "this week is not over"
    html = cast.client("joint").get(reverse("hours")).content.decode()
    assert f"week={week(project, 3).isoformat()}" in html
    assert "2 weken ontbreken" in html


def test_no_hours_are_missing_of_weeks_without_a_post(project: Project, cast: Cast) -> None:
    """Between two posts, and after the last one, somebody else worked or nobody did."""
    worker = cast.staff["joint"]
    first = worker.assignments.get(project=project)
    Assignment.objects.filter(pk=first.pk).update(
        starts_on=week(project, 0), ends_on=week(project, 0) + timedelta(days=4)
    )
    assert missing_weeks(project, worker) == [week(project, 0)], "after it nobody asks"
    first.pk, first.starts_on, first.ends_on = None, week(project, 2), None
    first.save(force_insert=True)
    assert missing_weeks(project, worker) == [week(project, number) for number in (0, 2, 3)]


class TestThePage:
    def test_takes_a_comma_and_says_the_sum(self, project: Project, cast: Cast) -> None:
        browser = cast.client("joint")
        assert browser.post(address(project, 1), fields()).status_code == 302
        assert hours_in(project, cast.staff["joint"], week(project, 1))["CONTACT"] == Decimal("12.5")
        html = browser.get(address(project, 1)).content.decode()
        assert 'value="12,5"' in html
        assert "20 uur" in html

    @pytest.mark.parametrize("value", ["veel", "3,3", "-2", "61"])
    def test_loses_nothing_of_what_was_typed(self, project: Project, cast: Cast, value: str) -> None:
        answer = cast.client("joint").post(address(project, 1), fields(CONTACT=value))
        assert answer.status_code == 422
        assert f'value="{value}"' in answer.content.decode()
        assert not TimeEntry.objects.filter(project=project).exists()

    @pytest.mark.parametrize("key", ["director_vclb", "director_go", "coordinator"])
    def test_shows_others_the_sums_and_no_name(self, project: Project, cast: Cast, key: str) -> None:
        noted(project, cast, 1, CONTACT="10", TRAVEL="1")
        browser = cast.client(key)
        html = browser.get(address(project, 1)).content.decode()
        assert "Marijke" not in html
        assert "5,5 uur" in html
        assert 'name="CONTACT"' not in html
        assert browser.post(address(project, 1), fields()).status_code == 404

    def test_opens_on_any_day_in_the_address(self, project: Project, cast: Cast) -> None:
        for day in ("2026-02-31", "x", "", "9999-12-31"):
            assert cast.client("joint").get(f"{reverse('hours')}?week={day}").status_code == 200


def test_months_and_the_two_centres_add_up(project: Project, cast: Cast) -> None:
    noted(project, cast, 1, CONTACT="10.5")
    noted(project, cast, 3, CONTACT="4", TRAVEL="1.5")
    months = by_month(project)
    assert sum(month.total for month in months) == totals(months)[-1] == 16
    assert [(share, part) for _name, share, part in by_centre(project, Decimal(16))] == [(50, 8), (50, 8)]


def test_the_workbook_counts_and_computes_nothing(project: Project, cast: Cast) -> None:
    noted(project, cast, 1, CONTACT="10.5")
    answer = cast.client("coordinator").get(reverse("hours_workbook"))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    values = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert 10.5 in values
    assert "Marijke Thys" not in " ".join(str(value) for value in values)
    text = cast.client("joint").get(reverse("hours_csv")).content.decode()
    assert ";10,5;" in text


def test_the_first_week_belongs_to_the_first_month(project: Project, cast: Cast) -> None:
    noted(project, cast, 0, CONTACT="7")
    assert [month.first for month in by_month(project)] == [project.starts_on.replace(day=1)]
    counted = compute("I29", FigureScope(project=project), Period(project.starts_on, project.starts_on))
    assert sum(counted.amounts.values()) == 7


def test_half_hours_are_said_alike_wherever_they_are_told(project: Project, cast: Cast) -> None:
    noted(project, cast, 1, CONTACT="10.5")
    last = project.starts_on + timedelta(days=300)
    shown = compute("I29", FigureScope(project=project), Period(project.starts_on, last)).protected(for_outsiders=False)
    with override("nl"):
        assert wording.headline(shown) == wording.goal("h", Decimal("10.5")) == "10,5 uur"
        assert headline(shown)["text"] == value_in_words(headline(shown)) == "10,5\u00a0uur"
        noted(project, cast, 2, CONTACT="4")
        more = compute("I29", FigureScope(project=project), Period(project.starts_on, last)).protected(False)
        assert change_between(Earlier.of(shown), more) == "+4 uur"


@pytest.mark.parametrize(("code", "kept"), [("en", "Kept: 1 h"), ("fr", "Gardé\u00a0: 1\u00a0h")])
def test_a_single_hour_is_no_plural(project: Project, cast: Cast, code: str, kept: str) -> None:
    noted(project, cast, 0, CONTACT="1")
    page = cast.client("joint").get(reverse("hours"), {"week": week(project, 0).isoformat(), "taal": code})
    assert kept in page.content.decode()
    assert "1 hours" not in page.content.decode()
    assert "1 heures" not in page.content.decode()
