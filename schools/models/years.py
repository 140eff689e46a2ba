from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format

from schools import clock
from schools.calendar import SATURDAY, SchoolCalendar


class SchoolYearQuerySet(models.QuerySet["SchoolYear"]):
    def running(self, day: date | None = None) -> SchoolYear | None:
        """The school year that includes the day (today if none is given); in summer the one that just ended."""
        return self.filter(starts_on__lte=day or clock.today()).order_by("-starts_on").first()


class SchoolYear(models.Model):
    """1 September to 30 June."""

    starts_on = models.DateField(unique=True)
    ends_on = models.DateField()

    objects = SchoolYearQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on"]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="school_year_days_ordered")]

    def __str__(self) -> str:
        return f"{self.starts_on.year}–{self.starts_on.year + 1}"

    @property
    def last_day(self) -> date:
        """31 August: until the summer is over, classes and posts are still those of the year."""
        return self.starts_on.replace(year=self.starts_on.year + 1) - timedelta(days=1)


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def calendar(self, school: object = None) -> SchoolCalendar:
        """The calendar of a school: everybody's holidays and its own study days."""
        rows = self.filter(Q(school__isnull=True) | Q(school=school)) if school else self.filter(school__isnull=True)
        return SchoolCalendar(rows.values_list("starts_on", "ends_on"))

    def why_free(self, day: date, school: object) -> str:
        """Why a school has no class on a day: what the holiday is called, or the day of the weekend. Empty on a day of
        school."""
        rows = self.filter(Q(school__isnull=True) | Q(school=school), starts_on__lte=day, ends_on__gte=day)
        if found := rows.first():
            return found.name
        return date_format(day, "l") if day.weekday() >= SATURDAY else ""


class Holiday(models.Model):
    """Days without school; ``school`` is set for a study day of one school."""

    name = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()
    school = models.ForeignKey("schools.School", models.CASCADE, null=True, blank=True, related_name="+")

    objects = HolidayQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="holiday_days_ordered"),
            models.UniqueConstraint(fields=["school", "starts_on", "name"], name="study_day_once"),
            models.UniqueConstraint(
                fields=["starts_on", "name"], condition=Q(school__isnull=True), name="holiday_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
