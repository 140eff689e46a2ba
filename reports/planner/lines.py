"""The year planner as pages lay it out: months with their steps, progress, and what a step needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.urls import resolve, reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy

from messaging.models import NoticeTemplate
from reports.models import PlannedStep, PlannerStep, SchoolPlan
from reports.planner.dates import planned_year
from reports.playbook import card_language
from reports.render.booklet import month_name
from reports.statistics import rounded
from schools import clock
from schools.languages import MASTER
from schools.models import Method, School, User
from schools.scope import scope_of

#: Steps of one plan; the draaiboek advises some forty.
STEPS_SHOWN = 200
#: Pages on which steps are done, by their route.
PAGES = {
    "school_calendar": gettext_lazy("The school’s calendar"),
    "data_checks": gettext_lazy("Are our data right?"),
    "gathering_list": gettext_lazy("Gatherings"),
    "measurement_list": gettext_lazy("Measurements"),
    "conference_list": gettext_lazy("Parent meetings"),
    "interpreter_list": gettext_lazy("Interpreters"),
    "not_reached": gettext_lazy("Not reached"),
    "notice_list": gettext_lazy("Notices"),
    "family_list": gettext_lazy("Families"),
    "dashboard": gettext_lazy("Figures"),
}


@dataclass(frozen=True, slots=True)
class Material:
    """A page, a card or a template with which a step is done."""

    label: str
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a plan is; what was left out does not count."""

    done: int
    total: int
    late: int
    skipped: int

    @property
    def percent(self) -> int:
        return int(rounded(Fraction(100 * self.done, self.total))) if self.total else 0


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step in a list; ``is_mine`` when the reader may settle it."""

    row: PlannedStep
    words: str
    cards: list[tuple[str, str]]
    is_late: bool
    is_moved: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Month:
    number: int
    name: str
    lines: list[StepLine] = field(default_factory=list)

    @property
    def is_now(self) -> bool:
        return self.number == clock.today().month

    @property
    def is_finished(self) -> bool:
        """Nothing of it is left to do."""
        return not self.is_now and not any(line.row.is_open for line in self.lines)


def words_of(step: PlannerStep) -> str:
    """The step in the active language, or in Dutch."""
    words: dict[str, str] = step.words
    return words.get(card_language(get_language() or MASTER)) or words.get(MASTER, "")


def current_plan(school: School) -> SchoolPlan | None:
    """The plan of the year for which one plans now."""
    year = planned_year()
    return (
        SchoolPlan.objects.select_related("school", "year").filter(school=school, year=year).first() if year else None
    )


def months_of(plan: SchoolPlan, reader: User, *, only_mine: bool = False, with_skipped: bool = True) -> list[Month]:
    """The months of a plan in the order of the year, with their steps; three queries and those of the cards' titles.
    A month without any of the asked ones is left out."""
    rows = plan.steps.select_related("step", "owner").order_by("due_on", "step__position", "pk")
    if only_mine:
        rows = rows.filter(owner=reader)
    if not with_skipped:
        rows = rows.exclude(state=PlannedStep.State.SKIPPED)
    listed = list(rows[:STEPS_SHOWN])
    titles = card_titles()
    mine = set(plan.steps.editable_by(reader).values_list("pk", flat=True))
    months: dict[int, Month] = {}
    for row in listed:
        number = row.due_on.month
        month = months.setdefault(number, Month(number, capfirst(month_name(number, get_language() or MASTER))))
        month.lines.append(_line(row, titles, may_settle=row.pk in mine))
    return list(months.values())


def progress_of(rows: Iterable[tuple[str, Any]]) -> Progress:
    """From (state, day) of each step."""
    listed = list(rows)
    states = [state for state, _due in listed]
    skipped = states.count(PlannedStep.State.SKIPPED)
    late = sum(state == PlannedStep.State.OPEN and due < clock.today() for state, due in listed)
    return Progress(states.count(PlannedStep.State.DONE), len(states) - skipped, late, skipped)


def progress_of_plans(plans: Sequence[SchoolPlan]) -> dict[int, Progress]:
    """By plan; one query."""
    found: dict[int, list[tuple[str, Any]]] = {plan.pk: [] for plan in plans}
    for plan_id, state, due in PlannedStep.objects.filter(plan__in=plans).values_list("plan_id", "state", "due_on"):
        found[plan_id].append((state, due))
    return {pk: progress_of(rows) for pk, rows in found.items()}


def materials_of(step: PlannerStep, reader: User) -> list[Material]:
    """The cards, the pages that the reader may open, and the notice templates of a step and its cards."""
    cards = list(Method.objects.filter(slug__in=step.cards))
    found = [Material(str(card), reverse("method_card", args=[card.slug]), "book-open") for card in cards]
    if step.page in PAGES and _opens(step.page, reader):
        found.append(Material(str(PAGES[step.page]), reverse(step.page), "arrow-right"))
    slugs = {*step.template_slugs, *(slug for card in cards for slug in card.template_slugs)}
    if slugs and _opens("notice_new", reader):
        for template in NoticeTemplate.objects.offered().filter(slug__in=slugs).order_by("pk"):
            found.append(Material(str(template), reverse("notice_compose", args=[template.slug]), "file-text"))
    return found


def card_titles() -> dict[str, str]:
    return {card.slug: str(card) for card in Method.objects.all()}


def _line(row: PlannedStep, titles: dict[str, str], *, may_settle: bool) -> StepLine:
    return StepLine(
        row=row,
        words=words_of(row.step),
        cards=[(slug, titles[slug]) for slug in row.step.cards if slug in titles],
        is_late=row.is_open and row.due_on < clock.today(),
        is_moved=row.due_on != row.advised_on,
        is_mine=may_settle,
    )


def _opens(name: str, reader: User) -> bool:
    """Whether the page's door lets one of the reader's roles in."""
    roles: frozenset[str] = getattr(resolve(reverse(name)).func, "staff_roles", frozenset())
    return bool(scope_of(reader).roles & roles)
