"""Forms of the print centre: given along, came back, what a strip says."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.models import PrintedLetter
from schools import clock
from schools.arriving import RowsField
from schools.models import School, SchoolClass


class _DayForm(forms.Form):
    """A day that has come."""

    on = forms.DateField(label=_("Day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": clock.today()})
        super().__init__(*args, **kwargs)
        self.fields["on"].widget.attrs["max"] = clock.today().isoformat()

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come. Choose today or an earlier day."))
        return day


class LetterGivenForm(_DayForm):
    """On which day the letters went home, and how. Without ticks all of them went."""

    how = forms.ChoiceField(
        label=_("How"),
        choices=[("child", _("Given to the child")), ("post", _("Posted"))],
        required=False,
    )
    letter = RowsField(PrintedLetter.objects.none(), required=False)
    is_choice = forms.BooleanField(required=False)

    def __init__(self, *args: Any, letters: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["letter"].queryset = PrintedLetter.objects.none() if letters is None else letters  # type: ignore[attr-defined]

    def chosen(self) -> set[int] | None:
        """Ids of the letters that were ticked; None when the form offered no choice."""
        if not self.cleaned_data["is_choice"]:
            return None
        return {letter.pk for letter in self.cleaned_data["letter"]}


class LetterTakenBackForm(forms.Form):
    """Which letters were noted as given by mistake."""

    letter = RowsField(PrintedLetter.objects.none())

    def __init__(self, *args: Any, letters: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["letter"].queryset = letters  # type: ignore[attr-defined]


class StripDayForm(_DayForm):
    """On which day the strips came back."""

    on = forms.DateField(label=_("These strips came back on"))


class ReturnedSearchForm(forms.Form):
    """The letter that came back: its code, or a name."""

    words = forms.CharField(
        label=_("Code on the letter, or name of the child"),
        max_length=80,
        error_messages={"required": _("Type the code of the letter, or a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-key-search": ""}),
    )


class PrintForm(forms.Form):
    """Everything that waits: for a class, or for a school."""

    school_class = forms.ModelChoiceField(SchoolClass.objects.none(), required=False)
    school = forms.ModelChoiceField(School.objects.none(), required=False)

    def __init__(self, *args: Any, user: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_class"].queryset = SchoolClass.objects.visible_to(user)  # type: ignore[attr-defined]
        self.fields["school"].queryset = School.objects.visible_to(user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("school_class")) == bool(given.get("school")):
            raise forms.ValidationError(_("Choose a class, or the whole school."))
        return given
