from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from messaging.models.templates import LOOKING_BACK, MEASUREMENT, AnswerScope, NoticeKind, TranslationReason
from schools import clock
from schools.levels import level_name
from schools.models import Level, SchoolClass
from schools.models.places import SchoolQuerySet
from schools.scope import scope_of


class NoticeStatus(models.TextChoices):
    """SCHEDULED: leaves later and is locked meanwhile; whom it goes to is settled when it leaves."""

    DRAFT = "DRAFT", _("draft")
    SCHEDULED = "SCHEDULED", _("leaves later")
    PUBLISHING = "PUBLISHING", _("being sent")
    PUBLISHED = "PUBLISHED", _("sent")
    CANCELLED = "CANCELLED", _("cancelled")


class AudienceKind(models.TextChoices):
    CLASS = "CLASS", _("a class")
    SCHOOL = "SCHOOL", _("the whole school")
    LEVEL = "LEVEL", _("a year group")
    PUPILS = "PUPILS", _("chosen pupils")
    FAMILY = "FAMILY", _("one family")
    GATHERING = "GATHERING", _("families who came to a gathering")
    ROUND = "ROUND", _("families of a round of parent–teacher meetings")
    UNREACHED = "UNREACHED", _("families whom an earlier notice did not reach")
    UNANSWERED = "UNANSWERED", _("families who did not answer an earlier notice")


#: What a notice to each of these must name.
PLACE_OF_AUDIENCE = {
    AudienceKind.CLASS: "school_class",
    AudienceKind.FAMILY: "family",
    AudienceKind.GATHERING: "gathering",
    AudienceKind.ROUND: "conference_round",
    AudienceKind.UNREACHED: "earlier",
    AudienceKind.UNANSWERED: "earlier",
}
#: A notice that did not leave at its hour is asked about for so long; after that it says nothing any more.
HELD_FOR = timedelta(days=31)
_WITH_PLACE = Q(
    *(~Q(audience=kind) | Q(**{f"{name}__isnull": False}) for kind, name in PLACE_OF_AUDIENCE.items()),
    ~Q(audience="LEVEL") | ~Q(level=""),
)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: object) -> NoticeQuerySet:
        """Own notices, those to own classes, and those of schools seen as a whole; what did not leave yet is its
        author's."""
        scope = scope_of(user)
        return self.filter(
            Q(author_id=scope.user_id, school_id__in=SchoolQuerySet.ids_of_any_place(scope))
            | Q(school_class_id__in=SchoolClass.objects.visible_to(user).values("pk"))
            | Q(school_id__in=SchoolQuerySet.ids_visible(scope))
            | Q(school_id__in=scope.class_schools, audience=AudienceKind.SCHOOL)
            | Q(
                school_id__in=scope.class_schools,
                audience=AudienceKind.LEVEL,
                level__in=SchoolClass.objects.filter(pk__in=scope.classes).values("level"),
            )
        ).exclude(~Q(author_id=scope.user_id), status__in=[NoticeStatus.DRAFT, NoticeStatus.SCHEDULED])

    def editable_by(self, user: object) -> NoticeQuerySet:
        """Own drafts: a notice that was sent does not change any more."""
        scope = scope_of(user)
        return self.filter(
            author_id=scope.user_id,
            status=NoticeStatus.DRAFT,
            school_id__in=SchoolQuerySet.ids_of_any_place(scope),
        )

    def held_back(self, user: object) -> NoticeQuerySet:
        """Own drafts whose hour has passed (``did_not_leave``), of the last weeks."""
        rows = self.editable_by(user).filter(send_at__range=(clock.now() - HELD_FOR, clock.now()))
        return rows.exclude(earliest_at=F("send_at"))

    def sent(self) -> NoticeQuerySet:
        return self.filter(status__in=[NoticeStatus.PUBLISHING, NoticeStatus.PUBLISHED])

    def ever_sent(self) -> NoticeQuerySet:
        """The same and those stopped half-way: what left of them, left (``was_sent``)."""
        return self.exclude(status__in=[NoticeStatus.DRAFT, NoticeStatus.SCHEDULED])

    def with_successor(self) -> NoticeQuerySet:
        """Each with ``is_replaced``: a newer notice was sent in its place."""
        return self.annotate(is_replaced=Exists(Notice.objects.sent().filter(corrects_id=OuterRef("pk"))))


