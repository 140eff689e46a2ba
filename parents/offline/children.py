"""The children whom a colleague takes along to log talks without a network: first names only (rulings 9)."""

from __future__ import annotations

from collections import Counter
from typing import TypedDict

from django.db.models import Q

from parents.models import ContactMoment
from schools.models import Enrolment, Pupil, User
from schools.scope import scope_of

#: Children of one school, and a few more; at some 40 bytes each within the 30 kB of the quick log.
MOST_CHILDREN = 640
#: Talks of the writer whose children come along too: those of a colleague without a class.
RECENT_TALKS = 60


class Child(TypedDict):
    """``name`` is the first name, with the first letter of the surname where two of a class share it."""

    id: int
    name: str
    room: str


def children_for(user: User) -> list[Child]:
    """Children of own classes and own schools, and those of whom the user wrote lately, by class and name. Three
    queries."""
    scope = scope_of(user)
    lately = ContactMoment.objects.filter(recorded_by=user).order_by("-recorded_at").values_list("pk", flat=True)
    theirs = ContactMoment.pupils.through.objects.filter(contactmoment_id__in=list(lately[:RECENT_TALKS]))
    places = (
        Enrolment.objects.current()
        .filter(
            Q(school_class_id__in=scope.classes)
            | Q(school_id__in=scope.schools)
            | Q(pupil_id__in=theirs.values("pupil_id")),
            pupil__in=Pupil.objects.visible_to(user),
        )
        .select_related("pupil", "school_class")
        .order_by("school_class__level", "school_class__name", "pupil__first_name", "pupil_id")
    )
    rows = list(places[:MOST_CHILDREN])
    doubled = Counter((place.school_class_id, place.pupil.first_name) for place in rows)
    return [
        Child(
            id=place.pupil_id,
            name=_short(place.pupil, is_doubled=doubled[place.school_class_id, place.pupil.first_name] > 1),
            room=place.school_class.name,
        )
        for place in rows
    ]


def _short(pupil: Pupil, *, is_doubled: bool) -> str:
    return f"{pupil.first_name} {pupil.last_name[:1]}." if is_doubled and pupil.last_name else pupil.first_name
