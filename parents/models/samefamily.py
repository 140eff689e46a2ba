"""Two families that may be one, what was decided about them, and what a decision moved."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from parents.models.families import FamilyMembership
from schools import clock
from schools.models import Enrolment
from schools.models.places import SchoolQuerySet
from schools.scope import Scope, scope_of

#: So many days after it, what joined two families can be undone.
UNDO_DAYS = 30


def undoable_since() -> datetime:
    """What was joined before this can no longer be taken apart."""
    return clock.start_of(clock.today() - timedelta(days=UNDO_DAYS))


def pupils_of_joint_worker(user: object) -> models.QuerySet[Enrolment, int]:
    """Ids of the children at the schools that the user accompanies as joint worker, for ``__in``. Other roles of the
    same person add nothing: only she sees across schools (rulings 13)."""
    joint = Scope(joint_projects=scope_of(user).joint_projects)
    there = Enrolment.objects.current().filter(school_id__in=SchoolQuerySet.ids_beyond_school(joint))
    return there.values_list("pupil_id", flat=True)


def families_of_joint_worker(user: object) -> models.QuerySet[FamilyMembership, int]:
    """Ids of the families with such a child, for ``__in``."""
    members = FamilyMembership.objects.current().filter(pupil_id__in=pupils_of_joint_worker(user))
    return members.values_list("family_id", flat=True)


class MatchState(models.TextChoices):
    OPEN = "OPEN", _("to decide")
    SAME = "SAME", _("the same family")
    DIFFERENT = "DIFFERENT", _("not the same family")


class FamilyMatchQuerySet(models.QuerySet["FamilyMatch"]):
    def visible_to(self, user: object) -> FamilyMatchQuerySet:
        """Pairs of which the user accompanies both schools as joint worker."""
        families = families_of_joint_worker(user)
        return self.filter(first_id__in=families, second_id__in=families)

    def editable_by(self, user: object) -> FamilyMatchQuerySet:
        """Those of them that wait for a decision."""
        return self.visible_to(user).filter(state=MatchState.OPEN)

    def kept_apart_by(self, user: object, since: datetime) -> FamilyMatchQuerySet:
        """Those of which the user said since then that they are two families, the latest first."""
        own = self.visible_to(user).filter(decided_by_id=scope_of(user).user_id, decided_at__gte=since)
        return own.filter(state=MatchState.DIFFERENT).order_by("-decided_at", "-pk")


class FamilyMatch(models.Model):
    """Two families that share something. ``facts`` name what, each as a kind and a keyed hash, no value; ``refused``
    are those with which somebody said that it is not the same family: alone they do not bring the pair back. A pair
    that waits again keeps who decided before.

    ``score`` is out of 100 (``parents.samefamily.facts``).
    """

    first = models.ForeignKey("parents.Family", models.CASCADE, related_name="+")
    second = models.ForeignKey("parents.Family", models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    facts = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    state = models.CharField(max_length=9, choices=MatchState.choices, default=MatchState.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")

    objects = FamilyMatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible family")
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="family_match_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="family_match_ordered"),
            models.CheckConstraint(condition=Q(state__in=MatchState.values), name="family_match_state_known"),
            models.CheckConstraint(
                condition=Q(state=MatchState.OPEN) | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="family_match_decided_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["state", "-score"], name="family_match_queue")]

    def __str__(self) -> str:
        return f"match {self.pk}"


class FamilyMergeQuerySet(models.QuerySet["FamilyMerge"]):
    def standing(self) -> FamilyMergeQuerySet:
        """Those that nobody undid."""
        return self.filter(undone_at__isnull=True)

    def visible_to(self, user: object) -> FamilyMergeQuerySet:
        """Of which the user accompanies both families as joint worker, by the children with whom each came."""
        came = MergedChild.objects.filter(merge_id=OuterRef("pk"), pupil_id__in=pupils_of_joint_worker(user))
        return self.filter(
            Exists(came.filter(family_id=OuterRef("kept_id"))), Exists(came.filter(family_id=OuterRef("joined_id")))
        )

    def editable_by(self, user: object) -> FamilyMergeQuerySet:
        """Those of them that can still be undone."""
        return self.visible_to(user).standing().filter(at__gte=undoable_since())


class FamilyMerge(models.Model):
    """Two families became one: everything of ``joined`` is now ``kept``'s. ``moved`` says of each kind of row which
    ones moved and which was the last there was, so that undoing finds them and tells later ones apart."""

    kept = models.ForeignKey("parents.Family", models.PROTECT, related_name="+")
    joined = models.ForeignKey("parents.Family", models.PROTECT, related_name="+")
    kept_language = models.CharField(max_length=10, blank=True)
    moved = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")

    objects = FamilyMergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("joined families")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("joined")), name="family_merge_of_two"),
            models.UniqueConstraint(
                fields=["joined"], condition=Q(undone_at__isnull=True), name="family_merge_joined_once"
            ),
        ]

    def __str__(self) -> str:
        return f"merge {self.pk}"

    @property
    def until(self) -> date:
        """The last day on which it can be undone."""
        return clock.local_date(self.at) + timedelta(days=UNDO_DAYS)


def is_joined(family_id: int) -> bool:
    """Whether a family took in another one that it did not give back."""
    return FamilyMerge.objects.standing().filter(kept_id=family_id).exists()


class MergedChild(models.Model):
    """With which family a child came when two were joined: who accompanies only one of them does not see the other."""

    merge = models.ForeignKey("parents.FamilyMerge", models.CASCADE, related_name="children")
    family = models.ForeignKey("parents.Family", models.PROTECT, related_name="+")
    pupil = models.ForeignKey("schools.Pupil", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merge", "pupil"], name="merged_child_once")]

    def __str__(self) -> str:
        return f"{self.merge_id} · {self.pupil_id}"
