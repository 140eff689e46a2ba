"""A volunteer or translator is asked to read a text aloud in one of their languages."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from messaging.models.notices import NoticeStatus
from schools.models import Role
from schools.scope import scope_of


class VoiceRequestQuerySet(models.QuerySet["VoiceRequest"]):
    def visible_to(self, user: object) -> VoiceRequestQuerySet:
        """Of a translator: what waits of what is asked of them, while the notice is a draft; and what they read
        themselves."""
        return self.asked_of(user).filter(self._waiting() | Q(done_by_id=scope_of(user).user_id))

    def asked_of(self, user: object) -> VoiceRequestQuerySet:
        """Of a translator: what is or was asked in the own languages, for the schools they work for, whoever read it;
        and what they read themselves."""
        scope, asked = scope_of(user), Q()
        for row in scope.assignments:
            if row.role == Role.TRANSLATOR:
                here = Q(school_id=row.school_id) if row.school_id else Q()
                asked |= Q(language__in=row.languages) & here
        return self.filter(asked | Q(done_by_id=scope.user_id)) if asked else self.none()

    def waiting(self) -> VoiceRequestQuerySet:
        return self.filter(self._waiting())

    @staticmethod
    def _waiting() -> Q:
        return Q(done_at=None) & (Q(notice=None) | Q(notice__status=NoticeStatus.DRAFT))

    def editable_by(self, user: object) -> VoiceRequestQuerySet:
        """Who asked takes it back; so does whose draft it is by now, and of a template those of the whole school: who
        asked may have left."""
        scope = scope_of(user)
        of_template = Q(notice=None, school_id__in=scope.schools)
        return self.filter(Q(asked_by_id=scope.user_id) | Q(notice__author_id=scope.user_id) | of_template)


class VoiceRequest(models.Model):
    """Of a notice, or of a template for all notices of a school. ``recording`` is what came of it, until somebody takes
    the voice away; ``taken_at`` is when a sweep took it on to tell of it (``messaging.leases``)."""

    notice = models.ForeignKey("messaging.Notice", models.CASCADE, null=True, related_name="voice_requests")
    template = models.ForeignKey("messaging.NoticeTemplate", models.CASCADE, null=True, related_name="+")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=10)
    context = models.CharField(_("what the reader should know"), max_length=300, blank=True)
    asked_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    invited_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    recording = models.ForeignKey("messaging.Recording", models.SET_NULL, null=True, related_name="+")

    objects = VoiceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a voice")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(notice__isnull=False, template__isnull=True)
                | Q(notice__isnull=True, template__isnull=False),
                name="voice_request_is_of_one_text",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(done_by__isnull=False), name="voice_request_done_by_somebody"
            ),
            models.UniqueConstraint(
                fields=["notice", "language"], condition=Q(done_at=None), name="voice_of_notice_asked_once"
            ),
            models.UniqueConstraint(
                fields=["template", "school", "language"],
                condition=Q(done_at=None),
                name="voice_of_template_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Voice request {self.pk}"
