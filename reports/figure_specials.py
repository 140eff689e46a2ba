"""Indicators that are no share of rows: waiting times, answers of measurements, hours, methods taken over."""

from __future__ import annotations

import math
from bisect import insort
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, F, Q, QuerySet, Sum

from messaging.models import Thread
from reports.budget import spent_in
from reports.disclosure import Cell
from reports.figure_changes import change
from reports.figure_families import group_moments, intensity, involvement
from reports.figure_queries import population, reached_two_way
from reports.figure_result import Figure
from reports.figure_scope import FigureScope, Period
from reports.figure_teachers import teachers
from reports.indicators import Indicator
from reports.models import MeasurementWave, MethodAdoption, TimeEntry
from schools.calendar import SchoolCalendar
from schools.models import Holiday, Method, School

SOON, WITHIN_A_WEEK = 3, 5
#: From this place on in [no … yes] an answer agrees.
AGREES = 3
IN_USE = (MethodAdoption.Status.IN_USE, MethodAdoption.Status.EMBEDDED)

Special = Callable[[Indicator, FigureScope, Period, str], Figure]


def response_time(definition: Indicator, scope: FigureScope, period: Period, by: str) -> Figure:
    """School days from question to first answer, ordered; an open question is inf. The school's calendar counts."""
    rows = questions(scope, period)
    asked = rows.order_by().values_list("school_id", "school__name", "asked_on", "first_reply_on")
    calendars = _calendars(scope)
    values: list[float] = []
    by_school: dict[str, list[float]] = defaultdict(list)
    by_month: dict[str, list[float]] = {f"{month:%Y-%m}": [] for month in period.months()}
    for school_id, school, asked_on, replied_on, number in asked.annotate(number=Count("pk")):
        calendar = calendars.get(school_id) or calendars[None]
        waited = _waited(calendar, asked_on, replied_on)
        for _ in range(number):
            insort(values, waited)
            insort(by_school[school], waited)
            insort(by_month[f"{asked_on:%Y-%m}"], waited)
    groups = by_school if by == "school" else by_month if by == "month" else {}
    return Figure(
        definition=definition,
        period=period,
        by=by,
        total=_within(values, SOON),
        rows={label: _within(waits, SOON) for label, waits in sorted(groups.items())},
        months=[(month, _within(by_month[f"{month:%Y-%m}"], SOON)) for month in period.months()],
        also={"within_five": _within(values, WITHIN_A_WEEK)},
        values=values,
        values_by=by_month if by != "school" else by_school,
    )


def questions(scope: FigureScope, period: Period) -> QuerySet[Thread]:
    """What families asked in the period."""
    rows = Thread.objects.filter(
        school_id__in=scope.school_ids(), asked_by_family=True, asked_on__range=(period.first, period.last)
    )
    return rows.filter(family_id__in=population(scope, period).values("family_id")) if scope.classes else rows


def answered_within(rows: QuerySet[Thread], scope: FigureScope, limit: int) -> list[int]:
    """Questions that got an answer within so many school days."""
    calendars = _calendars(scope)
    asked = rows.order_by().values_list("pk", "school_id", "asked_on", "first_reply_on")
    return [
        pk
        for pk, school_id, asked_on, replied_on in asked
        if _waited(calendars.get(school_id) or calendars[None], asked_on, replied_on) <= limit
    ]


def _waited(calendar: SchoolCalendar, asked_on: date, replied_on: date | None) -> float:
    return math.inf if replied_on is None else float(max(calendar.school_days_between(asked_on, replied_on), 0))


def experience(definition: Indicator, scope: FigureScope, period: Period, by: str) -> Figure:
    """Answers of the last measurement that was opened in the period and is closed; its rows are few: one per school and
    wave. The baseline that a project took along from the year before stands beside it, whatever the period; where no
    project is asked for it is the same measurement once more. The response counts the filled-in forms, never more than
    were asked."""
    audience = MeasurementWave.Audience.PARENTS if definition.code == "I25" else MeasurementWave.Audience.TEAM
    asked_in = Q(opens_on__range=(period.first, period.last))
    taken_along = Q(kind=MeasurementWave.Kind.BASELINE, opens_on__lt=F("project__starts_on"))
    waves = MeasurementWave.objects.filter(school_id__in=scope.school_ids(), audience=audience)
    of_project = Q(asked_in | taken_along, project=scope.project)
    waves = waves.filter(of_project if scope.project else asked_in & ~taken_along)
    cells: dict[str, list[tuple[str, str, Cell]]] = defaultdict(list)
    asked: dict[str, list[Cell]] = defaultdict(list)
    earlier: list[Cell] = []
    known = ("kind", "school__name", "counts", "forms", "invited", "opens_on")
    for kind, school, counts, forms, invited, opens_on in waves.values_list(*known):
        if not period.first <= opens_on <= period.last:
            earlier += [Cell(sum(answers[AGREES:]), sum(answers)) for answers in counts.values()]
            continue
        if counts and forms:
            asked[kind].append(Cell(min(sum(forms.values()), invited), invited))
        for question, answers in counts.items():
            cells[kind].append((school, question, Cell(sum(answers[AGREES:]), sum(answers))))
    last = MeasurementWave.Kind.END if cells[MeasurementWave.Kind.END] else MeasurementWave.Kind.BASELINE
    groups: dict[str, list[Cell]] = defaultdict(list)
    for kind in cells if by == "wave" else [last]:
        for school, question, cell in cells[kind]:
            groups[{"school": school, "question": question, "wave": kind}.get(by, "")].append(cell)
    if by == "wave" and earlier:
        groups[MeasurementWave.Kind.BASELINE] += earlier
    return Figure(
        definition=definition,
        period=period,
        by=by,
        total=_sum([cell for _, _, cell in cells[last]]),
        rows={label: _sum(found) for label, found in sorted(groups.items())} if by else {},
        also={"baseline": _sum([*earlier, *(cell for _, _, cell in cells[MeasurementWave.Kind.BASELINE])])},
        response=_sum(asked[last]) if asked[last] else None,
        is_overlapping=by == "wave",
    )


