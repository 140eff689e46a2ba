"""Unusual reading of families' data, laid before whoever answers for the reader."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools.scope import scope_of


class Unusual(models.TextChoices):
    MANY = "MANY", _("many families in one hour")
    OUTSIDE = "OUTSIDE", _("a family outside the schools of the assignment")
    NIGHT = "NIGHT", _("at night")


class ReadingAlertQuerySet(models.QuerySet["ReadingAlert"]):
    def visible_to(self, user: object) -> ReadingAlertQuerySet:
        """Of the school one heads or the centre one directs; about those who do so themselves, the portal's
        administrator's."""
        scope = scope_of(user)
        theirs = Q(school_id__in=scope.led_schools) | Q(centre_id__in=scope.directed_centres)
        if scope.is_administrator:
            theirs |= Q(is_about_responsible=True)
        return self.filter(theirs)

    def editable_by(self, user: object) -> ReadingAlertQuerySet:
        """Those still to be acknowledged, never by whom they are about."""
        return self.visible_to(user).filter(seen_at__isnull=True).exclude(person_id=scope_of(user).user_id)


class ReadingAlert(models.Model):
    """One kind of unusual reading by one person on one day, at a school or a centre. Counts only, no family.

    ``number`` families were opened, ``usual`` is what the person usually opens in an hour (MANY only).
    """

    person = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    assignment = models.ForeignKey("schools.Assignment", models.SET_NULL, null=True, related_name="+")
    school = models.ForeignKey("schools.School", models.CASCADE, null=True, related_name="+")
    centre = models.ForeignKey("schools.CLBCentre", models.CASCADE, null=True, related_name="+")
    is_about_responsible = models.BooleanField(default=False)
    kind = models.CharField(max_length=7, choices=Unusual.choices)
    day = models.DateField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    number = models.PositiveIntegerField()
    usual = models.PositiveIntegerField(null=True)
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    finding = models.CharField(_("what you found"), max_length=200, blank=True)

    objects = ReadingAlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert of unusual reading")
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Unusual.values), name="reading_alert_kind_known"),
            models.CheckConstraint(
                condition=Q(school__isnull=False, centre__isnull=True) | Q(school__isnull=True, centre__isnull=False),
                name="reading_alert_has_one_place",
            ),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True, seen_by__isnull=True)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="reading_alert_seen_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "day", "school"],
                condition=Q(school__isnull=False),
                name="reading_alert_of_school_once",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "day", "centre"],
                condition=Q(centre__isnull=False),
                name="reading_alert_of_centre_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"
