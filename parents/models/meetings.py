from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parents.models.families import Family
from parents.models.kinds import InterpreterMode
from schools.models import SchoolClass
from schools.models.places import SchoolQuerySet
from schools.scope import scope_of


class ConferenceRoundQuerySet(models.QuerySet["ConferenceRound"]):
    def visible_to(self, user: object) -> ConferenceRoundQuerySet:
        scope = scope_of(user)
        return self.filter(Q(school_id__in=SchoolQuerySet.ids_visible(scope)) | Q(school_id__in=scope.class_schools))


class ConferenceRound(models.Model):
    """A round of parent–teacher meetings (oudercontact) of a school."""

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    held_on = models.DateField(_("day"))
    catch_up_until = models.DateField(_("catch-up talks until"))

    objects = ConferenceRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on"]

    def __str__(self) -> str:
        return self.name


class SlotStatus(models.TextChoices):
    OFFERED = "OFFERED", _("offered")
    BOOKED = "BOOKED", _("booked")
    HELD = "HELD", _("held")
    CAUGHT_UP = "CAUGHT_UP", _("held later")
    NO_SHOW = "NO_SHOW", _("family did not come")
    CANCELLED = "CANCELLED", _("cancelled")


class ConferenceSlotQuerySet(models.QuerySet["ConferenceSlot"]):
    def visible_to(self, user: object) -> ConferenceSlotQuerySet:
        return self.filter(school_class_id__in=SchoolClass.objects.visible_to(user).values("pk"))


class ConferenceSlot(models.Model):
    """One pupil's place in a round. Attendance is counted in these pupil-slots (I06)."""

    round = models.ForeignKey("parents.ConferenceRound", models.CASCADE, related_name="slots")
    pupil = models.ForeignKey("schools.Pupil", models.PROTECT, related_name="conference_slots")
    school_class = models.ForeignKey("schools.SchoolClass", models.PROTECT, related_name="+")
    family = models.ForeignKey("parents.Family", models.PROTECT, null=True, related_name="+")
    guardian = models.ForeignKey("parents.Guardian", models.SET_NULL, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=SlotStatus.choices, default=SlotStatus.OFFERED)
    contact_moment = models.ForeignKey(
        "parents.ContactMoment", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ConferenceSlotQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "pupil", "guardian"], name="slot_of_guardian_once"),
            models.UniqueConstraint(
                fields=["round", "pupil"], condition=Q(guardian__isnull=True), name="slot_of_pupil_once"
            ),
            models.UniqueConstraint(
                fields=["round", "school_class", "starts_at"],
                condition=Q(starts_at__isnull=False) & ~Q(status="CANCELLED"),
                name="slot_hour_once",
            ),
            models.CheckConstraint(condition=Q(status__in=SlotStatus.values), name="slot_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.pupil}"


class GatheringQuerySet(models.QuerySet["Gathering"]):
    def visible_to(self, user: object) -> GatheringQuerySet:
        scope = scope_of(user)
        return self.filter(
            Q(school_id__in=SchoolQuerySet.ids_visible(scope))
            | Q(school_id__in=scope.class_schools)
            | Q(partner_id__in=scope.partners)
        )


class Gathering(models.Model):
    """A group moment: coffee, information evening, reading in the library."""

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    partner = models.ForeignKey("schools.Partner", models.PROTECT, null=True, blank=True, related_name="+")
    method = models.ForeignKey("schools.Method", models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=20)
    title = models.CharField(_("title"), max_length=120)
    place = models.CharField(_("place"), max_length=120)
    starts_at = models.DateTimeField()
    counted_only = models.PositiveSmallIntegerField(_("people counted without names"), null=True, blank=True)

    objects = GatheringQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """A family at a gathering."""

    gathering = models.ForeignKey("parents.Gathering", models.CASCADE, related_name="attendances")
    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    contact_moment = models.ForeignKey("parents.ContactMoment", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gathering", "family"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.gathering} · {self.family_id}"


class InterpreterRequest(models.Model):
    """An interpreter asked for a talk. The agency sees language, place and time, never the family (domain 6.6)."""

    class State(models.TextChoices):
        ASKED = "ASKED", _("asked")
        BOOKED = "BOOKED", _("booked")
        CAME = "CAME", _("came")
        DID_NOT_COME = "DID_NOT_COME", _("did not come")
        CANCELLED = "CANCELLED", _("cancelled")

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    slot = models.ForeignKey("parents.ConferenceSlot", models.SET_NULL, null=True, blank=True, related_name="+")
    family = models.ForeignKey("parents.Family", models.PROTECT, related_name="+")
    language = models.CharField(max_length=10)
    needed_at = models.DateTimeField(null=True, blank=True)
    mode = models.CharField(max_length=20, choices=InterpreterMode.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["needed_at"]

    def __str__(self) -> str:
        return f"{self.language} {self.needed_at}"
