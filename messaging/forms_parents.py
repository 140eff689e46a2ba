"""What parents type on their pages: a code, a birthday, a question."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.forms_portal import ContactField
from parents.models import Guardian
from parents.signin import DIGITS, names_of
from schools.lines import Lines

_WRONG_DAY = _("Type the day and the month as numbers.")


class ContactForm(forms.Form):
    """By which contact point somebody signs in."""

    contact = ContactField()


class CodeForm(forms.Form):
    """The six digits, typed with any spaces and in the figures of any script."""

    code = forms.CharField(
        label=_("Your code"),
        max_length=20,
        error_messages={"required": _("Type the 6 digits.")},
        widget=forms.TextInput(
            attrs={"class": "code-input", "inputmode": "numeric", "autocomplete": "one-time-code", "dir": "ltr"}
        ),
    )

    def clean_code(self) -> str:
        digits = "".join(str(unicodedata.digit(letter)) for letter in self.cleaned_data["code"] if letter.isdigit())
        if len(digits) != DIGITS:
            raise forms.ValidationError(_("Type the 6 digits."))
        return digits


def _number(label: Any, highest: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=highest,
        widget=forms.TextInput(
            attrs={
                "class": "code-input",
                "size": 3,
                "maxlength": 2,
                "inputmode": "numeric",
                "autocomplete": "off",
                "dir": "ltr",
            }
        ),
        error_messages={key: _WRONG_DAY for key in ("required", "invalid", "min_value", "max_value")},
    )


class BirthdayForm(forms.Form):
    """The second fact: day and month of birth of a child."""

    day = _number(_("Day"), 31)
    month = _number(_("Month"), 12)


class ChooseForm(forms.Form):
    """Who of several people with one child at a shared contact point is here; they are shown by first name, and those
    of one first name with what else tells them apart (``signin.names_of``)."""

    guardian = forms.ChoiceField(
        label=_("Who are you?"), widget=forms.RadioSelect, error_messages={"required": _("Tap your name.")}
    )

    def __init__(self, *args: Any, guardians: Iterable[Guardian], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(guardian.pk): guardian for guardian in guardians}
        field = self.fields["guardian"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(str(pk), name) for pk, name in names_of(list(self.people.values())).items()]
        field.choice_icons = dict.fromkeys(self.people, "user-round")  # type: ignore[attr-defined]

    def chosen(self) -> Guardian:
        return self.people[self.cleaned_data["guardian"]]


class QuestionForm(forms.Form):
    """A question to the school, in any language."""

    text = forms.CharField(
        label=_("Your question"),
        max_length=2000,
        strip=True,
        widget=Lines(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Write your question first.")},
    )


class ShortCodeForm(forms.Form):
    """The code on a letter."""

    code = forms.CharField(
        label=_("The code on your letter"),
        max_length=30,
        error_messages={"required": _("Type the code on your letter.")},
        widget=forms.TextInput(
            attrs={
                "class": "code-input code-input-letter",
                "autocapitalize": "characters",
                "autocomplete": "off",
                "dir": "ltr",
            }
        ),
    )
