"""What a teacher fills in to tell parents what goes well."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.forms_factual import without_national_number
from parents.models.growth import MOST_PHRASES
from schools.lines import Lines
from schools.models import Term


class GrowthForm(forms.Form):
    """One to three phrases, perhaps a sentence of one's own."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    phrases = forms.MultipleChoiceField(
        label=_("What goes well?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose one, two or three phrases. Each parent reads them in the own language."),
        error_messages={"required": _("Choose one, two or three phrases.")},
    )
    sentence = forms.CharField(
        label=_("A sentence of your own, in Dutch"),
        required=False,
        max_length=200,
        widget=Lines(attrs={"rows": 2, "lang": "nl"}),
        help_text=_("It is not translated. Only what went well: nothing about health, origin or the family."),
    )

    def __init__(self, *args: Any, terms: dict[str, Term], child: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"client_id": uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        field: Any = self.fields["phrases"]
        field.choices = [(code, term.label.replace("{child}", child)) for code, term in terms.items()]
        field.choice_icons = {code: term.icon for code, term in terms.items()}

    def clean_phrases(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["phrases"]
        if len(chosen) > MOST_PHRASES:
            raise forms.ValidationError(_("Choose one, two or three phrases."))
        return chosen

    def clean_sentence(self) -> str:
        return without_national_number(self.cleaned_data["sentence"].strip())
