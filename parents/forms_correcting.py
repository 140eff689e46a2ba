"""What is filled in to put a talk right, or to take it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from parents.forms_factual import FactualLines, as_kept, without_national_number
from parents.forms_offered import ArrivedField, PartnerField, kinds_for, visibilities_for
from parents.models import (
    ContactKind,
    ContactMoment,
    Guardian,
    InterpreterMode,
    InterpreterNeed,
    Outcome,
    Purpose,
    Tone,
    Visibility,
)
from parents.models.revisions import CORRECTED, GUARDIANS
from schools import clock, languages
from schools.arriving import RowsField
from schools.dayinput import day_input
from schools.delicate import delicate_words
from schools.lines import Lines
from schools.models import CLBCentre
from schools.scope import Scope


class CorrectionForm(FactualLines):
    """The fields of a talk as they stand. A home visit is logged anew: it asks who agreed to it. Who may read a line
    that a CLB owns is not changed here: the school reads it with consent only."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What kind of contact?"))
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices)
    held_on = forms.DateField(label=_("Day"), widget=day_input())
    guardians = RowsField(
        Guardian.objects.none(), label=_("Who was there?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    purpose = forms.ChoiceField(label=_("What was it about?"), choices=[("", "—"), *Purpose.choices], required=False)
    tone = forms.ChoiceField(label=_("Tone of the talk"), choices=Tone.choices, required=False)
    language_used = forms.ChoiceField(
        label=_("Language spoken"), required=False, choices=lambda: [("", "—"), *languages.contact_choices()]
    )
    interpreter_need = forms.ChoiceField(label=_("Interpreter"), choices=InterpreterNeed.choices)
    interpreter_mode = forms.ChoiceField(
        label=_("Who interpreted?"), choices=[("", "—"), *InterpreterMode.choices], required=False
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
    centre = forms.ModelChoiceField(
        CLBCentre.objects.none(), label=_("Which CLB owns this line?"), required=False, empty_label=None
    )
    agreement = forms.CharField(label=_("Agreement with the family"), max_length=300, required=False)

    def __init__(
        self, data: Any = None, *, moment: ContactMoment, seen: int, scope: Scope, guardians: QuerySet[Guardian]
    ) -> None:
        stood = as_kept(word for name in self.lines for word in delicate_words(getattr(moment, name)))
        present = [guardian.pk for guardian in moment.guardians.all()]
        known = {"seen": seen, "kept_words": stood, GUARDIANS: present}
        super().__init__(data, initial={name: getattr(moment, name) for name in CORRECTED} | known)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        usual = [pair for pair in kinds_for(scope) if pair[0] != ContactKind.HOME_VISIT]
        now = (moment.kind, str(moment.get_kind_display()))
        field.choices = usual if now in usual else [now, *usual]
        self._rows(GUARDIANS).queryset = guardians
        self._offer_readers(moment, scope)

    def _offer_readers(self, moment: ContactMoment, scope: Scope) -> None:
        """Who may read the line, with the CLB to which its own people may take it; nothing where a CLB owns it."""
        if moment.centre_id is not None:
            del self.fields["visibility"], self.fields["centre"]
            return
        usual = visibilities_for(scope)
        if moment.recorded_by_id != scope.user_id:  # who left reads nothing, so that nobody would; nor is it a CLB's
            usual = [pair for pair in usual if pair[0] != Visibility.CLB]
        now = (moment.visibility, str(moment.get_visibility_display()))
        self._rows("visibility").choices = usual if now in usual else [now, *usual]
        self._rows("centre").queryset = CLBCentre.objects.filter(pk__in=scope.note_centres)
        self._rows("centre").has_answer = True  # it comes with one
        if not scope.note_centres:
            del self.fields["centre"]

    def _rows(self, name: str) -> Any:
        return self.fields[name]

    def clean_held_on(self) -> Any:
        if self.cleaned_data["held_on"] > clock.today():
            raise forms.ValidationError(_("A contact cannot lie in the future. Choose today or an earlier day."))
        return self.cleaned_data["held_on"]

    def clean_tone(self) -> str:
        return str(self.cleaned_data["tone"] or self.initial["tone"])

    def clean_visibility(self) -> str:
        return str(self.cleaned_data["visibility"] or self.initial["visibility"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("visibility") != Visibility.CLB:
            cleaned["centre"] = None
        elif not cleaned.get("centre"):
            self.add_error("centre", _("Choose the CLB that owns this line."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What services.correcting.correct_contact_moment takes."""
        cleaned = self.cleaned_data
        return {name: cleaned[name] for name in (*CORRECTED, GUARDIANS, "centre") if name in cleaned}


class WithdrawalForm(forms.Form):
    """Why a talk is taken back."""

    because = forms.CharField(
        label=_("Why?"),
        max_length=200,
        help_text=_("For example: logged for the wrong child."),
        error_messages={"required": _("Say why it is taken back.")},
    )

    def clean_because(self) -> str:
        return without_national_number(self.cleaned_data["because"])
