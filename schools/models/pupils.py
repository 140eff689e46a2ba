from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools import clock
from schools.models.periods import Period, PeriodQuerySet
from schools.models.places import SchoolQuerySet
from schools.scope import Scope, scope_of

#: For how long a place in a class that ended can be put right.
PUT_RIGHT_WITHIN_DAYS = 30
#: Of a school year.
_FIRST_MONTH = 9


class Level(models.TextChoices):
    """Kleuter 1–3 and lager 1–6."""

    K0 = "K0", "K0"
    K1 = "K1", "K1"
    K2 = "K2", "K2"
    K3 = "K3", "K3"
    L1 = "L1", "L1"
    L2 = "L2", "L2"
    L3 = "L3", "L3"
    L4 = "L4", "L4"
    L5 = "L5", "L5"
    L6 = "L6", "L6"


class SchoolClassQuerySet(models.QuerySet["SchoolClass"]):
    def visible_to(self, user: object) -> SchoolClassQuerySet:
        """Own classes; all classes of schools the user sees as a whole."""
        scope = scope_of(user)
        return self.filter(Q(pk__in=scope.classes) | Q(school_id__in=SchoolQuerySet.ids_visible(scope)))

    def of_running_year(self) -> SchoolClassQuerySet:
        day = clock.today()
        return self.filter(year__starts_on__lte=day).filter(
            Q(year__ends_on__gte=day) | Q(year__starts_on__year=day.year - (day.month < 9))
        )


class SchoolClass(models.Model):
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="classes")
    year = models.ForeignKey("schools.SchoolYear", models.PROTECT, related_name="+")
    name = models.CharField(_("class"), max_length=20)
    level = models.CharField(_("level"), max_length=2, choices=Level.choices)
    #: How the school's own system calls it, for files that name only what changed.
    source_system = models.CharField(max_length=40, blank=True, db_default="")
    source_id = models.CharField(max_length=255, blank=True, db_default="")

    objects = SchoolClassQuerySet.as_manager()

    class Meta:
        verbose_name = _("class")
        ordering = ["school__name", "level", "name"]
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "name"], name="class_name_once_a_year"),
            models.UniqueConstraint(
                fields=["school", "year", "source_system", "source_id"],
                condition=~Q(source_id=""),
                name="class_source_once_a_year",
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="class_level_known"),
        ]

    def __str__(self) -> str:
        return self.name


class PupilQuerySet(models.QuerySet["Pupil"]):
    def visible_to(self, user: object) -> PupilQuerySet:
        """Pupils enrolled today in a class or school the user may see; scoped by subquery, so no row comes twice."""
        return self.filter(pk__in=self.ids_visible(user))

    @staticmethod
    def ids_visible(user: object, day: date | None = None) -> models.QuerySet[Enrolment, Any]:
        return Enrolment.objects.on(day or clock.today()).visible_to(user).values("pupil_id")

    @staticmethod
    def ids_in_classes(scope: Scope) -> models.QuerySet[Enrolment, Any]:
        """Ids of the pupils who are today in the classes that a scope teaches, for ``__in``."""
        return Enrolment.objects.current().filter(school_class_id__in=scope.classes).values("pupil_id")

    def editable_by(self, user: object) -> PupilQuerySet:
        """Children of a school whose people the user keeps, from before their first day until a while after their
        last, in which it can be put right."""
        kept = Enrolment.objects.to_put_right().filter(school__in=scope_of(user).kept_schools)
        return self.filter(merged_into=None, pk__in=kept.values("pupil_id"))

    def enrolled_in(self, school_class: SchoolClass) -> PupilQuerySet:
        """Pupils who are in this class today."""
        return self.filter(pk__in=Enrolment.objects.current().filter(school_class=school_class).values("pupil_id"))


class Pupil(models.Model):
    """A child. Never stored: nationality, birth place, national number, health (domain 6.5)."""

    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    source_system = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=255, blank=True)
    #: Who took this row in, when one child stood twice. It has no place, family or parent of its own any more; its
    #: number in the school's system is that of the other one.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    objects = PupilQuerySet.as_manager()

    class Meta:
        verbose_name = _("pupil")
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_system", "source_id"], condition=~Q(source_id=""), name="pupil_source_once"
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class EnrolmentQuerySet(PeriodQuerySet["Enrolment"]):
    def visible_to(self, user: object) -> EnrolmentQuerySet:
        """Enrolments in own classes and at schools seen as a whole."""
        scope = scope_of(user)
        return self.filter(Q(school_class_id__in=scope.classes) | Q(school_id__in=SchoolQuerySet.ids_visible(scope)))

    def lasting(self) -> EnrolmentQuerySet:
        """Places that nobody left: running, or still to begin. In September, while a school has no place of the new
        year yet, those that ended with the year before are not left either: its list is late, the children are not
        gone."""
        today = clock.today()
        lasts = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
        if today.month == _FIRST_MONTH:
            began = today.replace(day=1)
            known = Enrolment.objects.filter(starts_on__gte=began).values("school_id")
            lasts |= Q(ends_on=began - timedelta(days=1)) & ~Q(school_id__in=known)
        return self.filter(lasts)

    def to_put_right(self) -> EnrolmentQuerySet:
        """Running, still to begin, or over for no longer than a mistake takes to be seen."""
        since = clock.today() - timedelta(days=PUT_RIGHT_WITHIN_DAYS)
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=since))


class Enrolment(Period):
    """A pupil's place in a class of a school. One pupil is in one class at a time (guarded by the database)."""

    pupil = models.ForeignKey("schools.Pupil", models.PROTECT, related_name="enrolments")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    school_class = models.ForeignKey("schools.SchoolClass", models.PROTECT, related_name="enrolments")

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on"]
        constraints = [Period.ordered_days("enrolment_days_ordered")]
        indexes = [
            models.Index(fields=["school", "starts_on", "ends_on"], name="enrolment_of_school"),
            models.Index(fields=["school_class", "starts_on"], name="enrolment_of_class"),
        ]

    def __str__(self) -> str:
        return f"{self.pupil} · {self.school_class}"

    @property
    def is_stopped(self) -> bool:
        """It was to begin, as one of the next school year, and the child leaves before: it ends on its first day."""
        return self.ends_on == self.starts_on > clock.today()
