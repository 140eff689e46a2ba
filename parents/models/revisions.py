from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from parents.models.contacts import ContactMoment
from parents.models.kinds import Visibility
from schools.scope import scope_of

#: What a writer may put right in a talk. Whom it was with and who may read it have ways of their own.
CORRECTED = (
    "kind",
    "outcome",
    "held_on",
    "purpose",
    "tone",
    "language_used",
    "interpreter_need",
    "interpreter_mode",
    "duration_min",
    "note",
    "agreement",
)


class ContactRevisionQuerySet(models.QuerySet["ContactRevision"]):
    def of(self, moment: ContactMoment, user: object) -> ContactRevisionQuerySet:
        """Those of a moment that the user, who may read the moment, may read."""
        rows = self.filter(contact_moment=moment)
        return rows if moment.centre_id in scope_of(user).note_centres else rows.exclude(visibility=Visibility.CLB)


class ContactRevision(models.Model):
    """What a contact moment said before it was put right: ``was`` holds the fields that changed, as they stood, and
    ``visibility`` who could read it then. A line of a CLB that was shared since keeps its earlier words at that CLB."""

    contact_moment = models.ForeignKey("parents.ContactMoment", models.CASCADE, related_name="revisions")
    at = models.DateTimeField()
    by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=12, choices=Visibility.choices)
    was = models.JSONField()

    objects = ContactRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("earlier version of a contact moment")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.contact_moment_id} {self.at}"

    def lines(self) -> list[tuple[str, str]]:
        """What it said, in words: the name of each field that changed and its value then, "" for nothing."""
        fields = ContactMoment._meta
        found = []
        for name in CORRECTED:
            if name not in self.was:
                continue
            field: Any = fields.get_field(name)
            value = self.was[name]
            words = str(dict(field.flatchoices).get(value, value or "")) if field.choices else str(value or "")
            if name == "held_on":
                words = date_format(date.fromisoformat(value))
            found.append((str(field.verbose_name), words))
        return found
