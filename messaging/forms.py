from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.models import Outcome
from schools import clock


class LetterGivenForm(forms.Form):
    """On which day the letters went home with the children."""

    on = forms.DateField(label=_("Given to the children on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": clock.today()})
        super().__init__(*args, **kwargs)

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come. Choose today or an earlier day."))
        return day


class CallForm(forms.Form):
    """How a call went."""

    outcome = forms.ChoiceField(
        choices=[(Outcome.REACHED_AGREED, _("Spoken with")), (Outcome.NOT_REACHED, _("No answer"))]
    )
    note = forms.CharField(label=_("Factual line"), max_length=500, required=False)
