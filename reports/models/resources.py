from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TimeEntry(models.Model):
    """Hours of the joint worker by activity (I29)."""

    class Activity(models.TextChoices):
        CONTACT = "CONTACT", _("contact with families")
        PREPARATION = "PREPARATION", _("preparation")
        COACHING = "COACHING", _("coaching of the team")
        ADMINISTRATION = "ADMINISTRATION", _("administration")
        TRAVEL = "TRAVEL", _("travel")

    project = models.ForeignKey("schools.Project", models.CASCADE, related_name="+")
    user = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    week_of = models.DateField()
    activity = models.CharField(max_length=16, choices=Activity.choices)
    hours = models.DecimalField(max_digits=5, decimal_places=1)

    class Meta:
        ordering = ["week_of"]
        constraints = [models.UniqueConstraint(fields=["project", "user", "week_of", "activity"], name="hours_once")]

    def __str__(self) -> str:
        return f"{self.week_of} {self.activity}"


class BudgetLine(models.Model):
    """A line of the grant: granted and spent, in euros."""

    project = models.ForeignKey("schools.Project", models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    granted = models.DecimalField(max_digits=10, decimal_places=2)
    spent = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class OnceJob(models.Model):
    """A job that must happen once for a period, whatever number of beats asks for it."""

    name = models.CharField(max_length=60)
    period = models.CharField(max_length=40)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "period"], name="once_job_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.period}"
