"""Steps of the year planner in my week: of their owner and of the head, late or due this week, done in one tap."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.models import PlannedStep, SchoolPlan
from reports.week import STEPS_SHOWN, week_of
from schools import clock
from schools.models import School
from tests.cast import Cast
from tests.reports.planned import plan_of, use

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(school: School, cast: Cast) -> SchoolPlan:
    """A plan in which nothing is due before next year."""
    for slug in ("good-news-call", "coffee-moment", "library-visit", "open-class-morning", "home-visit"):
        use(school, slug)
    made = plan_of(school, cast)
    made.steps.update(due_on=cast.year.ends_on + timedelta(days=30), owner=None)
    return made


def due(plan: SchoolPlan, cast: Cast, who: str | None, day: date, count: int = 1) -> list[PlannedStep]:
    later = plan.steps.filter(due_on__gt=cast.year.ends_on).order_by("pk")
    rows = list(later[:count])
    assert len(rows) == count
    for row in rows:
        row.due_on, row.owner, row.remind_on = day, cast.staff[who] if who else None, day
        row.save(update_fields=["due_on", "owner", "remind_on"])
    return rows


def test_a_step_waits_for_its_owner_and_for_the_head_until_the_week_is_over(plan: SchoolPlan, cast: Cast) -> None:
    today = clock.today()
    sunday = today + timedelta(days=6 - today.weekday())
    late, this_week = due(plan, cast, "teacher_3b", today - timedelta(days=9))[0], due(plan, cast, None, sunday)[0]
    due(plan, cast, "teacher_3b", sunday + timedelta(days=1))

    def waiting(who: str) -> list[tuple[int, bool]]:
        return [(step.row.pk, step.is_own) for step in week_of(cast.staff[who]).steps]

    assert waiting("teacher_3b") == [(late.pk, True)]
    assert waiting("head") == [(late.pk, False), (this_week.pk, False)]
    assert waiting("teacher_1a") == waiting("head_go") == waiting("joint") == []
    page = cast.client("head").get(reverse("my_week")).content.decode()
    assert "Lotte Claes" in page
    assert "te laat" in page


def test_it_is_done_in_one_tap_and_the_week_is_there_again(plan: SchoolPlan, cast: Cast) -> None:
    (step,) = due(plan, cast, "teacher_3b", clock.today())
    browser, week = cast.client("teacher_3b"), reverse("my_week")
    settle = reverse("plan_step_settle", args=[step.pk])
    assert settle in browser.get(week).content.decode()
    answer = browser.post(settle, {"what": "done", "next": week})
    assert answer.headers["Location"] == week
    step.refresh_from_db()
    assert (step.state, step.settled_by) == ("DONE", cast.staff["teacher_3b"])
    assert week_of(cast.staff["teacher_3b"]).steps == []
    plan.steps.filter(pk=step.pk).update(state="OPEN", settled_on=None, settled_by=None)
    answer = browser.post(settle, {"what": "done", "next": "https://elders.example/"})
    assert answer.headers["Location"].startswith(reverse("plan_school", args=[plan.school_id]))


def test_a_plan_of_a_year_that_is_over_waits_for_nobody(plan: SchoolPlan, cast: Cast) -> None:
    due(plan, cast, "teacher_3b", clock.today())
    type(plan.year).objects.filter(pk=plan.year_id).update(ends_on=clock.today() - timedelta(days=1))
    assert week_of(cast.staff["teacher_3b"]).steps == []


def test_the_list_is_short_and_asks_the_same_of_one_step_and_of_many(plan: SchoolPlan, cast: Cast) -> None:
    browser, counts = cast.client("head"), []
    for more in (2, STEPS_SHOWN + 2):
        due(plan, cast, "care", clock.today(), more)
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("my_week"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 30
    assert len(week_of(cast.staff["head"]).steps) == STEPS_SHOWN
