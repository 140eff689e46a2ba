from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from messaging.files.limits import FOR_PARENTS, MAX_BYTES, Kind


class Attachment(models.Model):
    """A file that goes with a notice. ``title`` says in Dutch what it is; ``language`` is that of the words in it, or
    empty when there are none. ``file`` is a random name in the private folder, ``sha256`` what stands in it.

    Once the notice is sent it is frozen, like its texts: the database refuses to change it.
    """

    notice = models.ForeignKey("messaging.Notice", models.CASCADE, related_name="attachments")
    title = models.CharField(_("title"), max_length=80)
    language = models.CharField(_("language of the file"), max_length=10, blank=True)
    kind = models.CharField(max_length=4, choices=[(kind.value, kind.value) for kind in Kind if kind in FOR_PARENTS])
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=80, unique=True)
    added_at = models.DateTimeField()
    is_frozen = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("attachment")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "sha256"], name="attachment_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind if kind in FOR_PARENTS]), name="attachment_kind_known"
            ),
            models.CheckConstraint(condition=Q(size__gt=0, size__lte=MAX_BYTES), name="attachment_size_allowed"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} · {self.pk}"
