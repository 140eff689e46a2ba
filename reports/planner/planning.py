"""A school's plan: begun once a year, and carried along with the cards that the school takes up and lets go."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from parents.models import ConferenceRound
from reports.models import MethodAdoption, PlannedStep, PlannerStep, SchoolPlan
from reports.models.planner import led_by
from reports.planner.dates import day_of, first_day, planned_year, remind_day
from schools import audit, clock
from schools.calendar import SchoolCalendar
from schools.models import Assignment, Holiday, Method, Participation, Role, School, SchoolYear, User
from schools.posts import accompanies

State = PlannedStep.State
#: Plans begun in one go by beat; the next night goes on.
AT_ONCE = 200


def may_plan(school: School, user: User) -> bool:
    """The head of the school and the joint worker of its project decide about its plan."""
    return Participation.objects.filter(led_by(user), school=school).exists() or (
        Assignment.objects.current().filter(user=user, role=Role.HEAD, school=school).exists()
    )


def start_plan(*, school: School, year: SchoolYear, by: User | None, since: date | None = None) -> SchoolPlan:
    """Plan what the draaiboek advises from ``since`` (today) on; asked twice there is one plan.

    Each step goes to whom had it last year, if still at the school, else to the one colleague who has its role there.
    Raises ValidationError for who may not, and when the year is over.
    """
    if by is not None and not may_plan(school, by):
        raise ValidationError(_("Only the head of the school and the joint worker begin a plan."))
    since = max(since or clock.today(), first_day(year))
    if since > year.ends_on:
        raise ValidationError(_("This school year is over."))
    if known := SchoolPlan.objects.filter(school=school, year=year).first():
        return known
    try:
        with transaction.atomic():
            plan = SchoolPlan.objects.create(school=school, year=year, started_at=clock.now(), started_by=by)
            _plan_steps(plan, PlannerStep.objects.filter(is_current=True), since)
            audit.record(actor=by, verb="began a year plan", target=plan, school_id=school.pk)
    except IntegrityError:
        return SchoolPlan.objects.get(school=school, year=year)
    return plan


def carry_plans() -> int:
    """Begin the new year's plan of every school that planned last year and still uses a card; how many were begun. Runs
    each night, makes each plan once."""
    year = planned_year()
    former = SchoolYear.objects.filter(starts_on__lt=year.starts_on).order_by("-starts_on").first() if year else None
    if year is None or former is None or clock.today() > year.ends_on:
        return 0
    planned = SchoolPlan.objects.filter(year=year).values("school_id")
    using = MethodAdoption.objects.exclude(status=MethodAdoption.Status.STOPPED).values("school_id")
    before = SchoolPlan.objects.filter(year=former).values("school_id")
    schools = School.objects.filter(pk__in=before).filter(pk__in=using).exclude(pk__in=planned)
    return len([start_plan(school=one, year=year, by=None) for one in schools[:AT_ONCE]])


def follow_calendars() -> int:
    """Steps whose day nobody chose move with a school's calendar, when a study day or a parents' evening is laid, moved
    or taken away; how many moved. Runs each night. Who was reminded already is not reminded again."""
    year, moved = planned_year(), 0
    if year is None:
        return 0
    for plan in SchoolPlan.objects.filter(year=year).select_related("school", "year"):
        calendar, evenings = calendar_of(plan.school), evenings_of(plan)
        rows = plan.steps.filter(state=State.OPEN, due_on=F("advised_on"), due_on__gt=clock.today())
        for row in rows.select_related("step"):
            due = day_of(row.step, year, calendar, evenings)
            if due == row.due_on or due <= clock.today():
                continue
            untouched = PlannedStep.objects.filter(pk=row.pk, due_on=row.due_on, advised_on=row.advised_on)
            remind = remind_day(due, row.step.lead, calendar)
            moved += untouched.update(due_on=due, advised_on=due, remind_on=remind)
    return moved


def follow_card(*, school: School, method: Method, is_used: bool) -> int:
    """The running plan takes in the steps of a card that the school takes up, from today on; those of one that it lets
    go and that no other card of the school needs are left out. Let go and taken up on one day it was a slip: what was
    late already is late again. Returns how many changed. Call it in a transaction."""
    year = planned_year()
    plan = SchoolPlan.objects.filter(school=school, year=year).first() if year else None
    if plan is None:
        return 0
    steps = [step for step in PlannerStep.objects.filter(is_current=True) if method.slug in step.cards]
    if is_used:
        is_ahead, is_slip = Q(due_on__gte=clock.today()), Q(settled_on=clock.today())
        back = plan.steps.filter(is_ahead | is_slip, step__in=steps, state=State.SKIPPED, reason="")
        again = back.update(state=State.OPEN, settled_on=None, settled_by=None)
        return again + _plan_steps(plan, steps, clock.today())
    kept = used_cards(school) - {method.slug}
    gone = [step for step in steps if not kept & set(step.cards)]
    rows = plan.steps.open().filter(step__in=gone)
    return int(rows.update(state=State.SKIPPED, settled_on=clock.today(), reason=""))


def used_cards(school: School) -> set[str]:
    """Slugs of the cards that the school plans, tries, uses or has embedded."""
    rows = MethodAdoption.objects.filter(school=school).exclude(status=MethodAdoption.Status.STOPPED)
    return set(rows.values_list("method__slug", flat=True))


def calendar_of(school: School) -> SchoolCalendar:
    return Holiday.objects.all().calendar(school)


def evenings_of(plan: SchoolPlan) -> list[date]:
    """The first days of the parents' evenings that the school laid in the year of its plan."""
    rows = ConferenceRound.objects.filter(school=plan.school, held_on__range=(plan.year.starts_on, plan.year.ends_on))
    return list(rows.order_by("held_on").values_list("held_on", flat=True))


