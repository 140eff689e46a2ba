from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MethodStatus(models.TextChoices):
    TRIED = "TRIED", _("tried")
    PROVEN = "PROVEN", _("proven")
    # What a school says of its own use is another word in French.
    EMBEDDED = "EMBEDDED", pgettext_lazy("of a card", "embedded")


class Method(models.Model):
    """A way of working with parents (werkvorm) and its card in the draaiboek.

    ``title`` and ``aim`` are translated columns, ``card`` the rest of the card per language: lists of steps,
    conditions, pitfalls and so on, with the keys of ``schools/content/methods.json``. ``conference`` holds the settings
    with which the card begins a round of meetings, named as in its form; empty for a card about something else.
    ``author_status`` is how far a card that came from another portal was at its author; empty for those of the house.
    """

    slug = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=20)
    theme = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField(_("level on the pyramid of participation"))
    status = models.CharField(_("status"), max_length=10, choices=MethodStatus.choices, default=MethodStatus.TRIED)
    author_status = models.CharField(max_length=10, choices=MethodStatus.choices, blank=True)
    icon = models.CharField(max_length=40, default="sprout")
    title = models.CharField(_("title"), max_length=120)
    aim = models.CharField(_("aim"), max_length=250)
    card = models.JSONField(default=dict)
    preparation_min = models.PositiveSmallIntegerField(_("preparation, in minutes"))
    duration_min = models.PositiveSmallIntegerField(_("duration, in minutes"))
    cost_eur = models.PositiveSmallIntegerField(_("cost, in euros"), default=0)
    months = models.JSONField(default=list)
    class_levels = models.JSONField(default=list)
    related = models.ManyToManyField("self", symmetrical=False, related_name="+", blank=True)
    template_slugs = models.JSONField(default=list)
    conference = models.JSONField(default=dict)
    indicator_codes = models.JSONField(default=list)
    licence = models.CharField(max_length=40, default="CC-BY-4.0")

    class Meta:
        verbose_name = _("method")
        ordering = ["position", "slug"]
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="method_level_of_pyramid"),
            models.CheckConstraint(condition=Q(status__in=MethodStatus.values), name="method_status_known"),
            models.CheckConstraint(
                condition=Q(author_status__in=["", *MethodStatus.values]), name="method_author_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title
