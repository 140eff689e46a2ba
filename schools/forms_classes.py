"""A class by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools.levels import level_name
from schools.models import Level, SchoolClass
from schools.roster.limits import CLASS_NAME


class ClassForm(forms.Form):
    """Name and level."""

    name = forms.CharField(label=_("Name"), max_length=CLASS_NAME, help_text=_("For example 3C."))
    level = forms.ChoiceField(label=_("Level"))

    def __init__(self, data: Any = None, *, room: SchoolClass | None = None) -> None:
        super().__init__(data, initial={"name": room.name, "level": room.level} if room else None)
        field: Any = self.fields["level"]
        field.choices = [("", "—"), *((level.value, level_name(level.value)) for level in Level)]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not name.isprintable():
            words = _("“%(name)s” is no name of a class: use at most %(number)d letters and figures.")
            raise forms.ValidationError(words, params={"name": name, "number": CLASS_NAME})
        return name
