"""Lists of work of whoever follows many schools, made beforehand.

Of two hundred schools it takes seconds to find which families nobody reaches. For so many the list that was made last
is shown, and made again in the background when it is older than some minutes. Who reads it looks again at each row of
the page: a family that was reached meanwhile is gone at once, a new one comes some minutes later.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache

from reports import kept
from schools import clock
from schools.models import Role, School
from schools.scope import scope_of

logger = logging.getLogger(__name__)

_FRESH = timedelta(minutes=10)
#: One wish at a time to make a list again; a worker that lost it is asked anew after this.
_WISH_SECONDS = 300
_WIDE_ROLES = frozenset({Role.JOINT_CLB, Role.CLB_DIRECTOR})

Chosen = tuple[Any, ...]


def mark_of(user: Any) -> str:
    """The mark of the lists of a user who follows many schools, as they are now; empty for everybody else. One query
    for who directs or accompanies."""
    if not settings.FIGURES_KEPT_FROM or not scope_of(user).roles & _WIDE_ROLES:
        return ""
    schools = sorted(School.objects.visible_to(user).order_by().values_list("pk", flat=True))
    if len(schools) < settings.FIGURES_KEPT_FROM:
        return ""
    return hashlib.sha256(f"{user.pk} {schools}".encode()).hexdigest()[:24]


def kept_list(user: Any, name: str, chosen: Chosen, make: Callable[[], Any]) -> tuple[Any, bool]:
    """What ``make`` finds, or what it found last, and whether it was kept."""
    mark = mark_of(user)
    if not mark:
        return make(), False
    key = _key(mark, name, chosen)
    if found := kept.read(key):
        made_at, rows = found
        if abs(clock.now() - made_at) > _FRESH:
            _wish(f"{key}!", [user.pk, name, list(chosen)])
        return rows, True
    return keep_list(mark, name, chosen, make), False


def keep_list(mark: str, name: str, chosen: Chosen, make: Callable[[], Any]) -> Any:
    """Make it and keep it."""
    made_at, rows = clock.now(), make()
    kept.write({_key(mark, name, chosen): (made_at, rows)})
    return rows


def _wish(place: str, arguments: list[Any]) -> None:
    """Without a broker, or a cache that takes something in, the list stays as it is, and somebody asks again."""
    try:
        if cache.add(place, True, _WISH_SECONDS):
            current_app.send_task("reports.tasks.make_list", arguments)
    except Exception as error:
        logger.warning("The list is not made again: %s", error)


def _key(mark: str, name: str, chosen: Chosen) -> str:
    return f"list-{mark}-{name}-" + hashlib.sha256(repr(tuple(chosen)).encode()).hexdigest()[:16]
