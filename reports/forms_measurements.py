"""What colleagues fill in about measurements."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from messaging import formats
from parents.forms_factual import without_national_number
from reports.measuring.answering import LONGEST
from reports.measuring.questions import FACES
from reports.measuring.statements import questions_for
from reports.models import FreeAnswer, MeasurementWave
from schools import clock
from schools.dayinput import day_input
from schools.lines import Lines

#: More than any school hands out.
MOST_SHEETS = 2_000


def _last_day(**more: Any) -> forms.DateField:
    return forms.DateField(
        label=_("Last day to answer"),
        widget=day_input(),
        error_messages={"required": _("Choose the last day to answer.")},
        **more,
    )


def usual_last_day() -> date:
    """Three weeks: long enough for two reminders."""
    return clock.today() + timedelta(days=21)


class WaveForm(forms.Form):
    """Which measurement, and until when."""

    audience = forms.ChoiceField(
        label=_("Who is asked?"),
        choices=[("PARENTS", _("All parents")), ("TEAM", _("The team"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whom you ask.")},
    )
    kind = forms.ChoiceField(
        label=_("Which measurement?"),
        choices=[("BASELINE", _("Baseline: how it is now")), ("END", _("End measurement: how it has become"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which measurement it is.")},
    )
    closes_on = _last_day(initial=usual_last_day, help_text=_("Results are shown after this day, not before."))


class ExtendForm(forms.Form):
    """Another last day."""

    closes_on = _last_day()


class PaperForm(forms.Form):
    """Counted sheets: how many, how often each face, and what was written."""

    sheets = forms.IntegerField(
        label=_("How many sheets?"),
        min_value=1,
        max_value=MOST_SHEETS,
        error_messages={"required": _("Count the sheets first.")},
    )
    texts = forms.CharField(
        label=_("What was written on them"),
        required=False,
        max_length=MOST_SHEETS * LONGEST,
        help_text=_("One sheet on each line, as it was written."),
        widget=Lines(attrs={"rows": 5, "dir": "auto"}),
    )

    def __init__(self, *args: Any, wave: MeasurementWave, **more: Any) -> None:
        super().__init__(*args, **more)
        self.questions = questions_for(wave.audience)
        for one in self.questions:
            for place, face in enumerate(FACES):
                label = format_lazy("{} {}", one.words, face)
                number = forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST_SHEETS)
                number.widget.attrs |= {"inputmode": "numeric", "class": "short-number"}
                self.fields[f"{one.key}_{place}"] = number

    def clean_texts(self) -> list[str]:
        text = without_national_number(formats.plain_text(self.cleaned_data["texts"]))
        return [line.strip()[:LONGEST] for line in text.splitlines() if line.strip()]

    def counts(self) -> dict[str, list[int]]:
        """Rows of the statements to which there was an answer."""
        found = {
            one.key: [self.cleaned_data.get(f"{one.key}_{place}") or 0 for place in range(len(FACES))]
            for one in self.questions
        }
        return {key: row for key, row in found.items() if any(row)}

    def rows(self) -> list[dict[str, Any]]:
        """A row of the table for each statement."""
        return [
            {
                "words": one.words,
                "cells": [{"field": self[f"{one.key}_{place}"], "label": words} for place, words in enumerate(FACES)],
            }
            for one in self.questions
        ]


class ReviewForm(forms.Form):
    """What the school may read of a free answer."""

    words = forms.CharField(
        label=_("What the school reads"),
        max_length=2 * LONGEST,
        required=False,
        help_text=_("In Dutch, without names, classes or anything by which one knows who wrote it."),
        widget=Lines(attrs={"rows": 3, "lang": "nl"}),
    )

    def __init__(self, data: Any = None, *, answer: FreeAnswer) -> None:
        super().__init__(data, initial={"words": answer.words or answer.original}, prefix=str(answer.pk))
        self.fields["words"].has_answer = True  # type: ignore[attr-defined]

    def clean_words(self) -> str:
        return without_national_number(formats.plain_text(self.cleaned_data["words"]))
