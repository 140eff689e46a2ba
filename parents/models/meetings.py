from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from parents.models.families import Family
from parents.models.kinds import ContactKind
from schools import clock
from schools.models.places import SchoolQuerySet
from schools.scope import scope_of

#: What a gathering can be: contacts with many families at once (domain 2.1).
GATHERING_KINDS = (
    ContactKind.COFFEE_MOMENT,
    ContactKind.INFO_EVENING,
    ContactKind.READING,
    ContactKind.WORKSHOP,
    ContactKind.PARTICIPATION,
)
#: How long a gathering takes of which nobody said when it ends.
USUAL_LENGTH = timedelta(minutes=90)


class GatheringQuerySet(models.QuerySet["Gathering"]):
    def visible_to(self, user: object) -> GatheringQuerySet:
        """Those of schools in which the user works, own classes' included. A partner has another door."""
        return self.filter(school_id__in=SchoolQuerySet.ids_of_any_place(scope_of(user)))

    def editable_by(self, user: object) -> GatheringQuerySet:
        """Those of schools that are the user's as a whole, and what a teacher made."""
        scope = scope_of(user)
        whole = Q(school_id__in=SchoolQuerySet.ids_visible(scope))
        return self.filter(whole | Q(school_id__in=scope.class_schools, made_by_id=scope.user_id))

    def with_partner_of(self, user: object) -> GatheringQuerySet:
        """Those with the organisation for which the user works: without families (``parents.partnerpages``)."""
        return self.filter(partner_id__in=scope_of(user).partners)


class Gathering(models.Model):
    """A group moment: coffee, information evening, reading in the library. The school's families sign up for it.

    ``places`` is how many people fit, children included; None for as many as come. ``counted_only`` is how many people
    came in all, counted without names. ``attended_at`` is when somebody wrote down who came. ``sequence`` counts the
    changes of hour and place, for calendars and for what is told; ``changed_at`` is the last of them.
    """

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    partner = models.ForeignKey("schools.Partner", models.PROTECT, null=True, blank=True, related_name="+")
    method = models.ForeignKey("schools.Method", models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=20)
    title = models.CharField(_("title"), max_length=120)
    place = models.CharField(_("place"), max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    places = models.PositiveSmallIntegerField(_("places"), null=True)
    made_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_because = models.CharField(max_length=200, blank=True, db_default="")
    sequence = models.PositiveSmallIntegerField(db_default=0)
    changed_at = models.DateTimeField(null=True)
    counted_only = models.PositiveSmallIntegerField(_("people counted without names"), null=True, blank=True)
    attended_at = models.DateTimeField(null=True)

    objects = GatheringQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in GATHERING_KINDS]), name="gathering_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="gathering_ends_later"
            ),
            models.CheckConstraint(condition=Q(places__isnull=True) | Q(places__gte=1), name="gathering_has_a_place"),
        ]
        indexes = [models.Index(fields=["school", "starts_at"], name="gathering_of_school")]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_name(self) -> str:
        return str(ContactKind(self.kind).label)

    @property
    def over_at(self) -> datetime:
        return self.ends_at or self.starts_at + USUAL_LENGTH

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def is_open(self) -> bool:
        """Families sign up, change and sign off themselves."""
        return not self.is_cancelled and not self.has_begun


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def standing(self) -> AttendanceQuerySet:
        """The family came: its contact was not taken back on its own page."""
        return self.exclude(contact_moment__withdrawn_at__isnull=False)


class Attendance(models.Model):
    """A family at a gathering."""

    gathering = models.ForeignKey("parents.Gathering", models.CASCADE, related_name="attendances")
    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    contact_moment = models.ForeignKey("parents.ContactMoment", models.SET_NULL, null=True, related_name="+")

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gathering", "family"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.gathering} · {self.family_id}"
