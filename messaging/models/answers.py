from __future__ import annotations

from datetime import date, datetime, time

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from messaging.models.notices import Notice
from parents.models.families import Channel, Family
from schools import clock


class AnswerQuerySet(models.QuerySet["Answer"]):
    def visible_to(self, user: object) -> AnswerQuerySet:
        return self.filter(notice_id__in=Notice.objects.visible_to(user).values("pk"))

    def standing(self) -> AnswerQuerySet:
        """Those that count: of a family only its latest."""
        return self.filter(stands=True)


def late_after(last_day: date | None) -> Q:
    """The condition that an answer came after the last day to answer."""
    if last_day is None:
        return Q(pk__in=[])
    return Q(answered_at__gt=datetime.combine(last_day, time.max, tzinfo=clock.BRUSSELS))


class Answer(models.Model):
    """What was answered to a notice; the last answer counts, ``changed`` counts the earlier ones.

    Where a notice asks one answer of each family, ``family`` is set and ``guardian`` is who answered last; else it is
    the guardian's own answer and ``family`` is empty. When two families that had both answered are joined, the later
    answer ``stands`` and the other one is kept beside it.
    ``entered_by`` is the member of staff who copied it from a strip; empty when the guardian answered. ``before`` is
    what was answered before the strip overtook it, for a strip may turn out to be another child's.
    """

    notice = models.ForeignKey("messaging.Notice", models.CASCADE, related_name="given_answers")
    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, related_name="answers")
    family = models.ForeignKey("parents.Family", models.PROTECT, null=True, related_name="+")
    key = models.SlugField()
    answered_at = models.DateTimeField()
    changed = models.PositiveSmallIntegerField(default=0)
    by_channel = models.CharField(max_length=6, choices=Channel.choices, blank=True)
    seen_by_author_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    stands = models.BooleanField(db_default=True)
    before = models.JSONField(null=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        ordering = ["-answered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "guardian"], condition=Q(family__isnull=True), name="answer_of_guardian_once"
            ),
            models.UniqueConstraint(
                fields=["notice", "family"],
                condition=Q(family__isnull=False, stands=True),
                name="answer_of_family_once",
            ),
        ]
        indexes = [models.Index(fields=["notice", "guardian"], name="answer_by_guardian")]

    def __str__(self) -> str:
        return f"{self.notice_id} · {self.key}"

    @classmethod
    def lay_aside(cls, *families: Family) -> None:
        """No answer of these families stands while rows move between them (``parents.samefamily.moving``)."""
        cls.objects.filter(family__in=families).update(stands=False)

    @classmethod
    def let_latest_stand(cls, *families: Family) -> None:
        """Of each family the latest answer to each notice."""
        rows = cls.objects.filter(family__in=families)
        later = Q(answered_at__gt=OuterRef("answered_at")) | Q(
            answered_at=OuterRef("answered_at"), pk__gt=OuterRef("pk")
        )
        newer = cls.objects.filter(later, notice_id=OuterRef("notice_id"), family_id=OuterRef("family_id"))
        latest = list(rows.filter(~Exists(newer)).values_list("pk", flat=True))
        rows.filter(stands=True).exclude(pk__in=latest).update(stands=False)
        cls.objects.filter(pk__in=latest).update(stands=True)

    def is_late(self, last_day: date | None) -> bool:
        return last_day is not None and clock.local_date(self.answered_at) > last_day


class OptOut(models.Model):
    """A guardian does not want notices of a kind by a channel; urgent ones still arrive."""

    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, related_name="opt_outs")
    channel = models.CharField(max_length=6, choices=Channel.choices)
    category = models.SlugField(blank=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guardian", "channel", "category"], name="opt_out_once"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="opt_out_channel_known"),
        ]

    def __str__(self) -> str:
        return f"{self.guardian_id} {self.channel}"
