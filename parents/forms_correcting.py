"""What a writer fills in to put a talk right, or to take it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.forms import kinds_for
from parents.forms_factual import FactualLines, as_kept, without_national_number
from parents.models import ContactKind, ContactMoment, InterpreterMode, InterpreterNeed, Outcome, Purpose, Tone
from parents.models.revisions import CORRECTED
from schools import clock, languages
from schools.delicate import delicate_words
from schools.scope import Scope


class CorrectionForm(FactualLines):
    """The fields of a talk as they stand. A home visit is logged anew: it asks who agreed to it."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What kind of contact?"))
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices)
    held_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    purpose = forms.ChoiceField(label=_("What was it about?"), choices=[("", "—"), *Purpose.choices], required=False)
    tone = forms.ChoiceField(label=_("Tone of the talk"), choices=Tone.choices, required=False)
    language_used = forms.ChoiceField(
        label=_("Language spoken"), required=False, choices=lambda: [("", "—"), *languages.contact_choices()]
    )
    interpreter_need = forms.ChoiceField(label=_("Interpreter"), choices=InterpreterNeed.choices)
    interpreter_mode = forms.ChoiceField(
        label=_("Who interpreted?"), choices=[("", "—"), *InterpreterMode.choices], required=False
    )
    duration_min = forms.IntegerField(label=_("Duration, in minutes"), min_value=1, max_value=600, required=False)
    note = forms.CharField(
        label=_("Factual line"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only facts that colleagues need. No diagnosis, origin or national number."),
    )
    agreement = forms.CharField(label=_("Agreement with the family"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, moment: ContactMoment, seen: int, scope: Scope) -> None:
        stood = as_kept(word for name in self.lines for word in delicate_words(getattr(moment, name)))
        known = {"seen": seen, "kept_words": stood}
        super().__init__(data, initial={name: getattr(moment, name) for name in CORRECTED} | known)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        usual = [pair for pair in kinds_for(scope) if pair[0] != ContactKind.HOME_VISIT]
        now = (moment.kind, str(moment.get_kind_display()))
        field.choices = usual if now in usual else [now, *usual]

    def clean_held_on(self) -> Any:
        if self.cleaned_data["held_on"] > clock.today():
            raise forms.ValidationError(_("A contact cannot lie in the future. Choose today or an earlier day."))
        return self.cleaned_data["held_on"]

    def clean_tone(self) -> str:
        return str(self.cleaned_data["tone"] or self.initial["tone"])

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in CORRECTED}


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
