"""What the application asks for next year: a goal for each indicator, an amount for each line of the budget."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.evaluation import Goal, Wishes, budget_lines
from reports.forms_amounts import AmountField
from reports.indicators import INDICATORS
from reports.models import EvaluationReport
from reports.targets import RANGES, unit_in_words


class WishesForm(forms.Form):
    """An empty goal promises nothing; an empty amount asks nothing."""

    edition = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, report: EvaluationReport) -> None:
        self.wishes = Wishes.of(report)
        super().__init__(data, initial={"edition": self.wishes.edition})
        for goal in self.wishes.goals:
            entry = INDICATORS[goal.indicator]
            least, most = RANGES[entry.unit]
            self.fields[f"goal-{goal.indicator}"] = AmountField(
                label=f"{entry.name} ({unit_in_words(entry.unit)})",
                required=False,
                min_value=least,
                max_value=most,
                max_digits=6,
                decimal_places=1,
                initial=goal.number,
            )
            self.fields[f"words-{goal.indicator}"] = forms.CharField(
                label=_("%(name)s, in one sentence for the report") % {"name": entry.name},
                required=False,
                max_length=250,
                initial=goal.objective,
            )
        lines = budget_lines(report)
        self.lines = [name for name, *_amounts in lines]
        for place, (name, granted, spent, asked) in enumerate(lines):
            self.fields[f"asked-{place}"] = AmountField(
                label=_("%(line)s: asked, in euros") % {"line": name},
                required=False,
                min_value=0,
                max_digits=10,
                decimal_places=2,
                initial=Decimal(asked) if asked else None,
                help_text=_("This year %(granted)s granted, %(spent)s spent.") % {"granted": granted, "spent": spent},
            )

    def goals(self) -> list[Goal]:
        """All goals of the application, those without a value too."""
        return [
            Goal(
                one.indicator,
                "" if (value := self.cleaned_data[f"goal-{one.indicator}"]) is None else str(value),
                self.cleaned_data[f"words-{one.indicator}"],
            )
            for one in self.wishes.goals
        ]

    def asked(self) -> dict[str, Decimal]:
        found = {name: self.cleaned_data[f"asked-{place}"] for place, name in enumerate(self.lines)}
        return {name: amount for name, amount in found.items() if amount is not None}
