"""The staff's door: who may enter a page, and which row it may show.

Wrong role → 403. Somebody else's row → 404: the page does not tell that the row exists.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from schools.arriving import after_signing_in, row_number
from schools.models import Assignment, Role, School, User
from schools.posts import accompanies
from schools.pressedagain import note_press, where_it_led
from schools.scope import Scope, scope_of

View = Callable[..., HttpResponseBase]


class Past(Exception):
    """What somebody wants to do was done or overtaken meanwhile, in another window or by a second tap: ``to`` is the
    address that shows how it stands, and the exception's words say so."""

    def __init__(self, words: str, *, to: str) -> None:
        super().__init__(words)
        self.to = to


SCHOOL_TEAM = (Role.TEACHER, Role.HEAD, Role.CARE_COORDINATOR, Role.LIAISON)
WHOLE_SCHOOL = (Role.HEAD, Role.CARE_COORDINATOR, Role.LIAISON, Role.OFFICE)
CLB_STAFF = (Role.CLB, Role.JOINT_CLB, Role.CLB_DIRECTOR)
#: Everybody who works with families; the office knows addresses but reads no contact moments.
FAMILY_WORKERS = (*SCHOOL_TEAM, *CLB_STAFF)
#: Through which of several posts a colleague sees what a school has, the first of these; no other opens families, and a
#: partner's only who comes to its gatherings.
_NEAREST = {
    role: place
    for place, role in enumerate(
        (
            Role.TEACHER,
            Role.CARE_COORDINATOR,
            Role.HEAD,
            Role.LIAISON,
            Role.OFFICE,
            Role.CLB,
            Role.CLB_DIRECTOR,
            Role.JOINT_CLB,
            Role.PARTNER,
        )
    )
}


def staff_required(*roles: Role) -> Callable[[View], View]:
    """Opens a view to accounts with a running assignment in one of the roles (any role if none is named).

    The allowed roles stay readable on the view as ``view.staff_roles``: the access matrix is tested against them.
    """

    allowed = frozenset(roles or Role)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(after_signing_in(request))
            if not scope_of(request.user).roles & allowed:
                raise PermissionDenied
            try:
                answer = view(request, *args, **kwargs)
            except Past as past:
                messages.info(request, str(past))
                return redirect(past.to)
            except Http404:
                if there := where_it_led(request):
                    return redirect(there)
                raise
            note_press(request, answer)
            return answer

        guarded.staff_roles = allowed  # type: ignore[attr-defined]
        return guarded

    return decorate


def member_of_staff(request: HttpRequest) -> User:
    """The account behind a request that came through the staff's door."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def schools_run_by(user: object) -> models.QuerySet[School, Any]:
    """Schools whose own ways the user may set: head and office of the own school, an administrator without a place
    all of them."""
    scope = scope_of(user)
    return School.objects.all() if scope.is_administrator else School.objects.filter(pk__in=scope.run_schools)


def chosen_school(request: HttpRequest, schools: Sequence[School]) -> School | None:
    """The school that the address names, or the first; somebody else's is not there."""
    wanted = request.GET.get("school", "")
    if not wanted:
        return schools[0] if schools else None
    number = row_number(wanted)
    for school in schools:
        if school.pk == number:
            return school
    raise Http404


def get_visible_or_404(rows: Any, user: object, **lookup: Any) -> Any:
    """The one row of ``rows`` (a queryset or manager with ``visible_to``) that matches and that the user may see."""
    return get_object_or_404(rows.visible_to(user), **lookup)


def get_editable_or_404(rows: Any, user: object, **lookup: Any) -> Any:
    """The one row that matches and that the user may change."""
    return get_object_or_404(rows.editable_by(user), **lookup)


def assignment_for(user: object, *, school_id: int | None = None) -> Assignment | None:
    """The running assignment through which a user sees a school's rows: the most local one first, and of several beyond
    the schools the one that opens this school."""
    scope: Scope = scope_of(user)
    here = [row for row in scope.assignments if row.school_id in (None, school_id)]
    opens = [row for row in here if row.role in _NEAREST]
    beyond, elsewhere = {row.pk for row in opens if row.role in CLB_STAFF}, set[int]()
    if school_id is not None and len(opens) > 1 and not any(row.school_id for row in opens):
        elsewhere = beyond - _opening(beyond, school_id)
    ranked = sorted(opens, key=lambda row: (row.pk in elsewhere, _NEAREST[Role(row.role)])) or here
    return ranked[0] if ranked else None


def _opening(posts: set[int], school_id: int) -> set[int]:
    """Those of these posts at a centre or in a project that open a school."""
    centre = School.objects.filter(pk=school_id).values("clb_id")
    of_centre = Q(role__in=[Role.CLB, Role.CLB_DIRECTOR], clb_centre_id__in=centre)
    rows = Assignment.objects.filter(of_centre | accompanies(school_id), pk__in=posts)
    return set(rows.values_list("pk", flat=True))
