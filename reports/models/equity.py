from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def _share(label: Any) -> models.DecimalField:
    return models.DecimalField(label, max_digits=4, decimal_places=1, null=True)


class SchoolEquityProfile(models.Model):
    """What the government counted of a school's pupils (domain 1.2): sums of a school, of nobody in particular.

    The four official traits are per cents of ``pupils``; ``oki`` is how many of them a pupil has on average, 0 to 4.
    Null is what the file did not say. ``first_year`` is that of the school year, 2026 for 2026–2027.
    """

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    first_year = models.PositiveSmallIntegerField()
    counted_on = models.DateField(null=True)
    pupils = models.PositiveIntegerField()
    home_language = _share(_("another language than Dutch at home"))
    mother_education = _share(_("mother without a secondary diploma"))
    allowance = _share(_("school allowance"))
    neighbourhood = _share(_("neighbourhood where many children fall behind"))
    oki = models.DecimalField("OKI", max_digits=3, decimal_places=2, null=True)
    source = models.CharField(max_length=120)
    brought_in_at = models.DateTimeField(_("brought in at"))
    brought_in_by = models.ForeignKey(
        "schools.User", models.PROTECT, null=True, related_name="+", verbose_name=_("brought in by")
    )

    class Meta:
        ordering = ["school__name", "-first_year"]
        constraints = [
            models.UniqueConstraint(fields=["school", "first_year"], name="equity_profile_once_a_year"),
            models.CheckConstraint(condition=Q(pupils__gt=0), name="equity_profile_of_somebody"),
            models.CheckConstraint(
                condition=Q(oki__isnull=True) | Q(oki__gte=0, oki__lte=4), name="equity_profile_oki"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.year}"

    @property
    def year(self) -> str:
        return f"{self.first_year}–{self.first_year + 1}"
