"""Rows that hold from one day to another, both included; an open end means still running."""

from __future__ import annotations

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from schools import clock

Row = TypeVar("Row", bound=models.Model, covariant=True)


def running_on(day: date | OuterRef, prefix: str = "") -> Q:
    """The condition that a period (of the related ``prefix``) includes ``day``."""
    started = Q(**{f"{prefix}starts_on__lte": day})
    not_ended = Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    return started & not_ended


class PeriodQuerySet(models.QuerySet[Row]):
    def on(self, day: date) -> Self:
        """Rows whose period includes ``day``."""
        return self.filter(running_on(day))

    def current(self) -> Self:
        """Rows whose period includes today."""
        return self.on(clock.today())

    def overlapping(self, first: date, last: date) -> Self:
        """Rows whose period shares at least one day with [first, last]."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first), starts_on__lte=last)


class Period(models.Model):
    """Base of dated rows."""

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until and including"), null=True, blank=True)

    class Meta:
        abstract = True

    @staticmethod
    def ordered_days(name: str) -> models.CheckConstraint:
        """The constraint that a period does not end before it begins."""
        return models.CheckConstraint(condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name=name)

    def includes(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a day."""
        return (self.ends_on is None or other.starts_on <= self.ends_on) and (
            other.ends_on is None or self.starts_on <= other.ends_on
        )
