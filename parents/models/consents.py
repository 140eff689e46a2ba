"""What a guardian agreed to. Asked for only where the law asks for it (domain 6.1)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from parents.models.guardianships import Guardianship


class ConsentPurpose(models.TextChoices):
    PHOTO = "PHOTO", _("photos")
    HOME_VISIT = "HOME_VISIT", _("home visit")
    CLB_TO_SCHOOL = "CLB_TO_SCHOOL", _("sharing from the CLB to the school")
    STORY = "STORY", _("a story in the report")


#: Given for one child each; the others are about the guardian and the home.
FOR_A_CHILD = frozenset({ConsentPurpose.PHOTO, ConsentPurpose.CLB_TO_SCHOOL})


class GivenHow(models.TextChoices):
    """How a guardian said yes."""

    SPOKEN = "SPOKEN", _("in a talk")
    PAPER = "PAPER", _("on paper")
    PHONE = "PHONE", _("by phone")
    OWN_PAGE = "OWN_PAGE", _("on the own page")


class ConsentQuerySet(models.QuerySet["Consent"]):
    def running(self) -> ConsentQuerySet:
        """Given and not withdrawn."""
        return self.filter(withdrawn_on__isnull=True)

    def of(self, guardians: Iterable[object], pupils: Iterable[object]) -> ConsentQuerySet:
        """Of these guardians, about themselves or these children: who does not see a child learns of none."""
        about = Q(child__isnull=True) | Q(child__in=list(pupils))
        return self.filter(about, guardian__in=list(guardians))

    def holding(self, pupils: Iterable[object]) -> ConsentQuerySet:
        """Running consents about these children on which something may be done today: of who decides about the child,
        or, where it is about no child, of who is informed of one of them. A court may have ended that since."""
        ties = Guardianship.objects.current().filter(guardian_id=OuterRef("guardian_id"), pupil__in=list(pupils))
        decides = Exists(ties.filter(pupil_id=OuterRef("child_id"), may_decide=True))
        informed = Q(child__isnull=True) & Q(Exists(ties.filter(information_right=True)))
        return self.running().filter(Q(decides) | informed)


class Consent(models.Model):
    """Agreement of one guardian for one purpose, about one child where that matters. A withdrawn one stays as history.

    ``recorded_by`` is the colleague to whom it was given, and empty for what a guardian did on the own page; the same
    for the withdrawal.
    """

    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, related_name="consents")
    child = models.ForeignKey("schools.Pupil", models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(_("for what"), max_length=20, choices=ConsentPurpose.choices)
    given_on = models.DateField(_("given on"))
    given_how = models.CharField(_("how"), max_length=60, choices=GivenHow.choices)
    recorded_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_noted_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                name="consent_days_ordered",
            ),
            models.UniqueConstraint(
                fields=["guardian", "purpose"],
                condition=Q(withdrawn_on__isnull=True, child__isnull=True),
                name="consent_running_once",
            ),
            models.UniqueConstraint(
                fields=["guardian", "purpose", "child"],
                condition=Q(withdrawn_on__isnull=True, child__isnull=False),
                name="consent_for_child_running_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guardian} · {self.get_purpose_display()}"
