"""What the outbox's processes know of each other: the state of each way out, jobs done once, figures of each day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from messaging.models.deliveries import DeliveryStatus, Reason
from messaging.models.templates import NoticeKind
from parents.models.families import Channel


class ChannelState(models.Model):
    """Whether a channel answers, and until when its messages of the coming moments are given away.

    ``failures`` in a row since it went away; until ``closed_until`` nobody tries, then one process does. Messages may
    leave from ``free_at`` on. All by the database's clock. It last answered that it will not have us at
    ``refused_us_at``, by that clock by which messages were sent.
    """

    channel = models.CharField(max_length=6, choices=Channel.choices, unique=True)
    failures = models.PositiveSmallIntegerField(default=0)
    closed_until = models.DateTimeField(null=True)
    free_at = models.DateTimeField(null=True)
    refused_us_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="channel_state_channel_known"),
            models.CheckConstraint(
                condition=Q(failures=0) | Q(closed_until__isnull=False), name="channel_state_away_has_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.failures}"


class JobRun(models.Model):
    """A job that is done once for a period; the row comes in with the job's own transaction. Insert-only."""

    job = models.CharField(max_length=40)
    period = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "period"], name="job_run_once")]

    def __str__(self) -> str:
        return f"{self.job} {self.period}"


class DailyDeliveries(models.Model):
    """How many deliveries of a day ended how, without any person: it stays when addresses and people are erased.

    ``level`` is that of messaging.levels, as far as the delivery itself shows it. Rows never change: those of a day are
    written anew each night until the day is settled, then never again.
    """

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    day = models.DateField()
    channel = models.CharField(max_length=6, choices=Channel.choices)
    language = models.CharField(max_length=10)
    kind = models.CharField(max_length=8, choices=NoticeKind.choices)
    status = models.CharField(max_length=9, choices=DeliveryStatus.choices)
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True)
    level = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("deliveries of a day")
        ordering = ["day", "school", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "school", "channel", "language", "kind", "status", "reason", "level"],
                name="daily_deliveries_once",
            ),
            models.CheckConstraint(condition=Q(count__gt=0), name="daily_deliveries_counted"),
            models.CheckConstraint(condition=Q(level__lte=6), name="daily_deliveries_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.channel} {self.status} {self.count}"
