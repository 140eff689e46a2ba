"""What keeps a family's data beyond their time: a complaint, a case, a question of a supervisor."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from parents.models.families import Family, FamilyMembership
from parents.models.guardianships import Guardianship
from schools import clock
from schools.models import Enrolment, Role, School
from schools.models.places import SchoolQuerySet
from schools.scope import Scope, scope_of

#: Who may keep a family's data beyond their time.
HOLDERS = frozenset({Role.HEAD, Role.CLB_DIRECTOR, Role.JOINT_CLB})


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
        school or centre keeps of a family is its own. When no child of the family is at that school any more, nobody
        there sees the family: then whoever may hold it where the children are now."""
        scope = scope_of(user)
        mine = Q(school_id__in=SchoolQuerySet.ids_of_any_place(scope))
        if scope.roles & HOLDERS:
            mine |= Q(is_left_behind=True)
        rows = self.with_place().filter(family_id__in=Family.objects.visible_to(user).values("pk"))
        return rows.filter(mine)

    def with_place(self) -> LegalHoldQuerySet:
        """With ``is_left_behind``: no child of the family is at the school where it was laid, or none is noted."""
        return self.annotate(is_left_behind=~Exists(_children().filter(school_id=OuterRef("school_id"))))

    def without_place(self) -> LegalHoldQuerySet:
        """Of families none of whose children is at any school today: nobody sees them but the administrator."""
        return self.filter(~Exists(_children()))


def may_hold_at(user: object, schools: Collection[int]) -> bool:
    """Whether the user is a HOLDER for one of these schools: its head, the director of its CLB, or the joint worker
    who accompanies it. What the same person is elsewhere does not count."""
    scope = scope_of(user)
    if not scope.led_schools.isdisjoint(schools):
        return True
    as_holder = Scope(centres=scope.directed_centres, joint_projects=scope.joint_projects)
    return School.objects.filter(pk__in=SchoolQuerySet.ids_beyond_school(as_holder)).filter(pk__in=schools).exists()


def _children() -> models.QuerySet[Enrolment]:
    """Where children of the outer row's family are today."""
    members = FamilyMembership.objects.current().filter(family_id=OuterRef(OuterRef("family_id")))
    return Enrolment.objects.current().filter(pupil_id__in=members.values("pupil_id"))


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
