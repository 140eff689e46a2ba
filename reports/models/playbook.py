from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MethodAdoption(models.Model):
    """A school takes over a method of the draaiboek (I30)."""

    class Status(models.TextChoices):
        PLANNED = "PLANNED", _("planned")
        IN_USE = "IN_USE", _("in use")
        EMBEDDED = "EMBEDDED", _("embedded")
        STOPPED = "STOPPED", _("stopped")

    method = models.ForeignKey("schools.Method", models.PROTECT, related_name="+")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=Status.choices)
    since = models.DateField()
    is_origin = models.BooleanField(default=False)
    why_stopped = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["method", "school"]
        constraints = [
            models.UniqueConstraint(fields=["method", "school"], name="adoption_once"),
            models.CheckConstraint(
                condition=Q(status__in=["PLANNED", "IN_USE", "EMBEDDED", "STOPPED"]), name="adoption_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} · {self.school}"


class PlaybookEdition(models.Model):
    """An edition of the draaiboek: content and booklet frozen together. Insert-only."""

    number = models.PositiveSmallIntegerField(unique=True)
    frozen_at = models.DateTimeField()
    content = models.JSONField()
    booklet = models.BinaryField()
    checksum = models.CharField(max_length=64)
    licence = models.CharField(max_length=40, default="CC-BY-4.0")

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"Edition {self.number}"
