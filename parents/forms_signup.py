"""What a parent says who comes to a gathering."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.models.signups import MOST_TOGETHER, GatheringSignUp
from parents.services.signups import Coming
from schools import languages


def _number(label: Any, first: int) -> forms.TypedChoiceField:
    """A list of numbers: nobody types on a phone what can be tapped."""
    return forms.TypedChoiceField(
        label=label, choices=[(number, str(number)) for number in range(first, MOST_TOGETHER + 1)], coerce=int
    )


class SignUpForm(forms.Form):
    """How many come, and whether an interpreter is wanted. ``known`` is what was said before."""

    adults = _number(_("How many adults come?"), 1)
    children = _number(_("How many children come along?"), 0)
    interpreter = forms.ChoiceField(
        label=_("Do you want an interpreter?"),
        required=False,
        help_text=_("The interpreter costs you nothing and tells nobody what was said."),
        choices=lambda: [("", _("No, I do not need one")), *languages.foreign_choices()],
    )

    def __init__(self, data: Any = None, *, known: GatheringSignUp | None = None) -> None:
        initial: dict[str, Any] = {"adults": 1, "children": 0}
        if known is not None:
            initial = {"adults": known.adults, "children": known.children, "interpreter": known.interpreter}
        super().__init__(data, initial=initial)
        self.fields["interpreter"].has_answer = True  # type: ignore[attr-defined]

    def coming(self) -> Coming:
        facts = self.cleaned_data
        return Coming(facts["adults"], facts["children"], facts["interpreter"])
