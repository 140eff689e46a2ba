"""Families, the adults who answer for a child, and what each of them may know."""

from __future__ import annotations

import re
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parents.models.guardianships import Guardianship
from schools import languages
from schools.models import Enrolment, Pupil
from schools.models.periods import Period, PeriodQuerySet
from schools.models.pupils import PupilQuerySet

#: A search that meets more people than this is too wide to be read.
MOST_FOUND = 5_000


def _part_of_a_number(text: str) -> str:
    """The digits of a telephone number however it is written (0470 12 34 56, 0032 470…, +32…), as they are kept; ""
    for anything else."""
    bare = re.sub(r"[\s./()-]", "", text)
    if not re.fullmatch(r"\+?[0-9]{4,15}", bare):
        return ""
    return re.sub(r"^(\+|00|0)", "", bare)


class FamilyQuerySet(models.QuerySet["Family"]):
    def visible_to(self, user: object) -> FamilyQuerySet:
        """Families with a pupil the user may see today."""
        return self.filter(
            pk__in=FamilyMembership.objects.current()
            .filter(pupil_id__in=PupilQuerySet.ids_visible(user))
            .values("family_id")
        )

    def at_school(self, school_id: int, user: object) -> FamilyQuerySet:
        """With a child at that school whom the user may see today."""
        there = Enrolment.objects.current().filter(school_id=school_id, pupil_id__in=PupilQuerySet.ids_visible(user))
        members = FamilyMembership.objects.current().filter(pupil_id__in=there.values("pupil_id"))
        return self.filter(pk__in=members.values("family_id"))

    def with_children_for(self, user: object) -> FamilyQuerySet:
        """With ``shown`` on each family: memberships of the children this user may see, their running class on
        ``pupil.running``. A sibling at another school does not appear (architecture, decision 3)."""
        running = models.Prefetch(
            "pupil__enrolments",
            queryset=Enrolment.objects.current().select_related("school_class", "school"),
            to_attr="running",
        )
        shown = FamilyMembership.objects.current().filter(pupil_id__in=PupilQuerySet.ids_visible(user))
        return self.prefetch_related(
            models.Prefetch(
                "memberships", queryset=shown.select_related("pupil").prefetch_related(running), to_attr="shown"
            )
        )

    def matching(self, text: str, user: object) -> FamilyQuerySet:
        """Families with a visible child, or a guardian of one, whose name or telephone number contains the text."""
        pupils = Pupil.objects.visible_to(user)
        guardians = Guardian.objects.visible_to(user)
        if digits := _part_of_a_number(text):
            guardians = guardians.filter(point_uses__contact_point__value__contains=digits)
            pupils = pupils.none()
        for word in [] if digits else text.split()[:4]:
            pupils = pupils.filter(models.Q(first_name__icontains=word) | models.Q(last_name__icontains=word))
            guardians = guardians.filter(
                models.Q(first_name__icontains=word)
                | models.Q(last_name__icontains=word)
                | models.Q(point_uses__contact_point__value__icontains=word)
            )
        # Looked up here: with four words inside the query of a list, SQLite's parser would give up.
        known = list(guardians.order_by().values_list("pk", flat=True).distinct()[:MOST_FOUND])
        children = list(pupils.order_by().values_list("pk", flat=True)[:MOST_FOUND])
        of_guardians = Guardianship.objects.current().filter(guardian_id__in=known)
        found = models.Q(pupil_id__in=children) | models.Q(pupil_id__in=of_guardians.values("pupil_id"))
        members = FamilyMembership.objects.current().filter(found, pupil_id__in=PupilQuerySet.ids_visible(user))
        return self.filter(pk__in=members.values("family_id"))


class Family(models.Model):
    """The unit that figures count: pupils who share guardians at one address (rulings 13).

    ``home_language`` is declared by the family itself and optional: empty means unknown, "-" that it prefers not to
    say. It is never shown on class lists or to other parents (domain 6.5).
    """

    home_language = models.CharField(_("language spoken at home"), max_length=10, blank=True)

    objects = FamilyQuerySet.as_manager()

    class Meta:
        verbose_name = _("family")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Family {self.pk}"

    @property
    def language_group(self) -> str:
        """``nl``, ``other`` or ``unknown``: the groups in which figures are shown (domain 2.3)."""
        return language_group(self.home_language)


def language_group(home_language: str) -> str:
    """The figure group of a home language."""
    if home_language in (languages.UNKNOWN_LANGUAGE, languages.PREFERS_NOT_TO_SAY):
        return "unknown"
    return "nl" if home_language == "nl" else "other"


class FamilyMembership(Period):
    """A pupil belongs to one family at a time (guarded by the database)."""

    family = models.ForeignKey("parents.Family", models.CASCADE, related_name="memberships")
    pupil = models.ForeignKey("schools.Pupil", models.PROTECT, related_name="family_memberships")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [Period.ordered_days("family_membership_days_ordered")]
        indexes = [models.Index(fields=["pupil", "starts_on"], name="family_of_pupil")]

    def __str__(self) -> str:
        return f"{self.pupil} · {self.family}"


