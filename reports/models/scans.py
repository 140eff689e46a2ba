from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools.models import Participation
from schools.scope import scope_of


def schools_scanned_by(user: object) -> Q:
    """The condition that a school is one's own as its head, or takes part in a project of the joint worker."""
    scope = scope_of(user)
    joint = Participation.objects.current().filter(project_id__in=scope.joint_projects).exclude(role="COMPARISON")
    return Q(school_id__in=scope.led_schools) | Q(school_id__in=joint.values("school_id"))


class AccessScanQuerySet(models.QuerySet["AccessScan"]):
    def visible_to(self, user: object) -> AccessScanQuerySet:
        """Measurements of the head's own school, and of the schools of the joint worker's project."""
        return self.filter(schools_scanned_by(user))


class AccessScan(models.Model):
    """A school looks at how easy it makes it for parents, on one day (``reports.accessibility``).

    ``client_id`` keeps a form that is sent twice from being kept twice.
    """

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    measured_on = models.DateField(_("measured on"))
    client_id = models.UUIDField(unique=True)
    kept_at = models.DateTimeField(_("kept at"))
    kept_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+", verbose_name=_("kept by"))

    objects = AccessScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("accessibility scan")
        ordering = ["-measured_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["school", "measured_on"], name="scan_once_a_day")]

    def __str__(self) -> str:
        return f"{self.school} {self.measured_on}"


class ScanAnswer(models.Model):
    """What the school answers to one point of the checklist."""

    class Answer(models.TextChoices):
        YES = "YES", _("yes")
        PARTLY = "PARTLY", _("partly")
        NO = "NO", _("no")
        NOT_APPLICABLE = "NA", _("not applicable")

    scan = models.ForeignKey("reports.AccessScan", models.CASCADE, related_name="answers")
    point = models.CharField(max_length=12)
    answer = models.CharField(max_length=6, choices=Answer.choices)
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["scan", "point"], name="scan_point_once"),
            models.CheckConstraint(condition=Q(answer__in=["YES", "PARTLY", "NO", "NA"]), name="scan_answer_known"),
        ]

    def __str__(self) -> str:
        return f"{self.point} {self.answer}"


class ScanActionQuerySet(models.QuerySet["ScanAction"]):
    def visible_to(self, user: object) -> ScanActionQuerySet:
        """Actions of the same schools as their measurements."""
        return self.filter(schools_scanned_by(user))


class ScanAction(models.Model):
    """What a school will do about a point, who sees to it and by when."""

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    point = models.CharField(max_length=12)
    what = models.CharField(_("what we will do"), max_length=160)
    owner = models.ForeignKey(
        "schools.User", models.PROTECT, null=True, related_name="+", verbose_name=_("who sees to it")
    )
    due_on = models.DateField(_("by when"))
    done_on = models.DateField(_("done on"), null=True)
    planned_at = models.DateTimeField(_("planned at"))
    planned_by = models.ForeignKey(
        "schools.User", models.PROTECT, null=True, related_name="+", verbose_name=_("planned by")
    )

    objects = ScanActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.what
