"""The goals and posts of a project's next year."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.evaluation import goals_for_next_year
from reports.indicators import INDICATORS
from reports.nextyear import due_a_year_later, last_targets, posts_of
from reports.targets import CODES, RANGES
from reports.wording import goal
from schools.dayinput import day_input
from schools.models import Project, User


class NextYearForm(forms.Form):
    """A goal for each indicator that has one this year or in the application, which decides; an empty goal is none.
    Posts go on where they are ticked."""

    report_due_on = forms.DateField(label=_("The report is due on"), widget=day_input())
    posts = forms.TypedMultipleChoiceField(
        label=_("Who goes on"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Somebody else decides about your own posts."),
    )

    def __init__(self, data: Any = None, *, project: Project, by: User) -> None:
        super().__init__(data, initial={"report_due_on": due_a_year_later(project)})
        now = {code: target.value for (code, school), target in last_targets(project).items() if school is None}
        applied = {one.indicator: one.number for one in goals_for_next_year(project.pk)}
        self.codes = sorted(code for code in {**now, **applied} if code in CODES)
        for code in self.codes:
            entry, present, wished = INDICATORS[code], now.get(code), applied.get(code, now.get(code))
            least, most = RANGES[entry.unit]
            value = "" if present is None else goal(entry.unit, present)
            self.fields[f"goal-{code}"] = forms.DecimalField(
                label=entry.name,
                required=False,
                min_value=least,
                max_value=most,
                decimal_places=1,
                initial=int(wished) if wished is not None and wished == int(wished) else wished,
                help_text=_("The goal of this year: %(value)s") % {"value": value} if value else "",
            )
        choice = self.fields["posts"]
        assert isinstance(choice, forms.TypedMultipleChoiceField)  # noqa: S101 - declared above
        choice.choices = [(row.pk, f"{row.user.full_name} ({row.get_role_display()})") for row in posts_of(project, by)]
        choice.initial = [key for key, _label in choice.choices]

    def goals(self) -> dict[str, Decimal]:
        found = {code: self.cleaned_data.get(f"goal-{code}") for code in self.codes}
        return {code: value for code, value in found.items() if value is not None}
