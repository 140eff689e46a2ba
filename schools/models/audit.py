from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """Who did or read what, through which assignment, at which school. Insert-only; never holds content of a note."""

    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    guardian_id = models.BigIntegerField(null=True)
    assignment = models.ForeignKey("schools.Assignment", models.PROTECT, null=True, related_name="+")
    school_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=60)
    target_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("entry of the access log")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["target_kind", "target_id", "-at"], name="audit_of_target"),
            models.Index(fields=["verb", "-at"], name="audit_of_verb"),
            models.Index(fields=["actor", "verb", "-at"], name="audit_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_kind} {self.target_id}"


class AuditSubject(models.Model):
    """A child about whom something was read. With ``guardian_id`` it was one guardian's alone: the other one does not
    learn of it. Numbers instead of references: the log outlives the rows. Insert-only."""

    entry = models.ForeignKey("schools.AuditEntry", models.CASCADE, related_name="subjects")
    at = models.DateTimeField()
    pupil_id = models.BigIntegerField()
    guardian_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["pupil_id", "-at"], name="audit_of_pupil")]

    def __str__(self) -> str:
        return f"entry {self.entry_id}, pupil {self.pupil_id}"
