from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class InboundOutcome(models.TextChoices):
    """What a text message that came in became."""

    STOPPED = "STOPPED", _("no more text messages about this")
    STARTED = "STARTED", _("text messages again")
    ASKED = "ASKED", _("a question")
    FOLLOW_UP = "FOLLOW_UP", _("something for the school to look at")
    KEPT = "KEPT", _("kept: nobody of ours uses that number")


class InboundText(models.Model):
    """A text message from a parent's phone. The gateway's number of it makes a repeat harmless; nothing is lost."""

    gateway_id = models.CharField(max_length=80, unique=True)
    number = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=InboundOutcome.choices, default=InboundOutcome.KEPT)
    thread = models.ForeignKey("messaging.Thread", models.SET_NULL, null=True, related_name="+")
    follow_up = models.ForeignKey("parents.FollowUp", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=InboundOutcome.values), name="inbound_outcome_known")
        ]

    def __str__(self) -> str:
        return f"Inbound {self.pk}"
