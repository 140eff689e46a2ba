from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportOutline(models.Model):
    """Which chapters a fund wants, in its order and under its titles. A fund without one gets those of the plan."""

    funder = models.CharField(_("fund"), max_length=120, unique=True)
    #: In order: ``{"plan": its number in the plan or null, "title": …, "text": opening text of an own one}``.
    chapters = models.JSONField()
    edition = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("chapters for a fund")
        ordering = ["funder"]

    def __str__(self) -> str:
        return self.funder
