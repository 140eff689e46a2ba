from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parents.models import Family
from schools.models.places import SchoolQuerySet
from schools.models.pupils import PupilQuerySet
from schools.scope import scope_of


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, user: object) -> ThreadQuerySet:
        """Threads at schools seen as a whole, and about pupils of own classes."""
        scope = scope_of(user)
        return self.filter(
            Q(school_id__in=SchoolQuerySet.ids_visible(scope))
            | Q(school_id__in=scope.class_schools, pupil_id__in=PupilQuerySet.ids_visible(user))
        )

    def unanswered(self) -> ThreadQuerySet:
        return self.filter(first_reply_at__isnull=True, asked_by_family=True)


class Thread(models.Model):
    """A conversation between one guardian and the school. ``asked_on`` and ``first_reply_on`` are school-local days:
    response time counts school days between them (I13)."""

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, related_name="threads")
    pupil = models.ForeignKey("schools.Pupil", models.PROTECT, null=True, related_name="+")
    notice = models.ForeignKey("messaging.Notice", models.SET_NULL, null=True, related_name="+")
    asked_by_family = models.BooleanField(default=True)
    asked_at = models.DateTimeField()
    asked_on = models.DateField()
    first_reply_at = models.DateTimeField(null=True)
    first_reply_on = models.DateField(null=True)
    contact_moment = models.ForeignKey("parents.ContactMoment", models.SET_NULL, null=True, related_name="+")

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["school", "asked_on"], name="thread_of_school")]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_reply_at__isnull=True, first_reply_on__isnull=True)
                | Q(first_reply_at__isnull=False, first_reply_on__isnull=False),
                name="thread_reply_has_day",
            )
        ]

    def __str__(self) -> str:
        return f"Thread {self.pk}"


class ThreadPost(models.Model):
    """One contribution: by a guardian or by a member of staff, in the writer's own language."""

    thread = models.ForeignKey("messaging.Thread", models.CASCADE, related_name="posts")
    by_user = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    by_guardian = models.ForeignKey("parents.Guardian", models.CASCADE, null=True, related_name="+")
    language = models.CharField(max_length=10)
    text = models.TextField(max_length=2000)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by_user__isnull=False, by_guardian__isnull=True)
                | Q(by_user__isnull=True, by_guardian__isnull=False),
                name="post_has_one_writer",
            )
        ]

    def __str__(self) -> str:
        return f"Post {self.pk}"
