"""What is filled in for an interpreter: the wish of staff, and what the agency said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.models import ContactKind, Guardian, InterpreterMode, InterpreterRequest
from parents.models.conferences import MeetingWay
from parents.models.interpreters import USUAL_MINUTES, InterpreterState
from parents.services.interpreters import Arrangement, NewTalk
from schools import clock, languages
from schools.dayinput import ComingDay, day_input, time_input

#: Talks outside a round for which an interpreter is planned, those that are planned most first.
KINDS = (
    ContactKind.HOME_VISIT,
    ContactKind.INTAKE,
    ContactKind.CONFERENCE,
    ContactKind.PHONE,
    ContactKind.VIDEO,
    ContactKind.MDO,
    ContactKind.ORIENTATION,
    ContactKind.INFO_EVENING,
    ContactKind.COFFEE_MOMENT,
)
MODES = (InterpreterMode.ON_SITE, InterpreterMode.PHONE, InterpreterMode.VIDEO, InterpreterMode.MEDIATOR)
AGENCIES_ID = "agencies"


class AgencyField(forms.CharField):
    """The name of an agency: one that was asked before, or another."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"list": AGENCIES_ID, "autocomplete": "off"})
        super().__init__(label=_("Agency"), max_length=80, widget=widget, **kwargs)


class ArrangeForm(forms.Form):
    """How far it is with the agency. ``seen`` is the version of the request that the writer had before the eyes."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=_("How far is it?"),
        choices=InterpreterState.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Does the agency cancel, or find nobody? Then it is “asked” again: the talk stays on the list of those "
            "still to book, and the parent's wish stands."
        ),
    )
    mode = forms.ChoiceField(
        label=_("How does the interpreter help?"),
        choices=[(mode.value, mode.label) for mode in MODES],
        widget=forms.RadioSelect,
        required=False,
    )
    agency = AgencyField(
        required=False,
        help_text=_("The agency or the interpreter service that sends somebody. Needed once it is booked."),
    )
    asked_on = forms.DateField(label=_("The agency was asked on"), required=False, widget=day_input())
    confirmed_on = forms.DateField(label=_("The agency confirmed on"), required=False, widget=day_input())
    cost = forms.DecimalField(
        label=_("Cost in euros"), required=False, min_value=0, max_digits=7, decimal_places=2, localize=True
    )
    called_off = forms.BooleanField(label=_("The agency knows that nobody is needed any more"), required=False)

    def __init__(self, data: Any = None, *, request: InterpreterRequest) -> None:
        super().__init__(
            data,
            initial={
                "seen": request.version,
                "state": request.state,
                "mode": request.mode,
                "agency": request.agency,
                "asked_on": request.asked_agency_on,
                "confirmed_on": request.confirmed_on,
                "cost": request.cost,
                "called_off": request.called_off_on is not None,
            },
        )
        self.fields["agency"].has_answer = True  # type: ignore[attr-defined]  # its note says when it is needed
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        if request.is_past:
            field.help_text = ""
        else:
            over = (InterpreterState.CAME, InterpreterState.DID_NOT_COME)
            field.choices = [choice for choice in InterpreterState.choices if choice[0] not in over]
        if request.slot is not None and request.slot.way in (MeetingWay.PHONE, MeetingWay.VIDEO):
            del self.fields["mode"]  # the talk itself says it
        else:
            self.fields["mode"].has_answer = True  # type: ignore[attr-defined]
        if request.state != InterpreterState.CANCELLED or not request.agency:
            del self.fields["called_off"]

    def clean_agency(self) -> str:
        return str(self.cleaned_data["agency"]).strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        asked, confirmed, agency = cleaned["asked_on"], cleaned["confirmed_on"], cleaned["agency"]
        if (cleaned["state"] == InterpreterState.BOOKED or asked or confirmed) and not agency:
            self.add_error("agency", _("Say which agency."))
        for name, day in (("asked_on", asked), ("confirmed_on", confirmed)):
            if day and day > clock.today():
                self.add_error(name, _("This day is still to come."))
        if asked and confirmed and confirmed < asked:
            self.add_error("confirmed_on", _("An agency confirms after it was asked."))
        return cleaned

    def arrangement(self) -> Arrangement:
        facts = self.cleaned_data
        return Arrangement(
            state=facts["state"],
            agency=facts["agency"],
            asked_on=facts["asked_on"],
            confirmed_on=facts["confirmed_on"],
            cost=facts["cost"],
            called_off=facts.get("called_off", False),
            mode=facts.get("mode", ""),
        )


class SentForm(forms.Form):
    """To which agency the sheet went."""

    agency = AgencyField(error_messages={"required": _("Say which agency.")})

    def clean_agency(self) -> str:
        return str(self.cleaned_data["agency"]).strip()


class TalkForm(forms.Form):
    """A talk outside a round for which an interpreter is needed. ``guardians`` are those of the child."""

    kind = forms.ChoiceField(label=_("For which talk?"), choices=[(kind.value, kind.label) for kind in KINDS])
    guardian = forms.ChoiceField(label=_("With whom?"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=lambda: [("", "—"), *languages.foreign_choices()])
    day = ComingDay(label=_("Day"))
    starts = forms.TimeField(label=_("Hour"), widget=time_input())
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480, initial=USUAL_MINUTES)
    mode = forms.ChoiceField(
        label=_("How does the interpreter help?"),
        choices=[(mode.value, mode.label) for mode in MODES],
        widget=forms.RadioSelect,
        initial=InterpreterMode.ON_SITE,
    )

    def __init__(self, data: Any = None, *, guardians: Sequence[Guardian]) -> None:
        first = guardians[0].contact_language if guardians else ""
        super().__init__(data, initial={"language": first} | ({"guardian": guardians[0].pk} if guardians else {}))
        self.guardians = {str(guardian.pk): guardian for guardian in guardians}
        field = self.fields["guardian"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        people = [(key, guardian.full_name) for key, guardian in self.guardians.items()]
        field.choices = [("", _("several people, or not known")), *people]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and self._moment() <= clock.now():
            self.add_error("day", _("This moment is over. Choose a later one."))
        return cleaned

    def _moment(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["starts"], tzinfo=clock.BRUSSELS)

    def talk(self) -> NewTalk:
        facts = self.cleaned_data
        return NewTalk(
            kind=facts["kind"],
            language=facts["language"],
            needed_at=self._moment(),
            minutes=facts["minutes"],
            mode=facts["mode"],
            guardian=self.guardians.get(facts["guardian"]),
        )
