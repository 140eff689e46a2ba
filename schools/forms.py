"""What colleagues choose about themselves and about the translators of their school."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from schools.languages import foreign_choices
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


class TranslatorForm(forms.Form):
    """The languages of one translator; none means that nobody can ask them."""

    languages = forms.MultipleChoiceField(
        label=_("Into which languages?"),
        choices=foreign_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Languages that are only spoken are for texts read aloud."),
    )

    def __init__(self, data: Any = None, *, post: Assignment) -> None:
        super().__init__(data, initial={"languages": post.languages})
