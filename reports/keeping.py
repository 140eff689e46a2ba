"""Counts, ahead of their readers, the figures of projects of many schools (``reports.kept``).

In pieces of a minute, each of which begins where the last one ended: a worker that is stopped loses one figure.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache

from reports import kept
from reports.figure_scope import FigureScope, Period
from reports.figures import kept_counts
from reports.frozen_year import is_frozen
from reports.indicators import INDICATORS
from schools import clock
from schools.models import Project

_LOCK = "figures-being-counted"
#: No figure takes so long; a worker that was killed frees its place after it.
_LOCK_SECONDS = 900


class Progress(NamedTuple):
    """How many of a project's figures are counted of those that are to be."""

    done: int
    total: int


class _Wanted(NamedTuple):
    name: str
    period: Period
    count: Callable[[FigureScope], Any]


def keep_due(seconds: float | None = None) -> int:
    """Count what is due, for about so long (``FIGURES_KEPT_SECONDS``); how many were. One process at a time does so."""
    mine = uuid4().hex
    if not settings.FIGURES_KEPT_FROM or not cache.add(_LOCK, mine, _LOCK_SECONDS):
        return 0
    until, done = time.monotonic() + (settings.FIGURES_KEPT_SECONDS if seconds is None else seconds), 0
    try:
        for scope, wanted in _due():
            if time.monotonic() >= until:
                break
            kept.keep(scope, wanted.name, wanted.period, wanted.count)
            done += 1
    finally:
        if cache.get(_LOCK) == mine:  # who took longer than the place is kept has lost it to another
            cache.delete(_LOCK)
    return done


def progress(scope: FigureScope) -> Progress | None:
    """How far the counting is; None when nothing is due, or when the cache is away."""
    if not scope.kept or scope.project is None:
        return None
    wanted = list(_wanted(scope.project))
    with contextlib.suppress(Exception):
        left = sum(1 for _ in _stale(scope, wanted))
        return Progress(len(wanted) - left, len(wanted)) if left else None
    return None


def _due() -> Iterator[tuple[FigureScope, _Wanted]]:
    today = clock.today()
    running = Project.objects.overlapping(today - timedelta(days=settings.REPORT_GRACE_DAYS), today)
    for project in running.select_related("year").order_by("pk"):
        scope = kept.of_many(FigureScope(project=project))
        if scope.kept and not is_frozen(project):
            yield from ((scope, one) for one in _stale(scope, list(_wanted(project))))


def _stale(scope: FigureScope, wanted: list[_Wanted]) -> Iterator[_Wanted]:
    """What was not counted today, or not since somebody asked for it. A day that has not come, of a clock that was
    ahead, does not count; nor who asked at an hour that has not, or until then all would be counted at each beat."""
    since, tomorrow = clock.start_of_today(), clock.start_of(clock.today() + timedelta(days=1))
    asked = kept.asked_again(scope)
    if asked and asked <= clock.now():
        since = max(since, asked)
    for one, at in zip(wanted, kept.moments(scope, [one[:2] for one in wanted]), strict=True):
        if at is None or not since <= at < tomorrow:
            yield one


def _wanted(project: Project) -> Iterator[_Wanted]:
    """What the pages of figures show before anybody chooses: the year until today, for readers outside the schools the
    whole months of it, and September and October beside them. The home row first."""
    today = clock.today()
    codes = sorted(INDICATORS, key=lambda code: not INDICATORS[code].is_home)
    for period in dict.fromkeys((Period.to_date(project, today), Period.of_whole_months(project, today))):
        for name, count in kept_counts(codes, period):
            yield _Wanted(name, period, count)
    baseline = Period.baseline(project)
    for name, count in kept_counts(codes, baseline, breakdowns=False):
        yield _Wanted(name, baseline, count)
