"""Forms of the parents' page about their own data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.forms_data import AskedOfForm
from parents.models import RequestKind
from schools.lines import Lines


class AskForm(AskedOfForm):
    """A parent asks something about the own data."""

    kind = forms.ChoiceField(
        label=_("What do you want?"),
        widget=forms.RadioSelect,
        choices=[
            (RequestKind.ACCESS, _("I want to see my data")),
            (RequestKind.RECTIFY, _("Something is wrong: I want to correct it")),
            (RequestKind.ERASE, _("I want my data to be erased")),
            (RequestKind.RESTRICT, _("Keep my data, but do nothing with them")),
            (RequestKind.OBJECT, _("I do not agree with what is done with my data")),
        ],
    )
    place = forms.ChoiceField(label=_("Whom do you ask?"))
    words = forms.CharField(
        label=_("Tell us more, in your own language if you like"),
        max_length=2000,
        required=False,
        widget=Lines(attrs={"rows": 4}),
    )
    words.has_answer = True  # type: ignore[attr-defined]  # who wants something corrected must say what

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == RequestKind.RECTIFY and not cleaned.get("words"):
            self.add_error("words", _("Say what is wrong and what is right."))
        return cleaned
