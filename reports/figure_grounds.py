"""Which families a list behind a number may name: those whom the number counts for talks that its reader may read.

A talk of the CLB that a school may not read counts, and moves its family from one number to another: from “one contact”
to “two or three”, from “tried” to “spoken with”. Whom only such a talk put there stands among those that are only
counted: the list would tell of that talk (domain 6.2).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from parents.models import Attendance, ContactKind, ContactMoment, Gathering
from parents.models.kinds import GROUP_KINDS, PARTICIPATION_LEVELS
from reports.figure_families import ACTIVE, INTEREST, NO_SIGN, PRESENCE
from reports.figure_lists import ALL, LADDER, Which
from reports.figure_queries import TRIED
from reports.figure_scope import FigureScope, Period, next_month
from reports.reach import handed_over
from schools import clock

Talks = QuerySet[ContactMoment]
#: Breakdowns whose groups are made by talks: with them the denominator is too, and not the families of the places.
_GROUPED_BY_TALKS = frozenset({("I03", "attempt"), ("I04", "contacts")})


class Grounds:
    """The talks of the outer family that can put it behind a number, for one reader."""

    def __init__(self, code: str, user: Any, which: Which, scope: FigureScope, period: Period) -> None:
        self.user, self.which, self.scope, self.period = user, which, scope, period
        self.schools = Q(school_id__in=scope.school_ids())
        if which.by == "school" and which.group:
            self.schools &= Q(school__name=which.group)
        talks = ContactMoment.objects.filter(
            self.schools, family=OuterRef("pk"), held_on__range=self._days(code), withdrawn_at__isnull=True
        )
        self.any_state: Talks = talks.filter(held_month__lte=which.month) if which.month else talks
        self.held: Talks = self.any_state.filter(is_reach=True)

    def _days(self, code: str) -> tuple[date, date]:
        """Those of the number; of a change without a group, of its last window."""
        windows = self.period.start_and_end() if code == "I24" else None
        if windows is None:
            return self.period.first, self.period.last
        window = windows[0] if self.which.group.startswith("start") else windows[1]
        return window.first, window.last

    def read(self, talks: Talks) -> Exists:
        """Whether the reader may read one of them."""
        return Exists(talks.filter(self._is_readable()))

    def nothing_hidden(self, talks: Talks) -> Any:
        """Whether the reader may read them all: how many there are, or how far they led, tells of none."""
        return ~Exists(talks.filter(~self._is_readable()))

    def _is_readable(self) -> Exists:
        return Exists(ContactMoment.objects.visible_to(self.user).filter(pk=OuterRef("pk")))

    def came(self, **gathering: Any) -> Exists:
        """Whether the family stands on a list that the reader may see, without a talk of its own."""
        after = self.period.last + timedelta(days=1)
        if self.which.month:
            after = min(after, next_month(self.which.month))
        seen = Gathering.objects.visible_to(self.user).filter(
            self.schools,
            starts_at__gte=clock.start_of(self.period.first),
            starts_at__lt=clock.start_of(after),
            **gathering,
        )
        return Exists(Attendance.objects.filter(family=OuterRef("pk"), gathering__in=seen, contact_moment__isnull=True))


def named(code: str, user: Any, which: Which, scope: FigureScope, period: Period) -> Any:
    """The condition under which a list names one of its families; None where no talk put them there."""
    look = _GROUNDS.get(code)
    if look is None or (which.part == ALL and (code, which.by) not in _GROUPED_BY_TALKS):
        return None
    return look(Grounds(code, user, which, scope, period))


def _reached(grounds: Grounds) -> Any:
    return grounds.read(grounds.held)


def _spoken_with(grounds: Grounds) -> Any:
    return grounds.read(grounds.held.filter(is_two_way=True))


def _how_often(grounds: Grounds) -> Any:
    talks = grounds.held.filter(is_two_way=True)
    tells_how_often = grounds.which.by == "contacts" and grounds.which.part != ALL
    return grounds.nothing_hidden(talks) if tells_how_often else grounds.read(talks)


def _visited(grounds: Grounds) -> Any:
    return grounds.read(grounds.held.filter(kind=ContactKind.HOME_VISIT))


def _group_moments(grounds: Grounds) -> Any:
    of_a_list = Exists(Attendance.objects.filter(contact_moment=OuterRef("pk")))
    talks = grounds.held.filter(Q(kind__in=GROUP_KINDS) | of_a_list)
    kind = {"kind": grounds.which.group} if grounds.which.by == "kind" and grounds.which.group else {}
    if grounds.which.part == "again":
        return grounds.nothing_hidden(talks)
    return grounds.read(talks.filter(**kind)) | grounds.came(**kind)


def _involved(grounds: Grounds) -> Any:
    """Whoever stands on a step by something that the reader may read stands there for the reader too."""
    step = int(grounds.which.group) if grounds.which.by == "rung" else ACTIVE
    if step == NO_SIGN:
        return None
    if step == INTEREST:
        return grounds.nothing_hidden(grounds.held)
    kinds = [kind for kind in ContactKind if PARTICIPATION_LEVELS.get(kind, INTEREST) == step]
    of_a_list = Exists(Attendance.objects.filter(contact_moment=OuterRef("pk")))
    talks = Q(kind__in=kinds) | of_a_list if step == PRESENCE else Q(kind__in=kinds)
    found = grounds.read(grounds.held.filter(talks))
    if step < PRESENCE:
        return found
    return found | (grounds.came(kind__in=kinds) if step == ACTIVE else grounds.came())


def _attempted(grounds: Grounds) -> Any:
    """Whom nobody tried has no talk; whoever was handed a notice was tried without one."""
    if grounds.which.by != "attempt" or grounds.which.group != TRIED:
        return None
    days = (grounds.period.first, grounds.period.last)
    return grounds.read(grounds.any_state) | handed_over(*days, "pk", schools=grounds.scope.school_ids())


def _standing(grounds: Grounds) -> Any:
    return grounds.nothing_hidden(grounds.any_state) if grounds.which.group else None


_GROUNDS: dict[str, Callable[[Grounds], Any]] = {
    **dict.fromkeys(("I01", "I23", "I24"), _reached),
    **dict.fromkeys(("I02", "I29"), _spoken_with),
    "I03": _attempted,
    "I04": _how_often,
    "I09": _visited,
    "I22": _group_moments,
    "I31": _involved,
    LADDER: _standing,
}
