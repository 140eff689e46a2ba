"""How a colleague comes in: invitations, and a second factor taken away by two people together."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from schools import clock


class StaffInvitationQuerySet(models.QuerySet["StaffInvitation"]):
    def open(self) -> StaffInvitationQuerySet:
        """Whose link still opens the door."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=clock.now())

    def to_mail(self) -> StaffInvitationQuerySet:
        """Open and not sent, the oldest first. An address that the mail server refused is tried again each hour: each
        minute for two weeks would make that server refuse the portal."""
        lately = clock.now() - timedelta(hours=1)
        waiting = self.open().filter(Q(refused_at=None) | Q(refused_at__lte=lately), sent_at=None)
        return waiting.order_by("made_at", "pk")


class StaffInvitation(models.Model):
    """A link by which a new colleague chooses a password, once. ``nonce`` is half of the link; the other half is the
    portal's key (``schools.invitations``), so that whoever reads this table cannot come in."""

    user = models.ForeignKey("schools.User", models.CASCADE, related_name="invitations")
    nonce = models.CharField(max_length=32)
    made_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+", verbose_name=_("who"))
    made_at = models.DateTimeField(_("when"))
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = StaffInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at=None, revoked_at=None), name="staff_invitation_once"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="staff_invitation_days_ordered"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.revoked_at is None and self.expires_at > clock.now()


class FactorResetQuerySet(models.QuerySet["FactorReset"]):
    def open(self) -> FactorResetQuerySet:
        """Asked, and neither confirmed nor withdrawn."""
        return self.filter(confirmed_at=None, withdrawn_at=None, expires_at__gt=clock.now())


class FactorReset(models.Model):
    """A colleague lost phone and recovery codes: one asks to take the second factor away, another confirms."""

    user = models.ForeignKey("schools.User", models.CASCADE, related_name="+")
    asked_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+", verbose_name=_("who"))
    asked_at = models.DateTimeField(_("when"))
    expires_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = FactorResetQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(confirmed_at=None, withdrawn_at=None), name="factor_reset_once"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")), name="factor_reset_by_two"
            ),
            models.CheckConstraint(condition=~Q(asked_by=F("user")), name="factor_reset_asked_by_another"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("user")), name="factor_reset_confirmed_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"factor reset {self.pk}"
