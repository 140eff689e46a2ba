"""Counts of contacts without people, written before retention takes the contacts away (domain 6.4)."""

from __future__ import annotations

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from parents.models import ContactMoment, ContactStatistics
from schools.models import Enrolment, Participation, Project
from schools.models.periods import running_on

_KEYS = ("school_id", "held_month", "kind", "status", "language_group", "level")


def contacts_of(project: Project) -> QuerySet[ContactMoment]:
    """Contacts of the schools that took part, on the days of the project."""
    schools = Participation.objects.filter(project=project).values("school_id")
    return ContactMoment.objects.filter(
        school_id__in=schools, held_on__gte=project.starts_on, held_on__lte=project.ends_on or project.year.ends_on
    )


def write_contact_statistics(project: Project) -> int:
    """One row for each school, month, kind, status, language group and level of the class that had contacts; a talk
    about siblings counts once, with the level of one of them. Safe to run twice."""
    about = ContactMoment.pupils.through.objects.filter(contactmoment_id=OuterRef(OuterRef("pk"))).values("pupil_id")
    level = Enrolment.objects.filter(
        running_on(OuterRef("held_on")), pupil_id__in=about, school_id=OuterRef("school_id")
    ).order_by("pk")
    found = (
        contacts_of(project)
        .filter(withdrawn_at__isnull=True)
        .annotate(level=Coalesce(Subquery(level.values("school_class__level")[:1]), Value("")))
        .order_by()
        .values(*_KEYS)
        .annotate(number=Count("pk"))
    )
    rows = [
        ContactStatistics(month=row.pop("held_month"), **row) for row in found.values(*_KEYS, "number").order_by(*_KEYS)
    ]
    ContactStatistics.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)
