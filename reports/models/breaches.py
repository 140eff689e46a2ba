"""Data breaches: the register that the law asks for, with its clock (GDPR art. 33 and 34)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from schools import clock
from schools.models import Reminder
from schools.scope import scope_of
from schools.staffing import remit_of

#: How long after it became known the supervisor is to be told, unless nobody runs a risk (GDPR art. 33.1).
TIME_TO_TELL = timedelta(hours=72)


class DataKind(models.TextChoices):
    """What was lost, seen or changed. Kinds only: what it said stays out of the register."""

    NAMES = "NAMES", _("names and addresses of parents or children")
    REACHABLE = "REACHABLE", _("telephone numbers and e-mail addresses")
    TALKS = "TALKS", _("notes of talks and agreements")
    CLB_NOTES = "CLB_NOTES", _("notes of a CLB")
    NOTICES = "NOTICES", _("notices, letters and conversations")
    ACCESS = "ACCESS", _("passwords, codes or a device that was signed in")
    COLLEAGUES = "COLLEAGUES", _("data of colleagues")
    OTHER = "OTHER", _("something else")


class Risk(models.TextChoices):
    NONE = "NONE", _("nobody runs a risk")
    SOME = "SOME", _("a risk")
    HIGH = "HIGH", _("a high risk")


class DataBreachQuerySet(models.QuerySet["DataBreach"]):
    def visible_to(self, user: object) -> DataBreachQuerySet:
        """Of the school one heads, or the centre one directs; all of them for an administrator without a place."""
        scope = scope_of(user)
        if remit_of(scope).is_administrator:
            return self
        return self.filter(Q(school_id__in=scope.led_schools) | Q(centre_id__in=scope.directed_centres))

    def editable_by(self, user: object) -> DataBreachQuerySet:
        """Those that are not closed; a closed one is opened again first."""
        return self.visible_to(user).filter(closed_at=None)

    def running(self) -> DataBreachQuerySet:
        """On which the clock runs: not told, not closed, and not judged to be without risk; the most urgent first."""
        rows = self.filter(closed_at=None, authority_told_at=None).exclude(risk=Risk.NONE)
        return rows.order_by("due_at", "pk")


class DataBreach(models.Model):
    """Something that went wrong with people's data at a school, a centre or in the portal itself (neither of both).

    ``known_at`` is when somebody of the place became aware of it: the clock runs from there until ``due_at``, 72 hours
    later, not from the moment it happened nor from the one it was written down. ``people`` is about how many persons
    are touched. What it said before stands in its lines.
    """

    LONGEST = 2000

    school = models.ForeignKey("schools.School", models.PROTECT, null=True, related_name="+")
    centre = models.ForeignKey("schools.CLBCentre", models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(_("reported at"))
    reported_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+", verbose_name=_("reported by"))
    what = models.TextField(_("what happened"), max_length=LONGEST)
    happened_on = models.DateField(_("happened on"), null=True)
    known_at = models.DateTimeField(_("known since"))
    due_at = models.DateTimeField(_("supervisor to be told by"))
    kinds = models.JSONField(_("kinds of data"), default=list)
    people = models.PositiveIntegerField(_("about how many people"), null=True)
    consequences = models.TextField(_("likely consequences"), max_length=LONGEST, blank=True)
    measures = models.TextField(_("measures"), max_length=LONGEST, blank=True)
    risk = models.CharField(_("risk"), max_length=4, choices=Risk.choices, blank=True)
    risk_because = models.TextField(_("why this risk"), max_length=LONGEST, blank=True)
    authority_told_at = models.DateTimeField(_("supervisor told at"), null=True)
    authority_reference = models.CharField(_("reference of the supervisor"), max_length=60, blank=True)
    late_because = models.TextField(_("why later than 72 hours"), max_length=LONGEST, blank=True)
    people_told_on = models.DateField(_("persons told on"), null=True)
    people_told_how = models.TextField(_("how the persons were told"), max_length=LONGEST, blank=True)
    people_not_told_because = models.TextField(_("why the persons were not told"), max_length=LONGEST, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    client_id = models.UUIDField(unique=True)

    objects = DataBreachQuerySet.as_manager()

    class Meta:
        verbose_name = _("data breach")
        ordering = ["-known_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(school=None) | Q(centre=None), name="breach_at_most_one_place"),
            models.CheckConstraint(condition=Q(risk__in=["", *Risk.values]), name="breach_risk_known"),
            models.CheckConstraint(condition=~Q(what=""), name="breach_says_what"),
            models.CheckConstraint(condition=Q(due_at__gt=F("known_at")), name="breach_due_after_known"),
            models.CheckConstraint(condition=Q(risk="") | ~Q(risk_because=""), name="breach_risk_with_a_reason"),
            models.CheckConstraint(
                condition=Q(authority_told_at=None) | Q(authority_told_at__lte=F("due_at")) | ~Q(late_because=""),
                name="breach_told_late_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(people_told_on=None) | ~Q(people_told_how=""), name="breach_people_told_somehow"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None)
                | (
                    ~Q(risk="")
                    & ~Q(measures="")
                    & (Q(risk="NONE") | Q(authority_told_at__isnull=False))
                    & (Q(risk="NONE") | Q(people_told_on__isnull=False) | ~Q(people_not_told_because=""))
                ),
                name="breach_closed_when_settled",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(closed_at=None), name="breach_open"),
            models.Index(fields=["school", "known_at"], name="breach_of_school"),
            models.Index(fields=["centre", "known_at"], name="breach_of_centre"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def place(self) -> str:
        """The school or centre; without one it is the portal's own."""
        place = self.school or self.centre
        return place.name if place else str(_("the portal"))

    @property
    def is_running(self) -> bool:
        return self.closed_at is None and self.authority_told_at is None and self.risk != Risk.NONE

    @property
    def hours_left(self) -> int:
        """Whole hours until ``due_at``, never less than none."""
        return hours_until(self.due_at)

    @property
    def is_late(self) -> bool:
        return self.is_running and self.due_at <= clock.now()

    @property
    def kinds_in_words(self) -> list[str]:
        return [str(DataKind(kind).label) for kind in self.kinds if kind in DataKind.values]


def hours_until(moment: datetime) -> int:
    return max(0, int((moment - clock.now()).total_seconds() // 3600))


class BreachLine(models.Model):
    """One line of a breach's history: who did what, and what the register said of it from then on. Insert-only; goes
    with its breach."""

    class Step(models.TextChoices):
        REPORTED = "REPORTED", _("reported")
        DESCRIBED = "DESCRIBED", _("described")
        JUDGED = "JUDGED", _("judged")
        AUTHORITY = "AUTHORITY", _("supervisor told")
        PEOPLE = "PEOPLE", _("persons concerned")
        CLOSED = "CLOSED", _("closed")
        REOPENED = "REOPENED", _("opened again")

    breach = models.ForeignKey("reports.DataBreach", models.CASCADE, related_name="lines")
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey("schools.User", models.PROTECT, related_name="+", verbose_name=_("who"))
    step = models.CharField(_("what"), max_length=9, choices=Step.choices)
    #: Name of each field that this step filled or changed, and what it said afterwards.
    said = models.JSONField(_("what the register said"), default=dict)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.breach_id} {self.step}"


class BreachReminder(Reminder):
    """That one person was reminded of a data breach, when so many hours were left."""

    breach = models.ForeignKey("reports.DataBreach", models.CASCADE, related_name="+")
    hours_left = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["breach", "person", "hours_left"], name="breach_reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.breach_id} {self.hours_left}"
