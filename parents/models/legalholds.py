"""What keeps a family's data beyond their time: a complaint, a case, a question of a supervisor."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from parents.models.families import Family, FamilyMembership, Guardianship
from schools import clock
from schools.models.places import SchoolQuerySet
from schools.scope import scope_of


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def running(self) -> LegalHoldQuerySet:
        """Holds that still keep something today."""
        return self.filter(released_at__isnull=True, until__gte=clock.today())

    def families(self) -> models.QuerySet[LegalHold, int]:
        """Ids of the families that are held today, for ``__in``."""
        return self.running().values_list("family_id", flat=True)

    def pupils(self) -> models.QuerySet[FamilyMembership, int]:
        """Ids of their children, those of before included."""
        return FamilyMembership.objects.filter(family_id__in=self.families()).values_list("pupil_id", flat=True)

    def guardians(self) -> models.QuerySet[Guardianship, int]:
        """Ids of their guardians, those of before included."""
        return Guardianship.objects.filter(pupil_id__in=self.pupils()).values_list("guardian_id", flat=True)

    def visible_to(self, user: object) -> LegalHoldQuerySet:
        """Of families the user may see, and of those the ones that were laid at a school the user sees: what another
        school or centre keeps of a family is its own."""
        schools = SchoolQuerySet.ids_of_any_place(scope_of(user))
        return self.filter(family_id__in=Family.objects.visible_to(user).values("pk"), school_id__in=schools)


class LegalHold(models.Model):
    """Retention leaves a family's data alone, for a reason and until a day. It says no name and no content.

    ``school`` is where whoever laid it works with the family."""

    family = models.ForeignKey("parents.Family", models.CASCADE, related_name="holds")
    school = models.ForeignKey("schools.School", models.PROTECT, null=True, related_name="+")
    because = models.CharField(_("why"), max_length=200)
    until = models.DateField(_("until and including"))
    held_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    held_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        ordering = ["-held_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(released_at__gte=F("held_at")),
                name="legal_hold_released_later",
            )
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"
