from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from messaging.models.templates import AnswerScope, NoticeKind, TranslationReason
from schools.models import SchoolClass
from schools.models.places import SchoolQuerySet
from schools.scope import scope_of

SLOTS = ("what", "when", "where", "bring", "answer")


class NoticeStatus(models.TextChoices):
    DRAFT = "DRAFT", _("draft")
    PUBLISHING = "PUBLISHING", _("being sent")
    PUBLISHED = "PUBLISHED", _("sent")
    CANCELLED = "CANCELLED", _("cancelled")


class AudienceKind(models.TextChoices):
    CLASS = "CLASS", _("a class")
    SCHOOL = "SCHOOL", _("the whole school")
    PUPILS = "PUPILS", _("chosen pupils")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: object) -> NoticeQuerySet:
        """Own notices, those to own classes, and those of schools seen as a whole."""
        scope = scope_of(user)
        return self.filter(
            Q(author_id=scope.user_id, school_id__in=SchoolQuerySet.ids_of_any_place(scope))
            | Q(school_class_id__in=SchoolClass.objects.visible_to(user).values("pk"))
            | Q(school_id__in=SchoolQuerySet.ids_visible(scope))
            | Q(school_id__in=scope.class_schools, audience=AudienceKind.SCHOOL)
        ).exclude(~Q(author_id=scope.user_id), status=NoticeStatus.DRAFT)

    def editable_by(self, user: object) -> NoticeQuerySet:
        """Own drafts: a notice that was sent does not change any more."""
        scope = scope_of(user)
        return self.filter(
            author_id=scope.user_id,
            status=NoticeStatus.DRAFT,
            school_id__in=SchoolQuerySet.ids_of_any_place(scope),
        )

    def sent(self) -> NoticeQuerySet:
        return self.filter(status__in=[NoticeStatus.PUBLISHING, NoticeStatus.PUBLISHED])


class Notice(models.Model):
    """Something a school tells parents. Sent, it is immutable; a correction is a new notice that refers to it.

    ``answers`` is a list of {"key", "labels": {language: text}}, frozen from the template. ``values`` are the filled-in
    variables as typed: dates in ISO form, so that every language can write them its own way.
    """

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    author = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    template = models.ForeignKey("messaging.NoticeTemplate", models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=NoticeKind.choices)
    status = models.CharField(max_length=10, choices=NoticeStatus.choices, default=NoticeStatus.DRAFT)
    audience = models.CharField(_("to whom"), max_length=8, choices=AudienceKind.choices, default=AudienceKind.CLASS)
    school_class = models.ForeignKey("schools.SchoolClass", models.PROTECT, null=True, blank=True, related_name="+")
    translation_reason = models.CharField(max_length=20, choices=TranslationReason.choices)
    answer_scope = models.CharField(max_length=8, choices=AnswerScope.choices, default=AnswerScope.GUARDIAN)
    is_confidential = models.BooleanField(default=False)
    answers = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    planned_up_to = models.BigIntegerField(default=0, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="notice_kind_known"),
            models.CheckConstraint(condition=Q(status__in=NoticeStatus.values), name="notice_status_known"),
            models.CheckConstraint(
                condition=~Q(status__in=["PUBLISHING", "PUBLISHED"]) | Q(published_at__isnull=False),
                name="notice_published_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(audience="CLASS") | Q(school_class__isnull=False), name="notice_to_class_has_class"
            ),
        ]
        indexes = [models.Index(fields=["school", "-published_at"], name="notice_of_school")]

    def __str__(self) -> str:
        return f"Notice {self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.status == NoticeStatus.DRAFT

    def answer_label(self, key: str, language: str) -> str:
        """The words of an answer in a language; Dutch where that language has none."""
        for option in self.answers:
            if option["key"] == key:
                labels: dict[str, Any] = option["labels"]
                return str(labels.get(language) or labels.get("nl") or key)
        return key


class NoticePupil(models.Model):
    """A pupil the notice is about: the audience as it was when it was sent."""

    notice = models.ForeignKey("messaging.Notice", models.CASCADE, related_name="notice_pupils")
    pupil = models.ForeignKey("schools.Pupil", models.PROTECT, related_name="+")
    school_class = models.ForeignKey("schools.SchoolClass", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "pupil"], name="notice_pupil_once")]

    def __str__(self) -> str:
        return f"{self.notice_id} · {self.pupil_id}"


class TextState(models.TextChoices):
    MASTER = "MASTER", _("Dutch master")
    DRAFT = "DRAFT", _("translation, not reviewed by a native speaker")
    REVIEWED = "REVIEWED", _("reviewed by a native speaker")
    MACHINE = "MACHINE", _("machine translation")


class NoticeText(models.Model):
    """A notice in one language. ``source_hash`` is that of the Dutch it was made from: another hash means stale."""

    notice = models.ForeignKey("messaging.Notice", models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    title = models.CharField(_("title"), max_length=160)
    subject = models.CharField(_("neutral subject"), max_length=120)
    body = models.TextField(_("text"))
    sms = models.CharField(max_length=320)
    slots = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=TextState.choices)
    source_hash = models.CharField(max_length=64)
    author = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    reviewed_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "language"], name="notice_text_once"),
            models.CheckConstraint(condition=Q(state__in=TextState.values), name="notice_text_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} · {self.language}"
