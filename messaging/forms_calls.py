"""How a call went."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.forms_factual import without_national_number
from parents.forms_portal import ContactField
from parents.models import Outcome


class CallForm(forms.Form):
    """One tap says how it went; a line and a new address or number are free."""

    outcome = forms.ChoiceField(
        choices=[
            (Outcome.REACHED_AGREED, _("Spoken with, and it is clear")),
            (Outcome.REACHED_FOLLOW_UP, _("Spoken with, not clear yet")),
            (Outcome.NOT_REACHED, _("No answer")),
        ]
    )
    note = forms.CharField(label=_("Factual line"), max_length=500, required=False)
    contact = ContactField(label=_("New e-mail address or phone number"), required=False)

    def clean_note(self) -> str:
        return without_national_number(self.cleaned_data["note"])


class ToldForm(forms.Form):
    """The address or number that a guardian told somebody."""

    contact = ContactField(label=_("New e-mail address or phone number"))
