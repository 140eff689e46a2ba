"""Which child something is about: to tap, the recent ones first, elsewhere by search."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest

from schools.models import Enrolment, Pupil
from schools.scope import scope_of

CHILDREN_TO_TAP = 60
RECENT_TO_TAP = 6


def children_to_tap(
    request: HttpRequest, among: QuerySet[Pupil], *, address: str, recent: Iterable[int] = ()
) -> dict[str, Any]:
    """What the page needs on which a child is chosen; ``address`` takes ``?pupil=`` and is where one searches. Of
    ``recent``, the latest first, the first stand there who are still to be seen."""
    query = request.GET.get("q", "").strip()[:80]
    latest = list(dict.fromkeys(recent))
    pupils = Pupil.objects.visible_to(request.user).filter(pk__in=among.values("pk"))
    for word in query.split()[:4]:
        pupils = pupils.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
    return {
        "query": query,
        "recent": [] if query else _in_order(with_class(pupils.filter(pk__in=latest)), latest)[:RECENT_TO_TAP],
        "pupils": with_class(pupils)[:CHILDREN_TO_TAP],
        "search_here": address,
        "shows_school": scope_of(request.user).spans_schools,
    }


def _in_order(pupils: Iterable[Pupil], numbers: list[int]) -> list[Pupil]:
    return sorted(pupils, key=lambda pupil: numbers.index(pupil.pk))


def with_class(pupils: QuerySet[Pupil]) -> QuerySet[Pupil]:
    """With the class of each, for a list to tap."""
    running = Enrolment.objects.current().select_related("school_class", "school")
    return pupils.prefetch_related(Prefetch("enrolments", queryset=running, to_attr="running"))
