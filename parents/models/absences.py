"""Days on which a child is not at school, as a parent says. Never why (rulings 10)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.db.models.expressions import Combinable

from schools import clock
from schools.calendar import SATURDAY
from schools.models import Enrolment, Holiday
from schools.models.pupils import PupilQuerySet
from schools.scope import scope_of


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, user: object) -> AbsenceQuerySet:
        """Of own classes, and of own schools as a whole; a CLB does not see them."""
        scope = scope_of(user)
        in_class = PupilQuerySet.ids_in_classes(scope)
        return self.filter(Q(school_id__in=scope.schools) | Q(school_id__in=scope.class_schools, pupil_id__in=in_class))

    def standing(self) -> AbsenceQuerySet:
        """Not taken back."""
        return self.filter(taken_back_at__isnull=True)

    def to_see(self) -> AbsenceQuerySet:
        """What nobody of the school has seen: reported, or taken back since; of a child that is there."""
        return self.filter(_is_here(), seen_at__isnull=True)

    def of_now(self) -> AbsenceQuerySet:
        """Those that are not over, and what is still to be seen, of children who are at the school."""
        return self.filter(_is_here()).filter(
            Q(taken_back_at__isnull=True, ends_on__gte=clock.today()) | Q(seen_at__isnull=True)
        )

    def with_class(self) -> AbsenceQuerySet:
        """With the child and, as ``class_name``, where it is today; ``is_away_today`` on days with class alone."""
        places = Enrolment.objects.current().filter(pupil_id=OuterRef("pupil_id"), school_id=OuterRef("school_id"))
        rows = self.select_related("pupil", "seen_by", "school")
        named = rows.annotate(
            class_name=Subquery(places.values("school_class__name")[:1]), is_away_today=_is_away_today()
        )
        return named.order_by("starts_on", "class_name", "pupil__first_name", "pk")


def _is_here() -> Exists:
    return Exists(Enrolment.objects.current().filter(pupil_id=OuterRef("pupil_id"), school_id=OuterRef("school_id")))


def _is_away_today() -> Combinable:
    today = clock.today()
    if today.weekday() >= SATURDAY:
        return Value(False)
    free = Holiday.objects.filter(Q(school__isnull=True) | Q(school=OuterRef("school_id")))
    free = free.filter(starts_on__lte=today, ends_on__gte=today)
    return ExpressionWrapper(
        Q(starts_on__lte=today, ends_on__gte=today) & ~Exists(free), output_field=models.BooleanField()
    )


class Absence(models.Model):
    """From a day to a day, both included. Of one child two of them never share a day (guarded by the database).

    ``reported_by`` may take it back on the day of the report; what the school had seen by then stays as a row with
    ``taken_back_at`` until it saw that too.
    """

    pupil = models.ForeignKey("schools.Pupil", models.PROTECT, related_name="absences")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reported_by = models.ForeignKey("parents.Guardian", models.SET_NULL, null=True, related_name="+")
    reported_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(fields=["school", "ends_on"], name="absence_of_school")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_days_ordered"),
            models.CheckConstraint(
                condition=Q(seen_by__isnull=True, seen_at__isnull=True)
                | Q(seen_by__isnull=False, seen_at__isnull=False),
                name="absence_seen_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"absence {self.pk}"

    @property
    def is_one_day(self) -> bool:
        return self.starts_on == self.ends_on

    @property
    def reported_on(self) -> date:
        """The school-local day."""
        return clock.local_date(self.reported_at)