class Household(models.Model):
    """An address where guardians live together: one letter each, one envelope's address."""

    street = models.CharField(_("street and number"), max_length=120)
    postcode = models.CharField(_("postcode"), max_length=10)
    city = models.CharField(_("town"), max_length=60)

    class Meta:
        verbose_name = _("household")

    def __str__(self) -> str:
        return f"{self.street}, {self.postcode} {self.city}"


class ReadingMode(models.TextChoices):
    TEXT = "TEXT", _("reads texts")
    EASY_TEXT = "EASY_TEXT", _("reads easy texts with pictures")
    ORAL_ONLY = "ORAL_ONLY", _("does not read: speak or call")


class Channel(models.TextChoices):
    """Ways out to a guardian, in the order of the ladder."""

    EMAIL = "EMAIL", _("e-mail")
    SMS = "SMS", _("text message")
    LETTER = "LETTER", _("letter")
    CALL = "CALL", _("call")


#: The condition on guardians that a voice comes first.
BY_EAR = Q(reading_mode=ReadingMode.ORAL_ONLY) | Q(
    contact_language__in=[code for code, entry in languages.LANGUAGES.items() if entry.spoken_only]
)


class GuardianQuerySet(models.QuerySet["Guardian"]):
    def visible_to(self, user: object) -> GuardianQuerySet:
        """Guardians of a pupil the user may see today."""
        return self.filter(
            pk__in=Guardianship.objects.current()
            .filter(pupil_id__in=PupilQuerySet.ids_visible(user))
            .values("guardian_id")
        )

    def informed_about(self, pupils: models.QuerySet[Any, Any]) -> GuardianQuerySet:
        """Those whom ``Guardianship.objects.informed()`` names for a query of pupil ids, each once."""
        entitled = Guardianship.objects.entitled().filter(pupil_id__in=pupils)
        return self.filter(may_be_contacted=True, restricted_on=None, pk__in=entitled.values("guardian_id"))


class Guardian(models.Model):
    """An adult who answers for a child. One name alone is a whole name; a surname makes no family."""

    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    household = models.ForeignKey("parents.Household", models.SET_NULL, null=True, blank=True, related_name="guardians")
    contact_language = models.CharField(_("language for contact"), max_length=10, default=languages.MASTER)
    #: Another language that they read, by their own word; "" when they named none.
    second_language = models.CharField(_("another language they read"), max_length=10, blank=True, db_default="")
    language_confirmed_on = models.DateField(_("language confirmed on"), null=True, blank=True)
    reading_mode = models.CharField(max_length=10, choices=ReadingMode.choices, default=ReadingMode.TEXT)
    #: When they said themselves how they like to read.
    reading_confirmed_on = models.DateField(null=True)
    preferred_channel = models.CharField(max_length=6, choices=Channel.choices, blank=True)
    #: INFO comes once a week, in one mail.
    wants_digest = models.BooleanField(db_default=False)
    may_be_contacted = models.BooleanField(default=True)
    #: Since when the data are only kept, at the guardian's request (GDPR art. 18).
    restricted_on = models.DateField(null=True)
    #: When the first question, about language and reading, was answered or set aside: it is asked once.
    first_question_on = models.DateField(null=True)
    #: When the notice about privacy was shown the first time.
    privacy_shown_on = models.DateField(null=True)
    source_system = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=255, blank=True)
    #: Who took this row in, when one parent stood twice. It has no name, child or address of its own any more.
    merged_into = models.ForeignKey("self", models.CASCADE, null=True, related_name="+")

    objects = GuardianQuerySet.as_manager()

    class Meta:
        verbose_name = _("guardian")
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reading_mode__in=ReadingMode.values), name="guardian_reading_mode_known"
            ),
            models.CheckConstraint(
                condition=Q(preferred_channel__in=["", *Channel.values]), name="guardian_channel_known"
            ),
            models.UniqueConstraint(
                fields=["source_system", "source_id"], condition=~Q(source_id=""), name="guardian_source_once"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def gets_nothing(self) -> bool:
        """At the own request nothing is sent to them, not even what they are told otherwise of a talk or a place."""
        return self.restricted_on is not None or not self.may_be_contacted

    @property
    def language(self) -> languages.Language:
        return languages.language(self.contact_language)

    @property
    def reads(self) -> languages.Language:
        """In which words of the portal itself reach them, as ``page_language``."""
        return languages.language(self.page_language)

    @property
    def page_language(self) -> str:
        """In which their pages begin: their own language, or the other one they read where that is only spoken."""
        return self.second_language if self.language.spoken_only and self.second_language else self.contact_language

    @property
    def asks_first_question(self) -> bool:
        """Nobody knows the language, or how they read, from the guardian, who was not asked yet. Whom the school
        sends nothing it does not ask how."""
        is_known = self.language_confirmed_on is not None and not self.asks_reading_alone
        return self.first_question_on is None and not is_known and not self.gets_nothing

    @property
    def asks_reading_alone(self) -> bool:
        """Of the first question only how they read is left: the language is known, and nobody noted that they do not
        simply read."""
        is_known = self.reading_confirmed_on is not None or self.reading_mode != ReadingMode.TEXT
        return self.language_confirmed_on is not None and not is_known and not self.language.spoken_only

    @property
    def is_by_ear(self) -> bool:
        """Does not read, or has a language that is only spoken: a voice comes first (``BY_EAR``)."""
        return self.reading_mode == ReadingMode.ORAL_ONLY or self.language.spoken_only
