"""Indicators that divide families by what they did: how often somebody spoke with them, whether they came to group
moments, and how far their involvement went."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef

from parents.models import Attendance
from parents.models.kinds import GROUP_KINDS, PARTICIPATION_LEVELS
from reports.disclosure import Cell
from reports.figure_queries import FAMILY_PLACES, moments, population
from reports.figure_result import Figure, Months
from reports.figure_scope import FigureScope, Period
from reports.indicators import Indicator
from reports.ladder_counts import families_interested
from schools import clock

#: How often somebody spoke with a family: (key, from, up to).
TIMES: tuple[tuple[str, int, float], ...] = (("1", 1, 1), ("2-3", 2, 3), ("4-6", 4, 6), ("7+", 7, float("inf")))
#: Steps of involvement; 0: no sign of it was noted.
NO_SIGN, INTEREST, PRESENCE, ACTIVE = 0, 1, 3, 4
#: Steps of those with whom no contact took place (I03), and of those with whom one did (I01).
_BY_CONTACT = (("0", "1"), ("2", "3", "4"))
#: Where interest was shown does not matter: it is never the highest step of a school's own row.
ANYWHERE = ""
#: Groups in which one family can stand twice.
_OVERLAPPING = frozenset({"school", "level", "kind"})

Groups = Mapping[str, set[int]]


def families_by(scope: FigureScope, period: Period, by: str) -> tuple[set[int], Groups]:
    """The families of the population: all of them, and by group along one of FAMILY_PLACES; one query."""
    rows = population(scope, period).order_by()
    if by not in FAMILY_PLACES:
        return set(rows.values_list("family_id", flat=True).distinct()), {}
    groups: dict[str, set[int]] = defaultdict(set)
    for label, family in rows.annotate(label=FAMILY_PLACES[by]).values_list("label", "family_id").distinct():
        groups[str(label)].add(family)
    return set().union(*groups.values()), dict(sorted(groups.items()))


def intensity(definition: Indicator, scope: FigureScope, period: Period, by: str) -> Figure:
    """Two-way contacts of each family with whom there was one, ordered; at a school those with that school."""
    everybody, groups = families_by(scope, period, by)
    numbers, here = _two_way(scope, period)
    values_by = {
        label: _ordered(here[label] if by == "school" else numbers, families) for label, families in groups.items()
    }
    values = _ordered(numbers, everybody)
    parts = {key: Cell(sum(low <= value <= high for value in values), len(values)) for key, low, high in TIMES}
    cells = {label: Cell(len(values_by[label]), len(families)) for label, families in groups.items()}
    return Figure(
        definition=definition,
        period=period,
        by=by,
        total=Cell(len(values), len(everybody)),
        rows=parts if by == "contacts" else cells,
        values=values,
        values_by=values_by,
        parts=parts,
        is_overlapping=by in _OVERLAPPING,
    )


def spoken_with(scope: FigureScope, period: Period, by: str, group: str) -> set[int]:
    """The families behind a number of ``intensity``. KeyError for a number of contacts that is none of TIMES."""
    everybody, groups = families_by(scope, period, by)
    numbers, here = _two_way(scope, period)
    if by == "contacts":
        low, high = {key: (low, high) for key, low, high in TIMES}[group]
        return {family for family in everybody if low <= numbers[family] <= high}
    counted = here[group] if by == "school" else numbers
    return {family for family in (groups.get(group, set()) if group else everybody) if counted[family]}


def _two_way(scope: FigureScope, period: Period) -> tuple[Counter[int], dict[str, Counter[int]]]:
    """Two-way contacts of each family, and those at each school; one query."""
    spoken = moments(scope, period).filter(is_two_way=True, family_id__in=population(scope, period).values("family_id"))
    numbers: Counter[int] = Counter()
    here: dict[str, Counter[int]] = defaultdict(Counter)
    rows = spoken.order_by().values_list("school__name", "family_id").annotate(number=Count("pk"))
    for school, family, number in rows:
        numbers[family] += number
        here[school][family] += number
    return numbers, here


@dataclass(frozen=True, slots=True)
class Coming:
    """A family came to a group moment: to which one (None where only the talk was noted), of what kind and when."""

    family: int
    school: str
    kind: str
    day: date
    gathering: int | None = None


def group_moments(definition: Indicator, scope: FigureScope, period: Period, by: str) -> Figure:
    """Families at one group moment or more; beside it those who came again, and how many came to a gathering."""
    everybody, groups = families_by(scope, period, by)
    came = [one for one in _comings(scope, period) if one.family in everybody]
    times = Counter(one.family for one in came)
    if by == "kind":
        groups = {kind: everybody for kind in sorted({one.kind for one in came})}
    cells = {
        label: Cell(len(families & {one.family for one in came if _is_of(one, by, label)}), len(families))
        for label, families in groups.items()
    }
    months = _by_month(came, period, len(everybody))
    attended = [one.gathering for one in came if one.gathering is not None]
    return Figure(
        definition=definition,
        period=period,
        by=by,
        total=Cell(len(times), len(everybody)),
        rows={f"{month:%Y-%m}": cell for month, cell in months} if by == "month" else cells,
        months=months,
        also={"again": Cell(sum(number > 1 for number in times.values()), len(times))},
        means={"per_gathering": (len(attended), len(set(attended)))},
        is_cumulative=True,
        is_overlapping=by in _OVERLAPPING,
    )


def came_to(
    scope: FigureScope, period: Period, by: str, group: str, *, until: date | None = None, again: bool = False
) -> set[int]:
    """The families behind a number of ``group_moments``."""
    everybody, groups = families_by(scope, period, by)
    families = groups.get(group, set()) if by in FAMILY_PLACES and group else everybody
    came = [
        one
        for one in _comings(scope, period)
        if one.family in families and _is_of(one, by, group) and (until is None or clock.month_of(one.day) <= until)
    ]
    times = Counter(one.family for one in came)
    return {family for family, number in times.items() if number > int(again)}


def on_step(scope: FigureScope, period: Period, by: str, group: str) -> set[int]:
    """The families behind a number of ``involvement``."""
    everybody, groups = families_by(scope, period, by)
    steps, here = _steps(scope, period, everybody)
    step = int(group) if by == "rung" else ACTIVE
    families = groups.get(group, set()) if by in FAMILY_PLACES and group else everybody
    counted = here[group] if by == "school" else steps
    return {family for family in families if counted.get(family, NO_SIGN) == step}


def _steps(scope: FigureScope, period: Period, everybody: set[int]) -> tuple[dict[int, int], dict[str, dict[int, int]]]:
    """The highest step of each family, and the highest at each school."""
    steps = dict.fromkeys(everybody, NO_SIGN)
    here: dict[str, dict[int, int]] = defaultdict(dict)
    for family, school, step in _signs(scope, period):
        if family in steps:
            steps[family] = max(steps[family], step)
            here[school][family] = max(here[school].get(family, NO_SIGN), step)
    return steps, here


def involvement(definition: Indicator, scope: FigureScope, period: Period, by: str) -> Figure:
    """Families by the highest step of the pyramid of participation, at a school by what happened there; the headline is
    the last step."""
    everybody, groups = families_by(scope, period, by)
    steps, here = _steps(scope, period, everybody)
    sizes = Counter(steps.values())
    parts = {str(step): Cell(sizes[step], len(everybody)) for step in range(NO_SIGN, ACTIVE + 1)}
    cells = {
        label: Cell(sum(counted.get(family) == ACTIVE for family in families), len(families))
        for label, families in groups.items()
        for counted in [here[label] if by == "school" else steps]
    }
    return Figure(
        definition=definition,
        period=period,
        by=by,
        total=parts[str(ACTIVE)],
        rows=parts if by == "rung" else cells,
        parts=parts,
        headline_part=str(ACTIVE),
        parts_together=_BY_CONTACT,
        is_overlapping=by in _OVERLAPPING,
    )


def _comings(scope: FigureScope, period: Period) -> Iterator[Coming]:
    """Who stands on the list of a gathering that was held, and who had a talk of such a kind without a list."""
    attended = Attendance.objects.filter(
        gathering__school_id__in=scope.school_ids(), contact_moment__withdrawn_at__isnull=True
    )
    lists = attended.order_by("pk").values_list(
        "family_id", "gathering__school__name", "gathering__kind", "gathering__starts_at", "gathering_id"
    )
    for family, school, kind, starts_at, gathering in lists:
        day = clock.local_date(starts_at)
        if period.first <= day <= min(period.last, clock.today()):
            yield Coming(family, school, kind, day, gathering)
    on_a_list = Exists(Attendance.objects.filter(contact_moment=OuterRef("pk")))
    alone = moments(scope, period).filter(~on_a_list, is_reach=True, kind__in=GROUP_KINDS).order_by("pk")
    for family, school, kind, day in alone.values_list("family_id", "school__name", "kind", "held_on"):
        yield Coming(family, school, kind, day)


def _is_of(one: Coming, by: str, label: str) -> bool:
    return one.school == label if by == "school" else one.kind == label if by == "kind" else True


def _by_month(came: Iterable[Coming], period: Period, size: int) -> Months:
    """Families who had come up to and including each month."""
    firsts: dict[int, date] = {}
    for one in came:
        firsts[one.family] = min(firsts.get(one.family, one.day), one.day)
    months = [clock.month_of(day) for day in firsts.values()]
    return [(month, Cell(sum(first <= month for first in months), size)) for month in period.months()]


def _signs(scope: FigureScope, period: Period) -> Iterator[tuple[int, str, int]]:
    """(family, school, step) of everything that shows involvement."""
    contacts = moments(scope, period).filter(is_reach=True).order_by()
    for family, school, kind in contacts.values_list("family_id", "school__name", "kind").distinct():
        yield family, school, PARTICIPATION_LEVELS.get(kind, INTEREST)
    for one in _comings(scope, period):
        yield one.family, one.school, max(PARTICIPATION_LEVELS.get(one.kind, PRESENCE), PRESENCE)
    families = population(scope, period).values("family_id")
    for family in families_interested(families, period.first, period.last, schools=scope.school_ids()):
        yield family, ANYWHERE, INTEREST


def _ordered(numbers: Mapping[int, int], families: set[int]) -> list[float]:
    return sorted(float(number) for family, number in numbers.items() if family in families)
