"""Lines about a family: facts that colleagues need, and no national number (domain 6.5)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from schools.delicate import has_national_number


def without_national_number(text: str) -> str:
    """The text as it is. Raises forms.ValidationError when a national number stands in it."""
    if has_national_number(text):
        raise forms.ValidationError(_("This looks like a national number. It may not be kept here: leave it out."))
    return text


class FactualLines(forms.Form):
    """A form with a factual line (``note``) and an agreement."""

    def clean_note(self) -> str:
        return without_national_number(self.cleaned_data["note"])

    def clean_agreement(self) -> str:
        return without_national_number(self.cleaned_data["agreement"])