def hours(definition: Indicator, scope: FigureScope, period: Period, by: str) -> Figure:
    """Hours of the project's worker and what was spent, for each family reached two-way: those are the total."""
    first = period.first
    if scope.project and first <= scope.project.starts_on:  # the week in which the project began
        first -= timedelta(days=first.weekday())
    entries = TimeEntry.objects.filter(week_of__range=(first, period.last), project=scope.project)
    rows = dict(entries.order_by().values_list("activity").annotate(spent=Sum("hours")))
    counted = reached_two_way(scope, period, "")
    reached = counted.rows.aggregate(
        n=Count(counted.unit, distinct=True, filter=counted.hit), size=Count(counted.unit, distinct=True)
    )
    amounts = {activity: Decimal(rows[activity]) for activity in TimeEntry.Activity.values if activity in rows}
    money = spent_in(scope.project, period.first, period.last)
    spent = {"hours_per_family": Fraction(sum(amounts.values(), Decimal(0))), "cost_per_family": Fraction(money)}
    return Figure(
        definition=definition,
        period=period,
        by=by,
        total=Cell(reached["n"], reached["size"]),
        amounts=amounts,
        means={name: (value, reached["n"]) for name, value in spent.items() if value},
    )


def uptake(definition: Indicator, scope: FigureScope, period: Period, by: str) -> Figure:
    """Methods in use at schools that did not invent them, of all methods they could take over; two queries. What is
    embedded now counts from the day on which it came into use."""
    since = Q(since__lte=period.last) | Q(changes__status__in=IN_USE, changes__since__lte=period.last)
    adopted = Q(status__in=IN_USE, is_origin=False) & since
    adoptions = MethodAdoption.objects.filter(school_id__in=scope.school_ids()).order_by()
    counts = adoptions.values_list("school_id").annotate(
        n=Count("pk", filter=adopted, distinct=True), origins=Count("pk", filter=Q(is_origin=True), distinct=True)
    )
    found = {school_id: (n, origins) for school_id, n, origins in counts}
    methods = Method.objects.count()
    cells = {
        name: Cell(found.get(pk, (0, 0))[0], methods - found.get(pk, (0, 0))[1])
        for pk, name in School.objects.filter(pk__in=scope.school_ids()).order_by("name").values_list("pk", "name")
    }
    total = _sum(list(cells.values()))
    return Figure(definition=definition, period=period, by=by, total=total, rows=cells if by == "school" else {})


SPECIALS: dict[str, Special] = {
    "I04": intensity,
    "I13": response_time,
    "I21": teachers,
    "I22": group_moments,
    "I24": change,
    "I25": experience,
    "I26": experience,
    "I29": hours,
    "I30": uptake,
    "I31": involvement,
}


def _calendars(scope: FigureScope) -> dict[int | None, SchoolCalendar]:
    """Everybody's calendar under None, and that of each school with study days of its own; one query."""
    common: list[tuple[date, date]] = []
    own: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = Holiday.objects.filter(Q(school__isnull=True) | Q(school_id__in=scope.school_ids()))
    for school_id, first, last in rows.values_list("school_id", "starts_on", "ends_on"):
        (common if school_id is None else own[school_id]).append((first, last))
    calendars: dict[int | None, SchoolCalendar] = {None: SchoolCalendar(common)}
    return calendars | {school_id: SchoolCalendar([*common, *days]) for school_id, days in own.items()}


def _within(values: list[float], limit: int) -> Cell:
    return Cell(sum(value <= limit for value in values), len(values))


def _sum(cells: list[Cell]) -> Cell:
    return Cell(sum(cell.n for cell in cells), sum(cell.N or 0 for cell in cells))
