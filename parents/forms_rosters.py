"""Forms of a school's list: the file, its columns, the word that it may come in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schools.models import School
from schools.roster import limits
from schools.roster.choosing import presets_for
from schools.roster.fields import FIELDS
from schools.roster.fieldwords import field_label
from schools.roster.guessing import Reason
from schools.roster.sight import SeenColumn, Sight

ACCEPTED = ".csv,.txt,.tsv,.xlsx,.ods,.zip"
_LONGEST_PRESET = 40


class RosterUploadForm(forms.Form):
    """A file for one of the schools whose lists the user brings in."""

    school = forms.ModelChoiceField(School.objects.none(), label=_("School"), empty_label=None)
    file = forms.FileField(
        label=_("The file"),
        help_text=_(
            "The export of your own program: a table (CSV, XLSX, ODS) or a OneRoster zip. National numbers, "
            "nationality, religion and the like are left out before anybody reads them."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
    )

    def __init__(self, *args: Any, schools: QuerySet[School], is_too_big: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only = list(schools[:2])
        self._only: School | None = only[0] if len(only) == 1 else None
        if self._only:
            self.fields["school"] = forms.ModelChoiceField(schools, required=False, widget=forms.HiddenInput())
        else:
            self.fields["school"].queryset = schools  # type: ignore[attr-defined]
        self._is_too_big = is_too_big

    def clean_school(self) -> School | None:
        return self.cleaned_data["school"] or self._only

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self._is_too_big:
            self.errors.pop("file", None)
            self.add_error(
                "file",
                ValidationError(
                    gettext("This file is too large: a roster is at most %(limit)d MB. Export pupils and parents only.")
                    % {"limit": limits.FILE // limits.MEGABYTE}
                ),
            )
        return cleaned


class ColumnsForm(forms.Form):
    """What each column holds, as guessed until somebody says otherwise. Those that are never read are no fields."""

    def __init__(self, *args: Any, sight: Sight, school: School, preset: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._columns = list(_once(sight))
        presets = [("", gettext("Guess from the names and the content"))]
        presets += [(one.code, _title(one.title, confirm=one.confirm)) for one in presets_for(school)]
        self.fields["preset"] = forms.ChoiceField(
            label=_("The program it comes from"), choices=presets, required=False, initial=preset
        )
        choices = [("", field_label("")), *((name, field_label(name)) for name in FIELDS)]
        for number, column in enumerate(self._columns):
            guess = column.field if column.reason is not Reason.NEAR else ""
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=column.header, choices=choices, required=False, initial=guess
            )
        self.fields["save_as"] = forms.CharField(
            label=_("Remember these columns for next time, under the name"),
            max_length=_LONGEST_PRESET,
            required=False,
            help_text=_("For example the name of your program. The next list with this name is read the same way."),
        )

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each column with its select, examples and why it is guessed so."""
        for number, column in enumerate(self._columns):
            yield {"column": column, "field": self[f"column_{number}"]}

    def mapping(self) -> dict[str, str]:
        """From header to field, for every column."""
        return {column.header: self.cleaned_data[f"column_{number}"] for number, column in enumerate(self._columns)}


class RosterApplyForm(forms.Form):
    """The word that this preview may come in; when many would leave, with a tick that this is right."""

    plan_key = forms.CharField(widget=forms.HiddenInput())
    leaving_confirmed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, leaving: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if leaving:
            self.fields["leaving_confirmed"].label = gettext("It is right that %(count)d pupils leave.") % {
                "count": leaving
            }
        else:
            del self.fields["leaving_confirmed"]


def _once(sight: Sight) -> Iterator[SeenColumn]:
    """Every column that may be read, each header once: a mapping goes by headers."""
    seen: set[str] = set()
    for sheet in sight.sheets:
        for column in sheet.columns:
            if column.header and not column.is_dropped and column.header not in seen:
                seen.add(column.header)
                yield column


def dropped(sight: Sight) -> Sequence[str]:
    """Headers of columns that are never read."""
    names = [column.header for sheet in sight.sheets for column in sheet.columns if column.is_dropped]
    return list(dict.fromkeys(names))


def _title(title: str, *, confirm: bool) -> str:
    return gettext("%(program)s (look whether it fits your own file)") % {"program": title} if confirm else title
