"""The field for a day: the browser's own picker, which takes and gives days as 2027-05-14."""

from __future__ import annotations

from django import forms


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
