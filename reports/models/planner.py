"""The year planner: what the draaiboek advises from August to June, and what each school makes of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from schools import clock
from schools.models import Participation, Role
from schools.scope import scope_of


class PlannerStep(models.Model):
    """A step that the draaiboek advises. Content, as cards and templates are (``reports/content/planner.json``).

    ``cards`` are slugs of methods: a school gets the step when it adopted one of them, and always when there are none.
    ``page`` is the route of the page on which the step is done, ``lead`` the school days before it on which its owner
    hears of it. ``from_round`` are the school days from the first day of the parents' evenings on which a step hangs;
    None for all others. A step that the content dropped stays for the plans that have it.
    """

    class Moves(models.TextChoices):
        """Where a step goes whose day has no class. In August there is none, yet the team works."""

        NEXT = "NEXT", _("to the next school day")
        PREVIOUS = "PREVIOUS", _("to the school day before")
        WEEKDAY = "WEEKDAY", _("to the next weekday")

    key = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    month = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField()
    moves = models.CharField(max_length=8, choices=Moves.choices, default=Moves.NEXT)
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    cards = models.JSONField(default=list)
    template_slugs = models.JSONField(default=list)
    page = models.CharField(max_length=40, blank=True)
    lead = models.PositiveSmallIntegerField(default=5)
    from_round = models.SmallIntegerField(null=True)
    words = models.JSONField(default=dict)
    is_current = models.BooleanField(default=True)
    #: Where the step was brought from (``reports.planner.loading.BROUGHT``); empty when it comes with the portal.
    origin = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["position", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12) & ~Q(month=7), name="planner_step_august_to_june"
            ),
            models.CheckConstraint(condition=Q(day__gte=1, day__lte=31), name="planner_step_day_of_month"),
            models.CheckConstraint(condition=Q(moves__in=["NEXT", "PREVIOUS", "WEEKDAY"]), name="planner_step_moves"),
        ]

    def __str__(self) -> str:
        return self.key


def planned_by(user: object, prefix: str = "") -> Q:
    """The condition that a plan is of a school in which the user works, or of one that the joint worker accompanies."""
    scope = scope_of(user)
    joint = Participation.objects.current().filter(project_id__in=scope.joint_projects).exclude(role="COMPARISON")
    return Q(**{f"{prefix}school_id__in": scope.schools | scope.class_schools}) | Q(
        **{f"{prefix}school_id__in": joint.values("school_id")}
    )


def led_by(user: object, prefix: str = "") -> Q:
    """The condition that the user leads that school, or accompanies it as the joint worker."""
    scope = scope_of(user)
    joint = Participation.objects.current().filter(project_id__in=scope.joint_projects).exclude(role="COMPARISON")
    return Q(**{f"{prefix}school_id__in": scope.led_schools}) | Q(
        **{f"{prefix}school_id__in": joint.values("school_id")}
    )


class SchoolPlanQuerySet(models.QuerySet["SchoolPlan"]):
    def visible_to(self, user: object) -> SchoolPlanQuerySet:
        """Plans of the schools in which the user works, and of those of the joint worker's project."""
        return self.filter(planned_by(user))


class SchoolPlan(models.Model):
    """A school's plan of one school year, from August before it to June."""

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    year = models.ForeignKey("schools.SchoolYear", models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("started at"))
    started_by = models.ForeignKey(
        "schools.User", models.PROTECT, null=True, related_name="+", verbose_name=_("started by")
    )

    objects = SchoolPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("year planner")
        ordering = ["-year__starts_on", "school__name"]
        constraints = [models.UniqueConstraint(fields=["school", "year"], name="school_plan_once")]

    def __str__(self) -> str:
        return f"{self.school} {self.year}"


class PlannedStepQuerySet(models.QuerySet["PlannedStep"]):
    def visible_to(self, user: object) -> PlannedStepQuerySet:
        """Steps of the same schools as their plans."""
        return self.filter(planned_by(user, "plan__"))

    def editable_by(self, user: object) -> PlannedStepQuerySet:
        """Steps that the user may move, pass on or settle: every one of the own school for its head and of the joint
        worker's schools, else one's own and those that nobody has taken."""
        own = Q(owner_id=scope_of(user).user_id) | Q(owner__isnull=True)
        return self.visible_to(user).filter(own | led_by(user, "plan__"))

    def open(self) -> PlannedStepQuerySet:
        return self.filter(state=PlannedStep.State.OPEN)

    def to_remind(self) -> PlannedStepQuerySet:
        """Open steps of which their owner should hear today and has not yet; those long past are let be."""
        return self.open().filter(owner__isnull=False, reminded_at=None, remind_on__lte=clock.today())


class PlannedStep(models.Model):
    """One step in a school's plan: when, who, and what became of it."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("to do")
        DONE = "DONE", _("done")
        SKIPPED = "SKIPPED", _("left out")

    plan = models.ForeignKey("reports.SchoolPlan", models.CASCADE, related_name="steps")
    step = models.ForeignKey("reports.PlannerStep", models.PROTECT, related_name="+")
    due_on = models.DateField(_("on"))
    #: The day that the calendar gave it; another one was chosen by somebody.
    advised_on = models.DateField()
    remind_on = models.DateField()
    reminded_at = models.DateTimeField(_("reminded at"), null=True)
    owner = models.ForeignKey(
        "schools.User", models.PROTECT, null=True, related_name="+", verbose_name=_("who sees to it")
    )
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    settled_on = models.DateField(null=True)
    settled_by = models.ForeignKey(
        "schools.User", models.PROTECT, null=True, related_name="+", verbose_name=_("settled by")
    )

    objects = PlannedStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of the year planner")
        ordering = ["due_on", "step__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "step"], name="planned_step_once"),
            models.CheckConstraint(condition=Q(state__in=["OPEN", "DONE", "SKIPPED"]), name="planned_step_state_known"),
            models.CheckConstraint(
                condition=Q(state="OPEN", settled_on__isnull=True) | ~Q(state="OPEN") & Q(settled_on__isnull=False),
                name="planned_step_settled_on_a_day",
            ),
            models.CheckConstraint(condition=Q(remind_on__lte=F("due_on")), name="planned_step_reminded_before"),
        ]
        indexes = [
            models.Index(
                fields=["remind_on"], condition=Q(state="OPEN", reminded_at=None), name="planned_step_to_remind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.due_on}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN
