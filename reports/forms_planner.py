"""One step of a school's year planner: whose it is and when, or why it is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.models import PlannedStep
from schools.dayinput import day_input
from schools.models import User
from schools.seenform import SeenForm


class StepForm(SeenForm):
    """Pass on, or choose another day; whoever took the step since the page was opened keeps it until that was seen."""

    owner = forms.ChoiceField(label=gettext_lazy("Who sees to it?"), required=False)
    due_on = forms.DateField(label=gettext_lazy("On which day?"), widget=day_input())

    def __init__(self, data: Any = None, *, step: PlannedStep, people: Sequence[User]) -> None:
        super().__init__(data, prefix="step", initial={"owner": str(step.owner_id or ""), "due_on": step.due_on})
        self.people = {str(user.pk): user for user in people}
        if step.owner is not None:  # may have left the school, and keeps the step until somebody takes it over
            self.people.setdefault(str(step.owner_id), step.owner)
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        names = [(key, user.full_name) for key, user in self.people.items()]
        field.choices = [("", _("Nobody yet")), *names]
        self.watch(True)

    def chosen_owner(self) -> User | None:
        return self.people.get(self.cleaned_data["owner"])


class SkipForm(forms.Form):
    """Leave a step out this year."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you leave it out?"),
        max_length=200,
        help_text=gettext_lazy("One sentence, without names."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="skip")
