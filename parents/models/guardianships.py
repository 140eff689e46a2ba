"""What an adult is to a child: since when, with which authority, and what follows from it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools import clock
from schools.models.periods import Period, PeriodQuerySet


class Authority(models.TextChoices):
    """Parental authority (domain 4.5)."""

    JOINT = "JOINT", _("joint authority")
    SOLE = "SOLE", _("sole authority")
    INFORMATION_ONLY = "INFORMATION_ONLY", _("right to information only")
    NONE = "NONE", _("no authority")


#: Right to information, receives notices, decides (domain 4.5).
_RIGHTS = {
    Authority.JOINT: (True, True, True),
    Authority.SOLE: (True, True, True),
    Authority.INFORMATION_ONLY: (True, True, False),
    Authority.NONE: (False, False, False),
}


class GuardianshipQuerySet(PeriodQuerySet["Guardianship"]):
    def entitled(self) -> GuardianshipQuerySet:
        """Running today, with the right to information."""
        return self.on(clock.today()).filter(information_right=True, may_receive=True)

    def informed(self) -> GuardianshipQuerySet:
        """Entitled to it, of a guardian who may be contacted and whose data are not restricted to being kept."""
        return self.entitled().filter(guardian__may_be_contacted=True, guardian__restricted_on__isnull=True)


class Guardianship(Period):
    """What one adult is to one child, and may know of it.

    ``basis_*`` say who saw the paper and when; the judgment itself is never stored.
    """

    pupil = models.ForeignKey("schools.Pupil", models.PROTECT, related_name="guardianships")
    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, related_name="guardianships")
    relation = models.CharField(_("relation"), max_length=40, blank=True)
    authority = models.CharField(_("authority"), max_length=20, choices=Authority.choices, default=Authority.JOINT)
    information_right = models.BooleanField(_("right to information"), default=True)
    may_receive = models.BooleanField(_("receives notices"), default=True)
    may_decide = models.BooleanField(_("decides"), default=True)
    basis_seen_by = models.ForeignKey("schools.User", models.PROTECT, null=True, blank=True, related_name="+")
    basis_seen_on = models.DateField(null=True, blank=True)

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("guardianship")
        constraints = [
            Period.ordered_days("guardianship_days_ordered"),
            models.CheckConstraint(condition=Q(authority__in=Authority.values), name="guardianship_authority_known"),
            models.CheckConstraint(
                condition=~Q(authority=Authority.NONE) | Q(may_decide=False), name="guardianship_none_decides_nothing"
            ),
        ]
        indexes = [models.Index(fields=["pupil", "starts_on"], name="guardianship_of_pupil")]

    def __str__(self) -> str:
        return f"{self.guardian} · {self.pupil}"

    @property
    def bars_rights(self) -> bool:
        """Somebody saw the paper that takes the right to information away."""
        return self.basis_seen_on is not None and not self.information_right

    def give(self, authority: str) -> None:
        """The authority, and what it lets the adult know and decide; saving is the caller's."""
        self.authority = authority
        self.information_right, self.may_receive, self.may_decide = _RIGHTS[Authority(authority)]
