from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools.models import CentreShare, Project
from schools.scope import scope_of


class TimeEntry(models.Model):
    """Hours of the joint worker in a week, by activity (I29). After the year they stay, without whose they were."""

    class Activity(models.TextChoices):
        CONTACT = "CONTACT", _("contact with families")
        PREPARATION = "PREPARATION", _("preparation")
        COACHING = "COACHING", _("coaching of the team")
        ADMINISTRATION = "ADMINISTRATION", _("administration")
        TRAVEL = "TRAVEL", _("travel")

    project = models.ForeignKey("schools.Project", models.PROTECT, related_name="+", verbose_name=_("project"))
    user = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+", verbose_name=_("colleague"))
    week_of = models.DateField(_("week of"))
    activity = models.CharField(_("activity"), max_length=16, choices=Activity.choices)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1)

    class Meta:
        ordering = ["week_of"]
        constraints = [
            models.UniqueConstraint(fields=["project", "user", "week_of", "activity"], name="hours_once"),
            models.CheckConstraint(condition=Q(hours__gte=0), name="hours_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.week_of} {self.activity}"


class TimeCorrection(models.Model):
    """What an entry said before it was corrected. Insert-only; it goes with its entry."""

    entry = models.ForeignKey("reports.TimeEntry", models.CASCADE, related_name="corrections")
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    corrected_at = models.DateTimeField()

    class Meta:
        ordering = ["corrected_at", "pk"]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.hours}"


class BudgetLineQuerySet(models.QuerySet["BudgetLine"]):
    def visible_to(self, user: object) -> BudgetLineQuerySet:
        """Of projects whose budget the user keeps or which the user coordinates."""
        coordinated = Q(project_id__in=scope_of(user).coordinated_projects)
        return self.filter(coordinated | Q(project_id__in=projects_kept_by(user).values("pk")))

    def editable_by(self, user: object) -> BudgetLineQuerySet:
        """The joint worker and the directors of the centres that carry the project."""
        return self.filter(project_id__in=projects_kept_by(user).values("pk"))


def projects_kept_by(user: object) -> models.QuerySet[Project]:
    """Projects whose money the user books: of the joint worker, and of the directors of the centres that carry them."""
    scope = scope_of(user)
    carried = CentreShare.objects.filter(centre_id__in=scope.directed_centres).values("project_id")
    return Project.objects.filter(Q(pk__in=scope.joint_projects) | Q(pk__in=carried))


class BudgetLine(models.Model):
    """A line of the grant, in euros. What was spent are its bookings; what it said before are its changes."""

    project = models.ForeignKey("schools.Project", models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    granted = models.DecimalField(_("granted"), max_digits=10, decimal_places=2)
    position = models.PositiveSmallIntegerField(default=0)

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=Q(granted__gte=0), name="granted_positive")]

    def __str__(self) -> str:
        return self.name


class BudgetChange(models.Model):
    """What a line said before it was changed, who changed it and why. Insert-only."""

    line = models.ForeignKey("reports.BudgetLine", models.PROTECT, related_name="changes")
    name = models.CharField(max_length=80)
    granted = models.DecimalField(max_digits=10, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=120)
    changed_at = models.DateTimeField(_("changed at"))
    changed_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+", verbose_name=_("changed by"))

    class Meta:
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.granted}"


class BudgetBooking(models.Model):
    """Money spent of a line on a day. Insert-only: a mistake is put right by a booking that reverses it.

    ``client_id`` keeps a form that is sent twice from being booked twice.
    """

    line = models.ForeignKey("reports.BudgetLine", models.PROTECT, related_name="bookings")
    booked_on = models.DateField(_("spent on"))
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    what = models.CharField(_("for what"), max_length=120, blank=True)
    proof = models.CharField(_("number of the proof"), max_length=40, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    client_id = models.UUIDField(null=True, unique=True)
    booked_at = models.DateTimeField(_("booked at"))
    booked_by = models.ForeignKey(
        "schools.User", models.PROTECT, null=True, related_name="+", verbose_name=_("booked by")
    )

    class Meta:
        ordering = ["-booked_on", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="booking_of_something")]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount}"


class OnceJob(models.Model):
    """A job that must happen once for a period, whatever number of beats asks for it."""

    name = models.CharField(max_length=60)
    period = models.CharField(max_length=40)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "period"], name="once_job_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.period}"
