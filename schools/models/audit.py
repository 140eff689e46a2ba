from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """Who did or read what, and through which assignment. Insert-only; never holds content of a note."""

    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    guardian_id = models.BigIntegerField(null=True)
    assignment = models.ForeignKey("schools.Assignment", models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=60)
    target_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("entry of the access log")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["target_kind", "target_id", "-at"], name="audit_of_target")]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_kind} {self.target_id}"
