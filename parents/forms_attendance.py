"""Who came to the talks of an evening, and one of them put right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.conferencelists import PastTalk
from parents.forms_conferences import PersonForm
from parents.models import ConferenceRound, ConferenceSlot, SlotStatus
from parents.models.interpreters import InterpreterState
from parents.services.attendance import Evening
from schools import clock
from schools.dayinput import day_input

_CAME = [
    ("", _("not known")),
    (InterpreterState.CAME.value, InterpreterState.CAME.label),
    (InterpreterState.DID_NOT_COME.value, InterpreterState.DID_NOT_COME.label),
]


class AttendanceForm(forms.Form):
    """All who had a time came, unless it is taken away. ``talks`` have begun and nothing is written of them yet;
    ``shown`` are those that stood on the page when it was opened."""

    def __init__(self, data: Any = None, *, talks: Sequence[PastTalk]) -> None:
        super().__init__(data)
        self.talks = talks
        for talk in talks:
            self.fields[f"came_{talk.slot.pk}"] = forms.BooleanField(required=False, initial=True)
            for asked in talk.interpreters:
                is_booked = asked.state == InterpreterState.BOOKED
                self.fields[f"interpreter_{asked.pk}"] = forms.ChoiceField(
                    label=_("Interpreter"),
                    choices=_CAME,
                    required=False,
                    initial=InterpreterState.CAME if is_booked else "",
                )
                self.fields[f"interpreter_{asked.pk}"].has_answer = True  # type: ignore[attr-defined]

    def lines(self) -> Iterator[tuple[PastTalk, Any, list[Any]]]:
        """Each talk with its fields."""
        for talk in self.talks:
            asked = [self[f"interpreter_{row.pk}"] for row in talk.interpreters]
            yield talk, self[f"came_{talk.slot.pk}"], asked

    def evening(self) -> Evening:
        facts = self.cleaned_data
        shown = {str(pk) for pk in self.data.getlist("shown")}  # type: ignore[attr-defined]
        talks = [talk for talk in self.talks if str(talk.slot.pk) in shown]
        states = {row.pk: facts[f"interpreter_{row.pk}"] for talk in talks for row in talk.interpreters}
        return Evening(
            shown=[talk.slot.pk for talk in talks],
            came=[talk.slot.pk for talk in talks if facts[f"came_{talk.slot.pk}"]],
            interpreters={pk: state for pk, state in states.items() if state},
        )


class UnplannedForm(PersonForm):
    """A family that came without a time: on a day of the round, or later to catch up."""

    held_on = forms.DateField(
        label=_("On which day did they come?"),
        help_text=_("After the last day of the round it counts as caught up."),
        widget=day_input(),
    )

    def __init__(self, data: Any = None, *, conference: ConferenceRound, **people: Any) -> None:
        last = min(conference.last_day, clock.today())
        super().__init__(data, initial={"held_on": last}, **people)
        self.conference = conference

    def clean_held_on(self) -> Any:
        day = self.cleaned_data["held_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        if day < self.conference.held_on:
            raise forms.ValidationError(_("The round had not begun on that day. Log this talk as a contact."))
        return day


class CorrectForm(forms.Form):
    """What became of one talk after all."""

    status = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[
            (SlotStatus.HELD.value, _("The family came at this time")),
            (SlotStatus.CAUGHT_UP.value, _("The family came later")),
            (SlotStatus.NO_SHOW.value, _("The family did not come")),
        ],
        widget=forms.RadioSelect,
    )
    held_on = forms.DateField(
        label=_("If later: on which day?"),
        required=False,
        widget=day_input(),
    )

    def __init__(self, data: Any = None, *, slot: ConferenceSlot) -> None:
        moment = slot.contact_moment
        later = moment.held_on if moment and slot.status == SlotStatus.CAUGHT_UP else None
        super().__init__(data, initial={"status": slot.status, "held_on": later})

    def clean_held_on(self) -> Any:
        if self.cleaned_data["held_on"] and self.cleaned_data["held_on"] > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return self.cleaned_data["held_on"]
