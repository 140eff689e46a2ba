"""The schools for which somebody plans and keeps cards."""

from __future__ import annotations

from django.db.models import Q

from schools.models import Participation, School
from schools.scope import scope_of

#: Schools of one list.
SHOWN = 200


def planning_schools(user: object) -> list[School]:
    """Those in which the user works, and those that the joint worker accompanies."""
    scope = scope_of(user)
    joint = Participation.objects.current().filter(project_id__in=scope.joint_projects).exclude(role="COMPARISON")
    own = Q(pk__in=scope.schools | scope.class_schools)
    return list(School.objects.filter(own | Q(pk__in=joint.values("school_id"))).order_by("name")[:SHOWN])
