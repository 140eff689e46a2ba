from __future__ import annotations

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from parents.models.families import Family
from schools import clock
from schools.models import Assignment, Role
from schools.models.places import SchoolQuerySet
from schools.models.pupils import PupilQuerySet
from schools.posts import sees_child_no_more
from schools.scope import scope_of

#: What stands instead of words that went.
WORDLESS = "–"


class FollowUpKind(models.TextChoices):
    PROMISE = "PROMISE", _("agreement to keep")
    CALL = "CALL", _("call this family")
    NOT_UNDERSTOOD = "NOT_UNDERSTOOD", _("explain a notice")
    CONTACT_DATA = "CONTACT_DATA", _("ask for a new number or address")
    MEETING = "MEETING", _("offer another talk")


class FollowUpStatus(models.TextChoices):
    OPEN = "OPEN", _("open")
    DONE = "DONE", _("done")
    DROPPED = "DROPPED", _("dropped")


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: object) -> FollowUpQuerySet:
        """Own follow-ups, those of own classes' pupils, and those of schools whose talks the user reads as a whole:
        they say what was promised in one."""
        scope = scope_of(user)
        in_class = PupilQuerySet.ids_in_classes(scope)
        return self.filter(
            Q(owner_id=scope.user_id, school_id__in=SchoolQuerySet.ids_of_any_place(scope))
            | Q(school_id__in=SchoolQuerySet.ids_of_talks(scope))
            | Q(school_id__in=scope.class_schools, pupil_id__in=in_class)
        )

    def open(self) -> FollowUpQuerySet:
        """Still to do. What was late for somebody who was erased stays late in figures; nobody can do it any more."""
        return self.filter(status=FollowUpStatus.OPEN).exclude(what=WORDLESS)

    def for_me(self, user: object) -> FollowUpQuerySet:
        """Those that wait for this user: the own ones, nobody's, and about children of own classes those of a colleague
        who does not see the child any more: what was promised goes along into the new class."""
        scope = scope_of(user)
        office = Assignment.objects.current().filter(
            role=Role.OFFICE, school=OuterRef("school_id"), user=OuterRef("owner_id"), user__is_active=True
        )
        came_along = Q(pupil_id__in=PupilQuerySet.ids_in_classes(scope)) & sees_child_no_more("owner_id")
        came_along &= ~Q(Exists(office))
        return self.filter(Q(owner_id=scope.user_id) | Q(owner__isnull=True) | came_along)

    def with_door(self, user: object) -> FollowUpQuerySet:
        """With ``opens``: whether the user may open the family's page. What was taken on stays one's own when the child
        is in another class or school."""
        return self.annotate(opens=Exists(Family.objects.visible_to(user).filter(pk=OuterRef("family_id"))))

    def due(self) -> FollowUpQuerySet:
        """Open, with a due day that has come."""
        return self.open().filter(due_on__lte=clock.today())


class FollowUp(models.Model):
    """Something somebody will do for a family by a day. Owner first, so that it is nobody's by accident."""

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    family = models.ForeignKey("parents.Family", models.PROTECT, related_name="follow_ups")
    pupil = models.ForeignKey("schools.Pupil", models.PROTECT, null=True, blank=True, related_name="+")
    guardian = models.ForeignKey("parents.Guardian", models.SET_NULL, null=True, blank=True, related_name="+")
    contact_moment = models.ForeignKey(
        "parents.ContactMoment", models.SET_NULL, null=True, blank=True, related_name="follow_ups"
    )
    contact_request = models.ForeignKey(
        "parents.ContactRequest", models.SET_NULL, null=True, blank=True, related_name="follow_ups"
    )
    slot = models.ForeignKey(
        "parents.ConferenceSlot", models.SET_NULL, null=True, blank=True, related_name="follow_ups"
    )
    kind = models.CharField(max_length=20, choices=FollowUpKind.choices, default=FollowUpKind.PROMISE)
    what = models.CharField(_("what will be done"), max_length=250)
    owner = models.ForeignKey("schools.User", models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(_("by when"))
    status = models.CharField(max_length=8, choices=FollowUpStatus.choices, default=FollowUpStatus.OPEN)
    done_on = models.DateField(null=True, blank=True)
    closed_because = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FollowUpKind.values), name="follow_up_kind_known"),
            models.CheckConstraint(condition=Q(status__in=FollowUpStatus.values), name="follow_up_status_known"),
            models.CheckConstraint(
                condition=~Q(status=FollowUpStatus.DONE) | Q(done_on__isnull=False), name="follow_up_done_has_day"
            ),
            models.UniqueConstraint(
                fields=["slot"], condition=Q(status=FollowUpStatus.OPEN), name="follow_up_of_slot_once"
            ),
        ]
        indexes = [
            models.Index(F("school"), F("due_on"), condition=Q(status="OPEN"), name="follow_up_open"),
            models.Index(fields=["owner", "due_on"], name="follow_up_of_owner"),
        ]

    def __str__(self) -> str:
        return self.what
