from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parents.models import Family
from schools.models.places import SchoolQuerySet
from schools.models.pupils import PupilQuerySet
from schools.posts import sees_child_no_more
from schools.scope import scope_of


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, user: object) -> ThreadQuerySet:
        """Threads at schools whose talks the user reads as a whole, and about pupils of own classes."""
        scope = scope_of(user)
        in_class = PupilQuerySet.ids_in_classes(scope)
        return self.filter(
            Q(school_id__in=SchoolQuerySet.ids_of_talks(scope))
            | Q(school_id__in=scope.class_schools, pupil_id__in=in_class)
        )

    def waiting(self) -> ThreadQuerySet:
        """The family wrote last, and nobody answered or closed it."""
        return self.filter(waits_on__isnull=False)

    def for_me(self, user: object) -> ThreadQuerySet:
        """Those that wait for this user: given to them, or nobody's."""
        return self.filter(Q(assigned_to_id=scope_of(user).user_id) | _is_nobodys())

    def nobodys(self) -> ThreadQuerySet:
        """Those that nobody took on, or only somebody who does not see the child any more: it is in another class, its
        class has another teacher, the colleague left."""
        return self.filter(_is_nobodys())


def _is_nobodys() -> Q:
    return Q(assigned_to__isnull=True) | sees_child_no_more("assigned_to_id")


class Thread(models.Model):
    """A conversation between one guardian and the school. ``asked_on`` and ``first_reply_on`` are school-local days:
    response time counts school days between them (I13), whatever happens later.

    ``waits_on`` is the school-local day since which the family's last words wait for the school; empty once somebody
    replied or closed it. A closed conversation opens again when the family writes.
    """

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, related_name="threads")
    pupil = models.ForeignKey("schools.Pupil", models.PROTECT, null=True, related_name="+")
    notice = models.ForeignKey("messaging.Notice", models.SET_NULL, null=True, related_name="+")
    asked_by_family = models.BooleanField(default=True)
    asked_at = models.DateTimeField()
    asked_on = models.DateField()
    first_reply_at = models.DateTimeField(null=True)
    first_reply_on = models.DateField(null=True)
    contact_moment = models.ForeignKey("parents.ContactMoment", models.SET_NULL, null=True, related_name="+")
    assigned_to = models.ForeignKey("schools.User", models.SET_NULL, null=True, related_name="+")
    waits_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        ordering = ["-asked_at"]
        indexes = [
            models.Index(fields=["school", "asked_on"], name="thread_of_school"),
            models.Index(fields=["school", "waits_on"], condition=Q(waits_on__isnull=False), name="thread_waiting"),
            models.Index(fields=["family", "-asked_at"], name="thread_of_family"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_reply_at__isnull=True, first_reply_on__isnull=True)
                | Q(first_reply_at__isnull=False, first_reply_on__isnull=False),
                name="thread_reply_has_day",
            ),
            models.CheckConstraint(
                condition=Q(waits_on__isnull=True) | Q(closed_at__isnull=True), name="thread_closed_does_not_wait"
            ),
        ]

    def __str__(self) -> str:
        return f"Thread {self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.waits_on is not None

    def first_unseen(self, seen: int | None) -> ThreadPost | None:
        """The first that the family wrote after the contribution ``seen``; None where nobody says what was seen."""
        if seen is None:
            return None
        return ThreadPost.objects.filter(thread=self, pk__gt=seen, by_guardian__isnull=False).order_by("pk").first()


class ThreadPost(models.Model):
    """One contribution: by a guardian or by a member of staff, in the writer's own language. It never changes.

    ``told_at`` is when the family got word of the school's reply; a sweep tells what was not told yet, and ``taken_at``
    is when one took it on (``messaging.leases``).
    """

    thread = models.ForeignKey("messaging.Thread", models.CASCADE, related_name="posts")
    by_user = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    by_guardian = models.ForeignKey("parents.Guardian", models.CASCADE, null=True, related_name="+")
    language = models.CharField(max_length=10)
    text = models.TextField(max_length=2000)
    written_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["written_at"], condition=Q(by_user__isnull=False, told_at__isnull=True), name="post_to_tell"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(by_user__isnull=False, by_guardian__isnull=True)
                | Q(by_user__isnull=True, by_guardian__isnull=False),
                name="post_has_one_writer",
            )
        ]

    def __str__(self) -> str:
        return f"Post {self.pk}"


class TranslationState(models.TextChoices):
    """Who made a translation of a contribution: parents and colleagues are told."""

    PERSON = "PERSON", _("translated by the school")
    MACHINE = "MACHINE", _("machine translation")
    CHECKED = "CHECKED", _("machine translation, checked by the school")


class PostTranslation(models.Model):
    """A contribution in another language. ``by`` wrote it, checked it, or asked the machine for it; ``machine`` names
    the machine. The original stays beside it."""

    post = models.ForeignKey("messaging.ThreadPost", models.CASCADE, related_name="translations")
    language = models.CharField(max_length=10)
    text = models.TextField(max_length=4000)
    state = models.CharField(max_length=8, choices=TranslationState.choices)
    by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    machine = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["post", "language"], name="post_translation_once"),
            models.CheckConstraint(
                condition=Q(state="PERSON", machine="") | (Q(state__in=["MACHINE", "CHECKED"]) & ~Q(machine="")),
                name="post_translation_names_machine",
            ),
        ]

    def __str__(self) -> str:
        return f"Translation {self.pk}"
