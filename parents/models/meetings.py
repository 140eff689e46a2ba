from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parents.models.families import Family
from schools.models.places import SchoolQuerySet
from schools.scope import scope_of


class GatheringQuerySet(models.QuerySet["Gathering"]):
    def visible_to(self, user: object) -> GatheringQuerySet:
        scope = scope_of(user)
        return self.filter(
            Q(school_id__in=SchoolQuerySet.ids_visible(scope))
            | Q(school_id__in=scope.class_schools)
            | Q(partner_id__in=scope.partners)
        )


class Gathering(models.Model):
    """A group moment: coffee, information evening, reading in the library."""

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    partner = models.ForeignKey("schools.Partner", models.PROTECT, null=True, blank=True, related_name="+")
    method = models.ForeignKey("schools.Method", models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=20)
    title = models.CharField(_("title"), max_length=120)
    place = models.CharField(_("place"), max_length=120)
    starts_at = models.DateTimeField()
    counted_only = models.PositiveSmallIntegerField(_("people counted without names"), null=True, blank=True)

    objects = GatheringQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """A family at a gathering."""

    gathering = models.ForeignKey("parents.Gathering", models.CASCADE, related_name="attendances")
    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    contact_moment = models.ForeignKey("parents.ContactMoment", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gathering", "family"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.gathering} · {self.family_id}"
