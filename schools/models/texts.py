from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WordingState(models.TextChoices):
    """How a translation of a reference text came to be. Stale and incomplete are computed, not stored."""

    DRAFT = "DRAFT", _("draft, not read by a native speaker")
    MACHINE = "MACHINE", _("machine translation")
    REVIEWED = "REVIEWED", _("read by a native speaker")


class Wording(models.Model):
    """What is known of a reference text in one language: ``kind`` and ``row_id`` name the text.

    A language without a row has the words that came with the portal: a draft. ``source_hash`` is that of the Dutch
    it was made from, ``words_hash`` that of its own words when somebody read them: other words are a draft again.
    ``reviewer`` is the native speaker's name, ``reviewed_by`` the account that recorded it.
    """

    kind = models.SlugField(max_length=20)
    row_id = models.BigIntegerField()
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=WordingState.choices, default=WordingState.DRAFT)
    source_hash = models.CharField(max_length=64)
    words_hash = models.CharField(max_length=64)
    edited_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)
    reviewer = models.CharField(max_length=120, blank=True)
    reviewed_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "row_id", "language"], name="wording_once"),
            models.CheckConstraint(condition=Q(state__in=WordingState.values), name="wording_state_known"),
            models.CheckConstraint(
                condition=~Q(state=WordingState.REVIEWED)
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(reviewer="")),
                name="wording_review_has_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id} · {self.language}"


class WelcomePage(models.Model):
    """What a school tells parents who are new: what it is and who to call. A school without one shows the words that
    come with the portal (``schools.welcome``)."""

    school = models.OneToOneField("schools.School", models.CASCADE, related_name="welcome")
    title = models.CharField(_("title"), max_length=160)
    about = models.TextField(_("about the school"), max_length=2000)
    call = models.TextField(_("who to call"), max_length=2000)

    def __str__(self) -> str:
        return self.title
