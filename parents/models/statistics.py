from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from parents.models.kinds import ContactKind, MomentStatus


class ContactStatistics(models.Model):
    """How many contacts of a month a school had, of which kind, without any person: it stays when the contacts go.

    Written once, before retention takes the contacts of a project year away (domain 6.4). Insert-only.
    """

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    month = models.DateField()
    kind = models.CharField(max_length=20, choices=ContactKind.choices)
    status = models.CharField(max_length=20, choices=MomentStatus.choices)
    language_group = models.CharField(max_length=8)
    level = models.CharField(max_length=2, blank=True)
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("contacts of a month")
        ordering = ["month", "school", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "month", "kind", "status", "language_group", "level"], name="contact_statistics_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.kind} {self.number}"
