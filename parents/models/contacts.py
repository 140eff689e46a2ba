"""Contact moments: what happened between a family and the school, and who may read which layer of it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parents.models.families import Family
from parents.models.kinds import (
    ARRIVED,
    KIND_ICONS,
    SPOKEN_KINDS,
    ContactKind,
    Initiative,
    InterpreterMode,
    InterpreterNeed,
    MomentStatus,
    Outcome,
    Purpose,
    Tone,
    Visibility,
)
from schools import clock
from schools.models.people import Assignment, Role, User
from schools.models.places import SchoolQuerySet
from schools.models.pupils import Pupil, PupilQuerySet
from schools.posts import reading_all
from schools.scope import Scope, scope_of
from schools.twice import SAME_WORDS

#: A condition that no row meets: Django leaves it out of an OR.
NOTHING = Q(pk__in=[])
_TEAM = [Visibility.PARENT, Visibility.SCHOOL_TEAM]


def _in(layer: str, *classes: Visibility) -> dict[str, Any]:
    return {f"{layer}__in": classes}


class ContactMomentQuerySet(models.QuerySet["ContactMoment"]):
    def visible_to(self, user: object, layer: str = "visibility") -> ContactMomentQuerySet:
        """Moments the user may read: by place, then by the class of the factual line, and always one's own.

        A teacher reads team lines of the own class's pupils; the school team its school's, its office none, also not
        who teaches one class of it besides; care lines need a care role; CLB lines the attached centre or the joint
        worker. ``layer`` is where the class stands: with that of earlier versions the same rule says who may read
        those.
        """
        scope = scope_of(user)
        whole_schools = SchoolQuerySet.ids_of_talks(scope)
        own = Q(recorded_by_id=scope.user_id, school_id__in=SchoolQuerySet.ids_of_any_place(scope))
        team = Q(school_id__in=whole_schools, **_in(layer, *_TEAM))
        care = Q(school_id__in=scope.care_schools, **_in(layer, Visibility.SCHOOL_CARE))
        return self.filter(own | team | care | self._of_own_classes(scope, layer) | self._beyond_school(scope, layer))

    @staticmethod
    def _of_own_classes(scope: Scope, layer: str) -> Q:
        if not scope.classes:
            return NOTHING
        pupils = PupilQuerySet.ids_in_classes(scope)
        of_pupils = ContactMoment.pupils.through.objects.filter(pupil_id__in=pupils)
        moments = of_pupils.values("contactmoment_id")
        return Q(school_id__in=scope.class_schools, pk__in=moments, **_in(layer, *_TEAM))

    @staticmethod
    def _beyond_school(scope: Scope, layer: str) -> Q:
        """Care lines and, for the centre that wrote them, CLB lines of the schools that a CLB worker accompanies."""
        if not scope.note_centres and not scope.joint_projects:
            return NOTHING
        schools = SchoolQuerySet.ids_beyond_school(scope)
        return Q(school_id__in=schools, **_in(layer, Visibility.SCHOOL_CARE)) | Q(
            school_id__in=schools, centre_id__in=scope.note_centres, **_in(layer, Visibility.CLB)
        )

    def last_spoken(self, family: str = "pk") -> models.Subquery:
        """As annotation on families: the last day on which somebody spoke with the family, among these moments."""
        reference = models.OuterRef(family)
        newest = self.filter(family=reference, is_two_way=True).order_by("-held_on")
        return models.Subquery(newest.values("held_on")[:1])

    def held(self) -> ContactMomentQuerySet:
        return self.filter(status=MomentStatus.HELD, withdrawn_at__isnull=True)

    def correctable_by(self, user: object) -> ContactMomentQuerySet:
        """What the user may put right: the own, and what somebody who left has left behind."""
        own = Q(recorded_by_id=scope_of(user).user_id)
        return self.filter(own | self._left_behind_for(user), withdrawn_at__isnull=True)

    @staticmethod
    def _left_behind_for(user: object) -> Q:
        """Lines whose writer does not work for the school any more, for who answers for them now: head and care
        coordinator for the school's, the joint worker for those of her schools, a CLB for its own."""
        scope = scope_of(user)
        accompanied = SchoolQuerySet.ids_beyond_school(scope)
        answers = Q(school_id__in=scope.answered_schools, centre__isnull=True) | Q(
            school_id__in=accompanied, centre_id__in=scope.note_centres
        )
        if scope.joint_projects:
            hers = SchoolQuerySet.ids_beyond_school(Scope(joint_projects=scope.joint_projects))
            answers |= Q(school_id__in=hers, centre__isnull=True)
        here, centre = models.OuterRef("school"), models.OuterRef("school__clb")
        works = Q(role=Role.TEACHER, school=here) | reading_all(school=here, centre=centre)
        posts = Assignment.objects.current().filter(works, user=models.OuterRef("recorded_by"), user__is_active=True)
        return answers & ~Q(models.Exists(posts))

    def just_written(self, *, by: User, pupil: Pupil, kind: str, held_on: date) -> ContactMomentQuerySet:
        """What the user wrote a moment ago of such a talk about a child, the latest first: tapped again after the
        browser's Back, it is mostly that one."""
        rows = self.filter(recorded_by=by, pupils=pupil, kind=kind, held_on=held_on, withdrawn_at__isnull=True)
        return rows.filter(recorded_at__gt=clock.now() - SAME_WORDS).order_by("-recorded_at")

    def withdrawable_by(self, user: object) -> ContactMomentQuerySet:
        """What the user may take back: what the user may put right, and as head what is of the own school."""
        led = self.filter(school_id__in=scope_of(user).led_schools, withdrawn_at__isnull=True)
        return self.correctable_by(user) | led

    def with_people(self) -> ContactMomentQuerySet:
        """With what a list of moments shows."""
        return self.select_related("school", "recorded_by", "method", "partner").prefetch_related("pupils", "guardians")