def _plan_steps(plan: SchoolPlan, steps: Iterable[PlannerStep], since: date) -> int:
    return len(PlannedStep.objects.bulk_create(rows_of(plan, steps, since)))


def rows_of(plan: SchoolPlan, steps: Iterable[PlannerStep], since: date) -> list[PlannedStep]:
    """The steps that concern the school and fall on ``since`` or later, as rows that are not written yet."""
    calendar, cards = calendar_of(plan.school), used_cards(plan.school)
    known, evenings = set(plan.steps.values_list("step_id", flat=True)), evenings_of(plan)
    people = _Owners(plan)
    rows = []
    for step in steps:
        due = day_of(step, plan.year, calendar, evenings)
        if step.pk in known or due < since or not _concerns(step, cards):
            continue
        remind = remind_day(due, step.lead, calendar)
        rows.append(
            PlannedStep(plan=plan, step=step, due_on=due, advised_on=due, remind_on=remind, owner_id=people.of(step))
        )
    return rows


def _concerns(step: PlannerStep, cards: Collection[str]) -> bool:
    return not step.cards or bool(set(step.cards) & set(cards))


class _Owners:
    """Who may be proposed for the steps of a plan."""

    def __init__(self, plan: SchoolPlan) -> None:
        day = max(clock.today(), plan.year.starts_on)
        here = Assignment.objects.on(day).filter(Q(school=plan.school) | accompanies(plan.school, day))
        self._by_role: dict[str, set[int]] = {}
        for role, user_id in here.values_list("role", "user_id"):
            self._by_role.setdefault(role, set()).add(user_id)
        everybody = set().union(*self._by_role.values())
        last = PlannedStep.objects.filter(
            plan__school=plan.school, plan__year__starts_on__lt=plan.year.starts_on, owner_id__in=everybody
        )
        self._before = dict(last.order_by("plan__year__starts_on").values_list("step_id", "owner_id"))

    def of(self, step: PlannerStep) -> int | None:
        """Last year's owner, or the only colleague with the role; nobody where there are more to choose from."""
        if step.pk in self._before:
            return self._before[step.pk]
        having = self._by_role.get(step.role, set())
        return next(iter(having)) if len(having) == 1 else None
