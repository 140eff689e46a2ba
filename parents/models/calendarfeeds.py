"""Private links under which a calendar program fetches the own talks."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from schools.models import User

if TYPE_CHECKING:
    from parents.models.families import Guardian


def digest_of(secret: str) -> str:
    """What is kept of a link's secret, which is too long to be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def of(self, owner: User | Guardian) -> CalendarFeedQuerySet:
        """Those of a colleague or of a guardian."""
        return self.filter(user=owner) if isinstance(owner, User) else self.filter(guardian=owner)


class CalendarFeed(models.Model):
    """The link of one colleague or one guardian. Only a hash of its secret is kept: the link is shown once, and whoever
    reads the database cannot open it. It opens what its owner may see at that moment."""

    user = models.ForeignKey("schools.User", models.CASCADE, null=True, related_name="+")
    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, null=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, guardian__isnull=True) | Q(user__isnull=True, guardian__isnull=False),
                name="calendar_feed_has_one_owner",
            )
        ]

    def __str__(self) -> str:
        return f"calendar feed {self.pk}"

    @property
    def owner(self) -> User | Guardian:
        owner: User | Guardian | None = self.user or self.guardian
        assert owner is not None  # noqa: S101 - the database sees to it
        return owner