class ContactMoment(models.Model):
    """One contact with a family, planned or held. A talk about two siblings is one contact.

    ``held_on`` and ``held_month`` are school-local days stored when written, ``is_reach`` and ``is_two_way`` follow
    from kind and status (domain 2.3): figures read them through one partial index.
    """

    client_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    family = models.ForeignKey("parents.Family", models.PROTECT, related_name="contact_moments")
    pupils = models.ManyToManyField("schools.Pupil", related_name="+")
    guardians = models.ManyToManyField("parents.Guardian", related_name="+", blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=ContactKind.choices)
    status = models.CharField(max_length=20, choices=MomentStatus.choices, default=MomentStatus.HELD)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True)
    held_on = models.DateField(_("day"))
    held_month = models.DateField(editable=False)
    starts_at = models.TimeField(_("hour"), null=True, blank=True)
    duration_min = models.PositiveSmallIntegerField(_("duration, in minutes"), null=True, blank=True)
    initiative = models.CharField(_("who took the initiative"), max_length=20, choices=Initiative.choices)
    purpose = models.CharField(_("what it was about"), max_length=20, choices=Purpose.choices, blank=True)
    tone = models.CharField(_("tone"), max_length=10, choices=Tone.choices, default=Tone.NEUTRAL)
    language_used = models.CharField(_("language spoken"), max_length=10, blank=True)
    interpreter_need = models.CharField(
        _("interpreter"), max_length=10, choices=InterpreterNeed.choices, default=InterpreterNeed.NO
    )
    interpreter_mode = models.CharField(
        _("who interpreted"), max_length=20, choices=InterpreterMode.choices, blank=True
    )
    # Without a constraint or default: SQLite would make the table anew and lose its triggers.
    arrived = models.BooleanField(_("referral"), choices=ARRIVED, null=True, blank=True)
    partner = models.ForeignKey(
        "schools.Partner",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("to which organisation"),
    )
    method = models.ForeignKey("schools.Method", models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.CharField(_("factual line"), max_length=500, blank=True)
    visibility = models.CharField(max_length=12, choices=Visibility.choices, default=Visibility.SCHOOL_TEAM)
    centre = models.ForeignKey("schools.CLBCentre", models.PROTECT, null=True, blank=True, related_name="+")
    agreement = models.CharField(_("agreement"), max_length=300, blank=True)
    recorded_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    seconds_to_log = models.PositiveIntegerField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_because = models.CharField(max_length=200, blank=True, editable=False)
    is_reach = models.BooleanField(default=False, editable=False)
    is_two_way = models.BooleanField(default=False, editable=False)
    language_group = models.CharField(max_length=8, default="unknown", editable=False)

    objects = ContactMomentQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact moment")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ContactKind.values), name="moment_kind_known"),
            models.CheckConstraint(condition=Q(status__in=MomentStatus.values), name="moment_status_known"),
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="moment_visibility_known"),
            models.CheckConstraint(condition=Q(initiative__in=Initiative.values), name="moment_initiative_known"),
            models.CheckConstraint(
                condition=~Q(visibility=Visibility.CLB) | Q(centre__isnull=False), name="moment_clb_line_has_centre"
            ),
            models.CheckConstraint(
                condition=Q(is_reach=False) | Q(status=MomentStatus.HELD), name="moment_reach_was_held"
            ),
        ]
        indexes = [
            models.Index(
                # The last two only so that figures read nothing else.
                fields=["school", "held_month", "language_group", "family", "held_on", "is_two_way"],
                condition=Q(is_reach=True),
                name="moment_reach",
            ),
            models.Index(fields=["school", "-held_on"], name="moment_of_school"),
            models.Index(fields=["family", "-held_on"], name="moment_of_family"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.held_on}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    @property
    def icon(self) -> str:
        """The icon of its kind."""
        return KIND_ICONS.get(self.kind, "message-circle")

    @property
    def is_referral(self) -> bool:
        """Whether the family was referred to somebody else in it."""
        return self.is_reach and (self.kind == ContactKind.REFERRAL or self.outcome == Outcome.REFERRED)

    @property
    def has_tone(self) -> bool:
        """Whether its writer gave it a tone; neutral is what nobody chose."""
        return self.tone != Tone.NEUTRAL

    @property
    def tone_colour(self) -> str:
        """Colour of its dot on a timeline; never the only carrier of meaning."""
        return "leaf" if self.is_reach else "sun" if self.status == MomentStatus.NOT_REACHED else "plain"

    def derive(self) -> None:
        """Set what follows from other fields; services that write in bulk call it too."""
        self.held_month = clock.month_of(self.held_on)
        self.is_reach = self.status == MomentStatus.HELD and self.withdrawn_at is None
        self.is_two_way = (
            self.is_reach and self.kind in SPOKEN_KINDS and (self.kind != ContactKind.GATE_TALK or bool(self.purpose))
        )


class CLBNoteQuerySet(models.QuerySet["CLBNote"]):
    def visible_to(self, user: object) -> CLBNoteQuerySet:
        """Notes of the centres whose CLB-only layer the user may read, at families the user may see."""
        return self.filter(
            centre_id__in=scope_of(user).note_centres,
            contact_moment__family_id__in=Family.objects.visible_to(user).values("pk"),
        )

    def of_centres(self, user: object) -> CLBNoteQuerySet:
        """Notes of those centres, wherever the children are by now: a centre files what is its own."""
        return self.filter(centre_id__in=scope_of(user).note_centres)


class CLBNote(models.Model):
    """The CLB-only layer of a contact moment, sealed with the owning centre's key (rulings 8).

    ``sealed`` is nonce + ciphertext + tag; the row's ``uid`` and the centre are associated data, so that a ciphertext
    moved to another row or centre does not open.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact_moment = models.ForeignKey("parents.ContactMoment", models.PROTECT, related_name="clb_notes")
    centre = models.ForeignKey("schools.CLBCentre", models.PROTECT, related_name="+")
    key_number = models.PositiveSmallIntegerField(default=1)
    sealed = models.BinaryField()
    author = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    #: When somebody of the centre confirmed that it stands in the file of the CLB; then it may go (domain 6.3).
    exported_at = models.DateTimeField(null=True)

    objects = CLBNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("CLB note")
        ordering = ["-written_at"]

    def __str__(self) -> str:
        return f"CLB note {self.pk}"
