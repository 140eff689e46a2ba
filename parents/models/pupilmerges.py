"""One child that stood twice at a school, and what joining the two rows moved."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from parents.models.samefamily import UNDO_DAYS, undoable_since
from schools import clock
from schools.scope import scope_of


class PupilMergeQuerySet(models.QuerySet["PupilMerge"]):
    def standing(self) -> PupilMergeQuerySet:
        """Those that nobody undid."""
        return self.filter(undone_at__isnull=True)

    def visible_to(self, user: object) -> PupilMergeQuerySet:
        """Of the schools of which the user is head or office."""
        return self.filter(school_id__in=scope_of(user).kept_schools)

    def editable_by(self, user: object) -> PupilMergeQuerySet:
        """Those of them that can still be undone."""
        return self.visible_to(user).standing().filter(at__gte=undoable_since())


class PupilMerge(models.Model):
    """Everything of ``joined`` is now ``kept``'s. ``moved`` names by table and column the rows that moved, ``aside``
    holds those that said the same as a row of ``kept`` and ``made`` what came in their place, so that undoing finds
    them; ``numbers`` are source system and number of both as they were, ``guardians`` who answered for
    either. No name stands in it."""

    school = models.ForeignKey("schools.School", models.CASCADE, related_name="+")
    kept = models.ForeignKey("schools.Pupil", models.PROTECT, related_name="+")
    joined = models.ForeignKey("schools.Pupil", models.PROTECT, related_name="+")
    family_merge = models.ForeignKey("parents.FamilyMerge", models.SET_NULL, null=True, related_name="+")
    moved = models.JSONField(default=dict)
    aside = models.JSONField(default=list)
    made = models.JSONField(default=dict)
    numbers = models.JSONField(default=list)
    guardians = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")

    objects = PupilMergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("joined rows of a child")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("joined")), name="pupil_merge_of_two"),
            models.UniqueConstraint(
                fields=["joined"], condition=Q(undone_at__isnull=True), name="pupil_merge_joined_once"
            ),
        ]

    def __str__(self) -> str:
        return f"merge of pupils {self.pk}"

    @property
    def until(self) -> date:
        """The last day on which it can be undone."""
        return clock.local_date(self.at) + timedelta(days=UNDO_DAYS)
