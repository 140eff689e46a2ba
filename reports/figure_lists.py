"""The rows behind a number: the very query that is counted, so that a list is as long as its number says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import DateTimeField, Min, Q, QuerySet
from django.db.models.functions import TruncMonth

from messaging.models import Thread
from parents.models import ContactMoment, Family, Guardian
from reports.figure_changes import INSIDE, met_in, there_both
from reports.figure_families import came_to, families_by, on_step, spoken_with
from reports.figure_queries import Counted, moments, population
from reports.figure_scope import FigureScope, Period, next_month
from reports.figure_specials import SOON, WITHIN_A_WEEK, answered_within, questions
from reports.indicators import INDICATORS
from reports.ladder_counts import families_on_rung
from reports.notice_queries import ALL_SOURCES
from reports.reach import Rung
from schools.clock import BRUSSELS

#: Kinds of contact that are counted together, by where people meet.
KIND_GROUPS: dict[str, tuple[str, ...]] = {
    "op-school": ("GATE_TALK", "CONFERENCE", "INTAKE", "MDO", "ORIENTATION", "CLB_TALK", "CRISIS", "REFERRAL"),
    "op-afstand": ("PHONE", "VIDEO", "MESSAGE"),
    "thuis": ("HOME_VISIT",),
    "samen": ("INFO_EVENING", "COFFEE_MOMENT", "WORKSHOP", "READING", "PARTICIPATION"),
}
#: Beside the indicators: contacts by kind, and families by their step of the reach ladder.
CONTACTS, LADDER = "contacten", "ladder"
HIT, ALL = "n", "N"
#: A team, anonymous answers, hours and methods: behind their numbers stands no list of families or talks.
WITHOUT = frozenset({"I21", "I25", "I26", "I30"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which of the units behind a figure: ``part`` is the numerator, the denominator or the name of a second one;
    ``by`` and ``group`` a row of a breakdown; ``month`` a point in time."""

    part: str = HIT
    by: str = ""
    group: str = ""
    month: date | None = None


def has_list(code: str, which: Which) -> bool:
    """Whether a list stands behind that number; asks the database nothing."""
    if which.part not in _PARTS.get(code, (HIT, ALL)) and code in _SPECIAL:
        return False
    if code in (CONTACTS, LADDER):
        return True
    if code not in INDICATORS or code in WITHOUT or which.group.endswith("_compared"):
        return False
    return which.by in ("", "month", *INDICATORS[code].breakdowns)


def units(code: str, scope: FigureScope, period: Period, which: Which) -> QuerySet[Any]:
    """One row for each unit. LookupError where no list stands behind that number."""
    if not has_list(code, which):
        raise LookupError(code)
    if code in _SPECIAL:
        return _SPECIAL[code](scope, period, which)
    return _of_source(ALL_SOURCES[code](scope, period, "" if which.by == "month" else which.by), which)


def _of_source(counted: Counted, which: Which) -> QuerySet[Any]:
    if which.part in counted.apart:
        return _one_for_each(counted.apart[which.part], counted.unit)
    conditions = {HIT: counted.hit, ALL: Q(), **counted.also}
    rows = counted.rows.filter(conditions[which.part])
    if which.by not in ("", "month"):
        rows = rows.annotate(group_key=counted.dimensions[which.by]).filter(group_key=which.group)
    if which.month and not (counted.is_cumulative and which.part == ALL):
        rows = _dated(rows, counted, which.month)
    return _one_for_each(rows, counted.unit)


def _dated(rows: QuerySet[Any], counted: Counted, month: date) -> QuerySet[Any]:
    """Those of a month, or up to it where months add up. A moment is compared itself: PostgreSQL would shift the month
    that was cut off it by the time zone once more."""
    if counted.is_cumulative:
        return rows.filter(**{f"{counted.month}__lte": month})
    cut: Any = rows.query.annotations.get(counted.month)
    if isinstance(cut, TruncMonth) and isinstance(cut.lhs.output_field, DateTimeField):
        first, after = (datetime.combine(day, time.min, BRUSSELS) for day in (month, next_month(month)))
        return rows.annotate(dated_at=cut.lhs).filter(dated_at__gte=first, dated_at__lt=after)
    return rows.filter(**{f"{counted.month}__year": month.year, f"{counted.month}__month": month.month})


