from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.translation import gettext_lazy as _

from parents.forms_factual import FactualLines, without_national_number
from parents.forms_offered import QUICK_KINDS, ArrivedField, PartnerField, kinds_for, visibilities_for
from parents.forms_portal import ContactField
from parents.models import (
    ContactKind,
    ContactMoment,
    Guardian,
    InterpreterMode,
    InterpreterNeed,
    MomentStatus,
    Outcome,
    PointKind,
    Purpose,
    Tone,
    Visibility,
)
from parents.models.kinds import STATUS_OF_OUTCOME
from parents.services import NewFollowUp
from schools import clock, languages
from schools.arriving import RowsField
from schools.dayinput import ComingDay
from schools.lines import Lines
from schools.models import CLBCentre, Method, Pupil
from schools.scope import Scope

#: Name of the field in which a guardian's new address or number is typed.
ASKED_CONTACT = "new_contact_{}"
HOME_VISIT_AGREED = "home_visit_agreed"
NOBODY_AGREED = "nobody"


class ContactMomentForm(FactualLines):
    """One talk about one or more children of a family. Only kind and outcome are asked; the rest is folded away."""

    lines = ("note", "agreement", "follow_up")
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    opened_at = forms.FloatField(widget=forms.HiddenInput, required=False)
    #: Whoever read that such a talk was just logged says with the next tap that this was another.
    is_second = forms.BooleanField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("What kind of contact?"), widget=forms.RadioSelect)
    outcome = forms.ChoiceField(choices=Outcome.choices, widget=forms.HiddenInput)
    held_on = forms.DateField(label=_("Day"))
    siblings = RowsField(
        Pupil.objects.none(), label=_("Also about"), required=False, widget=forms.CheckboxSelectMultiple
    )
    guardians = RowsField(
        Guardian.objects.none(), label=_("Who was there?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    purpose = forms.ChoiceField(
        label=_("What was it about?"),
        choices=[("", "—"), *Purpose.choices],
        required=False,
        initial=Purpose.INFORMATION,
    )
    tone = forms.ChoiceField(
        label=_("Tone of the talk"),
        choices=Tone.choices,
        required=False,
        initial=Tone.NEUTRAL,
        help_text=_("Of what it was about; no judgement of the parent."),
    )
    language_used = forms.ChoiceField(label=_("Language spoken"), required=False)
    interpreter_need = forms.ChoiceField(label=_("Interpreter"), choices=InterpreterNeed.choices, required=False)
    interpreter_mode = forms.ChoiceField(
        label=_("Who interpreted?"),
        choices=[("", "—"), *InterpreterMode.choices],
        required=False,
        help_text=_("A child should never have to interpret. If one did, say so: it shows what is needed."),
    )
    method: forms.ModelChoiceField[Method] = forms.ModelChoiceField(
        Method.objects.none(), label=_("Method from the draaiboek"), required=False, empty_label="—"
    )
    partner = PartnerField()
    arrived = ArrivedField()
    duration_min = forms.IntegerField(label=_("Duration, in minutes"), min_value=1, max_value=600, required=False)
    note = forms.CharField(
        label=_("Factual line"),
        max_length=500,
        required=False,
        widget=Lines(attrs={"rows": 2}),
        help_text=_("Only facts that colleagues need. No diagnosis, origin or national number."),
    )
    visibility = forms.ChoiceField(label=_("Who may read this line?"), required=False)
    agreement = forms.CharField(label=_("Agreement with the family"), max_length=300, required=False)
    follow_up = forms.CharField(label=_("What will you do next?"), max_length=250, required=False)
    follow_up_due = ComingDay(
        label=_("By when?"), required=False, help_text=_("A day, if you wrote what you will do next.")
    )

    def __init__(
        self,
        *args: Any,
        scope: Scope,
        pupil: Pupil,
        siblings: QuerySet[Pupil],
        guardians: QuerySet[Guardian],
        centres: QuerySet[CLBCentre],
        last: ContactMoment | None = None,
        asks: Mapping[int, Sequence[str]] | None = None,
        asks_home_visit: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {
            "client_id": uuid4(),
            "opened_at": clock.now().timestamp(),
            "held_on": clock.today(),
            "kind": last.kind if last else ContactKind.GATE_TALK,
            "interpreter_need": InterpreterNeed.NO,
        } | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.pupil = pupil
        kind = self._choice("kind")
        kind.choices = kinds_for(scope)
        self._choice("visibility").choices = visibilities_for(scope)
        self._choice("language_used").choices = [("", "—"), *languages.contact_choices()]
        self._rows("siblings").queryset = siblings
        self._rows("guardians").queryset = guardians
        self._rows("method").queryset = Method.objects.only("title", "slug")
        if scope.note_centres:
            self.fields["centre"] = forms.ModelChoiceField(
                centres, label=_("Which CLB owns this line?"), required=False, empty_label=None
            )
            self.fields["centre"].has_answer = True  # type: ignore[attr-defined]  # it comes with one
        if not siblings:
            del self.fields["siblings"]
        self._ask_for_contacts(list(guardians), asks or {})
        if asks_home_visit:
            self._ask_for_home_visit(list(guardians))

    def _ask_for_contacts(self, guardians: list[Guardian], asks: Mapping[int, Sequence[str]]) -> None:
        """A field for each guardian whose address or number died: the talk is the moment to ask."""
        self.asked = {ASKED_CONTACT.format(guardian.pk): guardian for guardian in guardians if guardian.pk in asks}
        for name, guardian in self.asked.items():
            label = _("%(guardian)s: ask for a new e-mail address")
            if PointKind.EMAIL not in asks[guardian.pk]:
                label = _("%(guardian)s: ask for a new phone number")
            self.fields[name] = ContactField(
                label=label % {"guardian": guardian.full_name},
                required=False,
                help_text=_("The old one does not work any more."),
                widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
            )

    def _ask_for_home_visit(self, guardians: list[Guardian]) -> None:
        """Who agreed to the visit, where nobody of the family did before; asked when a home visit is logged."""
        people = [(str(guardian.pk), guardian.full_name) for guardian in guardians]
        self.fields[HOME_VISIT_AGREED] = forms.ChoiceField(
            label=_("Home visit: who agreed to it?"),
            choices=[*people, (NOBODY_AGREED, _("Nobody was asked"))],
            widget=forms.RadioSelect,
            required=False,
            help_text=_("A home visit needs the consent of the family. Ask first; it is noted with today's date."),
        )
        self.fields[HOME_VISIT_AGREED].has_answer = True  # type: ignore[attr-defined]  # a visit needs one

    def _visited(self, cleaned: dict[str, Any]) -> bool:
        """Whether this logs a home visit that took place, of a family that did not agree to visits before."""
        is_visit = cleaned.get("kind") == ContactKind.HOME_VISIT and HOME_VISIT_AGREED in self.fields
        outcome = cleaned.get("outcome") or Outcome.NOT_REACHED
        return is_visit and STATUS_OF_OUTCOME[Outcome(outcome)] == MomentStatus.HELD

    def agreed_to_visit(self) -> Guardian | None:
        """The guardian who agreed to the home visit in this talk, if it was one."""
        key = self.cleaned_data.get(HOME_VISIT_AGREED, "")
        if self.cleaned_data["kind"] != ContactKind.HOME_VISIT or not key or key == NOBODY_AGREED:
            return None
        people: QuerySet[Guardian] = self._rows("guardians").queryset
        return people.filter(pk=int(key)).first()

    @property
    def asked_contacts(self) -> list[BoundField]:
        """The fields for new addresses and numbers."""
        return [self[name] for name in self.asked]

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        return field

    def _rows(self, name: str) -> Any:
        return self.fields[name]

    @property
    def usual_kinds(self) -> list[BoundWidget]:
        """The kinds that are one tap away."""
        return [option for option in self["kind"] if option.data["value"] in QUICK_KINDS]

    @property
    def other_kinds(self) -> list[BoundWidget]:
        """The kinds that are folded away."""
        return [option for option in self["kind"] if option.data["value"] not in QUICK_KINDS]

    @property
    def opens_other_kinds(self) -> bool:
        return str(self["kind"].value()) not in QUICK_KINDS

    def clean_follow_up(self) -> str:
        return without_national_number(self.cleaned_data["follow_up"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("follow_up") and not cleaned.get("follow_up_due"):
            self.add_error("follow_up_due", _("Choose a day by which you will do this."))
        if cleaned.get("held_on") and cleaned.get("follow_up_due") and cleaned["follow_up_due"] < cleaned["held_on"]:
            self.add_error("follow_up_due", _("This day was before the talk: it would be late at once."))
        if cleaned.get("held_on") and cleaned["held_on"] > clock.today():
            self.add_error("held_on", _("A contact cannot lie in the future. Choose today or an earlier day."))
        if cleaned.get("visibility") == Visibility.CLB and not cleaned.get("centre"):
            self.add_error("centre", _("Choose the CLB that owns this line."))
        if self._visited(cleaned) and not cleaned.get(HOME_VISIT_AGREED):
            self.add_error(HOME_VISIT_AGREED, _("Say who agreed to the home visit, or that nobody was asked."))
        return cleaned

    def _promised(self) -> NewFollowUp | None:
        """What was promised; of one tap that says "follow-up needed" the talk itself, where the team reads it."""
        cleaned = self.cleaned_data
        if cleaned["follow_up"]:
            return NewFollowUp(cleaned["follow_up"], cleaned["follow_up_due"])
        if cleaned["visibility"] in (Visibility.PARENT, Visibility.SCHOOL_TEAM):
            return NewFollowUp.needed(cleaned["kind"], cleaned["outcome"])
        return None

    def facts(self) -> dict[str, Any]:
        """What services.log_contact_moment takes beside author, school and day."""
        cleaned = self.cleaned_data
        opened = cleaned["opened_at"]
        seconds = int(clock.now().timestamp() - opened) if opened else None
        return {
            "pupils": [self.pupil, *cleaned.get("siblings", [])],
            "guardians": list(cleaned["guardians"]),
            "centre": cleaned.get("centre") if cleaned["visibility"] == Visibility.CLB else None,
            "seconds_to_log": seconds if seconds and 0 < seconds < 3600 else None,
            "new_contacts": [(who, cleaned[name]) for name, who in self.asked.items() if cleaned.get(name)],
            "follow_up": self._promised(),
            "interpreter_need": cleaned["interpreter_need"] or InterpreterNeed.NO,
            "tone": cleaned["tone"] or Tone.NEUTRAL,
        } | {
            name: cleaned[name]
            for name in (
                "client_id",
                "kind",
                "outcome",
                "held_on",
                "purpose",
                "language_used",
                "interpreter_mode",
                "arrived",
                "partner",
                "method",
                "duration_min",
                "note",
                "visibility",
                "agreement",
            )
        }
