"""The questionnaire as parents and teams fill it in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging import formats
from parents.forms_factual import without_national_number
from reports.measuring.answering import LONGEST, Given
from reports.measuring.questions import FACES
from reports.measuring.statements import questions_for
from reports.models import MeasurementWave
from schools.lines import Lines


class QuestionnaireForm(forms.Form):
    """The statements of a wave, each with five faces, and a free answer. Nothing is compulsory but something."""

    text = forms.CharField(
        label=_("Is there anything else?"),
        max_length=LONGEST,
        required=False,
        help_text=_(
            "In any language, without names. The CLB worker reads it first; the school reads it after her, in Dutch."
        ),
        widget=Lines(attrs={"rows": 3, "dir": "auto", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, wave: MeasurementWave, **more: Any) -> None:
        super().__init__(*args, **more)
        self.questions = questions_for(wave.audience)
        choices = [(str(place), words) for place, words in enumerate(FACES)]
        for one in self.questions:
            self.fields[one.key] = forms.ChoiceField(choices=choices, required=False)

    def clean_text(self) -> str:
        return without_national_number(formats.plain_text(self.cleaned_data["text"]))

    def given(self) -> Given:
        marks = {one.key: self.cleaned_data.get(one.key, "") for one in self.questions}
        return Given({key: int(place) for key, place in marks.items() if place}, self.cleaned_data["text"])

    def rows(self) -> list[dict[str, Any]]:
        """What the page draws: each statement with its faces and which one is chosen."""
        return [
            {
                "key": one.key,
                "words": one.words,
                "faces": [
                    {"value": place, "words": words, "checked": self[one.key].value() == str(place)}
                    for place, words in enumerate(FACES)
                ],
            }
            for one in self.questions
        ]
