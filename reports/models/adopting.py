"""What schools make of the cards of the draaiboek: the log of taking them up, adaptations, and questions about them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.models.planner import led_by, planned_by
from reports.models.playbook import MethodAdoption
from schools.models import Participation, Reminder
from schools.scope import scope_of


class AdoptionChange(models.Model):
    """One line of the log of a card at a school: from which day it was what, and why. Insert-only, names nobody."""

    adoption = models.ForeignKey("reports.MethodAdoption", models.CASCADE, related_name="changes")
    status = models.CharField(max_length=8, choices=MethodAdoption.Status.choices)
    since = models.DateField()
    why = models.CharField(max_length=250, blank=True)
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["-noted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=MethodAdoption.Status.values), name="adoption_change_status_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.adoption} {self.status}"


class AdaptationQuerySet(models.QuerySet["Adaptation"]):
    def visible_to(self, user: object) -> AdaptationQuerySet:
        """Those of one's own schools, and those that may be shared."""
        return self.filter(planned_by(user) | Q(state=Adaptation.State.SHARED))

    def editable_by(self, user: object) -> AdaptationQuerySet:
        """What waits for the joint worker of the school's project."""
        rows = Participation.objects.current().filter(project_id__in=scope_of(user).joint_projects)
        return self.filter(school_id__in=rows.values("school_id"), state=Adaptation.State.PROPOSED)


class Adaptation(models.Model):
    """How a school does a card otherwise. Other schools read it once the joint worker said yes; written anew it waits
    again."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("waits for the joint worker")
        SHARED = "SHARED", _("shared with other schools")
        DECLINED = "DECLINED", _("stays at this school")

    method = models.ForeignKey("schools.Method", models.PROTECT, related_name="+")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    words = models.TextField(_("how we do it"), max_length=1200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    answer = models.CharField(_("answer"), max_length=200, blank=True)
    written_at = models.DateTimeField(_("written at"))
    written_by = models.ForeignKey(
        "schools.User", models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        "schools.User", models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )

    objects = AdaptationQuerySet.as_manager()

    class Meta:
        verbose_name = _("adaptation of a card")
        ordering = ["method__position", "school__name"]
        constraints = [
            models.UniqueConstraint(fields=["method", "school"], name="adaptation_once"),
            models.CheckConstraint(
                condition=Q(state__in=["PROPOSED", "SHARED", "DECLINED"]), name="adaptation_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} · {self.school}"


def _answered_by(user: object) -> Q:
    """The condition that a question is for the user: the joint worker of the school's project, whatever part the school
    has in it, or the head where the card began."""
    scope = scope_of(user)
    origins = MethodAdoption.objects.filter(school_id__in=scope.led_schools, is_origin=True)
    joint = Participation.objects.current().filter(project_id__in=scope.joint_projects)
    return Q(school_id__in=joint.values("school_id")) | Q(method_id__in=origins.values("method_id"))


class CardQuestionQuerySet(models.QuerySet["CardQuestion"]):
    def visible_to(self, user: object) -> CardQuestionQuerySet:
        """Questions of one's own schools, those that one may answer, those about cards that began at one's own schools,
        and every answered one."""
        origins = MethodAdoption.objects.filter(led_by(user), is_origin=True)
        theirs = planned_by(user) | _answered_by(user)
        return self.filter(theirs | Q(method_id__in=origins.values("method_id")) | ~Q(answer=""))

    def editable_by(self, user: object) -> CardQuestionQuerySet:
        """Whom a question is for."""
        return self.filter(_answered_by(user))


class CardQuestion(models.Model):
    """A school asks the author of a card something; the answer is for every school.

    ``asked_told_at`` and ``answer_told_at`` say when the mail left that tells of it without its words.
    """

    method = models.ForeignKey("schools.Method", models.PROTECT, related_name="+")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    text = models.CharField(_("question"), max_length=500)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        "schools.User", models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_told_at = models.DateTimeField(null=True)
    answer = models.CharField(_("answer"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answered_by = models.ForeignKey(
        "schools.User", models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answer_told_at = models.DateTimeField(null=True)

    objects = CardQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about a card")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="card_question_answered_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.pk}"


class CardReminder(Reminder):
    """That one person was mailed about a question on a card, or about its answer."""

    question = models.ForeignKey("reports.CardQuestion", models.CASCADE, related_name="+")
    is_answer = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "person", "is_answer"], name="card_reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.is_answer}"


class CardVersion(models.Model):
    """What a card said from a day on, in all its languages. Insert-only."""

    method = models.ForeignKey("schools.Method", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    content = models.JSONField()
    checksum = models.CharField(max_length=64)

    class Meta:
        ordering = ["method", "-number"]
        constraints = [models.UniqueConstraint(fields=["method", "number"], name="card_version_once")]

    def __str__(self) -> str:
        return f"{self.method} {self.number}"
