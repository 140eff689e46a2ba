"""The form of a note that only a CLB reads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from schools.lines import Lines
from schools.models import CLBCentre


class CLBNoteForm(forms.Form):
    """A CLB-only text; the writer of several centres chooses which of them owns it."""

    centre = forms.ModelChoiceField(
        CLBCentre.objects.none(), label=_("Which CLB owns this note?"), widget=forms.RadioSelect, empty_label=None
    )
    text = forms.CharField(
        label=_("CLB-only note"),
        max_length=4000,
        widget=Lines(attrs={"rows": 4}),
        help_text=_("Sealed: only this CLB and the joint worker can read it. The school does not see that it exists."),
    )

    def __init__(self, *args: Any, centres: QuerySet[CLBCentre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["centre"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = centres
        field.initial = centres.first()
        if len(centres) == 1:
            field.widget = forms.HiddenInput()
