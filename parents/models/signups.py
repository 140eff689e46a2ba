"""Who comes to a gathering, and what they are told about it outside a notice."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parents.models.families import Guardian
from parents.models.guardianships import Guardianship
from schools import clock
from schools.languagenames import name_of_language
from schools.models import Enrolment
from schools.models.places import SchoolQuerySet
from schools.scope import scope_of

#: Of one parent, adults and children each.
MOST_TOGETHER = 9


class SignUpState(models.TextChoices):
    COMING = "COMING", _("comes")
    WAITING = "WAITING", _("on the waiting list")


class GatheringSignUpQuerySet(models.QuerySet["GatheringSignUp"]):
    def visible_to(self, user: object) -> GatheringSignUpQuerySet:
        """Those of guardians of whom the user sees a child: a teacher those of own classes."""
        return self.filter(
            gathering__school_id__in=SchoolQuerySet.ids_of_any_place(scope_of(user)),
            guardian_id__in=Guardian.objects.visible_to(user).values("pk"),
        )

    def coming(self) -> GatheringSignUpQuerySet:
        return self.filter(state=SignUpState.COMING)

    def waiting(self) -> GatheringSignUpQuerySet:
        """Who waits for a place, the first to ask first."""
        return self.filter(state=SignUpState.WAITING).order_by("asked_at", "pk")

    def of_informed(self, school_id: int, day: date) -> GatheringSignUpQuerySet:
        """Those of guardians with the right to information on a child who is at the school, or was on that day."""
        here = Enrolment.objects.on(min(day, clock.today())).filter(school_id=school_id)
        ties = Guardianship.objects.current().filter(information_right=True, pupil_id__in=here.values("pupil_id"))
        return self.filter(guardian_id__in=ties.values("guardian_id"))

    def people(self) -> int:
        """How many come with them, children included."""
        found = self.aggregate(number=Sum(F("adults") + F("children")))["number"]
        return int(found or 0)


class GatheringSignUp(models.Model):
    """A parent who comes to a gathering, with how many, or who waits for a place since ``asked_at``.

    Each parent signs up alone: of separated parents neither learns whether the other comes. ``interpreter`` is the code
    of the language for which one is wanted, "" for none. ``entered_by`` is the colleague who wrote it down for them.
    """

    gathering = models.ForeignKey("parents.Gathering", models.CASCADE, related_name="sign_ups")
    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, related_name="+")
    adults = models.PositiveSmallIntegerField(_("adults"))
    children = models.PositiveSmallIntegerField(_("children"), db_default=0)
    interpreter = models.CharField(max_length=10, blank=True, db_default="")
    state = models.CharField(max_length=7, choices=SignUpState.choices)
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    entered_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")

    objects = GatheringSignUpQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "guardian"], name="sign_up_once"),
            models.CheckConstraint(condition=Q(state__in=SignUpState.values), name="sign_up_state_known"),
            models.CheckConstraint(
                condition=Q(adults__gte=1, adults__lte=MOST_TOGETHER, children__lte=MOST_TOGETHER),
                name="sign_up_number_of_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id} · {self.guardian_id}"

    @property
    def people(self) -> int:
        return self.adults + self.children

    @property
    def language_name(self) -> str:
        """For which an interpreter is wanted, in the language of the page; "" for none."""
        return name_of_language(self.interpreter) if self.interpreter else ""

    @property
    def waits(self) -> bool:
        return self.state == SignUpState.WAITING


class WordKind(models.TextChoices):
    """What who signed up is told."""

    REMINDER = "REMINDER", _("reminder")
    MOVED = "MOVED", _("moved")
    CANCELLED = "CANCELLED", pgettext_lazy("a gathering", "cancelled")
    PLACE = "PLACE", _("a place came free")


class GatheringWordQuerySet(models.QuerySet["GatheringWord"]):
    def standing(self, moment: datetime) -> GatheringWordQuerySet:
        """Those that still hold, of gatherings that are still to come."""
        rows = self.filter(sign_up__gathering__starts_at__gt=moment)
        cancelled = Q(kind=WordKind.CANCELLED, sign_up__gathering__cancelled_at__isnull=False)
        held = Q(sign_up__gathering__cancelled_at__isnull=True)
        comes = Q(sign_up__state=SignUpState.COMING)
        latest = Q(sequence=F("sign_up__gathering__sequence"))
        return rows.filter(
            cancelled
            | held & latest & Q(kind=WordKind.MOVED)
            | held & latest & comes & Q(kind=WordKind.REMINDER)
            | held & comes & Q(kind=WordKind.PLACE)
        )


class GatheringWord(models.Model):
    """Something that a parent who signed up is told once: of one hour and place (``sequence`` of the gathering).

    ``taken_at`` is when a sweep took it on, ``told_at`` when the word left; what was taken and not told for a while is
    taken again. It goes with the sign-up: who signed off is told nothing.
    """

    sign_up = models.ForeignKey("parents.GatheringSignUp", models.CASCADE, related_name="words")
    kind = models.CharField(max_length=9, choices=WordKind.choices)
    sequence = models.PositiveSmallIntegerField()
    decided_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    objects = GatheringWordQuerySet.as_manager()

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sign_up", "kind", "sequence"], name="gathering_word_once"),
            models.CheckConstraint(condition=Q(kind__in=WordKind.values), name="gathering_word_known"),
        ]
        indexes = [models.Index(fields=["sign_up"], condition=Q(told_at__isnull=True), name="gathering_word_to_tell")]

    def __str__(self) -> str:
        return f"{self.sign_up_id} · {self.kind}"
