"""Figures over many schools, counted beforehand.

Whoever reads about two hundred schools would wait for seconds while five million deliveries are counted. For so many
schools each figure is counted once a day, by the same ``figures.compute``, and stands on the pages with the moment at
which it was; whoever cannot wait has them counted again. Of few schools everything is counted when it is asked.

They stand in the cache: they can be counted again at any time, and hold no names. A cache that is away keeps nothing,
and the pages count for themselves.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache

from reports.figure_result import Figure
from reports.figure_scope import FigureScope, Period
from schools import clock

logger = logging.getLogger(__name__)

#: Longer than a day, so that yesterday's still stand while today's are counted.
KEPT_SECONDS = 36 * 3600
#: What was kept by another release may have other fields.
_SHAPE = hashlib.sha256(" ".join(field.name for field in fields(Figure)).encode()).hexdigest()[:8]


class Kept(NamedTuple):
    """What was counted, and when; None where it was counted just now and is not kept."""

    value: Any
    at: datetime | None


def of_many(scope: FigureScope) -> FigureScope:
    """The scope, with the mark by which its figures are kept when it is about many schools; one query."""
    if not settings.FIGURES_KEPT_FROM or scope.school or scope.classes:
        return scope
    schools = sorted({int(pk) for pk in scope.listed_school_ids()})
    if len(schools) < settings.FIGURES_KEPT_FROM:
        return scope
    place = f"{scope.project.pk if scope.project else 0} {scope.comparison} {schools}"
    return replace(scope, kept=hashlib.sha256(place.encode()).hexdigest()[:24])


def remembered(scope: FigureScope, name: str, period: Period, count: Callable[[FigureScope], Any]) -> Kept:
    """What is kept under that name, else what ``count`` finds now; it is kept where the scope is about many schools."""
    if not scope.kept:
        return Kept(count(scope), None)
    found = read(_key(scope, name, period))
    return Kept(*found) if found else keep(scope, name, period, count)


def keep(scope: FigureScope, name: str, period: Period, count: Callable[[FigureScope], Any]) -> Kept:
    """Count it directly, and keep it. What began to be counted before somebody asked anew does not pass for newer."""
    at = clock.now()
    found = Kept(count(replace(scope, kept="")), at)
    key = _key(scope, name, period)
    write({key: tuple(found), f"{key}@": at})
    return found


def read(key: str) -> Any:
    """What is kept; None also when the cache is away: whoever asks then counts."""
    try:
        return cache.get(key)
    except Exception as error:
        logger.warning("What is kept cannot be read: %s", error)
        return None


def write(values: dict[str, Any]) -> None:
    """Keep it, where the cache is there."""
    try:
        cache.set_many(values, KEPT_SECONDS)
    except Exception as error:
        logger.warning("Nothing can be kept: %s", error)


def moments(scope: FigureScope, wanted: list[tuple[str, Period]]) -> list[datetime | None]:
    """When each of these was counted; None for what is not kept."""
    keys = [f"{_key(scope, name, period)}@" for name, period in wanted]
    found = cache.get_many(keys)
    return [found.get(key) for key in keys]


def ask_again(scope: FigureScope) -> None:
    """Everything that was counted before now is to be counted again."""
    cache.set(f"figures-again-{scope.kept}", clock.now(), KEPT_SECONDS)


def asked_again(scope: FigureScope) -> datetime | None:
    found: datetime | None = cache.get(f"figures-again-{scope.kept}")
    return found


def oldest(figures: Iterator[Figure]) -> datetime | None:
    """The moment for which a page speaks; None when all of it was counted just now."""
    return min((one.counted_at for one in figures if one.counted_at), default=None)


def _key(scope: FigureScope, name: str, period: Period) -> str:
    return f"figure-{_SHAPE}-{scope.kept}-{name}-{period.first:%Y%m%d}-{period.last:%Y%m%d}"
