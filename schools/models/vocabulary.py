from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TermQuerySet(models.QuerySet["Term"]):
    def labels(self, group: str) -> dict[str, str]:
        """Code → label in the active language, in the group's order."""
        return {term.code: term.label for term in self.filter(group=group)}


class Term(models.Model):
    """A word of the field that parents and staff both see: a contact kind, an outcome, a growth phrase."""

    group = models.SlugField()
    code = models.CharField(max_length=40)
    label = models.CharField(_("label"), max_length=160)
    icon = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["group", "position"]
        constraints = [models.UniqueConstraint(fields=["group", "code"], name="term_once")]

    def __str__(self) -> str:
        return self.label
