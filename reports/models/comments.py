from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReportComment(models.Model):
    """What a director or the worker says about a chapter, and answers to it. Kept with the report, never part of its
    text: what is frozen and signed does not change with it. Nobody rewrites a comment; a thread is resolved or open."""

    LONGEST = 2000

    chapter = models.ForeignKey("reports.ReportChapter", models.CASCADE, related_name="comments")
    #: The comment with which the thread begins; empty for that one.
    answers = models.ForeignKey("self", models.CASCADE, null=True, related_name="thread")
    text = models.TextField(_("comment"), max_length=LONGEST)
    written_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    resolved_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("comment on a chapter")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False, answers__isnull=True),
                name="comment_resolved_as_a_thread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chapter_id} {self.pk}"
