"""The words of a notice, in each language."""

from __future__ import annotations

import hashlib
import json

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

SLOTS = ("what", "when", "where", "bring", "answer")


class TextState(models.TextChoices):
    MASTER = "MASTER", _("Dutch master")
    DRAFT = "DRAFT", _("translation, not reviewed by a native speaker")
    REVIEWED = "REVIEWED", _("reviewed by a native speaker")
    MACHINE = "MACHINE", _("machine translation")


class TextOrigin(models.TextChoices):
    """Who made a text. One that a machine began stays the machine's, whoever improved it."""

    TEMPLATE = "TEMPLATE", _("ready text of the library")
    PERSON = "PERSON", _("written by a colleague")
    TRANSLATOR = "TRANSLATOR", _("written by a translator")
    MACHINE = "MACHINE", _("made by a translation machine")


class LanguageChoice(models.TextChoices):
    """What readers of a language get while it has no text that may be sent."""

    DUTCH = "DUTCH", _("the Dutch text, with an offer to call")
    OTHER = "OTHER", _("another language that they read, else the Dutch text")
    WAIT = "WAIT", _("the notice waits for the translation")


class NoticeText(models.Model):
    """A notice in one language. ``source_hash`` is that of the Dutch it was made from: another hash means stale;
    ``slots_hash`` likewise for its five slots alone, which may hold while the words around them do not.

    ``back`` is what a machine makes of a machine's text in Dutch: {"title", "body"}. Once sent a text is frozen: the
    database refuses to change it.
    """

    notice = models.ForeignKey("messaging.Notice", models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    title = models.CharField(_("title"), max_length=160)
    subject = models.CharField(_("neutral subject"), max_length=120)
    body = models.TextField(_("text"))
    sms = models.CharField(max_length=320)
    slots = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=TextState.choices)
    origin = models.CharField(
        max_length=10, choices=TextOrigin.choices, default=TextOrigin.TEMPLATE, db_default=TextOrigin.TEMPLATE
    )
    source_hash = models.CharField(max_length=64)
    slots_hash = models.CharField(max_length=64, default="", db_default="")
    machine = models.CharField(max_length=120, default="", db_default="")
    back = models.JSONField(null=True)
    back_seen_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    back_seen_at = models.DateTimeField(null=True)
    author = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    reviewed_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    is_frozen = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "language"], name="notice_text_once"),
            models.CheckConstraint(condition=Q(state__in=TextState.values), name="notice_text_state_known"),
            models.CheckConstraint(condition=Q(origin__in=TextOrigin.values), name="notice_text_origin_known"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} · {self.language}"

    @property
    def said(self) -> str:
        """A mark of its words and of what a machine makes of them in Dutch: who read other ones did not read these."""
        words = [self.title, self.subject, self.sms, self.body, self.slots, self.back]
        return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:16]
