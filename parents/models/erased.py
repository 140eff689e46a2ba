from __future__ import annotations

from django.db import models
from django.db.models import Q


class Erased(models.Model):
    """Somebody or something that was erased on request, as a keyed hash: enough to know it when it comes back from a
    backup or an import, too little to know who it was. The same lines stand in a file beside the database, for a
    restored database does not know what was erased after its backup (``parents.ledger``)."""

    class Kind(models.TextChoices):
        GUARDIAN = "GUARDIAN"
        PUPIL = "PUPIL"
        POINT = "POINT"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "digest"], name="erased_once"),
            models.CheckConstraint(condition=Q(kind__in=["GUARDIAN", "PUPIL", "POINT"]), name="erased_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
