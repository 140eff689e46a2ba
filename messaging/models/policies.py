from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from messaging.models.templates import NoticeKind
from schools.access import schools_run_by


class Caller(models.TextChoices):
    """Whose task a call becomes."""

    TEACHER = "TEACHER", _("the class teacher")
    LIAISON = "LIAISON", _("the liaison worker")
    AUTHOR = "AUTHOR", _("who sent the notice")


class LadderPolicyQuerySet(models.QuerySet["LadderPolicy"]):
    def editable_by(self, user: object) -> LadderPolicyQuerySet:
        """Ladders of schools whose ways the user may set."""
        return self.filter(school_id__in=schools_run_by(user).values("pk"))


class LadderPolicy(models.Model):
    """A school's own ladder for one kind of notice; without a row the institution's holds (settings.LADDER).

    ``rungs`` is a list of {"channel", "wait", "unit"} in their order, as ``messaging.policies`` reads and checks it.
    """

    school = models.ForeignKey("schools.School", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=NoticeKind.choices)
    rungs = models.JSONField(default=list)
    caller = models.CharField(max_length=8, choices=Caller.choices, default=Caller.TEACHER)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")

    objects = LadderPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("ladder")
        constraints = [
            models.UniqueConstraint(fields=["school", "kind"], name="ladder_policy_once"),
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="ladder_policy_kind_known"),
            models.CheckConstraint(condition=Q(caller__in=Caller.values), name="ladder_policy_caller_known"),
        ]

    def __str__(self) -> str:
        return f"{self.school_id} · {self.kind}"
