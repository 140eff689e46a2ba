from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.models import Outcome


class CallForm(forms.Form):
    """How a call went."""

    outcome = forms.ChoiceField(
        choices=[(Outcome.REACHED_AGREED, _("Spoken with")), (Outcome.NOT_REACHED, _("No answer"))]
    )
    note = forms.CharField(label=_("Factual line"), max_length=500, required=False)
