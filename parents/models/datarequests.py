"""Requests of data subjects: a register with a clock (GDPR art. 12 and 15 to 21)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools import clock
from schools.models.places import SchoolQuerySet
from schools.scope import scope_of

#: Letters of what a guardian writes with a request.
MOST_WORDS = 2_000


class RequestKind(models.TextChoices):
    ACCESS = "ACCESS", _("see my data")
    RECTIFY = "RECTIFY", _("correct my data")
    ERASE = "ERASE", _("erase my data")
    RESTRICT = "RESTRICT", _("only keep my data, do nothing with them")
    OBJECT = "OBJECT", _("object to what is done with my data")


class Identity(models.TextChoices):
    """How it is known that the request comes from the guardian."""

    CODE = "CODE", _("signed in with a code")
    KNOWN = "KNOWN", _("known to the colleague, in person")
    CARD = "CARD", _("identity card seen, not copied")
    CALLED_BACK = "CALLED_BACK", _("called back on the number we have")


class Decision(models.TextChoices):
    GRANTED = "GRANTED", _("granted")
    PARTLY = "PARTLY", _("granted in part")
    REFUSED = "REFUSED", _("refused")


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def visible_to(self, user: object) -> DataRequestQuerySet:
        """Of the school that one heads or whose office one keeps, or of the centre that one works for."""
        scope = scope_of(user)
        return self.filter(Q(school_id__in=scope.kept_schools) | Q(centre_id__in=scope.note_centres))

    def editable_by(self, user: object) -> DataRequestQuerySet:
        """Those that are not decided yet."""
        return self.visible_to(user).open()

    def open(self) -> DataRequestQuerySet:
        return self.filter(decided_at__isnull=True)


class DataRequest(models.Model):
    """What a guardian asks of a school or a centre about the own data, by when it is answered, and what was decided.

    ``due_on`` is one month after it was received; once, with a notice to the guardian, two months more
    (``extended_because``). ``received_by`` is empty for one from the guardian's own page. ``lifted_on`` is when the
    place ended what it granted: that data are only kept, that nothing is sent.
    """

    guardian = models.ForeignKey("parents.Guardian", models.PROTECT, related_name="data_requests")
    kind = models.CharField(_("what is asked"), max_length=8, choices=RequestKind.choices)
    child = models.ForeignKey("schools.Pupil", models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey("schools.School", models.PROTECT, null=True, related_name="+")
    centre = models.ForeignKey("schools.CLBCentre", models.PROTECT, null=True, related_name="+")
    words = models.TextField(_("in the guardian's words"), max_length=MOST_WORDS, blank=True)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    identity = models.CharField(_("how we know who asks"), max_length=12, choices=Identity.choices)
    due_on = models.DateField()
    extended_on = models.DateField(null=True)
    extended_because = models.CharField(_("why it takes longer"), max_length=300, blank=True)
    decision = models.CharField(_("decision"), max_length=8, choices=Decision.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=600, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    lifted_on = models.DateField(null=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about data")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RequestKind.values), name="data_request_kind_known"),
            models.CheckConstraint(condition=Q(identity__in=Identity.values), name="data_request_identity_known"),
            models.CheckConstraint(
                condition=Q(school__isnull=False, centre__isnull=True) | Q(school__isnull=True, centre__isnull=False),
                name="data_request_has_one_place",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decision="", decided_by__isnull=True)
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision="") & ~Q(reason="")),
                name="data_request_decided_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "due_on"], name="data_request_of_school"),
            models.Index(fields=["centre", "due_on"], name="data_request_of_centre"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def place(self) -> str:
        """The school or centre that answers."""
        place = self.school or self.centre
        return place.name if place else ""

    @property
    def is_late(self) -> bool:
        return self.decided_at is None and self.due_on < clock.today()


class OwnVersionQuerySet(models.QuerySet["OwnVersion"]):
    def visible_to(self, user: object) -> OwnVersionQuerySet:
        """Of a school at which the user has something to do, or of the centre that the user works for: what a guardian
        had corrected at another place is between them."""
        scope = scope_of(user)
        schools = SchoolQuerySet.ids_of_any_place(scope)
        return self.filter(Q(request__school_id__in=schools) | Q(request__centre_id__in=scope.note_centres))


class OwnVersion(models.Model):
    """A guardian's own version beside what was noted, by a granted rectification. Without a moment it stands beside
    the whole file of the family."""

    request = models.OneToOneField("parents.DataRequest", models.CASCADE, related_name="own_version")
    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, related_name="+")
    family = models.ForeignKey("parents.Family", models.CASCADE, related_name="own_versions")
    contact_moment = models.ForeignKey(
        "parents.ContactMoment", models.CASCADE, null=True, blank=True, related_name="own_versions"
    )
    text = models.TextField(max_length=2000)
    written_on = models.DateField()

    objects = OwnVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("own version of a guardian")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"own version {self.pk}"
