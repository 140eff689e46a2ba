"""The public file of pupils' traits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools import clock
from schools.roster.limits import FILE


class EquityFileForm(forms.Form):
    """A spreadsheet, and the school year where it does not say it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("The list of pupils’ traits by school that AGODI publishes, as .xlsx, .ods or .csv."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
    )
    first_year = forms.TypedChoiceField(label=_("School year, if the file does not say it"), required=False, coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice, this = self.fields["first_year"], clock.today().year
        assert isinstance(choice, forms.TypedChoiceField)  # noqa: S101 - declared above
        years = [(year, f"{year}–{year + 1}") for year in range(this, this - 12, -1)]
        choice.choices = [("", _("The file says it")), *years]
        choice.empty_value = None

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > FILE:
            raise forms.ValidationError(_("This file is too large: it cannot be the list of schools."))
        return upload
