"""How a guardian can be reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from schools import clock


class PointKind(models.TextChoices):
    EMAIL = "EMAIL", _("e-mail address")
    PHONE = "PHONE", _("phone number")


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def usable(self) -> ContactPointQuerySet:
        """Valid today."""
        day = clock.today()
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day), valid_from__lte=day)

    def phones_of(self, guardians: Collection[int]) -> defaultdict[int, list[str]]:
        """By guardian (id) the numbers that work, the preferred first; nothing is asked for nobody."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        if guardians:
            uses = ContactPointUse.objects.filter(
                guardian_id__in=guardians, contact_point__in=self.usable().filter(kind=PointKind.PHONE)
            )
            for guardian, number in uses.order_by("rank", "pk").values_list("guardian_id", "contact_point__value"):
                found[guardian].append(number)
        return found

    def left_to_one(self, points: Collection[int]) -> None:
        """Of these points (ids) those that only one guardian uses any more are no shared ones: whoever uses it is
        written to by name again."""
        users = models.Count("uses")
        alone = self.filter(pk__in=points, is_shared=True).annotate(users=users).filter(users=1)
        self.filter(pk__in=list(alone.values_list("pk", flat=True))).update(is_shared=False)

    def read_by_others(self, points: Collection[int]) -> set[int]:
        """Those of ``points`` (ids) whose address or number several guardians use, or that somebody ticked; in one
        query. By the value, as for signing in: schools that do not know of each other keep a row each."""
        values = self.filter(pk__in=points).values("value")
        still = self.usable() | self.filter(pk__in=points)  # a link outlives the number it was sent to
        same = still.filter(kind__in=PointKind.values, value__in=values)
        uses = ContactPointUse.objects.filter(contact_point__in=same.values("pk"))
        users: dict[tuple[str, str], set[int]] = defaultdict(set)
        places: dict[tuple[str, str], set[int]] = defaultdict(set)
        ticked: set[tuple[str, str]] = set()
        rows = uses.values_list(
            "contact_point__kind", "contact_point__value", "contact_point_id", "guardian_id", "contact_point__is_shared"
        )
        for kind, value, point, guardian, is_shared in rows:
            users[kind, value].add(guardian)
            places[kind, value].add(point)
            if is_shared:
                ticked.add((kind, value))
        found = {pk for key, pks in places.items() if key in ticked or len(users[key]) > 1 for pk in pks}
        return found & set(points)


class ContactPoint(models.Model):
    """An address or number. Families share them, so nothing here is unique; ended ones stay as history."""

    kind = models.CharField(max_length=5, choices=PointKind.choices)
    value = models.CharField(_("address or number"), max_length=254)
    is_shared = models.BooleanField(_("shared by several people"), default=False)
    verified_on = models.DateField(null=True, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=20, blank=True)
    guardians = models.ManyToManyField(
        "parents.Guardian", through="parents.ContactPointUse", related_name="contact_points"
    )

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact point")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PointKind.values), name="contact_point_kind_known"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="contact_point_days_ordered",
            ),
        ]
        indexes = [models.Index(fields=["kind", "value"], name="contact_point_by_value")]

    def __str__(self) -> str:
        return self.value

    @property
    def is_usable(self) -> bool:
        return self.valid_until is None or self.valid_until > clock.today()

    @property
    def is_old(self) -> bool:
        """Nobody confirmed for settings.CONFIRM_POINT_DAYS that it still reaches somebody."""
        since = clock.today() - timedelta(days=settings.CONFIRM_POINT_DAYS)
        return (self.verified_on or self.valid_from) < since


class ContactPointUse(models.Model):
    """A guardian uses a contact point; the lowest rank is tried first."""

    contact_point = models.ForeignKey("parents.ContactPoint", models.CASCADE, related_name="uses")
    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, related_name="point_uses")
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["contact_point", "guardian"], name="contact_point_use_once")]

    def __str__(self) -> str:
        return f"{self.guardian} · {self.contact_point}"


class SignInCode(models.Model):
    """A one-time code sent to a contact point. Only its keyed hash is stored; used codes stay until they expire."""

    contact_point = models.ForeignKey("parents.ContactPoint", models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["contact_point", "-created_at"], name="sign_in_code_of_point")]

    def __str__(self) -> str:
        return f"code {self.pk}"
