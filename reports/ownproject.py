"""The project whose agreements, hours and money a page is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest

from schools import clock
from schools.arriving import row_number
from schools.models import Participation, ParticipationRole, Project, School
from schools.scope import scope_of

#: More project years than this nobody chooses from.
SHOWN = 20


def projects_of(user: Any) -> list[Project]:
    """Those in which the user works, which the user's centre carries, which the user coordinates, and those in which
    the user's own school takes part; the newest first."""
    led = Participation.objects.filter(school_id__in=scope_of(user).led_schools).exclude(role="COMPARISON")
    rows = Project.objects.filter(
        Q(pk__in=Project.objects.visible_to(user).values("pk")) | Q(pk__in=led.values("project_id"))
    )
    return list(rows.select_related("year").order_by("-starts_on")[:SHOWN])


def chosen_project(request: HttpRequest, projects: Sequence[Project]) -> Project | None:
    """The one that the address names, else the newest that has begun, else the newest; somebody else's is not there."""
    wanted = request.GET.get("project", "")
    if wanted:
        number = row_number(wanted)
        for project in projects:
            if project.pk == number:
                return project
        raise Http404
    today = clock.today()
    return next((one for one in projects if one.starts_on <= today), projects[0] if projects else None)


def project_tabs(projects: Sequence[Project], project: Project | None) -> list[dict[str, Any]]:
    """The project years from which a page's reader chooses; none where there is one alone."""
    if len(projects) < 2:
        return []
    return [{"label": str(one), "url": f"?project={one.pk}", "current": one == project} for one in projects]


def schools_of(project: Project) -> list[School]:
    """The schools that take part in a project, but those compared with; one query."""
    rows = Participation.objects.filter(project=project).exclude(role=ParticipationRole.COMPARISON)
    return [row.school for row in rows.select_related("school").order_by("school__name")]


def day_within(project: Project) -> date:
    """Today, or the nearest day of the project."""
    return max(project.starts_on, min(clock.today(), project.ends_on or clock.today()))
