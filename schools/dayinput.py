"""The fields for a day and an hour: the browser's own pickers, which take and give 2027-05-14 and 16:00."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools import clock

#: Who plans something later than this typed a wrong year.
MOST_DAYS_AHEAD = 730
#: Nobody is at a primary school at this age: "18" typed for the year is the year 18.
NO_CHILD = 25


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def time_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class ComingDay(forms.DateField):
    """A day for which something is planned; parents read it, so that a slip in the year is caught."""

    widget = day_input()

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value > clock.today() + timedelta(days=MOST_DAYS_AHEAD):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")


class BirthDay(forms.DateField):
    """The day on which a child was born. Parents on a shared phone are asked for it: a wrong year keeps them out."""

    widget = day_input()

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value > clock.today():
            raise forms.ValidationError(_("This day has not come yet."))
        if value and value.year < clock.today().year - NO_CHILD:
            raise forms.ValidationError(_("Look at the year: who was born then is no child any more."))
