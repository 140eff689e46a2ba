"""What guardians ask to have corrected about themselves; the school decides."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parents.models.reachable import PointKind


class RequestState(models.TextChoices):
    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"


class ContactRequest(models.Model):
    """A guardian's wish that the school uses another number or address, told to each school in a follow-up.

    ``is_proven``: whoever asked opened a code at a contact point of the guardian; without one the school has to speak
    with the guardian first. ``value`` is emptied with the decision: what was accepted is a contact point by then.
    """

    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, related_name="contact_requests")
    kind = models.CharField(max_length=5, choices=PointKind.choices)
    value = models.CharField(max_length=254, blank=True)
    replaces = models.ForeignKey("parents.ContactPoint", models.SET_NULL, null=True, blank=True, related_name="+")
    is_proven = models.BooleanField()
    state = models.CharField(max_length=8, choices=RequestState.choices, default=RequestState.OPEN)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PointKind.values), name="contact_request_kind_known"),
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="contact_request_state_known"),
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN, decided_at__isnull=True)
                | (~Q(state=RequestState.OPEN) & Q(decided_at__isnull=False, value="")),
                name="contact_request_forgotten_when_decided",
            ),
            models.UniqueConstraint(
                fields=["guardian", "value"],
                condition=Q(state=RequestState.OPEN),
                name="contact_request_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"contact request {self.pk}"
