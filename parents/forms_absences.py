"""From which day until which day a child is not at school."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools.dayinput import day_input


class AbsenceForm(forms.Form):
    """Days only: there is no field for a reason."""

    starts_on = forms.DateField(
        label=_("First day"),
        widget=day_input(),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        widget=day_input(),
        required=False,
        help_text=_("Leave this empty for one day."),
        error_messages={"invalid": _("Choose a day.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["ends_on"] = cleaned.get("ends_on") or cleaned.get("starts_on")
        return cleaned
