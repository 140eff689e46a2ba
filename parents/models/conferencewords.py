"""What parents are told of a talk by itself: that it comes, and that somebody else cancelled or moved it."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from parents.models.conferences import SlotStatus


class ConferenceReminder(models.Model):
    """A parent is reminded of a talk, once for each time that was chosen (``sequence`` of the slot).

    ``taken_at`` is when a sweep took it on, ``told_at`` when the word left; what was taken and not told for a while is
    taken again.
    """

    slot = models.ForeignKey("parents.ConferenceSlot", models.CASCADE, related_name="reminders")
    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, related_name="+")
    sequence = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot", "guardian", "sequence"], name="conference_reminder_once")
        ]
        indexes = [models.Index(fields=["slot"], condition=Q(told_at__isnull=True), name="reminder_to_tell")]

    def __str__(self) -> str:
        return f"{self.slot_id} · {self.sequence}"


class ChangeKind(models.TextChoices):
    CANCELLED = "CANCELLED", _("cancelled by the school")
    GIVEN_BACK = "GIVEN_BACK", _("cancelled by the other parent")
    MOVED = "MOVED", _("moved")


class ConferenceChangeQuerySet(models.QuerySet["ConferenceChange"]):
    def standing(self, moment: datetime) -> ConferenceChangeQuerySet:
        """Those that still hold: nothing was decided since, and the talk that was or is to be is still to come."""
        booked = Q(slot__status=SlotStatus.BOOKED, slot__starts_at__gt=moment)
        gone = Q(slot__status=SlotStatus.OFFERED, was_at__gt=moment)
        return self.filter(Q(kind=ChangeKind.MOVED) & booked | ~Q(kind=ChangeKind.MOVED) & gone).filter(
            sequence=F("slot__sequence")
        )


class ConferenceChange(models.Model):
    """A parent is told that somebody else cancelled or moved a talk to which the parent would have come.

    It is written with the change (``sequence`` of the slot after it), so that each is told once; ``was_at`` is the
    time before. ``taken_at`` and ``told_at`` as for a reminder.
    """

    slot = models.ForeignKey("parents.ConferenceSlot", models.CASCADE, related_name="changes")
    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, related_name="+")
    sequence = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=ChangeKind.choices)
    was_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    objects = ConferenceChangeQuerySet.as_manager()

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["slot", "guardian", "sequence"], name="conference_change_once"),
            models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="conference_change_known"),
        ]
        indexes = [models.Index(fields=["slot"], condition=Q(told_at__isnull=True), name="change_to_tell")]

    def __str__(self) -> str:
        return f"{self.slot_id} · {self.sequence}"
