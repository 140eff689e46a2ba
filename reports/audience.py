"""Which figures an account may ask for: its schools and project, and over which periods."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_noop

from reports import kept
from reports.figure_scope import FigureScope, Period
from reports.frozen_year import with_kept_grid
from reports.indicators import INDICATORS
from schools import clock
from schools.models import Participation, Project, School, SchoolClass, SchoolYear
from schools.scope import scope_of

#: Parts of the school year: (key, words, months).
TERMS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("herfst", gettext_noop("September to December"), (9, 10, 11, 12)),
    ("winter", gettext_noop("January to March"), (1, 2, 3)),
    ("lente", gettext_noop("April to June"), (4, 5, 6)),
)
YEAR = "jaar"
#: Earlier periods that are no part of the year.
BEGIN, YEAR_BEFORE = "begin", "vorig"


#: What a school does as a whole, its team, its answers, the project's hours and methods.
_NOT_OF_CLASSES = frozenset({"I16", "I21", "I25", "I26", "I30"})
#: What a project has as a whole: its hours and money beside the families of one school would say that all went there.
OF_PROJECT = frozenset({"I29"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """An earlier period that may stand beside the asked one. ``is_kept``: of that year only its grid is still there."""

    key: str
    words: str
    period: Period
    scope: FigureScope
    is_kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRequest:
    """What a page of figures is about. ``schools`` are those the reader may choose; outsiders choose nothing, so that
    no two readings can be subtracted."""

    scope: FigureScope
    period: Period
    baseline: Period
    project: Project | None
    schools: list[School]
    school: School | None
    term: str
    is_outsider: bool
    others: tuple[Other, ...] = ()
    other: Other | None = None

    @property
    def terms(self) -> list[tuple[str, str]]:
        """The parts of the year that have begun."""
        if self.is_outsider:
            return []
        first = self.baseline.first
        today = clock.today()
        return [(key, words) for key, words, months in TERMS if _term(first, months).first <= today]

    @property
    def codes(self) -> list[str]:
        """The indicators that can be counted for these places: of a class those about its own families."""
        out = (_NOT_OF_CLASSES if self.scope.classes else frozenset()) | (frozenset() if self.is_whole else OF_PROJECT)
        return [code for code in INDICATORS if code not in out]

    @property
    def is_whole(self) -> bool:
        """Whether it is about a project and not about some of its schools or classes."""
        return self.project is not None and not (self.scope.school or self.scope.schools or self.scope.classes)

    @property
    def query(self) -> str:
        """The choices, for links that keep them."""
        chosen = QueryDict(mutable=True)
        if self.school:
            chosen["school"] = str(self.school.pk)
        if self.term != YEAR:
            chosen["periode"] = self.term
        if self.other:
            chosen["naast"] = self.other.key
        return chosen.urlencode()


def figure_request(user: Any, chosen: QueryDict) -> FigureRequest | None:
    """What the account asks for within what it may read; None when it has no schools and no project, and outside the
    schools while their first month runs."""
    scope = scope_of(user)
    visible = list(School.objects.visible_to(user).order_by("name"))
    schools = [] if scope.coordinated_projects and not visible else visible
    school = next((one for one in schools if str(one.pk) == chosen.get("school", "")), None)
    if school is None and len(visible) == 1 and not scope.joint_projects:
        school = visible[0]
    is_wide = bool(scope.joint_projects or scope.coordinated_projects or "CLB_DIRECTOR" in scope.roles)
    project = _project(user, visible, in_months=is_wide and not (school or scope.joint_projects))
    wide = bool(project and is_wide)
    if school:
        figures = FigureScope(school=school, project=project, viewer=user)
    elif wide:
        figures = FigureScope(project=project, viewer=user)
    elif visible:
        figures = FigureScope(schools=tuple(visible), viewer=user)
    elif classes := _own_classes(user):
        figures = FigureScope(classes=classes, viewer=user)
    else:
        return None
    figures = kept.of_many(figures)
    span = project or SchoolYear.objects.running()
    if span is None:
        return None
    is_outsider = figures.is_for_outsiders()
    if is_outsider and not Period.has_whole_month(span, clock.today()):
        return None
    term = chosen.get("periode", YEAR)
    period, baseline = _period(span, term, is_outsider), Period.baseline(span)
    others = _others(figures, period, baseline)
    return FigureRequest(
        scope=figures,
        period=period,
        baseline=baseline,
        project=project,
        schools=schools,
        school=school,
        term=term if term in {key for key, _, _ in TERMS} and not is_outsider else YEAR,
        is_outsider=is_outsider,
        others=others,
        other=next((one for one in others if one.key == chosen.get("naast", "")), None),
    )


def project_mean_scope(asked: FigureRequest, user: Any) -> FigureScope | None:
    """For a reader who sees one school: the project as a whole, when at least two other schools hide in it."""
    if not asked.school or not asked.project:
        return None
    pilots = Participation.objects.filter(project=asked.project).exclude(role="COMPARISON")
    return kept.of_many(FigureScope(project=asked.project, viewer=user)) if pilots.count() > 2 else None


def _own_classes(user: Any) -> tuple[SchoolClass, ...]:
    """A teacher's classes of this year."""
    if not scope_of(user).classes:
        return ()
    return tuple(SchoolClass.objects.visible_to(user).of_running_year().order_by("name"))


