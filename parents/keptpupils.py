"""The children whom a school's head and office keep: who is here, who is to come, who left lately. Reads only."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet

from schools import clock
from schools.access import get_editable_or_404
from schools.models import Assignment, Enrolment, Pupil, Role, School, SchoolClass, SchoolYear
from schools.scope import scope_of

LEFT_SHOWN = 20


def kept_or_404(user: object, pk: int) -> tuple[Pupil, Enrolment]:
    """The child and its last place at a school whose people the user keeps."""
    pupil: Pupil = get_editable_or_404(Pupil.objects, user, pk=pk)
    rows = Enrolment.objects.to_put_right().filter(pupil=pupil, school__in=scope_of(user).kept_schools)
    places = list(rows.select_related("school", "school_class__year").order_by("-starts_on", "-pk"))
    return pupil, next((place for place in places if not place.is_stopped), places[0])


def is_here(place: Enrolment) -> bool:
    """The child is at the school, or is to come."""
    return place.ends_on is None or place.ends_on >= clock.today()


def running_before(place: Enrolment) -> Enrolment | None:
    """Where the child is today, while ``place`` is still to begin; None for a child that is there, or nowhere yet."""
    if place.starts_on <= clock.today():
        return None
    rows = Enrolment.objects.current().filter(pupil_id=place.pupil_id, school_id=place.school_id)
    return rows.select_related("school_class").first()


def places_of(school: School, text: str = "", school_class: int | None = None) -> QuerySet[Enrolment]:
    """Places of children who are here or to come, by name; of one class, or of names with these words."""
    rows = Enrolment.objects.filter(_not_over(clock.today()), school=school, pupil__merged_into=None)
    if school_class:
        rows = rows.filter(school_class_id=school_class)
    for word in text.split()[:4]:
        rows = rows.filter(Q(pupil__first_name__icontains=word) | Q(pupil__last_name__icontains=word))
    return rows.select_related("pupil", "school_class").order_by(
        "pupil__last_name", "pupil__first_name", "pupil_id", "starts_on"
    )


def left_lately(school: School) -> QuerySet[Enrolment]:
    """The last places of children who left, while it can be taken back."""
    day = clock.today()
    here = Enrolment.objects.filter(_not_over(day), school=school).values("pupil_id")
    over = Enrolment.objects.to_put_right().filter(school=school, ends_on__lt=day, pupil__merged_into=None)
    return over.exclude(pupil_id__in=here).select_related("pupil", "school_class").order_by("-ends_on", "-pk")


def classes_of(school: School, year: SchoolYear) -> QuerySet[Any]:
    """The school's classes of a year with ``children`` (how many are in it today) and ``teaching`` (today's posts)."""
    day = clock.today()
    in_it = Q(enrolments__starts_on__lte=day) & (Q(enrolments__ends_on__isnull=True) | Q(enrolments__ends_on__gte=day))
    posts = Assignment.objects.current().filter(role=Role.TEACHER).select_related("user").order_by("pk")
    rows = SchoolClass.objects.filter(school=school, year=year) if year.pk else SchoolClass.objects.none()
    return (
        rows.annotate(children=Count("enrolments", filter=in_it))
        .prefetch_related(Prefetch("assignments", posts, to_attr="teaching"))
        .order_by("level", "name")
    )


def _not_over(day: date) -> Q:
    is_stopped = Q(starts_on__gt=day, ends_on=F("starts_on"))
    return Q(ends_on__isnull=True) | (Q(ends_on__gte=day) & ~is_stopped)
