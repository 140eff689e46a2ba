"""Who goes on next school year: what was decided about each post, and who was reminded to decide."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PostDecision(models.Model):
    """What becomes of a post in a school year. ``renewal`` is the post that follows it, from the first day of that
    year; ``last_day`` is the one the post had before, so that it can be taken back until then."""

    class Kind(models.TextChoices):
        KEPT = "KEPT", _("goes on as it is")
        CHANGED = "CHANGED", _("goes on, changed")
        ENDED = "ENDED", _("ends")

    post = models.ForeignKey("schools.Assignment", models.CASCADE, related_name="decisions")
    year = models.ForeignKey("schools.SchoolYear", models.PROTECT, related_name="+")
    kind = models.CharField(_("decision"), max_length=7, choices=Kind.choices)
    renewal = models.ForeignKey("schools.Assignment", models.CASCADE, null=True, related_name="+")
    last_day = models.DateField(null=True)
    decided_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+", verbose_name=_("who"))
    decided_at = models.DateTimeField(_("when"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["post", "year"], name="post_decision_once"),
            models.CheckConstraint(condition=Q(kind__in=["KEPT", "CHANGED", "ENDED"]), name="post_decision_known"),
            models.CheckConstraint(
                condition=Q(kind="ENDED", renewal=None) | ~Q(kind="ENDED") & Q(renewal__isnull=False),
                name="post_decision_renews_or_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.kind}"


class ReviewReminder(models.Model):
    """Somebody was reminded, once, that posts wait for a decision about a school year."""

    user = models.ForeignKey("schools.User", models.CASCADE, related_name="+")
    year = models.ForeignKey("schools.SchoolYear", models.CASCADE, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "year"], name="review_reminder_once")]

    def __str__(self) -> str:
        return f"reminder {self.pk}"
