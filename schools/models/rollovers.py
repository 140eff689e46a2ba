from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Rollover(models.Model):
    """A school went into its next school year. ``record`` holds the numbers of the rows that came in and the last days
    of the rows that were ended, so that it can be taken back; never a name."""

    school = models.ForeignKey("schools.School", models.CASCADE, related_name="+")
    from_year = models.ForeignKey("schools.SchoolYear", models.PROTECT, related_name="+")
    to_year = models.ForeignKey("schools.SchoolYear", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("when"))
    made_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    record = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("change of school year")
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "to_year"], condition=Q(undone_at__isnull=True), name="rollover_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.to_year}"
