"""Hours of a week, lines of a budget, and what was spent of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.budget import Spending
from reports.forms_amounts import AmountField
from reports.hours import ACTIVITIES, MOST_IN_A_WEEK
from reports.models import BudgetLine, TimeEntry
from schools import clock
from schools.dayinput import day_input


class HoursForm(forms.Form):
    """One week on one screen: a field for each activity, in halves. An empty field is none."""

    def __init__(self, data: Any = None, *, hours: Mapping[str, Decimal]) -> None:
        super().__init__(data)
        for activity in ACTIVITIES:
            self.fields[activity] = AmountField(
                label=str(TimeEntry.Activity(activity).label).capitalize(),
                required=False,
                min_value=0,
                max_value=MOST_IN_A_WEEK,
                max_digits=4,
                decimal_places=1,
                initial=hours.get(activity),
            )
            self.fields[activity].has_answer = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for activity in ACTIVITIES:
            value = cleaned.get(activity)
            if value is not None and value % Decimal("0.5"):
                self.add_error(activity, _("Write whole or half hours: 3 or 3,5."))
        return cleaned

    def hours(self) -> dict[str, Decimal]:
        return {activity: self.cleaned_data.get(activity) or Decimal(0) for activity in ACTIVITIES}


class LineForm(forms.Form):
    """A line of the grant. To change one that is there a reason is asked."""

    name = forms.CharField(label=_("Name of the line"), max_length=80)
    granted = AmountField(label=_("Granted, in euros"), min_value=0, max_digits=10, decimal_places=2)
    reason = forms.CharField(
        label=_("Why does it change?"), max_length=120, help_text=_("For example: the fund agreed to move money.")
    )

    def __init__(self, data: Any = None, *, line: BudgetLine | None = None) -> None:
        initial = {"name": line.name, "granted": line.granted} if line else {}
        super().__init__(data, prefix="line", initial=initial)
        if line is None:
            del self.fields["reason"]


class BookingForm(forms.Form):
    """What was spent. ``client_id`` keeps a form that is sent twice from being booked twice."""

    amount = AmountField(
        label=_("Amount, in euros"),
        max_digits=10,
        decimal_places=2,
        help_text=_("For example 85,50. Money that came back has a minus before it."),
    )
    booked_on = forms.DateField(label=_("Spent on"), widget=day_input())
    what = forms.CharField(label=_("For what"), max_length=120, help_text=_("No names of families or children."))
    proof = forms.CharField(label=_("Number of the invoice or proof"), max_length=40, required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="booking", initial={"booked_on": clock.today(), "client_id": uuid4()})

    def spending(self) -> Spending:
        facts = self.cleaned_data
        return Spending(booked_on=facts["booked_on"], amount=facts["amount"], what=facts["what"], proof=facts["proof"])
