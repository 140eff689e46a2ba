"""How a notice comes to its translations: what a school allows, who is asked, what a machine is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools import clock
from schools.models import Network, Role, School
from schools.models.places import accompanied_by
from schools.scope import scope_of


class MachineUse(models.TextChoices):
    """Whether a machine translation may be sent to parents."""

    NEVER = "NEVER", _("is never sent")
    SEEN = "SEEN", _("is sent when the writer has read what it says, translated back into Dutch")
    REVIEWED = "REVIEWED", _("is sent when a native speaker has read it")


class TranslationPolicyQuerySet(models.QuerySet["TranslationPolicy"]):
    @staticmethod
    def schools_of(user: object) -> models.QuerySet[School, Any]:
        """Schools whose rules the user may set: the head's own, those of the CLB, an administrator's all."""
        scope = scope_of(user)
        if any(row.role == Role.ADMIN and row.school_id is None for row in scope.assignments):
            return School.objects.all()
        own = [row.school_id for row in scope.assignments if row.role in (Role.HEAD, Role.ADMIN) and row.school_id]
        return School.objects.filter(Q(pk__in=own) | accompanied_by(scope))

    @staticmethod
    def networks_of(user: object) -> list[str]:
        """Networks whose rules the user may set: an administrator of the whole portal."""
        rows = scope_of(user).assignments
        is_operator = any(row.role == Role.ADMIN and row.school_id is None for row in rows)
        return list(Network.values) if is_operator else []


class TranslationPolicy(models.Model):
    """The rules of one school, or of all schools of a network that have none; without a row the institution's hold
    (settings.TRANSLATION_NEEDS_REASON and TRANSLATION_MACHINE_USE)."""

    school = models.OneToOneField("schools.School", models.CASCADE, null=True, related_name="+")
    network = models.CharField(max_length=3, choices=Network.choices, blank=True)
    needs_reason = models.BooleanField(_("a translation needs its purpose"), default=True)
    machine = models.CharField(_("a machine translation"), max_length=8, choices=MachineUse.choices)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")

    objects = TranslationPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("rules for translations")
        constraints = [
            models.UniqueConstraint(fields=["network"], condition=~Q(network=""), name="translation_policy_once"),
            models.CheckConstraint(
                condition=Q(school__isnull=False, network="") | (Q(school__isnull=True) & ~Q(network="")),
                name="translation_policy_has_place",
            ),
            models.CheckConstraint(condition=Q(machine__in=MachineUse.values), name="translation_policy_machine_known"),
        ]

    def __str__(self) -> str:
        return f"{self.school_id or self.network}"


class RequestStatus(models.TextChoices):
    OPEN = "OPEN", _("asked")
    ACCEPTED = "ACCEPTED", _("being translated")
    DONE = "DONE", _("handed in")
    WITHDRAWN = "WITHDRAWN", _("taken back")


#: Somebody still has to do something.
RUNNING_REQUESTS = (RequestStatus.OPEN, RequestStatus.ACCEPTED)


class TranslationRequestQuerySet(models.QuerySet["TranslationRequest"]):
    def visible_to(self, user: object) -> TranslationRequestQuerySet:
        """Of a translator: what is asked of them and nobody else has taken, and the own work."""
        free = Q(status=RequestStatus.OPEN, translator__isnull=True)
        return self.asked_of(user).filter(free | Q(translator_id=scope_of(user).user_id))

    def asked_of(self, user: object) -> TranslationRequestQuerySet:
        """Of a translator: what is or was asked in the own languages, whoever took it, and the own work. Who works for
        some schools is asked by these, who has no place by all."""
        scope = scope_of(user)
        posts = [row for row in scope.assignments if row.role == Role.TRANSLATOR]
        if not posts:
            return self.none()
        asked = Q(translator_id=scope.user_id)
        for row in posts:
            here = Q(notice__school_id=row.school_id) if row.school_id else Q()
            asked |= Q(language__in=row.languages) & here
        return self.filter(asked)

    def running(self) -> TranslationRequestQuerySet:
        return self.filter(status__in=RUNNING_REQUESTS)


class TranslationRequest(models.Model):
    """A translator is asked for a notice in one language. ``source_hash`` is that of the Dutch they were shown;
    ``taken_at`` is when a sweep took it on to tell of it (``messaging.leases``)."""

    notice = models.ForeignKey("messaging.Notice", models.CASCADE, related_name="translation_requests")
    language = models.CharField(max_length=10)
    context = models.CharField(_("what the translator should know"), max_length=500, blank=True)
    due_on = models.DateField(_("wanted by"))
    status = models.CharField(max_length=9, choices=RequestStatus.choices, default=RequestStatus.OPEN)
    translator = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    handed_in_at = models.DateTimeField(null=True)
    invited_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    source_hash = models.CharField(max_length=64)

    objects = TranslationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a translation")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "language"],
                condition=Q(status__in=["OPEN", "ACCEPTED"]),
                name="translation_request_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=RequestStatus.values), name="translation_request_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["ACCEPTED", "DONE"]) | Q(translator__isnull=False),
                name="translation_request_has_translator",
            ),
        ]
        indexes = [
            models.Index(
                fields=["language", "due_on"], condition=Q(status__in=["OPEN", "ACCEPTED"]), name="request_running"
            )
        ]

    def __str__(self) -> str:
        return f"Request {self.pk}"

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING_REQUESTS

    def is_overdue(self, day: date | None = None) -> bool:
        return self.is_running and self.due_on < (day or clock.today())


class MachineState(models.TextChoices):
    QUEUED = "QUEUED", _("waits its turn")
    RUNNING = "RUNNING", _("being translated")
    DONE = "DONE", _("translated")
    FAILED = "FAILED", _("not translated")
    STOPPED = "STOPPED", _("stopped")


class MachineProblem(models.TextChoices):
    """Why a machine gave no translation; the sentences stand in ``messaging.machines.base``."""

    AWAY = "AWAY"
    REFUSES = "REFUSES"
    BUSY = "BUSY"
    UNKNOWN = "UNKNOWN"
    LOST = "LOST"
    EMPTY = "EMPTY"
    QUOTA = "QUOTA"
    OFF = "OFF"
    CHANGED = "CHANGED"
    GAVE_UP = "GAVE_UP"


class MachineJob(models.Model):
    """A machine is asked for a notice in one language, behind the page. A process owns it by its token until its lease
    ends, by the database's clock."""

    notice = models.ForeignKey("messaging.Notice", models.CASCADE, related_name="machine_jobs")
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=MachineState.choices, default=MachineState.QUEUED)
    problem = models.CharField(max_length=8, choices=MachineProblem.choices, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    claim_token = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("order for the translation machine")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "language"], name="machine_job_once"),
            models.CheckConstraint(condition=Q(state__in=MachineState.values), name="machine_job_state_known"),
            models.CheckConstraint(
                condition=Q(state="FAILED") & ~Q(problem="") | ~Q(state="FAILED") & Q(problem=""),
                name="machine_job_failed_has_problem",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(state__in=["QUEUED", "RUNNING"]), name="machine_job_open")
        ]

    def __str__(self) -> str:
        return f"Machine job {self.pk}"
