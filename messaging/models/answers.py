from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from messaging.models.notices import Notice
from parents.models.families import Channel, Family, Guardian
from parents.models.guardianships import Guardianship, GuardianshipQuerySet
from schools import clock
from schools.models.periods import running_on

#: What an answer says, and who said it when.
_SAID = ("key", "answered_at", "by_channel", "entered_by_id", "before", "seen_by_author_at")


class AnswerQuerySet(models.QuerySet["Answer"]):
    def visible_to(self, user: object) -> AnswerQuerySet:
        return self.filter(notice_id__in=Notice.objects.visible_to(user).values("pk"))

    def standing(self) -> AnswerQuerySet:
        """Those that count: of a family only one."""
        return self.filter(stands=True)

    def of_home(self, guardian: Guardian) -> AnswerQuerySet:
        """Those of this guardian and of who lives with them: of separated parents neither meets what the other said."""
        home = Q(guardian__household__isnull=False, guardian__household=guardian.household_id)
        return self.filter(Q(guardian=guardian) | home)


def ties_in_family() -> GuardianshipQuerySet:
    """The ties that run today of an outer answer's guardian with children of its family."""
    return Guardianship.objects.current().filter(
        running_on(clock.today(), "pupil__family_memberships__"),
        guardian_id=OuterRef("guardian_id"),
        pupil__family_memberships__family_id=OuterRef("family_id"),
    )


def late_after(last_day: date | None) -> Q:
    """The condition that an answer came after the last day to answer."""
    if last_day is None:
        return Q(pk__in=[])
    return Q(answered_at__gt=datetime.combine(last_day, time.max, tzinfo=clock.BRUSSELS))


class Answer(models.Model):
    """What was answered to a notice; the last answer counts, ``changed`` counts the earlier ones.

    Where a notice asks one answer of each family, ``family`` is set and ``guardian`` is who answered last; else it is
    the guardian's own answer and ``family`` is empty. Each home of a family has its own row, of a joined family
    each parent; one of them ``stands``, the others are kept beside it.
    ``entered_by`` is the member of staff who copied it from a strip; empty when the guardian answered. ``before`` is
    what was answered before the strip overtook it, for a strip may turn out to be another child's.
    """

    notice = models.ForeignKey("messaging.Notice", models.CASCADE, related_name="given_answers")
    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, related_name="answers")
    family = models.ForeignKey("parents.Family", models.PROTECT, null=True, related_name="+")
    key = models.SlugField(db_index=False)
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
        """Of each family the latest answer to each notice: of who decides about its children before that of who is only
        informed, and that before the one of who has no right any more."""
        rows = cls.objects.filter(family__in=families)
        ties = ties_in_family()
        ranked = rows.annotate(
            decides=Exists(ties.filter(may_decide=True)), is_informed=Exists(ties.filter(information_right=True))
        ).order_by("decides", "is_informed", "answered_at", "pk")
        best = {(row.notice_id, row.family_id): row.pk for row in ranked}  # the last one is the best
        rows.filter(stands=True).exclude(pk__in=best.values()).update(stands=False)
        cls.objects.filter(pk__in=best.values(), stands=False).update(stands=True)

    def fold(self, guardian: Guardian) -> None:
        """Both rows of a person who stood twice answered: it is one person who answered twice, and the last answer
        counts (``parents.doubles``). The other is counted in ``changed`` and stands in the access log."""
        own = Answer.objects.get(notice=self.notice_id, guardian=guardian, family=None)
        first, last = sorted((own, self), key=lambda row: (row.answered_at, row.pk))
        is_news = first.key != last.key
        facts = {name: getattr(last if is_news else first, name) for name in _SAID}
        if facts["entered_by_id"] is not None:
            words = [word for word in (first.own_word(), last.own_word()) if word]
            facts["before"] = max(words, key=lambda word: datetime.fromisoformat(word["answered_at"]), default=None)
        Answer.objects.filter(pk=own.pk).update(**facts, changed=first.changed + last.changed + is_news)
        if is_news:
            Answer.objects.filter(pk=own.pk).update(seen_by_author_at=None)
        self.delete()

    def own_word(self) -> dict[str, Any] | None:
        """What the guardian said without a strip, as ``before`` keeps it."""
        if self.entered_by_id is not None:
            return self.before
        return {
            "key": self.key,
            "answered_at": self.answered_at.isoformat(),
            "by_channel": self.by_channel,
            "guardian_id": self.guardian_id,
            "changed": self.changed,
        }

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

    def fold(self, guardian: Guardian) -> None:
        """Both rows of a person who stood twice refused it: it holds since the first time (``parents.doubles``)."""
        same = OptOut.objects.filter(guardian=guardian, channel=self.channel, category=self.category)
        same.filter(since__gt=self.since).update(since=self.since)
        self.delete()