def _one_for_each(rows: QuerySet[Any], unit: str) -> QuerySet[Any]:
    """The units themselves; of a pair, such as a notice and its reader, the first row."""
    if unit == "family_id":
        return Family.objects.filter(pk__in=rows.order_by().values("family_id"))
    if unit == "guardian_id":
        return Guardian.objects.filter(pk__in=rows.order_by().values("guardian_id"))
    model: Any = rows.model
    if unit == "pk":
        return model.objects.filter(pk__in=rows.order_by().values("pk"))
    first = rows.order_by().values(unit).annotate(first_row=Min("pk")).values("first_row")
    return model.objects.filter(pk__in=first)


def _families(found: Iterable[int]) -> QuerySet[Family]:
    return Family.objects.filter(pk__in=list(found))


def _contacts_of_kind(scope: FigureScope, period: Period, which: Which) -> QuerySet[ContactMoment]:
    """Contacts that took place; ``group`` is one of KIND_GROUPS."""
    rows = moments(scope, period).filter(is_reach=True)
    if which.group:
        rows = rows.filter(kind__in=KIND_GROUPS[which.group])
    return rows.filter(held_month=which.month) if which.month else rows


def _on_rung(scope: FigureScope, period: Period, which: Which) -> QuerySet[Family]:
    families = population(scope, period).order_by().values("family_id")
    if not which.group:
        return Family.objects.filter(pk__in=families)
    days = (period.first, period.last)
    return _families(families_on_rung(families, Rung(int(which.group)), *days, schools=scope.school_ids()))


def _intensity(scope: FigureScope, period: Period, which: Which) -> QuerySet[Family]:
    if which.part == ALL and which.by == "contacts":
        return _families(spoken_with(scope, period, "", ""))
    if which.part == ALL:
        return _population(scope, period, which)
    return _families(spoken_with(scope, period, which.by, which.group))


def _group_moments(scope: FigureScope, period: Period, which: Which) -> QuerySet[Family]:
    if which.part == ALL and which.by in ("kind", "month"):
        return _population(scope, period, Which(part=ALL))
    if which.part == ALL:
        return _population(scope, period, which)
    return _families(came_to(scope, period, which.by, which.group, until=which.month, again=which.part == "again"))


def _involvement(scope: FigureScope, period: Period, which: Which) -> QuerySet[Family]:
    if which.part == ALL:
        return _population(scope, period, Which(part=ALL) if which.by == "rung" else which)
    return _families(on_step(scope, period, which.by, which.group))


def _population(scope: FigureScope, period: Period, which: Which) -> QuerySet[Family]:
    everybody, groups = families_by(scope, period, which.by)
    return _families(groups.get(which.group, ()) if which.group else everybody)


def _change(scope: FigureScope, period: Period, which: Which) -> QuerySet[Family]:
    windows = period.start_and_end()
    if windows is None:
        return Family.objects.none()
    start, end = windows
    window = start if which.group.startswith("start") else end
    there, met = met_in(scope, window)
    found = there if which.part == ALL else there & met
    return _families(found & there_both(scope, windows) if which.group in INSIDE else found)


def _questions(scope: FigureScope, period: Period, which: Which) -> QuerySet[Thread]:
    rows = questions(scope, period)
    if which.by == "school" and which.group:
        rows = rows.filter(school__name=which.group)
    if which.month:
        rows = rows.filter(asked_on__year=which.month.year, asked_on__month=which.month.month)
    if which.part == ALL:
        return rows
    limit = WITHIN_A_WEEK if which.part == "within_five" else SOON
    return rows.filter(pk__in=answered_within(rows, scope, limit))


def _input(scope: FigureScope, period: Period, which: Which) -> QuerySet[Any]:
    """The families among whom hours and euros are divided: those of I02."""
    return units("I02", scope, period, Which(part=which.part))


#: Second numerators of what is counted apart from the others.
_PARTS = {"I13": (HIT, ALL, "within_five"), "I22": (HIT, ALL, "again"), CONTACTS: (HIT,), LADDER: (HIT,)}
_SPECIAL: dict[str, Callable[[FigureScope, Period, Which], QuerySet[Any]]] = {
    CONTACTS: _contacts_of_kind,
    LADDER: _on_rung,
    "I04": _intensity,
    "I13": _questions,
    "I22": _group_moments,
    "I24": _change,
    "I29": _input,
    "I31": _involvement,
}
