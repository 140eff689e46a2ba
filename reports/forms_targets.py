"""What to reach for an indicator, and with which schools it was agreed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.forms_amounts import AmountField
from reports.indicators import Indicator
from reports.models import Target
from reports.targets import RANGES, Aim, day_of_new, unit_in_words
from schools import clock
from schools.dayinput import day_input
from schools.models import School


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=day_input(), **more)


class TargetForm(forms.Form):
    """A new target in the place of the present one; ``seen`` is the newest one that its author saw."""

    school = forms.TypedChoiceField(label=_("For whom"), required=False, coerce=int, empty_value=None)
    value = AmountField(required=False, max_digits=6, decimal_places=1)
    holds_from = _day(_("Holds from"))
    reason = forms.CharField(
        label=_("Why this target?"),
        max_length=250,
        help_text=_("One sentence for those who read the history: what was looked at, what changed."),
    )
    objective = forms.CharField(
        label=_("In one sentence, for the report"),
        max_length=250,
        required=False,
        help_text=_("For example: four families in five hear from the school in person at least once this year."),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        indicator: Indicator,
        schools: Sequence[School],
        present: Target | None,
        latest: Target | None,
        chosen: School | None,
        **kwargs: Any,
    ) -> None:
        initial = {
            "school": chosen.pk if chosen else "",
            "value": present.value if present else None,
            "objective": present.objective if present else "",
            "holds_from": day_of_new(kwargs.pop("project"), present),
            "seen": latest.pk if latest else None,
        }
        super().__init__(data, initial=initial, **kwargs)
        least, most = RANGES[indicator.unit]
        unit = unit_in_words(indicator.unit)
        self.fields["value"].label = _("Target, in %(unit)s") % {"unit": unit}
        self.fields["value"].help_text = _(
            "From %(least)d to %(most)d, with one decimal at most. Leave it empty for no target from that day on."
        ) % {"least": least, "most": most}
        choice = self.fields["school"]
        assert isinstance(choice, forms.TypedChoiceField)  # noqa: S101 - declared above
        choice.choices = [("", _("The whole project")), *((one.pk, one.name) for one in schools)]
        choice.has_answer = True  # type: ignore[attr-defined]
        self.schools = {one.pk: one for one in schools}

    def look_again(self, latest: Target | None) -> None:
        """Shown once more with what was typed, its author has seen the newest target."""
        self.data = {**self.data.dict(), "seen": str(latest.pk) if latest else ""}  # type: ignore[attr-defined]

    def aim(self, code: str) -> Aim:
        facts = self.cleaned_data
        return Aim(
            code=code,
            value=facts["value"],
            holds_from=facts["holds_from"],
            school=self.schools.get(facts["school"]),
            objective=facts["objective"],
            reason=facts["reason"],
        )


class TalkForm(forms.Form):
    """With which schools a target was agreed in a talk, and when."""

    schools = forms.TypedMultipleChoiceField(
        label=_("Agreed with"), coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one school.")},
    )  # fmt: skip
    agreed_on = _day(_("Day of the talk"))

    def __init__(self, data: Any = None, *, target: Target, schools: Sequence[School]) -> None:
        super().__init__(data, prefix=f"talk{target.pk}", initial={"agreed_on": clock.today()})
        self.known = {one.pk: one for one in schools}
        choice = self.fields["schools"]
        assert isinstance(choice, forms.TypedMultipleChoiceField)  # noqa: S101 - declared above
        choice.choices = [(one.pk, one.name) for one in schools]

    def chosen(self) -> list[School]:
        return [self.known[key] for key in self.cleaned_data["schools"]]
