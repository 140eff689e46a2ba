from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from parents.models.contacts import ContactMoment
from parents.models.families import Guardian
from parents.models.kinds import Visibility
from schools.days import full_day
from schools.languagenames import name_of_language
from schools.scope import scope_of

#: What a writer may put right in a talk, beside whom it was with (GUARDIANS).
CORRECTED = (
    "kind",
    "outcome",
    "held_on",
    "purpose",
    "tone",
    "language_used",
    "interpreter_need",
    "interpreter_mode",
    "arrived",
    "partner",
    "duration_min",
    "note",
    "agreement",
    "visibility",
)
GUARDIANS = "guardians"


class ContactRevisionQuerySet(models.QuerySet["ContactRevision"]):
    def of(self, moment: ContactMoment, user: object) -> ContactRevisionQuerySet:
        """Those of a moment that the user may read: what a version could be read by then decides, not what the moment
        can be read by now."""
        then = ContactMoment.objects.filter(pk=moment.pk).visible_to(user, layer="revisions__visibility")
        rows = self.filter(contact_moment=moment, pk__in=then.values("revisions__pk"))
        return rows if moment.centre_id in scope_of(user).note_centres else rows.exclude(visibility=Visibility.CLB)


class ContactRevision(models.Model):
    """What a contact moment said before it was put right: ``was`` holds the fields that changed, as they stood, and
    ``visibility`` who could read it then. A line of a CLB that was shared since keeps its earlier words at that CLB.
    Guardians stand in ``was`` as numbers of their rows: a name that is erased is gone here too."""

    contact_moment = models.ForeignKey("parents.ContactMoment", models.CASCADE, related_name="revisions")
    at = models.DateTimeField()
    by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=12, choices=Visibility.choices)
    was = models.JSONField()

    objects = ContactRevisionQuerySet.as_manager()
    #: Names of the guardians in ``was``, where ``with_names`` looked them up; without, lines say nothing of people.
    names: Mapping[int, str] | None = None

    class Meta:
        verbose_name = _("earlier version of a contact moment")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.contact_moment_id} {self.at}"

    def lines(self) -> list[tuple[str, str]]:
        """What it said, in words: the name of each field that changed and its value then, "" for nothing."""
        fields = ContactMoment._meta
        found = []
        if GUARDIANS in self.was and self.names is not None:
            people = dict.fromkeys(self.names.get(pk, "") for pk in self.was[GUARDIANS])
            found.append((str(_("With")), ", ".join(name for name in people if name)))
        for name in CORRECTED:
            if name not in self.was:
                continue
            field: Any = fields.get_field(name)
            value = self.was[name]
            words = str(dict(field.flatchoices).get(value, value or "")) if field.choices else str(value or "")
            if name == "held_on":
                words = full_day(date.fromisoformat(value))
            elif name == "language_used" and value:
                words = name_of_language(value)
            label = _("who may read it") if name == "visibility" else field.verbose_name
            found.append((str(label), words))
        return found


def with_names(revisions: Iterable[ContactRevision]) -> list[ContactRevision]:
    """The revisions, each able to say who was there; a person who stood twice is named as the one row. One query."""
    rows = list(revisions)
    people = {pk for row in rows for pk in row.was.get(GUARDIANS, ())}
    found = Guardian.objects.filter(pk__in=people).select_related("merged_into") if people else ()
    names = {person.pk: (person.merged_into or person).full_name for person in found}
    for row in rows:
        row.names = names
    return rows
