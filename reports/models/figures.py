from __future__ import annotations

from django.db import models

from schools.scope import scope_of


class FigureRunQuerySet(models.QuerySet["FigureRun"]):
    def visible_to(self, user: object) -> FigureRunQuerySet:
        """Runs of projects the user works in or coordinates."""
        scope = scope_of(user)
        return self.filter(project_id__in=scope.joint_projects | scope.coordinated_projects)


class FigureRun(models.Model):
    """One computation of one indicator, immutable (guarded by the database).

    ``result`` holds the protected cells as published: {"total": {"n", "N"}, "groups": […], "months": […]} with hidden
    cells as null and the reason beside them. ``checksum`` is the SHA-256 of the canonical result and parameters.
    """

    project = models.ForeignKey("schools.Project", models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=4)
    version = models.PositiveSmallIntegerField()
    breakdown = models.CharField(max_length=20, blank=True)
    period_from = models.DateField()
    period_to = models.DateField()
    as_of = models.DateTimeField()
    parameters = models.JSONField(default=dict)
    result = models.JSONField()
    checksum = models.CharField(max_length=64)
    computed_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")

    objects = FigureRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["project", "indicator", "-as_of"], name="figure_run_of_project")]

    def __str__(self) -> str:
        return f"{self.indicator} run {self.pk}"
