"""My week: the start page of everybody who works with families."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.silence import not_reached
from reports.waiting import waiting_for
from reports.week import week_of
from schools import clock
from schools.access import CLB_STAFF, FAMILY_WORKERS, staff_required
from schools.models import Role
from schools.newcomers import lists_of, nobody_yet
from schools.ownposts import ending_posts
from schools.scope import scope_of

WHOLE_LISTS = {*CLB_STAFF, Role.HEAD, Role.CARE_COORDINATOR, Role.LIAISON}


@staff_required(*FAMILY_WORKERS)
@require_safe
def my_week(request: HttpRequest) -> HttpResponse:
    """What asks for attention now: each thing a sentence with its button."""
    scope = scope_of(request.user)
    roles = scope.roles
    sees_whole = bool(roles & WHOLE_LISTS)
    week = week_of(request.user)  # type: ignore[arg-type]
    context = {
        "week": week,
        "nobody_yet": (week.lacks_classes or week.is_quiet) and nobody_yet(request.user),
        "lists_url": lists_of(request.user),
        "not_reached": len(not_reached(request.user)) if sees_whole and not week.is_summer else 0,
        "waiting": waiting_for(request.user),  # type: ignore[arg-type]
        "shows_school": scope.spans_schools,
        "may_go_on": bool(roles & {Role.HEAD}),
        "today": clock.today(),
        "ending": ending_posts(request.user),  # type: ignore[arg-type]
    }
    return render(request, "reports/my_week.html", context)
