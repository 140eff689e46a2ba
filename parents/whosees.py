"""Who may see a family today, and why: the same rules as ``visible_to``, read from the other side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from schools.models import Assignment, Enrolment, Participation, ParticipationRole, Pupil, Role

_WHOLE_SCHOOL = (Role.HEAD, Role.CARE_COORDINATOR, Role.LIAISON, Role.OFFICE)
_MOST = 300
_OF_CENTRE = (Role.CLB, Role.CLB_DIRECTOR)


@dataclass(frozen=True, slots=True)
class Viewer:
    """A post that opens a family's page, by which of the children, and what it opens."""

    post: Assignment
    children: list[Pupil]
    why: str


def viewers_of(pupils: Iterable[Pupil]) -> list[Viewer]:
    """Everybody whose post opens something of these children, who come with their running places (``pupil.running``).

    Two queries. Of a child that the asking colleague may not see, nothing is told: leave it out of ``pupils``.
    """
    places = [(pupil, place) for pupil in pupils for place in pupil.running]  # type: ignore[attr-defined]
    schools = {place.school_id for _pupil, place in places}
    projects: dict[int, set[int]] = {}
    taking_part = Participation.objects.current().filter(school__in=schools).exclude(role=ParticipationRole.COMPARISON)
    for project, school in taking_part.values_list("project_id", "school_id"):
        projects.setdefault(project, set()).add(school)
    posts = (
        Assignment.objects.current()
        .filter(user__is_active=True)
        .filter(
            Q(role=Role.TEACHER, school_class__in={place.school_class_id for _pupil, place in places})
            | Q(role__in=_WHOLE_SCHOOL, school__in=schools)
            | Q(role__in=_OF_CENTRE, clb_centre__in={place.school.clb_id for _pupil, place in places})
            | Q(role=Role.JOINT_CLB, project__in=projects)
        )
        .with_places()
        .order_by("user__full_name", "pk")[:_MOST]
    )
    found = []
    for post in posts:
        children = [pupil for pupil, place in places if _opens(post, place, projects)]
        if children:
            found.append(Viewer(post, children, _why(post)))
    return found


def _opens(post: Assignment, place: Enrolment, projects: dict[int, set[int]]) -> bool:
    if post.role == Role.TEACHER:
        return post.school_class_id == place.school_class_id
    if post.role in _WHOLE_SCHOOL:
        return post.school_id == place.school_id
    if post.role in _OF_CENTRE:
        return post.clb_centre_id == place.school.clb_id
    return place.school_id in projects.get(post.project_id or 0, ())


def _why(post: Assignment) -> str:
    if post.role == Role.TEACHER:
        return _("teaches the class")
    if post.role == Role.OFFICE:
        return _("keeps addresses and lists of the school; reads no talks")
    if post.role in _WHOLE_SCHOOL:
        return _("works for the whole school")
    if post.role in _OF_CENTRE:
        return _("the centre accompanies the school")
    return _("the school takes part in the project")
