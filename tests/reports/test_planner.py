"""The year planner: what the draaiboek advises, on the days of the school's own calendar, shared out and done."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from ingroeibloei import retention
from parents.models import ConferenceRound
from reports import tasks
from reports.models import MethodAdoption, PlannedStep, PlannerStep, SchoolPlan
from reports.planner.dates import day_of, first_day, planned_year, remind_day
from reports.planner.lines import Progress
from reports.planner.loading import bring_steps, load_planner, steps_as_content
from reports.planner.planning import carry_plans, follow_calendars, follow_card, start_plan
from reports.planner.working import change_step
from reports.playbook import introduction
from schools.calendar import SchoolCalendar, flemish_holidays
from schools.models import Holiday, Method, School, SchoolYear
from tests.cast import BRUSSELS, Cast
from tests.reports.planned import plan_of, step_of, use

pytestmark = pytest.mark.django_db


def test_every_step_of_the_draaiboek_is_planned_once_and_every_card_has_one(school: School) -> None:
    advised = [words for month in introduction("nl")["year_planner"] for words in month["steps"]]
    planned = [step.words["nl"] for step in PlannerStep.objects.all()]
    assert sorted(set(advised) & set(planned)) == sorted(advised)
    assert len(planned) == len(set(planned))
    cards = {slug for step in PlannerStep.objects.all() for slug in step.cards}
    assert cards == set(Method.objects.values_list("slug", flat=True))
    assert all(set(step.words) == {"nl", "fr", "en"} for step in PlannerStep.objects.all())


def test_loading_again_changes_nothing_and_keeps_steps_that_are_no_longer_advised(school: School) -> None:
    PlannerStep.objects.create(key="old", month=9, day=1, words={"nl": "Oud"})
    assert load_planner() == PlannerStep.objects.filter(is_current=True).count()
    assert not PlannerStep.objects.get(key="old").is_current


def test_steps_go_out_and_come_in_again_as_content(school: School) -> None:
    content = json.loads(json.dumps(steps_as_content()))
    assert bring_steps(content) == PlannerStep.objects.count()
    assert steps_as_content() == content
    other = {**content[0], "key": "of-elsewhere", "words": {"nl": "Van elders"}}
    bring_steps([other], origin="elders")
    load_planner()
    assert PlannerStep.objects.filter(is_current=True).count() == len(content) + 1
    bring_steps([], origin="elders")
    assert PlannerStep.objects.filter(is_current=True).count() == len(content)


def test_a_plan_takes_the_steps_of_the_school_s_own_cards_and_those_for_everybody(school: School, cast: Cast) -> None:
    use(school, "good-news-call")
    use(school, "gate-presence", MethodAdoption.Status.STOPPED)
    keys = set(plan_of(school, cast).steps.values_list("step__key", flat=True))
    assert {"dates-fixed", "baseline", "good-news-calls", "good-news-again"} <= keys
    assert not {"gate-from-the-first-day", "library-autumn"} & keys


def test_days_are_those_of_the_school_s_calendar(school: School, cast: Cast) -> None:
    year = SchoolYear(starts_on=date(2026, 9, 1), ends_on=date(2027, 6, 30))
    holidays = [(first, last) for _name, first, last in flemish_holidays(2025) + flemish_holidays(2026)]
    calendar = SchoolCalendar([*holidays, (date(2026, 10, 1), date(2026, 10, 2))])  # two study days of its own
    step = PlannerStep(month=10, day=1, moves="NEXT")
    assert day_of(step, year, calendar) == date(2026, 10, 5)
    assert day_of(PlannerStep(month=10, day=1, moves="PREVIOUS"), year, calendar) == date(2026, 9, 30)
    assert day_of(PlannerStep(month=8, day=29, moves="WEEKDAY"), year, calendar) == date(2026, 8, 31)
    assert day_of(PlannerStep(month=6, day=31, moves="PREVIOUS"), year, calendar) == date(2027, 6, 30)
    assert day_of(PlannerStep(month=12, day=25, moves="PREVIOUS"), year, calendar) == date(2026, 12, 18)
    assert remind_day(date(2026, 10, 5), 5, calendar) == date(2026, 9, 24)
    assert remind_day(date(2026, 9, 1), 5, calendar) == date(2026, 8, 11)


def test_an_own_study_day_moves_the_step_of_that_school_alone(school: School, cast: Cast) -> None:
    day = step_of(plan_of(school, cast), "baseline").due_on
    Holiday.objects.create(name="Studiedag", starts_on=day, ends_on=day, school=cast.schools["bloesem"])
    other = start_plan(school=cast.schools["bloesem"], year=cast.year, by=None, since=first_day(cast.year))
    assert step_of(other, "baseline").due_on > day


def test_a_study_day_laid_later_moves_what_nobody_moved(school: School, cast: Cast) -> None:
    plan = plan_of(school, cast)
    free, chosen = step_of(plan, "cards-decided"), step_of(plan, "experience-asked")
    change_step(step=chosen, owner=None, due_on=free.due_on, by=cast.staff["head"])
    Holiday.objects.create(name="Studiedag", starts_on=free.due_on, ends_on=free.due_on, school=school)
    assert follow_calendars() == 1
    assert step_of(plan, "cards-decided").due_on > free.due_on
    assert step_of(plan, "experience-asked").due_on == free.due_on
    assert follow_calendars() == 0


def evening(school: School, day: date) -> ConferenceRound:
    return ConferenceRound.objects.create(
        school=school, name="Oudercontact", held_on=day, catch_up_until=day + timedelta(days=14)
    )


def test_steps_that_hang_on_a_parents_evening_follow_the_one_that_the_school_laid(school: School, cast: Cast) -> None:
    use(school, "conference-interpreter")
    use(school, "conference-catch-up")
    plan, calendar = plan_of(school, cast), Holiday.objects.all().calendar(school)
    keys = ("conference-spring", "conference-spring-prepared", "conference-last")
    held, prepared, last = (step_of(plan, key).due_on for key in keys)
    with time_machine.travel(datetime(cast.year.starts_on.year, 9, 2, 9, tzinfo=BRUSSELS)):
        day = calendar.add_school_days(held, 6)
        laid = evening(school, day)
        evening(cast.schools["bloesem"], calendar.add_school_days(day, 3))
        assert follow_calendars() == 2
        assert step_of(plan, "conference-spring").due_on == day
        assert step_of(plan, "conference-spring-prepared").due_on == calendar.add_school_days(day, -15)
        assert step_of(plan, "conference-last").due_on == last, "another time of the year"
        assert follow_calendars() == 0
        change_step(step=step_of(plan, "conference-spring"), owner=None, due_on=held, by=cast.staff["head"])
        ConferenceRound.objects.filter(pk=laid.pk).delete()
        follow_calendars()
        assert step_of(plan, "conference-spring-prepared").due_on == prepared
        assert step_of(plan, "conference-spring").due_on == held


def test_no_step_moves_to_a_day_that_is_past(school: School, cast: Cast) -> None:
    use(school, "conference-interpreter")
    plan, calendar = plan_of(school, cast), Holiday.objects.all().calendar(school)
    held, prepared = (step_of(plan, key).due_on for key in ("conference-spring", "conference-spring-prepared"))
    with time_machine.travel(datetime.combine(calendar.add_school_days(prepared, -2), time(9), tzinfo=BRUSSELS)):
        evening(school, calendar.add_school_days(held, -6))
        assert follow_calendars() == 1
        assert step_of(plan, "conference-spring").due_on < held
        assert step_of(plan, "conference-spring-prepared").due_on == prepared


def test_a_plan_begins_with_the_evenings_that_are_laid(school: School, cast: Cast) -> None:
    use(school, "conference-interpreter")
    year, calendar = cast.year.ends_on.year, Holiday.objects.all().calendar(school)
    day = calendar.add_school_days(date(year, 3, 9), 4)
    evening(school, day)
    assert step_of(plan_of(school, cast), "conference-spring").due_on == day


def test_a_step_goes_to_the_one_colleague_with_its_role(school: School, cast: Cast) -> None:
    use(school, "good-news-call")
    plan = plan_of(school, cast)
    assert step_of(plan, "dates-fixed").owner == cast.staff["head"]
    assert step_of(plan, "baseline").owner == cast.staff["joint"]
    assert step_of(plan, "good-news-calls").owner is None  # the school has two teachers


def test_begun_in_the_middle_of_the_year_it_holds_what_is_still_to_come(school: School, cast: Cast) -> None:
    plan = start_plan(school=school, year=cast.year, by=cast.staff["head"], since=date(cast.year.ends_on.year, 3, 1))
    assert {row.due_on.month for row in plan.steps.all()} == {4, 5, 6}
    assert start_plan(school=school, year=cast.year, by=cast.staff["joint"]) == plan


@pytest.mark.parametrize("who", ["care", "teacher_3b", "head_go", "coordinator"])
def test_only_head_and_joint_worker_begin_it(school: School, cast: Cast, who: str) -> None:
    with pytest.raises(ValidationError):
        start_plan(school=school, year=cast.year, by=cast.staff[who])
    assert not SchoolPlan.objects.exists()


def test_a_card_taken_up_brings_its_steps_and_one_let_go_takes_its_own_along(school: School, cast: Cast) -> None:
    plan = start_plan(school=school, year=cast.year, by=cast.staff["head"])
    method = use(school, "open-class-morning")
    with time_machine.travel(datetime(cast.year.ends_on.year, 1, 5, 9, tzinfo=BRUSSELS)):
        assert follow_card(school=school, method=method, is_used=True) == 2
        MethodAdoption.objects.filter(method=method).update(status="STOPPED")
        assert follow_card(school=school, method=method, is_used=False) == 2
        assert step_of(plan, "open-class-last").state == "SKIPPED"
        MethodAdoption.objects.filter(method=method).update(status="IN_USE")
        assert follow_card(school=school, method=method, is_used=True) == 2
        assert step_of(plan, "open-class-last").state == "OPEN"


@pytest.mark.parametrize(("days", "state"), [(0, "OPEN"), (1, "SKIPPED")], ids=["the same day", "a day later"])
def test_what_was_late_is_late_again_when_a_card_was_let_go_by_mistake(
    school: School, cast: Cast, days: int, state: str
) -> None:
    method = use(school, "open-class-morning")
    plan = plan_of(school, cast)
    late = step_of(plan, "open-class-last")
    moment = datetime.combine(late.due_on + timedelta(days=3), time(9), tzinfo=BRUSSELS)
    with time_machine.travel(moment, tick=False):
        MethodAdoption.objects.filter(method=method).update(status="STOPPED")
        follow_card(school=school, method=method, is_used=False)
        assert step_of(plan, "open-class-last").state == "SKIPPED"
    with time_machine.travel(moment + timedelta(days=days), tick=False):
        MethodAdoption.objects.filter(method=method).update(status="IN_USE")
        follow_card(school=school, method=method, is_used=True)
    assert step_of(plan, "open-class-last").state == state


def test_a_new_school_year_begins_a_new_plan_by_itself_with_last_year_s_owners(school: School, cast: Cast) -> None:
    use(school, "good-news-call")
    plan = plan_of(school, cast)
    change = step_of(plan, "dates-fixed")
    PlannedStep.objects.filter(pk=change.pk).update(owner=cast.staff["care"])
    first = cast.year.starts_on.year + 1
    SchoolYear.objects.get_or_create(starts_on=date(first, 9, 1), defaults={"ends_on": date(first + 1, 6, 30)})
    assert carry_plans() == 0
    with time_machine.travel(datetime(first, 8, 3, 5, tzinfo=BRUSSELS)):
        assert carry_plans() == 1
        assert carry_plans() == 0
        year = planned_year()
        assert year is not None
        assert year.starts_on.year == first
        new = SchoolPlan.objects.get(year=year)
        assert step_of(new, "dates-fixed").owner == cast.staff["care"]
        assert step_of(new, "dates-fixed").due_on.year == first


def test_a_school_that_uses_no_card_any_more_gets_no_new_plan(school: School, cast: Cast) -> None:
    use(school, "good-news-call")
    plan_of(school, cast)
    MethodAdoption.objects.filter(school=school).update(status="STOPPED")
    first = cast.year.starts_on.year + 1
    SchoolYear.objects.get_or_create(starts_on=date(first, 9, 1), defaults={"ends_on": date(first + 1, 6, 30)})
    with time_machine.travel(datetime(first, 8, 3, 5, tzinfo=BRUSSELS)):
        assert carry_plans() == 0


def test_names_go_and_the_plan_stays(school: School, cast: Cast, settings: Any) -> None:
    plan = plan_of(school, cast)
    number = plan.steps.count()
    with time_machine.travel(datetime(cast.year.ends_on.year + 3, 1, 1, 4, tzinfo=BRUSSELS)):
        retention.run(dry_run=False)
    plan.refresh_from_db()
    assert plan.started_by is None
    assert plan.steps.count() == number
    assert not plan.steps.filter(owner__isnull=False).exists()


def test_beat_rings_for_plans_reminders_questions_and_versions(settings: Any) -> None:
    rung = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    for task in (tasks.carry_year_plans, tasks.remind_of_steps, tasks.tell_of_card_questions, tasks.keep_card_versions):
        assert task.name in rung


def test_progress_is_rounded_as_every_figure_is() -> None:
    assert [Progress(done, 8, 0, 0).percent for done in (0, 1, 3, 5, 8)] == [0, 13, 38, 63, 100]
