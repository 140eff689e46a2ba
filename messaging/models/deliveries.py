"""The outbox rows. ``messaging.outbox`` is the only writer of their status."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from parents.models.families import Channel

__all__ = [
    "CallTask",
    "Channel",
    "Delivery",
    "DeliveryEvent",
    "DeliveryStatus",
    "Explanation",
    "Reason",
    "RecordedNotice",
    "TextKind",
]


class DeliveryStatus(models.TextChoices):
    QUEUED = "QUEUED", _("waiting")
    SENDING = "SENDING", _("being sent")
    SENT = "SENT", _("sent")
    DELIVERED = "DELIVERED", _("delivered")
    FAILED = "FAILED", _("failed")
    CANCELLED = "CANCELLED", _("cancelled")


class Reason(models.TextChoices):
    """Why a delivery ended, as data; the sentences stand in the templates."""

    BOUNCED = "BOUNCED", _("the address does not exist")
    UNKNOWN_NUMBER = "UNKNOWN_NUMBER", _("the number does not exist")
    REFUSED = "REFUSED", _("the provider refused it")
    GAVE_UP = "GAVE_UP", _("tried for too long")
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN", _("outcome unknown")
    UNUSABLE = "UNUSABLE", _("the text or address cannot be used")
    OPTED_OUT = "OPTED_OUT", _("the guardian does not want this")
    RETURNED = "RETURNED", _("the letter came back")
    WITHDRAWN = "WITHDRAWN", _("cancelled by the sender")
    ADDRESS_ENDED = "ADDRESS_ENDED", _("the address or number turned out not to exist")
    REACHED = "REACHED", _("no longer needed: the family was reached")
    OVER = "OVER", _("no longer needed: the day that it told of is over")


class TextKind(models.TextChoices):
    """What kind of text somebody got. FALLBACK: the Dutch, because the own language had no text that might be sent."""

    MASTER = "MASTER", _("Dutch, the language of this parent")
    FALLBACK = "FALLBACK", _("Dutch, for want of a translation")
    TEMPLATE = "TEMPLATE", _("ready text of the library")
    PERSON = "PERSON", _("translation by a colleague")
    TRANSLATOR = "TRANSLATOR", _("translation by a translator")
    MACHINE = "MACHINE", _("machine translation")


class Delivery(models.Model):
    """One notice to one guardian by one channel, in one round; a resend is the next round (rulings 2).

    ``due_at`` is the database clock's time at which the row may be claimed; while SENDING it is the end of the lease.
    ``opened_at``, ``listened_at`` and ``understood_at`` are a person's own acts, or what a person said on the phone: an
    opened mail is never counted. Who listened has opened it.
    ``turn_at`` orders what is due, so that a large notice does not keep the others waiting (outbox.planning).
    ``digest_of`` is the first delivery of the mail that brings several: they leave and end together.
    """

    # Without indexes of their own: ``delivery_once`` and ``delivery_of_guardian`` begin with them, and each index is
    # written three times for a mail that is sent.
    notice = models.ForeignKey("messaging.Notice", models.PROTECT, related_name="deliveries", db_index=False)
    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=6, choices=Channel.choices)
    round = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=10)
    text_kind = models.CharField(max_length=10, choices=TextKind.choices, blank=True, default="", db_default="")
    contact_point = models.ForeignKey("parents.ContactPoint", models.SET_NULL, null=True, related_name="+")
    address = models.CharField(max_length=254, blank=True)
    status = models.CharField(max_length=9, choices=DeliveryStatus.choices, default=DeliveryStatus.QUEUED)
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True)
    is_urgent = models.BooleanField(default=False)
    is_reminder = models.BooleanField(default=False, db_default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    turn_at = models.DateTimeField(db_default=Now())
    first_tried_at = models.DateTimeField(null=True)
    in_digest = models.BooleanField(db_default=False)
    digest_of = models.BigIntegerField(null=True)
    claim_token = models.UUIDField(null=True)
    provider_ref = models.CharField(max_length=120, blank=True)
    token_version = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    listened_at = models.DateTimeField(null=True)
    not_understood_at = models.DateTimeField(null=True)
    understood_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("delivery")
        constraints = [
            models.UniqueConstraint(fields=["notice", "guardian", "channel", "round"], name="delivery_once"),
            models.CheckConstraint(condition=Q(status__in=DeliveryStatus.values), name="delivery_status_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="delivery_channel_known"),
            models.CheckConstraint(
                condition=~Q(status__in=["QUEUED", "SENDING"]) | Q(due_at__isnull=False), name="delivery_open_has_due"
            ),
            models.CheckConstraint(condition=~Q(status="FAILED") | ~Q(reason=""), name="delivery_failed_has_reason"),
        ]
        indexes = [
            models.Index(
                fields=["-is_urgent", "turn_at"],
                condition=Q(status__in=["QUEUED", "SENDING"], channel__in=["EMAIL", "SMS"]),
                name="delivery_turn",
            ),
            models.Index(fields=["due_at"], condition=Q(status="SENDING"), name="delivery_lease"),
            models.Index(fields=["digest_of"], condition=Q(digest_of__isnull=False), name="delivery_digest"),
            models.Index(fields=["notice"], condition=Q(reason="OUTCOME_UNKNOWN"), name="delivery_unknown"),
            models.Index(
                fields=["notice", "guardian"],
                condition=Q(status="FAILED") | Q(status="CANCELLED", reason="ADDRESS_ENDED"),
                name="delivery_in_vain",
            ),
            models.Index(fields=["guardian", "-created_at"], name="delivery_of_guardian"),
            models.Index(fields=["provider_ref"], condition=~Q(provider_ref=""), name="delivery_by_ref"),
        ]

    def __str__(self) -> str:
        return f"Delivery {self.pk}"


class DeliveryEvent(models.Model):
    """History of a delivery, insert-only; never the source of truth."""

    delivery = models.ForeignKey("messaging.Delivery", models.CASCADE, related_name="events")
    at = models.DateTimeField()
    status = models.CharField(max_length=12)
    reason = models.CharField(max_length=16, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["at"], condition=Q(status="FAILED"), name="delivery_event_failed")]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.status}"


class CallTask(models.Model):
    """The last rung: a delivery by voice, done as a follow-up of a named person."""

    delivery = models.OneToOneField("messaging.Delivery", models.CASCADE, related_name="call_task")
    follow_up = models.OneToOneField("parents.FollowUp", models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"Call {self.pk}"


class Explanation(models.Model):
    """Somebody did not understand the notice of a delivery: what the sender's team does about it."""

    delivery = models.ForeignKey("messaging.Delivery", models.CASCADE, related_name="explanations")
    follow_up = models.OneToOneField("parents.FollowUp", models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"Explanation {self.pk}"


class RecordedNotice(models.Model):
    """What the demo's drivers would have sent: the outbox page shows it. Empty outside a demo."""

    channel = models.CharField(max_length=6, choices=Channel.choices)
    delivery = models.ForeignKey("messaging.Delivery", models.CASCADE, null=True, related_name="+")
    sender = models.CharField(max_length=254, blank=True)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.channel} {self.recipient}"
