from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from messaging.files.sounds import MAX_SECONDS, MAX_SOUND_BYTES, SoundKind
from schools.models.places import SchoolQuerySet
from schools.scope import scope_of

_KINDS = [kind.value for kind in SoundKind]


class RecordingQuerySet(models.QuerySet["Recording"]):
    def shelf_of(self, user: object) -> RecordingQuerySet:
        """The recordings of templates at the schools where the user works."""
        return self.filter(notice=None, school_id__in=SchoolQuerySet.ids_of_any_place(scope_of(user)))

    def removable_by(self, user: object) -> RecordingQuerySet:
        """A voice is somebody's: whoever recorded it, whoever sent it and those of the whole school take it away."""
        scope = scope_of(user)
        return self.filter(
            Q(made_by_id=scope.user_id) | Q(notice__author_id=scope.user_id) | Q(school_id__in=scope.schools),
            school_id__in=SchoolQuerySet.ids_of_any_place(scope),
        )


class Recording(models.Model):
    """A text read aloud in one language: of a notice, or of a template for all notices of a school that use it.

    ``is_general`` tells that a notice took it over from its template: it says nothing of day and place. ``source_hash``
    is that of the words that were read: others since mean that it must be heard again. ``speaker`` is who lent the
    voice, where that is not the account. Recordings of one voice share one ``file``.

    Once the notice is sent it is frozen, like its texts; it may still be taken away, for a voice is somebody's.
    """

    notice = models.ForeignKey("messaging.Notice", models.CASCADE, null=True, related_name="recordings")
    template = models.ForeignKey("messaging.NoticeTemplate", models.CASCADE, null=True, related_name="recordings")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=10)
    kind = models.CharField(max_length=4, choices=[(kind, kind) for kind in _KINDS])
    size = models.PositiveIntegerField(help_text="bytes")
    seconds = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=80)
    source_hash = models.CharField(max_length=64)
    is_general = models.BooleanField(default=False)
    speaker = models.CharField(_("whose voice"), max_length=60, blank=True)
    made_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    is_frozen = models.BooleanField(default=False)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("recording")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "language"], name="recording_of_notice_once"),
            models.UniqueConstraint(
                fields=["template", "school", "language"], condition=Q(notice=None), name="recording_of_template_once"
            ),
            models.CheckConstraint(
                condition=Q(notice__isnull=False) | Q(template__isnull=False), name="recording_is_of_something"
            ),
            models.CheckConstraint(condition=Q(kind__in=_KINDS), name="recording_kind_known"),
            models.CheckConstraint(condition=Q(size__gt=0, size__lte=MAX_SOUND_BYTES), name="recording_size_allowed"),
            models.CheckConstraint(
                condition=Q(seconds__gt=0, seconds__lte=MAX_SECONDS), name="recording_length_allowed"
            ),
        ]
        indexes = [models.Index(F("file"), name="recording_file")]

    def __str__(self) -> str:
        return f"{self.notice_id or self.template_id} · {self.language}"
