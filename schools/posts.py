"""Who holds a post today: the class teacher of a child, the liaison worker of a school.

For tasks that need an owner.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from schools import clock
from schools.models import Assignment, Enrolment, Participation, ParticipationRole, Role, School
from schools.models.periods import PeriodQuerySet, running_on

#: Who reads the talks of a school as a whole: its office does not.
_WHOLE_SCHOOL = (Role.HEAD, Role.CARE_COORDINATOR, Role.LIAISON)
_CLB = (Role.CLB, Role.CLB_DIRECTOR)


def class_teachers(pupils: Collection[int], school_id: int, *, rather: int | None = None) -> dict[int, int]:
    """The teacher (a user's id) of each of these pupils' classes at a school, ``rather`` this one where a class has
    several. A pupil whose class has no teacher today is left out."""
    places = Enrolment.objects.current().filter(school_id=school_id, pupil_id__in=pupils)
    classes = dict(places.order_by("-pk").values_list("pupil_id", "school_class_id"))
    posts = Assignment.objects.current().filter(
        role=Role.TEACHER, school_class_id__in=set(classes.values()), user__is_active=True
    )
    teachers: dict[int, int] = {}
    for school_class, user in posts.order_by("pk").values_list("school_class_id", "user_id"):
        if user == rather:
            teachers[school_class] = user
        teachers.setdefault(school_class, user)
    return {pupil: teachers[place] for pupil, place in classes.items() if place in teachers}


def owner_for(user_id: int | None, pupil_id: int, school: School) -> int | None:
    """Whose task something about a pupil is: this colleague's (a user's id), or, of one who does not work for the
    school, the teacher's of the class; None is nobody's, and every colleague of the child sees it."""
    return user_id if works_for(user_id, school) else class_teachers([pupil_id], school.pk).get(pupil_id)


def works_for(user_id: int | None, school: School, day: date | None = None) -> bool:
    """Whether a colleague has a post on that day (today) at a school, at its CLB or in its project."""
    here = Q(school=school) | Q(role__in=_CLB, clb_centre_id=school.clb_id) | accompanies(school.pk, day)
    posts = Assignment.objects.on(day or clock.today()).filter(here, user=user_id, user__is_active=True)
    return posts.exists()


def working_with(*, rooms: Any, school: Any, centre: Any) -> Q:
    """The condition on a post that its holder reads what is said with the families of these classes (ids): their
    teacher, and who reads that of the whole school."""
    return Q(role=Role.TEACHER, school_class_id__in=rooms) | reading_all(school=school, centre=centre)


def reading_all(*, school: Any, centre: Any) -> Q:
    """The condition on a post that its holder reads the talks of a school as a whole: there, at its CLB, as its joint
    worker."""
    at_school = Q(role__in=_WHOLE_SCHOOL, school_id=school)
    return at_school | Q(role__in=_CLB, clb_centre_id=centre) | accompanies(school)


def sees_child_no_more(owner: str) -> Q:
    """The condition on a row with ``pupil`` and ``school`` that whom its field ``owner`` names does not see the child
    any more: it is in another class, its class has another teacher, the colleague left."""
    # Two subqueries, each about the row alone: with "the rooms of this row's child" within another PostgreSQL kept
    # those of the row before.
    room = "school_class__assignments__"
    teaches = Enrolment.objects.current().filter(
        running_on(clock.today(), room),
        pupil_id=OuterRef("pupil_id"),
        school_id=OuterRef("school_id"),
        **{f"{room}role": Role.TEACHER, f"{room}user": OuterRef(owner), f"{room}user__is_active": True},
    )
    reads_all = Assignment.objects.current().filter(
        reading_all(school=OuterRef("school_id"), centre=OuterRef("school__clb_id")),
        user_id=OuterRef(owner),
        user__is_active=True,
    )
    return ~Q(Exists(teaches)) & ~Q(Exists(reads_all))


def liaison_of(school_id: int) -> int | None:
    """The liaison worker (a user's id) of a school, the longest there first."""
    posts = Assignment.objects.current().filter(role=Role.LIAISON, school_id=school_id, user__is_active=True)
    return posts.order_by("starts_on", "pk").values_list("user_id", flat=True).first()


def accompanies(school: Any, day: date | None = None) -> Q:
    """The condition on a post that it is a joint worker's, of a project in which the school takes part on that day
    (today). With a school with which one only compares nobody works."""
    return Q(role=Role.JOINT_CLB, project__participations__in=accompanied(day), project__participations__school=school)


def accompanied(day: date | None = None) -> PeriodQuerySet[Participation]:
    """Where joint workers work on that day (today)."""
    return Participation.objects.on(day or clock.today()).exclude(role=ParticipationRole.COMPARISON)