class Notice(models.Model):
    """Something a school tells parents. Sent, it is immutable; a correction is a new notice that refers to it.

    ``answers`` is a list of {"key", "labels": {language: text}}, frozen from the template. ``values`` are the filled-in
    variables as typed: dates in ISO form, so that every language can write them its own way. ``template_hash`` is that
    of the template's words at the moment they were taken over. ``contact_languages`` narrows the audience to families
    with a parent whom the school contacts in one of these; empty means all.

    A draft counts its changes in ``revision``; ``client_id`` is the page it was begun on, ``saved_from`` the page that
    changed it last.
    """

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    author = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    template = models.ForeignKey("messaging.NoticeTemplate", models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=NoticeKind.choices)
    status = models.CharField(max_length=10, choices=NoticeStatus.choices, default=NoticeStatus.DRAFT)
    audience = models.CharField(_("to whom"), max_length=10, choices=AudienceKind.choices, default=AudienceKind.CLASS)
    school_class = models.ForeignKey("schools.SchoolClass", models.PROTECT, null=True, blank=True, related_name="+")
    level = models.CharField(max_length=2, choices=Level.choices, blank=True)
    family = models.ForeignKey("parents.Family", models.PROTECT, null=True, blank=True, related_name="+")
    gathering = models.ForeignKey("parents.Gathering", models.PROTECT, null=True, blank=True, related_name="+")
    conference_round = models.ForeignKey(
        "parents.ConferenceRound", models.PROTECT, null=True, blank=True, related_name="+"
    )
    earlier = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    contact_languages = models.JSONField(default=list)
    urgent_reason = models.CharField(_("why it cannot wait"), max_length=200, blank=True)
    translation_reason = models.CharField(max_length=20, choices=TranslationReason.choices, blank=True)
    #: By language that lacks a text which may be sent: what its readers get (LanguageChoice).
    language_choices = models.JSONField(default=dict)
    wait_until = models.DateTimeField(_("waits for translations until"), null=True, blank=True)
    #: Of one that waits for translations when it may leave at the earliest; of a draft that was taken back the hour
    #: that it keeps, which nobody planned again.
    earliest_at = models.DateTimeField(null=True, editable=False)
    answer_scope = models.CharField(max_length=8, choices=AnswerScope.choices, default=AnswerScope.GUARDIAN)
    is_confidential = models.BooleanField(default=False)
    answers = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    send_at = models.DateTimeField(_("leaves at"), null=True, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    template_hash = models.CharField(max_length=64, blank=True)
    revision = models.PositiveIntegerField(default=0)
    client_id = models.UUIDField(null=True, unique=True)
    saved_from = models.UUIDField(null=True)
    saved_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    #: What the checker of plain Dutch found in the text that left; unknown of notices from before it looked.
    plain_findings = models.PositiveSmallIntegerField(null=True, editable=False)
    planned_up_to = models.BigIntegerField(default=0, editable=False)
    #: Kept whole for a complaint or a case: nothing of it is purged (manage.py purge_deliveries --hold).
    is_held = models.BooleanField(db_default=False, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="notice_kind_known"),
            models.CheckConstraint(condition=Q(status__in=NoticeStatus.values), name="notice_status_known"),
            models.CheckConstraint(
                condition=~Q(status__in=["PUBLISHING", "PUBLISHED"]) | Q(published_at__isnull=False),
                name="notice_published_has_moment",
            ),
            models.CheckConstraint(condition=Q(audience__in=AudienceKind.values), name="notice_audience_known"),
            models.CheckConstraint(condition=_WITH_PLACE, name="notice_audience_has_place"),
            models.CheckConstraint(
                condition=~Q(status="SCHEDULED") | Q(send_at__isnull=False), name="notice_scheduled_has_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["school", "-published_at"], name="notice_of_school"),
            models.Index(fields=["send_at"], condition=Q(status="SCHEDULED"), name="notice_scheduled"),
        ]

    def __str__(self) -> str:
        return f"Notice {self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.status == NoticeStatus.DRAFT

    @property
    def is_scheduled(self) -> bool:
        return self.status == NoticeStatus.SCHEDULED

    @property
    def did_not_leave(self) -> bool:
        """Its hour has passed and it stayed, though nobody took it back: somebody looks why."""
        hour = self.send_at if self.send_at != self.earliest_at else None
        return self.is_draft and hour is not None and hour <= clock.now()

    @property
    def was_sent(self) -> bool:
        """It left, whatever became of it: its audience and its words are settled."""
        return self.status not in (NoticeStatus.DRAFT, NoticeStatus.SCHEDULED)

    @property
    def was_stopped(self) -> bool:
        """Taken back before anything left, or stopped half-way: nothing more is asked, of parents or of colleagues."""
        return self.status == NoticeStatus.CANCELLED

    @property
    def is_invitation(self) -> bool:
        """It announces its gathering: one signs up instead of answering. To who came it is written otherwise."""
        return self.gathering_id is not None and self.audience != AudienceKind.GATHERING

    @property
    def leads_to_times(self) -> bool:
        """It invites to a round of talks for which parents choose a time; answers come from paper alone."""
        return self.conference_round is not None and self.conference_round.books_until is not None

    @property
    def asks_for_measurement(self) -> bool:
        """It leads to the questionnaire of a measurement, in place of answers by one tap."""
        if self.template_id is None:
            return False
        return Notice.objects.filter(pk=self.pk, template__slug=MEASUREMENT).exists()  # a template's texts are long

    @property
    def last_day(self) -> date | None:
        """The last day to answer, as its text says it: the template's own deadline, where it has one."""
        written = self.values.get("deadline", "")
        return date.fromisoformat(written) if written else self.answer_by

    @property
    def day_told(self) -> date | None:
        """The day that its text tells of, such as that of a trip."""
        written = self.values.get("date", "")
        return date.fromisoformat(written) if written else None

    @property
    def looks_ahead_to(self) -> date | None:
        """The same, unless its template tells of what happened: then that day may lie behind us."""
        is_told_after = self.template is not None and self.template.category in LOOKING_BACK
        return None if is_told_after else self.day_told

    @property
    def told_until(self) -> date | None:
        """The day after which one more way would invite to yesterday: the day told, or a later one to answer. What
        tells of what happened lasts until the last day to answer, and without one goes on."""
        if self.day_told is None:
            return None
        days = (self.looks_ahead_to, self.last_day, self.answer_by)
        return max((day for day in days if day is not None), default=None)

    @property
    def takes_answers(self) -> bool:
        """Until its last day, unless it was stopped."""
        return self.status != NoticeStatus.CANCELLED and (self.answer_by is None or self.answer_by >= clock.today())

    def still_asks(self, *, measures: bool) -> bool:
        """Its page asks for an answer, a time, who comes, or (``measures``) leads to the questions of a measurement."""
        asks = self.answers or self.is_invitation or self.leads_to_times or measures
        return self.takes_answers and bool(asks)

    @property
    def level_name(self) -> str:
        return level_name(self.level)

    def answer_label(self, key: str, language: str) -> str:
        """The words of an answer in a language; Dutch where that language has none."""
        for option in self.answers:
            if option["key"] == key:
                labels: dict[str, Any] = option["labels"]
                return str(labels.get(language) or labels.get("nl") or key)
        return key


class NoticePupil(models.Model):
    """A pupil the notice is about: the audience as it was when it was sent."""

    notice = models.ForeignKey("messaging.Notice", models.CASCADE, related_name="notice_pupils")
    pupil = models.ForeignKey("schools.Pupil", models.PROTECT, related_name="+")
    school_class = models.ForeignKey("schools.SchoolClass", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "pupil"], name="notice_pupil_once")]

    def __str__(self) -> str:
        return f"{self.notice_id} · {self.pupil_id}"
