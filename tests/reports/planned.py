"""Schools that use cards and plan their year, for the tests."""

from __future__ import annotations

from datetime import date

from reports.models import MethodAdoption, PlannedStep, SchoolPlan
from reports.planner.dates import first_day
from reports.planner.planning import start_plan
from schools import clock
from schools.models import Holiday, Method, School
from tests.cast import Cast

IN_USE = MethodAdoption.Status.IN_USE


def use(school: School, slug: str, status: str = IN_USE) -> Method:
    method = Method.objects.get(slug=slug)
    MethodAdoption.objects.create(method=method, school=school, status=status, since=date(2026, 9, 1))
    return method


def plan_of(school: School, cast: Cast) -> SchoolPlan:
    return start_plan(school=school, year=cast.year, by=cast.staff["head"], since=first_day(cast.year))


def step_of(plan: SchoolPlan, key: str) -> PlannedStep:
    return PlannedStep.objects.select_related("plan__school", "plan__year", "step").get(plan=plan, step__key=key)


def a_school_day(cast: Cast, after: int = 40) -> date:
    calendar = Holiday.objects.all().calendar(cast.schools["kersenboom"])
    return calendar.add_school_days(clock.today(), after)
