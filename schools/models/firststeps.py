from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FirstStep(models.Model):
    """A step of the first days of a portal that leaves no other row: that it began, what was looked at or tried, and
    that it is over."""

    class Name(models.TextChoices):
        BEGUN = "BEGUN", _("begun")
        HOLIDAYS = "HOLIDAYS", _("holidays")
        LANGUAGES = "LANGUAGES", _("languages")
        MAIL = "MAIL", _("mail")
        SMS = "SMS", _("text messages")
        OVER = "OVER", _("over")

    name = models.CharField(max_length=9, choices=Name.choices, unique=True)
    done_at = models.DateTimeField(_("when"))
    done_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+", verbose_name=_("who"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(name__in=["BEGUN", "HOLIDAYS", "LANGUAGES", "MAIL", "SMS", "OVER"]), name="first_step_known"
            )
        ]

    def __str__(self) -> str:
        return self.name
