"""The forms with which a school keeps its own free days."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools.dayinput import day_input
from schools.freedays import MAX_BYTES, MAX_EVENTS, NAME_LENGTH, FreeDays, check, from_key, read_ics
from schools.models import SchoolYear


class FreeDaysForm(forms.Form):
    """One day or a few in a row on which this school has no class."""

    name = forms.CharField(
        label=_("What is it?"), max_length=NAME_LENGTH, help_text=_("For example: study day, local holiday.")
    )
    starts_on = forms.DateField(label=_("First day"), widget=day_input())
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Leave it empty for one day."),
        widget=day_input(),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            check(self.days())
        return cleaned

    def days(self) -> FreeDays:
        facts = self.cleaned_data
        return FreeDays(facts["starts_on"], facts["ends_on"] or facts["starts_on"], facts["name"].strip())


class CalendarFileForm(forms.Form):
    """A calendar file; ``found`` are its free days in the school years that are kept here."""

    file = forms.FileField(
        label=_("Calendar file"),
        help_text=_("A file that ends in .ics, as your own calendar exports it. Whole days are read from it."),
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
    )

    def __init__(self, *args: Any, years: list[SchoolYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = years
        self.found: list[FreeDays] = []

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if self.years:
            self.found = read_ics(
                upload.read(MAX_BYTES + 1),
                first=min(year.starts_on for year in self.years),
                last=max(year.ends_on for year in self.years),
            )
        if not self.found:
            raise forms.ValidationError(
                _("No whole day of this or the next school year stands in this file. Export free days as whole days.")
            )
        return upload


class FoundDaysField(forms.MultipleChoiceField):
    """What comes back is read and checked for itself: the file is not kept in between."""

    def valid_value(self, value: str) -> bool:
        return bool(from_key(value))

    def clean(self, value: Any) -> list[FreeDays]:
        return [from_key(key) for key in super().clean(value)]


class FoundDaysForm(forms.Form):
    """The days that were found in a file, each with a tick."""

    days = FoundDaysField(
        label=_("Free days in the file"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one day.")},
    )

    def offered(self) -> list[tuple[FreeDays, bool]]:
        """The days that stood on the page, each with whether it was ticked; none when nothing was sent."""
        if not self.is_bound:
            return []
        ticked = set(self.data.getlist("days"))  # type: ignore[attr-defined]
        found = []
        for key in self.data.getlist("offered")[:MAX_EVENTS]:  # type: ignore[attr-defined]
            with suppress(forms.ValidationError):  # what no form of ours sends
                found.append((from_key(key), key in ticked))
        return found
