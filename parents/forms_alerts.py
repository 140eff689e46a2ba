from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class FindingForm(forms.Form):
    """What unusual reading turned out to be."""

    finding = forms.CharField(
        label=_("What was it?"),
        max_length=200,
        help_text=_("For example: she prepared the parent–teacher meetings. No names of families."),
    )
