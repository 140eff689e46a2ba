"""Rosters that a school brought in: the upload and how far it is, what was found, what it would do, its own mapping."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools.scope import scope_of


def _of_own_schools(user: object) -> Q:
    """The condition on rows of a school that the user may bring a roster in for (``access.schools_run_by``)."""
    scope = scope_of(user)
    return Q() if scope.is_administrator else Q(school__in=scope.run_schools)


class UploadState(models.TextChoices):
    UPLOADED = "UPLOADED", _("waits to be read")
    READING = "READING", _("being read")
    READY = "READY", _("ready to look at")
    REFUSED = "REFUSED", _("cannot be read")
    APPLYING = "APPLYING", _("being brought in")
    APPLIED = "APPLIED", _("brought in")
    STOPPED = "STOPPED", _("stopped")


class RosterUploadQuerySet(models.QuerySet["RosterUpload"]):
    def visible_to(self, user: object) -> RosterUploadQuerySet:
        """Uploads for the schools that the user runs; for who administers the portal all."""
        return self.filter(_of_own_schools(user))


class RosterUpload(models.Model):
    """One file with a school's classes, pupils and guardians.

    ``file`` names it in the private store and is empty once retention removed it; ``checksum`` (SHA-256) and
    ``counts`` stay. ``plan_key`` is the fingerprint of the plan that the preview shows: only that plan is applied.
    ``claim_token`` and ``claimed_until`` (the database's clock) say which process works at it. How far the work is
    stands in the cache: it must be seen while one transaction holds everything else.
    """

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("file"), max_length=120)
    preset = models.CharField(max_length=60, blank=True)
    mapping = models.JSONField(null=True)
    system = models.CharField(_("system"), max_length=40, blank=True)
    file = models.CharField(max_length=80, blank=True)
    size = models.PositiveBigIntegerField()
    checksum = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=UploadState.choices, default=UploadState.UPLOADED)
    #: Why it was refused or stopped, as a code of ``schools.roster.planwords``; "" when it was not.
    problem = models.CharField(max_length=40, blank=True)
    problem_values = models.JSONField(default=dict)
    claim_token = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    plan_key = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    findings_total = models.PositiveIntegerField(default=0)
    #: Pupils enrolled today, and how many of them the file lets leave.
    enrolled = models.PositiveIntegerField(default=0)
    leaving = models.PositiveIntegerField(default=0)
    leaving_confirmed = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")

    objects = RosterUploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("roster")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=UploadState.values), name="roster_upload_state_known"),
            models.CheckConstraint(
                condition=~Q(state="APPLIED") | Q(applied_at__isnull=False), name="roster_upload_applied_has_moment"
            ),
            models.CheckConstraint(
                condition=~Q(state="REFUSED") | ~Q(problem=""), name="roster_upload_refused_has_problem"
            ),
        ]
        indexes = [
            models.Index(fields=["school", "-id"], name="roster_upload_of_school"),
            models.Index(
                fields=["claimed_until"],
                condition=Q(state__in=["UPLOADED", "READING", "APPLYING"]),
                name="roster_upload_to_do",
            ),
        ]

    def __str__(self) -> str:
        return f"Roster {self.pk}"

    @property
    def has_errors(self) -> bool:
        return bool(self.counts.get("findings", {}).get("error"))

    @property
    def is_busy(self) -> bool:
        """A process works at it, or will within seconds."""
        return self.state in (UploadState.UPLOADED, UploadState.READING, UploadState.APPLYING)

    def count(self, kind: str, deed: str) -> int:
        """How many rows of a kind (class, pupil, guardian) meet a deed (create, change, end, leave)."""
        return int(self.counts.get(kind, {}).get(deed, 0))


class RosterFinding(models.Model):
    """Something to know about the file; only the first ones of each level are kept, ``counts`` has all."""

    upload = models.ForeignKey("schools.RosterUpload", models.CASCADE, related_name="findings")
    position = models.PositiveIntegerField()
    severity = models.CharField(max_length=8)
    code = models.CharField(max_length=60)
    file = models.CharField(max_length=120, blank=True)
    row = models.PositiveIntegerField(default=0)
    column = models.CharField(max_length=120, blank=True)
    values = models.JSONField(default=dict)

    class Meta:
        ordering = ["upload", "position"]
        constraints = [models.UniqueConstraint(fields=["upload", "position"], name="roster_finding_place_once")]

    def __str__(self) -> str:
        return f"{self.severity} {self.code}"


class RosterPage(models.Model):
    """One page of the preview, as it is read: people to whom the same happens, each with what changes."""

    upload = models.ForeignKey("schools.RosterUpload", models.CASCADE, related_name="pages")
    deed = models.CharField(max_length=6)
    number = models.PositiveIntegerField()
    lines = models.JSONField()

    class Meta:
        ordering = ["upload", "deed", "number"]
        constraints = [models.UniqueConstraint(fields=["upload", "deed", "number"], name="roster_page_once")]

    def __str__(self) -> str:
        return f"{self.deed} {self.number}"


class RosterPresetQuerySet(models.QuerySet["RosterPreset"]):
    def visible_to(self, user: object) -> RosterPresetQuerySet:
        """The mappings of the schools whose rosters the user brings in."""
        return self.filter(_of_own_schools(user))


class RosterPreset(models.Model):
    """How a school's own files are read: which column of its system is what."""

    school = models.ForeignKey("schools.School", models.CASCADE, related_name="+")
    system = models.CharField(_("system"), max_length=40)
    mapping = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")

    objects = RosterPresetQuerySet.as_manager()

    class Meta:
        ordering = ["system"]
        constraints = [models.UniqueConstraint(fields=["school", "system"], name="roster_preset_once")]

    def __str__(self) -> str:
        return self.system