def _project(user: Any, visible: list[School], *, in_months: bool) -> Project | None:
    """The one that began last: next year's, made in spring, has no figures before September. Who reads whole months of
    all its schools reads the old one until the first month of the new one is over, whether or not the post in it is.
    A coming one stands in for none."""
    own = Project.objects.visible_to(user)
    taking_part = Project.objects.filter(participations__school__in=visible)
    known = Project.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=taking_part.values("pk")))
    if in_months:
        known = known | Project.objects.years_before(own)
    known = known.distinct().order_by("-starts_on")
    begun = clock.today().replace(day=1) - timedelta(days=1) if in_months or not visible else clock.today()
    return known.filter(starts_on__lte=begun).first() or known.last()


def _period(span: Project | SchoolYear, term: str, is_outsider: bool) -> Period:
    today = clock.today()
    if is_outsider:
        return Period.of_whole_months(span, today)
    whole = Period.to_date(span, today)
    months = next((months for key, _, months in TERMS if key == term), None)
    if months is None:
        return whole
    part = _term(Period.baseline(span).first, months)
    return part if part.first <= whole.last else whole


def _others(scope: FigureScope, period: Period, baseline: Period) -> tuple[Other, ...]:
    """September and October, parts of the year that ended before the asked one does, and the year before; one query."""
    parts = [(BEGIN, gettext_noop("September and October"), baseline)]
    parts += [(key, words, _term(baseline.first, months)) for key, words, months in TERMS]
    found = [
        Other(key=key, words=words, period=part, scope=scope) for key, words, part in parts if part.last < period.last
    ]
    before = _year_before(scope.project)
    if before is None or (before.has_grid and (scope.school or scope.schools)):
        return tuple(found)
    words = gettext_noop("The same part of the year before")
    last = min(_a_year_earlier(period.last), before.ends_on or period.last)
    first = max(_a_year_earlier(period.first), before.starts_on)
    if first > last:
        return tuple(found)
    earlier = Other(
        key=YEAR_BEFORE,
        words=words,
        period=Period(first, last),
        scope=replace(scope, project=before),
        is_kept=before.has_grid,
    )
    return (*found, earlier)


def _year_before(project: Project | None) -> Any:
    """The same project in the school year before, with ``has_grid``: whether its figures were kept and its contacts
    are gone."""
    if project is None:
        return None
    earlier = Project.objects.filter(name=project.name, starts_on__lt=project.starts_on).select_related("year")
    return with_kept_grid(earlier).order_by("-starts_on").first()


def _a_year_earlier(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _term(september: date, months: tuple[int, ...]) -> Period:
    year = september.year if months[0] >= 9 else september.year + 1
    last = months[-1]
    return Period(date(year, months[0], 1), date(year, last, {12: 31, 3: 31, 6: 30}[last]))
