"""The targets of a project as a page lays them out: one line for each indicator, and the history of one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from reports.indicators import HOME, INDICATORS, Indicator
from reports.models import Target, TargetAgreement
from reports.ownproject import day_within
from reports.targets import CODES
from reports.wording import goal
from schools.models import Project, School
from schools.scope import scope_of

#: More rows than this nobody reads of one indicator; of all of them together there are more.
HISTORY_SHOWN, ALL_SHOWN = 200, 5_000


@dataclass(frozen=True, slots=True)
class ShownAim:
    """A target in words: for whom, since when, until when, with whom it was agreed and who is still to agree."""

    target: Target
    words: str
    until: date | None
    agreed: list[TargetAgreement]
    asked: list[School]
    #: Whether the reader can agree with one tap.
    is_mine_to_confirm: bool

    @property
    def open(self) -> list[School]:
        done = {row.school_id for row in self.agreed}
        return [one for one in self.asked if one.pk not in done]

    @property
    def is_current(self) -> bool:
        return self.until is None and self.target.value is not None


@dataclass(slots=True)
class Line:
    """An indicator with its targets: the project's first, then those of single schools; of each the one that holds,
    and those that take its place on a day to come."""

    indicator: Indicator
    aims: list[ShownAim] = field(default_factory=list)


def lines_of(project: Project, schools: list[School], user: Any) -> list[Line]:
    """Each indicator of the home row, and each other one that has a target today or from a day to come; three
    queries."""
    day = day_within(project)
    lines = {code: Line(INDICATORS[code]) for code in HOME}
    shown: dict[tuple[str, int | None, date], ShownAim] = {}
    for aim in aims_of(project, schools, user):  # in order of time: of those that began the last one holds
        shown[aim.target.indicator, aim.target.school_id, max(aim.target.holds_from, day)] = aim
    for aim in sorted(shown.values(), key=_whole_first):
        if aim.target.value is not None:
            lines.setdefault(aim.target.indicator, Line(INDICATORS[aim.target.indicator])).aims.append(aim)
    return sorted(lines.values(), key=lambda line: CODES.index(line.indicator.code))


def _whole_first(aim: ShownAim) -> tuple[str, date]:
    return aim.target.school.name if aim.target.school else "", aim.target.holds_from


def aims_of(project: Project, schools: list[School], user: Any, code: str = "") -> list[ShownAim]:
    """Every target that the reader may see, the newest last."""
    rows = Target.objects.visible_to(user).filter(project=project)
    rows = rows.filter(indicator=code) if code else rows
    shown = HISTORY_SHOWN if code else ALL_SHOWN
    newest_first = rows.select_related("school", "set_by").prefetch_related(
        "agreements__school", "agreements__noted_by"
    )
    return _in_words(reversed(newest_first.order_by("-holds_from", "-pk")[:shown]), schools, user)


def _in_words(rows: Iterable[Target], schools: list[School], user: Any) -> list[ShownAim]:
    """In order of time. Until when each holds is known by the one that replaced it."""
    listed = list(rows)
    led = scope_of(user).led_schools
    ends: dict[int, date] = {}
    last: dict[tuple[str, int | None], Target] = {}
    for row in listed:
        key = (row.indicator, row.school_id)
        if key in last:
            ends[last[key].pk] = max(row.holds_from - timedelta(days=1), last[key].holds_from)
        last[key] = row
    aims = []
    for row in listed:
        agreed = list(row.agreements.all())
        asked = [row.school] if row.school else schools
        waiting = {one.pk for one in asked} - {one.school_id for one in agreed}
        mine = row.pk not in ends and row.value is not None and bool(waiting & led)
        words = "" if row.value is None else goal(INDICATORS[row.indicator].unit, row.value)
        aims.append(ShownAim(row, words, ends.get(row.pk), agreed, asked, mine))
    return aims
