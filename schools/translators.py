"""Who translates for which school, and who says into which languages."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from schools.models import Assignment, Role, School
from schools.models.places import accompanied_by
from schools.scope import Scope

#: Whoever knows the people of a school well enough to ask them.
_OF_A_SCHOOL = frozenset({Role.HEAD, Role.CARE_COORDINATOR})


def kept_by(scope: Scope) -> QuerySet[Assignment]:
    """Running posts of translators whose languages somebody may set: those for the own school of a head or care
    coordinator, for the schools that a CLB accompanies; an administrator's all."""
    posts = _posts()
    if scope.is_administrator:
        return posts
    own = [row.school_id for row in scope.assignments if row.role in {*_OF_A_SCHOOL, Role.ADMIN} and row.school_id]
    schools = School.objects.filter(Q(pk__in=own) | accompanied_by(scope))
    return posts.filter(school__in=schools.values("pk"))


def for_all_schools() -> QuerySet[Assignment]:
    """Running posts of those who translate for every school; an administrator sets their languages."""
    return _posts().filter(school=None)


def _posts() -> QuerySet[Assignment]:
    rows = Assignment.objects.current().filter(role=Role.TRANSLATOR, user__is_active=True)
    return rows.with_places().order_by("user__full_name", "pk")
