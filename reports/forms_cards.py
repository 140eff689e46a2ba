"""What a school says about a card: since when it is what, how it does it otherwise, what it wants to know."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from reports.adopting import CHANGED, Change
from reports.models import Adaptation, MethodAdoption
from reports.publication import spaced
from schools import clock
from schools.dayinput import day_input
from schools.lines import Lines
from schools.seenform import SeenForm


class AdoptionForm(forms.Form):
    """The card at this school from a day on."""

    status = forms.ChoiceField(label=gettext_lazy("What is it at your school?"), choices=MethodAdoption.Status.choices)
    since = forms.DateField(label=gettext_lazy("Since when?"), widget=day_input())
    why = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=250,
        required=False,
        help_text=gettext_lazy("One sentence, without names. Another school learns from it."),
    )
    is_origin = forms.BooleanField(
        label=gettext_lazy("It began at this school"),
        required=False,
        help_text=gettext_lazy(
            "Then the school does not count as one that took it over, and its head answers questions about it too."
        ),
    )

    def __init__(self, data: Any = None, *, row: MethodAdoption | None) -> None:
        status, is_origin = (row.status, row.is_origin) if row else (MethodAdoption.Status.TRYING, False)
        initial = {"status": status, "since": clock.today(), "is_origin": is_origin}
        super().__init__(data, prefix="use", initial=initial)

    def change(self) -> Change:
        facts = self.cleaned_data
        return Change(**{name: facts[name] for name in ("status", "since", "why", "is_origin")})


class AdaptationForm(SeenForm):
    """How the school does it otherwise; what a colleague wrote since the page was opened is seen first."""

    words = forms.CharField(
        label=gettext_lazy("How do you do it?"),
        max_length=1200,
        widget=Lines(attrs={"rows": 5, "lang": "nl"}),
        help_text=gettext_lazy("Without names. Other schools read it once the joint worker agrees."),
    )

    def __init__(self, data: Any = None, *, row: Adaptation | None) -> None:
        super().__init__(data, prefix="own", initial={"words": row.words if row else ""})
        self.watch(True)

    def clean_words(self) -> str:
        """As they are kept: at a second press they stand there already."""
        return spaced(self.cleaned_data["words"], lines=True)


class DecisionForm(forms.Form):
    """Why an adaptation stays at the school; ``written`` is when what was read was written, in seconds since 1970."""

    written = forms.CharField(widget=forms.HiddenInput, required=False)
    answer = forms.CharField(
        label=gettext_lazy("A word to the school (needed when it stays there)"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"lang": "nl"}),
    )

    def __init__(self, data: Any = None, *, adaptation: Adaptation) -> None:
        self.adaptation, self._written = adaptation, f"{int(adaptation.written_at.timestamp())}"
        super().__init__(data, auto_id=f"id_{adaptation.pk}_%s", initial={"written": self._written})
        self.fields["answer"].has_answer = True  # type: ignore[attr-defined]

    def clean_written(self) -> str:
        """What was written anew meanwhile is shown once more, with what was typed about it."""
        if self.cleaned_data["written"] != self._written:
            self.data = {**self.data.dict(), "written": self._written}  # type: ignore[attr-defined]
            raise forms.ValidationError(CHANGED)
        return self._written


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What do you want to know?"),
        max_length=500,
        widget=Lines(attrs={"rows": 3, "lang": "nl"}),
        help_text=gettext_lazy(
            "About the way of working, never about a family: every school reads it with the answer."
        ),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="ask")


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Your reply"), max_length=1000, widget=Lines(attrs={"rows": 5, "lang": "nl"})
    )
