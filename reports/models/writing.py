from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from schools.scope import scope_of


class ChapterVersion(models.Model):
    """How a chapter read from one save to the next. Rows never change; the oldest go when there are many."""

    chapter = models.ForeignKey("reports.ReportChapter", models.CASCADE, related_name="versions")
    edition = models.PositiveIntegerField()
    text = models.TextField(_("text"), blank=True)
    #: Empty for the text with which the portal began the chapter.
    written_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-edition"]
        constraints = [models.UniqueConstraint(fields=["chapter", "edition"], name="chapter_version_once")]

    def __str__(self) -> str:
        return f"{self.chapter_id} {self.edition}"


class ChapterDraft(models.Model):
    """What somebody typed in one window and has not saved yet, written over ``edition`` of the chapter. Only who wrote
    it reads it. ``revision`` guards against two windows that write into one row."""

    chapter = models.ForeignKey("reports.ReportChapter", models.CASCADE, related_name="drafts")
    edition = models.PositiveIntegerField()
    text = models.TextField(_("text"), blank=True)
    revision = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey("schools.User", models.CASCADE, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at", "-pk"]
        indexes = [models.Index(fields=["chapter", "written_by"], name="chapter_draft_of")]

    def __str__(self) -> str:
        return f"{self.chapter_id} {self.pk}"

    @property
    def mark(self) -> str:
        """What a window sends along to name this row as it last knew it."""
        return f"{self.pk}.{self.revision}"


class DiaryNoteQuerySet(models.QuerySet["DiaryNote"]):
    def visible_to(self, user: object) -> DiaryNoteQuerySet:
        """The diary of the projects for which one is the joint worker; nobody else opens it."""
        return self.filter(project_id__in=scope_of(user).joint_projects)

    editable_by = visible_to


class DiaryNote(models.Model):
    """What the joint worker saw or heard on a day, to draw from when the evaluation is written. It names no family:
    what somebody said stands in it without who said it."""

    LONGEST = 2000

    project = models.ForeignKey("schools.Project", models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    text = models.TextField(_("note"), max_length=LONGEST)
    #: Number of the chapter in which it may be of use (``reports.chapters``); empty when that is open.
    chapter = models.PositiveSmallIntegerField(null=True)
    method = models.ForeignKey("schools.Method", models.PROTECT, null=True, related_name="+")
    school = models.ForeignKey("schools.School", models.PROTECT, null=True, related_name="+")
    written_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    #: The page that wrote it: a form that is sent twice writes one note.
    client_id = models.UUIDField(unique=True)

    objects = DiaryNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note in the diary")
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["project", "-day"], name="diary_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.pk}"
