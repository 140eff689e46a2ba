"""Days on which parents come to school: one without class is allowed, but asked about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools.models import Holiday, School


class AboutFreeDays(forms.Form):
    """A form with days. One without class is asked about once: ``kept_days`` are those that the writer saw named and
    sends all the same."""

    kept_days = forms.CharField(required=False, widget=forms.HiddenInput)

    def ask_about_free_days(self, names: Iterable[str], school: School) -> None:
        """The last step of ``clean``: it takes days out of what was cleaned."""
        kept = str(self.cleaned_data.get("kept_days", "")).split(",")
        free = []
        for name in names:
            day = self.cleaned_data.get(name)
            if day is None or not (why := Holiday.objects.why_free(day, school)):
                continue
            free.append(day.isoformat())
            if day.isoformat() not in kept:
                self.add_error(name, _are_you_sure(why))
        sent: Any = self.data.copy()  # type: ignore[attr-defined]
        sent[self.add_prefix("kept_days")] = ",".join(free)
        self.data = sent


def _are_you_sure(why: str) -> forms.ValidationError:
    return forms.ValidationError(
        _("There is no class on this day: %(why)s. Choose another day, or send it once more as it is."),
        params={"why": why},
    )
