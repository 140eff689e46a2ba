"""Files of the cards: each content once, what a card carries now, what an edition took along."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from messaging.files.limits import Kind

#: Bytes of one file: it is printed or filled in, no film.
CARD_FILE_BYTES = 2 * 1024 * 1024
#: In which language a file can be; empty when there are no words in it.
FILE_LANGUAGES = ("nl", "fr", "en")


class KeptFile(models.Model):
    """The content of a file, once for the same bytes, opened and cleaned. Never changed; it goes when no card and no
    edition has it any more. ``code`` is the beginning of ``sha256``, by which everybody finds it."""

    code = models.CharField(max_length=16, unique=True)
    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=4, choices=[(kind.value, kind.value) for kind in Kind])
    size = models.PositiveIntegerField(help_text="bytes")
    content = models.BinaryField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in Kind]), name="kept_file_kind_known"),
            models.CheckConstraint(condition=Q(size__gt=0, size__lte=CARD_FILE_BYTES), name="kept_file_size_allowed"),
        ]

    def __str__(self) -> str:
        return self.code


class CardFile(models.Model):
    """A file that a method card carries. ``title`` says what it is, in the language of the file. ``brought_sha256`` is
    what it was in the package that brought it: cleaned here it may be other bytes, and is the same file."""

    method = models.ForeignKey("schools.Method", models.PROTECT, related_name="+")
    kept = models.ForeignKey("reports.KeptFile", models.PROTECT, related_name="cards")
    title = models.CharField(_("title"), max_length=80)
    language = models.CharField(_("language of the file"), max_length=2, blank=True)
    brought_sha256 = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(
        "schools.User", models.PROTECT, null=True, related_name="+", verbose_name=_("added by")
    )

    class Meta:
        verbose_name = _("file of a card")
        ordering = ["method", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["method", "kept"], name="card_file_once"),
            models.CheckConstraint(condition=Q(language__in=["", *FILE_LANGUAGES]), name="card_file_language_known"),
        ]

    def __str__(self) -> str:
        return f"{self.method_id} · {self.kept_id}"


class EditionFile(models.Model):
    """A file that an edition took along. Insert-only, and so its content stays. What it is called stands in the content
    of the edition, in the checksum of which its own is."""

    edition = models.ForeignKey("reports.PlaybookEdition", models.PROTECT, related_name="files")
    kept = models.ForeignKey("reports.KeptFile", models.PROTECT, related_name="editions")

    class Meta:
        ordering = ["edition", "pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "kept"], name="edition_file_once")]

    def __str__(self) -> str:
        return f"{self.edition_id} · {self.kept_id}"
