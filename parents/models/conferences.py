"""Rounds of parent–teacher meetings: who receives, at which times, and the child's place in the round."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from schools import clock
from schools.models import Assignment, SchoolClass
from schools.models.places import SchoolQuerySet
from schools.scope import scope_of


class SlotRule(models.TextChoices):
    JOINT = "JOINT", _("one talk for each child, for all its parents together")
    EACH = "EACH", _("one talk for each parent")


class MeetingWay(models.TextChoices):
    """How the talk is held."""

    SCHOOL = "SCHOOL", _("at school")
    PHONE = "PHONE", _("by phone")
    VIDEO = "VIDEO", _("by video")
    HOME = "HOME", _("at home")


class ConferenceRoundQuerySet(models.QuerySet["ConferenceRound"]):
    def visible_to(self, user: object) -> ConferenceRoundQuerySet:
        scope = scope_of(user)
        return self.filter(Q(school_id__in=SchoolQuerySet.ids_visible(scope)) | Q(school_id__in=scope.class_schools))

    def received_by(self, user: object) -> ConferenceRoundQuerySet:
        """Rounds with times in own classes, or at the own school as a whole."""
        return self.filter(Exists(ConferenceHost.objects.visible_to(user).filter(round_id=OuterRef("pk"))))


class ConferenceRound(models.Model):
    """A round of parent–teacher meetings (oudercontact) of a school; ``held_on`` is its first day, ``last_on`` its last
    one where it takes several.

    Until ``books_until`` parents choose, change and cancel a time themselves; without it they cannot. ``ways`` are the
    ways (MeetingWay) among which they choose.
    """

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    held_on = models.DateField(_("day"))
    last_on = models.DateField(null=True)
    catch_up_until = models.DateField(_("catch-up talks until"))
    slot_rule = models.CharField(max_length=5, choices=SlotRule.choices, db_default=SlotRule.JOINT)
    books_until = models.DateTimeField(_("parents choose a time until"), null=True, blank=True)
    slot_minutes = models.PositiveSmallIntegerField(_("minutes for each talk"), db_default=10)
    ways = models.JSONField(_("ways of talking"), default=list, db_default=models.Value([], models.JSONField()))

    objects = ConferenceRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on"]
        constraints = [
            models.CheckConstraint(condition=Q(slot_rule__in=SlotRule.values), name="round_rule_known"),
            models.CheckConstraint(
                condition=Q(last_on__isnull=True) | Q(last_on__gt=F("held_on")), name="round_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def last_day(self) -> date:
        return self.last_on or self.held_on

    @property
    def is_over(self) -> bool:
        """Its last day has passed: what was offered in it is counted as it stood."""
        return self.last_day < clock.today()

    @property
    def left_to_choose(self) -> ConferenceSlotQuerySet:
        """Places without a time, with whose teachers one is left: an evening may have been called off, or be full."""
        left = ConferenceHour.objects.free_after(clock.now()).filter(host__round=self)
        places = ConferenceSlot.objects.filter(round=self, status=SlotStatus.OFFERED)
        return places.filter(school_class_id__in=left.values("host__school_class_id"))

    def takes_bookings(self, moment: datetime) -> bool:
        """Whether parents choose and change times themselves at this moment."""
        return self.books_until is not None and moment < self.books_until


class ConferenceHostQuerySet(models.QuerySet["ConferenceHost"]):
    def visible_to(self, user: object) -> ConferenceHostQuerySet:
        """Those of own classes, and of the own school as a whole; a CLB does not receive."""
        scope = scope_of(user)
        return self.filter(Q(school_class_id__in=scope.classes) | Q(round__school_id__in=scope.schools))


class ConferenceHost(models.Model):
    """A teacher who receives the parents of a class in a round, and where."""

    round = models.ForeignKey("parents.ConferenceRound", models.CASCADE, related_name="hosts")
    school_class = models.ForeignKey("schools.SchoolClass", models.PROTECT, related_name="+")
    teacher = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    room = models.CharField(_("room"), max_length=60, blank=True)
    #: Meeting programs make links of some 300 letters.
    video_url = models.URLField(_("video link"), max_length=500, blank=True)

    objects = ConferenceHostQuerySet.as_manager()

    class Meta:
        ordering = ["school_class__level", "school_class__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "school_class", "teacher"], name="host_once")]

    def __str__(self) -> str:
        return f"{self.round} · {self.school_class}"


class ConferenceHourQuerySet(models.QuerySet["ConferenceHour"]):
    def visible_to(self, user: object) -> ConferenceHourQuerySet:
        return self.filter(host_id__in=ConferenceHost.objects.visible_to(user).values("pk"))

    def free_after(self, moment: datetime) -> ConferenceHourQuerySet:
        """Nobody has them, they begin later, and their teacher is there."""
        return self.attended().filter(slot__isnull=True, starts_at__gt=moment)

    def attended(self) -> ConferenceHourQuerySet:
        """Their teacher still works at the school on that day."""
        posts = Assignment.objects.filter(
            user=OuterRef("teacher"), user__is_active=True, school=OuterRef("host__round__school")
        )
        lasting = posts.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("day")))
        return self.alias(day=TruncDate("starts_at", tzinfo=clock.BRUSSELS)).filter(Exists(lasting))


class ConferenceHour(models.Model):
    """A time at which a teacher can receive; it is taken while a slot names it.

    ``teacher`` is that of the host: the database refuses two times of one teacher that overlap.
    """

    host = models.ForeignKey("parents.ConferenceHost", models.CASCADE, related_name="hours")
    teacher = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = ConferenceHourQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="hour_ends_later")]

    def __str__(self) -> str:
        return f"{self.starts_at}"

    @property
    def key(self) -> str:
        """What a form sends back: a time that was moved since is another one."""
        return f"{self.pk}-{int(self.starts_at.timestamp())}"

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()


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
    """One pupil's place in a round, or that of one parent of the pupil (``guardian``). Attendance is counted in these
    pupil-slots (I06).

    ``hour`` is the time that was chosen: one slot has it at most, the database sees to it. ``booked_by`` chose it, or
    ``entered_by`` copied it from paper or the phone. ``sequence`` counts the changes, for calendars and for pages
    that were opened before.
    """

    round = models.ForeignKey("parents.ConferenceRound", models.CASCADE, related_name="slots")
    pupil = models.ForeignKey("schools.Pupil", models.PROTECT, related_name="conference_slots")
    school_class = models.ForeignKey("schools.SchoolClass", models.PROTECT, related_name="+")
    family = models.ForeignKey("parents.Family", models.PROTECT, null=True, related_name="+")
    guardian = models.ForeignKey("parents.Guardian", models.SET_NULL, null=True, blank=True, related_name="+")
    hour = models.OneToOneField("parents.ConferenceHour", models.RESTRICT, null=True, related_name="slot")
    starts_at = models.DateTimeField(null=True, blank=True)
    way = models.CharField(max_length=6, choices=MeetingWay.choices, blank=True, db_default="")
    status = models.CharField(max_length=10, choices=SlotStatus.choices, default=SlotStatus.OFFERED)
    booked_at = models.DateTimeField(null=True)
    booked_by = models.ForeignKey("parents.Guardian", models.SET_NULL, null=True, related_name="+")
    entered_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    cancelled_because = models.CharField(max_length=200, blank=True, db_default="")
    sequence = models.PositiveSmallIntegerField(db_default=0)
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
                condition=Q(starts_at__isnull=False, hour__isnull=True) & ~Q(status="CANCELLED"),
                name="slot_hour_once",
            ),
            models.CheckConstraint(condition=Q(status__in=SlotStatus.values), name="slot_status_known"),
            models.CheckConstraint(condition=Q(way__in=["", *MeetingWay.values]), name="slot_way_known"),
            models.CheckConstraint(
                condition=Q(hour__isnull=True) | Q(starts_at__isnull=False), name="slot_with_hour_has_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.pupil}"

    @property
    def day(self) -> date:
        """Its own, or that of its round while it has no hour."""
        return clock.local_date(self.starts_at) if self.starts_at else self.round.held_on


class ConferenceNote(models.Model):
    """What a parent wants to talk about. Of a joint talk the other parent does not see it."""

    slot = models.ForeignKey("parents.ConferenceSlot", models.CASCADE, related_name="notes")
    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, related_name="+")
    text = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "guardian"], name="conference_note_once")]

    def __str__(self) -> str:
        return f"{self.slot_id}"
