"""What colleagues choose about themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from schools.models import Assignment
from schools.workdays import WHOLE_WEEK


class WorkingDaysForm(forms.Form):
    """The days of one post."""

    days = forms.MultipleChoiceField(
        choices=[(digit, WEEKDAYS[int(digit) - 1]) for digit in WHOLE_WEEK],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
    )

    def __init__(self, data: Any = None, *, assignment: Assignment) -> None:
        kept = assignment.works_on or WHOLE_WEEK
        super().__init__(data, prefix=f"post{assignment.pk}", initial={"days": list(kept)})
        self.fields["days"].label = str(assignment)
        self.assignment = assignment
