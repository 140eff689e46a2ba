from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from schools.models.periods import Period, PeriodQuerySet
from schools.scope import scope_of


class ProjectQuerySet(PeriodQuerySet["Project"]):
    def visible_to(self, user: object) -> ProjectQuerySet:
        """Projects the user works in, directs as a CLB centre, or coordinates."""
        scope = scope_of(user)
        return self.filter(
            Q(pk__in=scope.joint_projects | scope.coordinated_projects)
            | Q(pk__in=CentreShare.objects.filter(centre_id__in=scope.centres).values("project_id"))
        )

    def years_before(self, projects: models.QuerySet[Project]) -> ProjectQuerySet:
        """Earlier years of those projects: the same name, and a centre that carries both."""
        later = projects.filter(name=OuterRef("name"), starts_on__gt=OuterRef("starts_on"))
        centres = CentreShare.objects.filter(project__in=projects.values("pk")).values("centre")
        carried = CentreShare.objects.filter(centre__in=centres).values("project")
        return self.filter(Exists(later), pk__in=carried)


class Project(Period):
    """A project year: pilot schools of several networks, centres that share a worker, a report that is due."""

    name = models.CharField(_("name"), max_length=120)
    year = models.ForeignKey("schools.SchoolYear", models.PROTECT, related_name="+")
    report_due_on = models.DateField(_("report due on"))
    funder = models.CharField(_("fund"), max_length=120, blank=True)
    grant_number = models.CharField(_("grant number"), max_length=40, blank=True)
    partners = models.ManyToManyField("schools.Partner", related_name="+", blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        ordering = ["-starts_on"]
        constraints = [
            Period.ordered_days("project_days_ordered"),
            models.UniqueConstraint(
                fields=["name", "year"],
                name="project_name_once_a_year",
                violation_error_message=_("This project is there already in that school year."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"


class CentreShare(models.Model):
    """The part, in percent, that one CLB centre carries of the joint worker's employment."""

    project = models.ForeignKey("schools.Project", models.CASCADE, related_name="shares")
    centre = models.ForeignKey("schools.CLBCentre", models.PROTECT, related_name="+")
    share = models.PositiveSmallIntegerField(_("share, in percent"))

    class Meta:
        ordering = ["centre__name"]
        constraints = [
            models.UniqueConstraint(fields=["project", "centre"], name="centre_share_once"),
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=100), name="centre_share_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.centre} {self.share} %"


class ParticipationRole(models.TextChoices):
    PILOT = "PILOT", _("pilot school")
    COMPARISON = "COMPARISON", _("comparison school")
    ADOPTER = "ADOPTER", _("adopting school")


class Participation(Period):
    project = models.ForeignKey("schools.Project", models.CASCADE, related_name="participations")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="participations")
    role = models.CharField(_("role"), max_length=10, choices=ParticipationRole.choices)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["school__name"]
        constraints = [
            models.UniqueConstraint(fields=["project", "school"], name="participation_once"),
            models.CheckConstraint(condition=Q(role__in=ParticipationRole.values), name="participation_role_known"),
            Period.ordered_days("participation_days_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.school} ({self.get_role_display()})"
