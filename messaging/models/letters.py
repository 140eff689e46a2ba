"""Letters on paper: what is printed together, in which order, who gave it along, and what its strip said."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from messaging.models.notices import Notice
from schools.models.places import SchoolQuerySet
from schools.scope import scope_of

__all__ = ["BatchState", "LetterBatch", "LetterPart", "PrintProblem", "PrintedLetter", "StripMark", "holdable"]


class BatchState(models.TextChoices):
    MAKING = "MAKING", _("being made")
    READY = "READY", _("ready to print")
    FAILED = "FAILED", _("not made")
    STOPPED = "STOPPED", _("stopped")


class PrintProblem(models.TextChoices):
    """Why letters could not be made, as data; the sentences stand in the templates."""

    LAYOUT = "LAYOUT", _("a letter could not be laid out")
    DISK = "DISK", _("the file could not be kept")
    GAVE_UP = "GAVE_UP", _("tried several times")


class StripMark(models.TextChoices):
    """What came back on the tear-off strip of a letter."""

    ANSWERED = "ANSWERED", _("answer noted")
    ILLEGIBLE = "ILLEGIBLE", _("not legible")
    CALL = "CALL", _("asks for a call")


def holdable(user: object, *, notice: str, school: str, school_class: str) -> Q:
    """The condition on letters that a user may hold: of notices the user may see, at schools seen as a whole, of own
    classes, or of own notices. The arguments say where a row keeps its notice, school and class. Letters of a notice
    that was stopped lie there all the same, among others perhaps.

    A class teacher does not print or give the letters of other classes.
    """
    scope = scope_of(user)
    return Q(**{f"{notice}__in": Notice.objects.visible_to(user).ever_sent().values("pk")}) & (
        Q(**{f"{notice}__author_id": scope.user_id})
        | Q(**{f"{school}__in": SchoolQuerySet.ids_visible(scope)})
        | Q(**{f"{school_class}__in": scope.classes})
    )


class PrintedLetterQuerySet(models.QuerySet["PrintedLetter"]):
    def visible_to(self, user: object) -> PrintedLetterQuerySet:
        """Letters that the user may hold in the hand."""
        return self.filter(
            holdable(user, notice="delivery__notice", school="batch__school", school_class="school_class")
        )


class LetterBatchQuerySet(models.QuerySet["LetterBatch"]):
    def visible_to(self, user: object) -> LetterBatchQuerySet:
        """Batches with at least one letter that the user may hold."""
        return self.filter(Exists(PrintedLetter.objects.visible_to(user).filter(batch_id=OuterRef("pk"))))

    def editable_by(self, user: object) -> LetterBatchQuerySet:
        """Batches of which the user may hold every letter: who opens the file sees all families in it."""
        mine = PrintedLetter.objects.visible_to(user)
        others = PrintedLetter.objects.filter(batch_id=OuterRef("pk")).exclude(pk__in=mine.values("pk"))
        return self.visible_to(user).filter(~Exists(others))


class LetterBatch(models.Model):
    """Letters printed as one PDF: of one notice, or everything that waited for a class or a school.

    ``claim_token`` and ``claimed_until`` (the database's clock) say which process is making it. ``file`` names the PDF
    in the private store; it is empty while there is none, and again when retention removed it. While it is being made
    its deliveries are still QUEUED: only a file that exists makes a letter printed.
    """

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    notice = models.ForeignKey("messaging.Notice", models.PROTECT, null=True, related_name="+")
    school_class = models.ForeignKey("schools.SchoolClass", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    made_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=BatchState.choices, default=BatchState.MAKING)
    problem = models.CharField(max_length=8, choices=PrintProblem.choices, blank=True)
    letters_total = models.PositiveIntegerField(default=0)
    letters_done = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=80, blank=True)
    ready_at = models.DateTimeField(null=True)
    claim_token = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)

    objects = LetterBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="letter_batch_state_known"),
            models.CheckConstraint(
                condition=~Q(state="FAILED") | ~Q(problem=""), name="letter_batch_failed_has_problem"
            ),
            models.CheckConstraint(
                condition=~Q(state="READY") | Q(ready_at__isnull=False), name="letter_batch_ready_has_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["claimed_until"], condition=Q(state="MAKING"), name="letter_batch_making"),
            models.Index(fields=["school", "-id"], name="letter_batch_of_school"),
        ]

    def __str__(self) -> str:
        return f"Letters {self.pk}"


class LetterPart(models.Model):
    """Some classes of a batch, made in one go. A part that has its ``file`` is not made again after a crash."""

    batch = models.ForeignKey("messaging.LetterBatch", models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    letters = models.PositiveIntegerField()
    file = models.CharField(max_length=80, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="letter_part_once")]

    def __str__(self) -> str:
        return f"Part {self.number} of letters {self.batch_id}"


class PrintedLetter(models.Model):
    """One letter in a batch: its place in the pile, when it was given or came back, and what its strip said.

    ``school_class`` is the class with which it goes along. ``given_at`` is when that was noted: on that day it can be
    taken back. ``strip_key`` is the answer on the strip, which a later answer of the parent may have overtaken.
    """

    batch = models.ForeignKey("messaging.LetterBatch", models.CASCADE, related_name="letters")
    part = models.ForeignKey("messaging.LetterPart", models.CASCADE, related_name="+")
    delivery = models.OneToOneField("messaging.Delivery", models.CASCADE, related_name="printed")
    school_class = models.ForeignKey("schools.SchoolClass", models.PROTECT, null=True, related_name="+")
    position = models.PositiveIntegerField()
    given_on = models.DateField(null=True)
    given_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(null=True)
    by_post = models.BooleanField(default=False)
    returned_on = models.DateField(null=True)
    strip = models.CharField(max_length=9, choices=StripMark.choices, blank=True)
    strip_key = models.SlugField(blank=True, db_index=False)
    strip_on = models.DateField(null=True)
    strip_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    follow_up = models.ForeignKey("parents.FollowUp", models.SET_NULL, null=True, related_name="+")

    objects = PrintedLetterQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="printed_letter_place_once"),
            models.CheckConstraint(
                condition=Q(given_on__isnull=True, given_by__isnull=True, given_at__isnull=True)
                | Q(given_on__isnull=False, given_by__isnull=False, given_at__isnull=False),
                name="printed_letter_given_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(strip="ANSWERED") | ~Q(strip_key=""), name="printed_letter_strip_says"),
        ]

    def __str__(self) -> str:
        return f"Letter {self.position} of {self.batch_id}"
