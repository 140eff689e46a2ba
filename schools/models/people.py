"""Who works where: accounts and the assignments that give them rows to see."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools import clock, languages
from schools.models.periods import Period, PeriodQuerySet


class Role(models.TextChoices):
    TEACHER = "TEACHER", _("teacher")
    HEAD = "HEAD", _("head of school")
    CARE_COORDINATOR = "CARE_COORDINATOR", _("care coordinator")
    LIAISON = "LIAISON", _("liaison worker")
    OFFICE = "OFFICE", _("school office")
    CLB = "CLB", _("CLB staff member")
    JOINT_CLB = "JOINT_CLB", _("joint CLB worker")
    CLB_DIRECTOR = "CLB_DIRECTOR", _("CLB director")
    COORDINATOR = "COORDINATOR", _("project coordinator of the city")
    PARTNER = "PARTNER", _("partner")
    TRANSLATOR = "TRANSLATOR", _("translator")
    ADMIN = "ADMIN", _("administrator")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An account; ``full_name`` is required. Without a password the account can only sign in by invitation."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """An account. What a person *is* stands in another row: an Assignment or a Guardian."""

    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language of the pages"), max_length=10, default=languages.MASTER)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    #: When a mail server last refused the address for good (``schools.colleaguemail``), until a mail leaves again.
    mail_refused_at = models.DateTimeField(null=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("account")

    def __str__(self) -> str:
        return self.full_name


class AssignmentQuerySet(PeriodQuerySet["Assignment"]):
    def with_places(self) -> AssignmentQuerySet:
        """With the places that a list of assignments shows."""
        return self.select_related("user", "school", "school_class", "clb_centre", "project", "partner")


class Assignment(Period):
    """A post: a role at a place for a period. An ended assignment sees nothing, with no extra code.

    ``share`` is the part of full-time employment in percent. The joint worker's post is one assignment to a project;
    which centres employ her, and for what part, stands in CentreShare.
    """

    user = models.ForeignKey("schools.User", models.CASCADE, related_name="assignments")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    school = models.ForeignKey("schools.School", models.PROTECT, null=True, blank=True, related_name="assignments")
    school_class = models.ForeignKey(
        "schools.SchoolClass", models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    clb_centre = models.ForeignKey("schools.CLBCentre", models.PROTECT, null=True, blank=True, related_name="+")
    project = models.ForeignKey("schools.Project", models.PROTECT, null=True, blank=True, related_name="assignments")
    partner = models.ForeignKey("schools.Partner", models.PROTECT, null=True, blank=True, related_name="+")
    share = models.PositiveSmallIntegerField(_("part of full-time, in percent"), default=100)
    works_on = models.CharField(_("working days"), max_length=20, blank=True, default="12345")
    #: A translator's languages, as their codes.
    languages = models.JSONField(_("languages"), default=list, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        ordering = ["-starts_on"]
        constraints = [
            Period.ordered_days("assignment_days_ordered"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="assignment_role_known"),
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=100), name="assignment_share_percent"),
            models.CheckConstraint(
                condition=~Q(role=Role.TEACHER) | Q(school_class__isnull=False, school__isnull=False),
                name="assignment_teacher_has_class",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.HEAD, Role.CARE_COORDINATOR, Role.LIAISON, Role.OFFICE])
                | Q(school__isnull=False),
                name="assignment_school_role_has_school",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.CLB, Role.CLB_DIRECTOR]) | Q(clb_centre__isnull=False),
                name="assignment_clb_role_has_centre",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.JOINT_CLB, Role.COORDINATOR]) | Q(project__isnull=False),
                name="assignment_project_role_has_project",
            ),
        ]
        indexes = [models.Index(fields=["user", "starts_on", "ends_on"], name="assignment_of_user")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.place}" if self.place else str(self.get_role_display())

    @property
    def place(self) -> str:
        """Where: class and school, school, centre, partner or project."""
        if self.school_class and self.school:
            return f"{self.school_class.name}, {self.school.name}"
        place = self.school or self.clb_centre or self.partner or self.project
        return place.name if place else ""

    @property
    def is_to_come(self) -> bool:
        """Whether its first day is still ahead."""
        return self.starts_on > clock.today()
