from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """The three subject prefixes parents learn: something to do, to know, or now."""

    ACTIE = "ACTIE", _("ACTION")
    INFO = "INFO", _("INFO")
    DRINGEND = "DRINGEND", _("URGENT")


class TranslationReason(models.TextChoices):
    """The particular purpose that language law asks for beside the Dutch (domain 4.4)."""

    WELCOME = "WELCOME", _("welcome of newcomers")
    INTEGRATION = "INTEGRATION", _("integration and involvement")
    HEALTH_SAFETY = "HEALTH_SAFETY", _("health and safety")
    SERVICE_ACCESS = "SERVICE_ACCESS", _("knowing that a service exists")


class AnswerScope(models.TextChoices):
    FAMILY = "FAMILY", _("one answer for each family")
    GUARDIAN = "GUARDIAN", _("one answer for each guardian")


#: The slug of the sheet on which an author writes everything.
BLANK_SHEET = "blank-sheet"
#: The slug of the text that asks parents for a measurement: it leads to a questionnaire (``reports``), which is opened
#: there and not chosen among the texts.
MEASUREMENT = "measurement"
#: The slug of the text that invites to a round of talks in which each parent chooses a time: for such rounds alone.
ROUND_INVITATION = "parent-meeting-round"
#: Categories that tell what has already happened: their day may lie behind us.
LOOKING_BACK = frozenset({"absence", "health"})


class NoticeTemplateQuerySet(models.QuerySet["NoticeTemplate"]):
    def ready(self) -> NoticeTemplateQuerySet:
        """Those with words of their own: all but the empty sheet."""
        return self.exclude(slug=BLANK_SHEET)

    def offered(self) -> NoticeTemplateQuerySet:
        """Those from which one begins a notice."""
        return self.exclude(slug=MEASUREMENT)


class NoticeTemplate(models.Model):
    """A ready text in all languages. Its five slots are texts with placeholders from ``variables``.

    One of them is the empty sheet, whose subject, text message and answers are ready and whose other words its author
    writes; its title is what the staff call it.
    """

    slug = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    category = models.SlugField()
    kind = models.CharField(max_length=8, choices=NoticeKind.choices)
    translation_reason = models.CharField(max_length=20, choices=TranslationReason.choices)
    answer_scope = models.CharField(max_length=8, choices=AnswerScope.choices, default=AnswerScope.GUARDIAN)
    is_confidential = models.BooleanField(default=False)
    variables = models.JSONField(default=list)
    title = models.CharField(_("title"), max_length=160)
    subject = models.CharField(_("neutral subject"), max_length=120)
    body = models.TextField(_("text"))
    sms = models.CharField(max_length=320)
    what = models.CharField(max_length=300, blank=True)
    when = models.CharField(max_length=300, blank=True)
    where = models.CharField(max_length=300, blank=True)
    bring = models.CharField(max_length=300, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    #: Languages a native speaker has read, and those older than the Dutch; kept by ``schools.services.save_wording``.
    reviewed_languages = models.JSONField(default=list)
    stale_languages = models.JSONField(default=list)

    objects = NoticeTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice template")
        ordering = ["position", "slug"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="template_kind_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_blank(self) -> bool:
        return self.slug == BLANK_SHEET


class TemplateAnswer(models.Model):
    """A one-tap answer of a template."""

    template = models.ForeignKey("messaging.NoticeTemplate", models.CASCADE, related_name="answers")
    key = models.SlugField()
    label = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["template", "position"]
        constraints = [models.UniqueConstraint(fields=["template", "key"], name="template_answer_once")]

    def __str__(self) -> str:
        return self.label
