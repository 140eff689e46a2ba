from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools.models import Participation, Project
from schools.scope import scope_of


class TargetQuerySet(models.QuerySet["Target"]):
    def visible_to(self, user: object) -> TargetQuerySet:
        """All of a project for those who work in, direct or coordinate it; a head reads the project's and the own
        school's."""
        led = scope_of(user).led_schools
        of_schools = Participation.objects.filter(school_id__in=led).values("project_id")
        return self.filter(
            Q(project_id__in=Project.objects.visible_to(user).values("pk"))
            | Q(Q(school__isnull=True) | Q(school_id__in=led), project_id__in=of_schools)
        )


class Target(models.Model):
    """What a project, or one of its schools, wants to reach for an indicator from a day on, in the indicator's unit.

    A row never changes: the next one of the same project, school and indicator replaces it. Without a ``value`` there
    is no target from that day on. Rows go only with their project.
    """

    project = models.ForeignKey("schools.Project", models.CASCADE, related_name="+")
    school = models.ForeignKey("schools.School", models.PROTECT, null=True, blank=True, related_name="+")
    indicator = models.CharField(max_length=4)
    value = models.DecimalField(_("target"), max_digits=6, decimal_places=1, null=True)
    objective = models.CharField(_("objective"), max_length=250, blank=True)
    reason = models.CharField(_("reason"), max_length=250, blank=True)
    holds_from = models.DateField(_("holds from"))
    set_at = models.DateTimeField(_("set at"), null=True)
    set_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+", verbose_name=_("set by"))

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "holds_from", "pk"]
        indexes = [models.Index(fields=["project", "indicator", "school"], name="target_of_project")]
        constraints = [
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(value__gte=0), name="target_positive")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.value}"


class TargetAgreement(models.Model):
    """That a school agreed with a target: its head confirmed it, or the worker noted it after a talk. Insert-only."""

    class Way(models.TextChoices):
        CONFIRMED = "CONFIRMED", _("confirmed by the head")
        TALK = "TALK", _("agreed in a talk")

    target = models.ForeignKey("reports.Target", models.CASCADE, related_name="agreements")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    way = models.CharField(max_length=9, choices=Way.choices)
    agreed_on = models.DateField(_("agreed on"))
    noted_at = models.DateTimeField(_("noted at"))
    noted_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+", verbose_name=_("noted by"))

    class Meta:
        ordering = ["school__name"]
        constraints = [
            models.UniqueConstraint(fields=["target", "school"], name="target_agreed_once"),
            models.CheckConstraint(condition=Q(way__in=["CONFIRMED", "TALK"]), name="target_agreement_way_known"),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.agreed_on}"
