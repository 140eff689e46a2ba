"""The fields for a day and an hour: the browser's own pickers, which take and give 2027-05-14 and 16:00."""

from __future__ import annotations

from django import forms


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def time_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
