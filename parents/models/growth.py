"""What goes well with a child, as a teacher tells its parents."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from schools.models.places import SchoolQuerySet
from schools.models.pupils import PupilQuerySet
from schools.scope import scope_of

#: Phrases in one note.
MOST_PHRASES = 3


class GrowthNoteQuerySet(models.QuerySet["GrowthNote"]):
    def visible_to(self, user: object) -> GrowthNoteQuerySet:
        """Of schools seen as a whole, and of pupils of own classes."""
        scope = scope_of(user)
        return self.filter(
            Q(school_id__in=SchoolQuerySet.ids_visible(scope))
            | Q(school_id__in=scope.class_schools, pupil_id__in=PupilQuerySet.ids_visible(user))
        )

    def editable_by(self, user: object) -> GrowthNoteQuerySet:
        """Those one wrote oneself, and all of a school for its head."""
        scope = scope_of(user)
        return self.visible_to(user).filter(Q(written_by_id=scope.user_id) | Q(school_id__in=scope.led_schools))


class GrowthNote(models.Model):
    """A positive observation. ``phrases`` are codes of the vocabulary, which is in all languages; ``sentence`` is the
    teacher's own, in Dutch. The parents with a right to information read it; it is no contact moment, for nobody
    answers. ``client_id`` makes a second tap the same note."""

    client_id = models.UUIDField(unique=True)
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    pupil = models.ForeignKey("schools.Pupil", models.PROTECT, related_name="growth_notes")
    phrases = models.JSONField()
    sentence = models.CharField(max_length=200, blank=True)
    written_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects = GrowthNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["pupil", "-written_at"], name="growth_note_of_pupil")]

    def __str__(self) -> str:
        return f"growth note {self.pk}"
