"""Interpreters asked for talks: from the family's wish to the bill of the agency."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parents.models.conferences import MeetingWay
from parents.models.kinds import ContactKind, InterpreterMode
from schools import clock
from schools.languagenames import name_of_language
from schools.models.pupils import PupilQuerySet
from schools.scope import scope_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from schools.models import Pupil

#: How long a talk takes of which nothing else is known, in minutes.
USUAL_MINUTES = 30


class InterpreterState(models.TextChoices):
    ASKED = "ASKED", _("asked")
    BOOKED = "BOOKED", _("booked")
    CAME = "CAME", _("came")
    DID_NOT_COME = "DID_NOT_COME", _("did not come")
    CANCELLED = "CANCELLED", _("not needed")


#: States of an interpreter that is still to come.
COMING = (InterpreterState.ASKED, InterpreterState.BOOKED)


class InterpreterRequestQuerySet(models.QuerySet["InterpreterRequest"]):
    def visible_to(self, user: object) -> InterpreterRequestQuerySet:
        """Those of the own school as a whole, and for talks about own classes' pupils; a CLB plans no talks here."""
        scope = scope_of(user)
        pupils = PupilQuerySet.ids_in_classes(scope)
        own = Q(slot__school_class_id__in=scope.classes) | Q(pupil_id__in=pupils)
        return self.filter(Q(school_id__in=scope.schools) | Q(school_id__in=scope.class_schools) & own)

    def to_book(self, moment: datetime) -> InterpreterRequestQuerySet:
        """Nobody is booked, and the talk begins later."""
        return self.filter(state=InterpreterState.ASKED, needed_at__gt=moment)

    def for_showing(self) -> InterpreterRequestQuerySet:
        """With what a list of requests shows."""
        return self.select_related("school", "pupil", "guardian", "slot__pupil", "slot__round", "slot__hour")


class InterpreterRequest(models.Model):
    """An interpreter asked for a talk. The agency sees language, place and time, never the family (domain 6.6).

    Of a talk in a round ``slot`` says which; of another one ``kind``, ``pupil``, ``minutes`` and ``asked_by`` do.
    ``asked_agency_on``, ``confirmed_on`` and ``called_off_on`` are days on which the agency was asked, said yes,
    and was told that nobody is needed any more. ``agency`` is the one that was asked last: it knows of some hour,
    also when ``asked_agency_on`` is empty because the talk moved since. ``fell_with_talk``: the talk was cancelled
    by somebody else or the child left, not the wish, so that another time, or staying after all, takes it up again.
    ``on_sheet`` is what the sheet said that went to the agency (``line``) and the day of it. ``cost`` is in euros.
    """

    State = InterpreterState

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    slot = models.ForeignKey(
        "parents.ConferenceSlot", models.SET_NULL, null=True, blank=True, related_name="interpreters"
    )
    family = models.ForeignKey("parents.Family", models.PROTECT, related_name="+")
    guardian = models.ForeignKey("parents.Guardian", models.SET_NULL, null=True, related_name="+")
    pupil = models.ForeignKey("schools.Pupil", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=ContactKind.choices, db_default=ContactKind.CONFERENCE)
    language = models.CharField(_("language"), max_length=10)
    needed_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True)
    mode = models.CharField(max_length=20, choices=InterpreterMode.choices)
    state = models.CharField(max_length=12, choices=InterpreterState.choices, default=InterpreterState.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    agency = models.CharField(max_length=80, blank=True, db_default="")
    asked_agency_on = models.DateField(null=True, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    called_off_on = models.DateField(null=True, blank=True)
    cost = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    fell_with_talk = models.BooleanField(db_default=False)
    on_sheet = models.JSONField(null=True, editable=False)

    objects = InterpreterRequestQuerySet.as_manager()

    class Meta:
        ordering = ["needed_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=InterpreterState.values), name="interpreter_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ContactKind.values), name="interpreter_kind_known"),
            models.CheckConstraint(
                condition=~Q(state=InterpreterState.BOOKED) | ~Q(agency=""), name="interpreter_booked_at_agency"
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="interpreter_cost_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["school", "needed_at"], name="interpreter_of_school")]

    def __str__(self) -> str:
        return f"{self.language} {self.needed_at}"

    @property
    def length(self) -> int:
        """How long the talk takes, in minutes."""
        if self.minutes:
            return self.minutes
        if self.slot is None:
            return USUAL_MINUTES
        if self.slot.hour is None:
            return self.slot.round.slot_minutes
        return round((self.slot.hour.ends_at - self.slot.hour.starts_at).total_seconds() / 60)

    @property
    def is_at_home(self) -> bool:
        """The talk is held where the family lives."""
        if self.slot is not None:
            return self.slot.way == MeetingWay.HOME
        return self.kind == ContactKind.HOME_VISIT and self.mode in (InterpreterMode.ON_SITE, InterpreterMode.MEDIATOR)

    @property
    def talk(self) -> StrOrPromise:
        """For which talk it is, in words of the school."""
        return self.slot.round.name if self.slot else self.get_kind_display()

    @property
    def about(self) -> Pupil | None:
        """The child about whom the talk is."""
        return self.slot.pupil if self.slot else self.pupil

    @property
    def is_past(self) -> bool:
        return self.needed_at is not None and self.needed_at <= clock.now()

    @property
    def is_to_call_off(self) -> bool:
        """An agency was asked, for this hour or the one before, and does not know yet that nobody is needed."""
        asked = bool(self.agency) and self.called_off_on is None
        return self.state == InterpreterState.CANCELLED and asked and not self.is_past

    @property
    def version(self) -> str:
        """What a form sends back: with another hour, language or state it is about another request."""
        facts = (self.state, self.language, self.needed_at and self.needed_at.timestamp(), self.mode, self.agency)
        days = (self.asked_agency_on, self.confirmed_on, self.called_off_on)
        return hashlib.sha256(repr((facts, [str(day) for day in days], str(self.cost))).encode()).hexdigest()[:16]

    @property
    def line(self) -> dict[str, object]:
        """What an agency is asked for. It names nobody."""
        by_wire = self.mode in (InterpreterMode.PHONE, InterpreterMode.VIDEO)
        return {
            "language": self.language,
            "at": self.needed_at.astimezone(UTC).isoformat() if self.needed_at else "",
            "minutes": self.length,
            "where": self.mode if by_wire else "HOME" if self.is_at_home else "SCHOOL",
        }

    @property
    def line_key(self) -> str:
        """What a printed sheet sends back of its line: another one says something else."""
        return hashlib.sha256(repr(sorted(self.line.items())).encode()).hexdigest()[:16]

    @property
    def sheet_said(self) -> dict[str, object] | None:
        """What the agency's sheet said and does not hold any more, with its day ``on``; None while it still holds."""
        if self.on_sheet is None or self.is_past or self.state not in COMING:
            return None
        said = {name: self.on_sheet[name] for name in self.line}
        if said == self.line:
            return None
        name = name_of_language(self.on_sheet["language"])
        at = datetime.fromisoformat(self.on_sheet["at"]).astimezone(clock.BRUSSELS)
        return said | {"on": date.fromisoformat(self.on_sheet["on"]), "at": at, "language_name": name}

    @property
    def was_moved(self) -> bool:
        """An agency was asked for another hour or way; it does not know of this one yet."""
        return self.state == InterpreterState.ASKED and bool(self.agency) and self.asked_agency_on is None

    @property
    def language_name(self) -> str:
        """The name of the language in that of the page; Django's own catalogs know most of them."""
        return name_of_language(self.language)
