"""Who holds a post today: the class teacher of a child, the liaison worker of a school.

For tasks that need an owner.
"""

from __future__ import annotations

from collections.abc import Collection

from schools.models import Assignment, Enrolment, Role


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


def liaison_of(school_id: int) -> int | None:
    """The liaison worker (a user's id) of a school, the longest there first."""
    posts = Assignment.objects.current().filter(role=Role.LIAISON, school_id=school_id, user__is_active=True)
    return posts.order_by("starts_on", "pk").values_list("user_id", flat=True).first()
