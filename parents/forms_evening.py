"""Who of a class was there on an evening: what it was, and a line for each family."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.evenings import EVENING_KINDS, OUTCOMES_OF_COMING, FamilyOfClass, round_on
from parents.models import ConferenceHost, ContactKind, InterpreterMode, Purpose
from parents.services.evenings import ClassEvening, FamilyThatCame
from schools import clock
from schools.dayinput import day_input
from schools.models import Method, SchoolClass

_KINDS = [(kind.value, kind.label) for kind in EVENING_KINDS]
_OUTCOMES = [("", "—"), *((outcome.value, outcome.label) for outcome in OUTCOMES_OF_COMING)]
_MODES = [("", _("not needed")), *InterpreterMode.choices]


class EveningForm(forms.Form):
    """Nobody is marked when the page opens: nobody knows yet who was there."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What kind of contact?"), choices=_KINDS, initial=ContactKind.CONFERENCE)
    held_on = forms.DateField(label=_("Day"), widget=day_input(), initial=clock.today)
    purpose = forms.ChoiceField(label=_("What was it about?"), choices=Purpose.choices, initial=Purpose.PROGRESS)
    method: forms.ModelChoiceField[Method] = forms.ModelChoiceField(
        Method.objects.none(), label=_("Method from the draaiboek"), required=False, empty_label="—"
    )

    def __init__(self, data: Any = None, *, school_class: SchoolClass, families: Sequence[FamilyOfClass]) -> None:
        super().__init__(data, initial={"client_id": uuid4()})
        self.school_class = school_class
        self.families = families
        #: The round in which the class met on that day; it has a page of its own for this.
        self.round_host: ConferenceHost | None = None
        method: Any = self.fields["method"]
        method.queryset = Method.objects.only("title", "slug")
        for family in families:
            key, words = family.family_id, {"children": family.name}
            people = [(str(guardian.pk), guardian.full_name) for guardian in family.guardians]
            self.fields[f"came_{key}"] = forms.BooleanField(required=False)
            self.fields[f"who_{key}"] = forms.MultipleChoiceField(
                label=_("Who came for %(children)s?") % words,
                choices=people,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields[f"outcome_{key}"] = forms.ChoiceField(
                label=_("How did it go with %(children)s?") % words, choices=_OUTCOMES, required=False
            )
            self.fields[f"interpreter_{key}"] = forms.ChoiceField(
                label=_("Who interpreted for %(children)s?") % words, choices=_MODES, required=False
            )
            self.fields[f"interpreter_{key}"].has_answer = True  # type: ignore[attr-defined]

    @property
    def about_all(self) -> list[Any]:
        """The fields about the evening itself."""
        return [self[name] for name in ("kind", "held_on", "purpose", "method")]

    def lines(self) -> Iterator[dict[str, Any]]:
        """Each family with its fields; folded open where something in the fold was filled in."""
        for family in self.families:
            key = family.family_id
            outcome, interpreter = self[f"outcome_{key}"], self[f"interpreter_{key}"]
            yield {
                "family": family,
                "came": self[f"came_{key}"],
                "who": self[f"who_{key}"],
                "more": [outcome, interpreter],
                "opens": bool(outcome.value() or interpreter.value()),
            }

    def clean_held_on(self) -> date:
        day: date = self.cleaned_data["held_on"]
        if day > clock.today():
            raise forms.ValidationError(_("A contact cannot lie in the future. Choose today or an earlier day."))
        if day < self.school_class.year.starts_on:
            raise forms.ValidationError(_("On this day the class did not exist yet."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == ContactKind.CONFERENCE and cleaned.get("held_on"):
            self.round_host = round_on(self.school_class, cleaned["held_on"])
            if self.round_host:
                words = _("The class had a round of meetings on this day. Write down there who came.")
                self.add_error("held_on", words)
        if not self.errors and not self._came():
            self.add_error(None, _("Mark who came."))
        return cleaned

    def _came(self) -> list[FamilyOfClass]:
        """Families that are marked, or of which a person is."""
        facts = self.cleaned_data
        return [row for row in self.families if facts[f"came_{row.family_id}"] or facts[f"who_{row.family_id}"]]

    def evening(self) -> ClassEvening:
        facts = self.cleaned_data
        return ClassEvening(
            client_id=facts["client_id"],
            kind=facts["kind"],
            held_on=facts["held_on"],
            purpose=facts["purpose"],
            method=facts["method"],
            came=[
                FamilyThatCame(
                    family_id=row.family_id,
                    pupils=row.pupils,
                    guardians=[one for one in row.guardians if str(one.pk) in facts[f"who_{row.family_id}"]],
                    outcome=facts[f"outcome_{row.family_id}"],
                    interpreter_mode=facts[f"interpreter_{row.family_id}"],
                )
                for row in self._came()
            ],
        )
