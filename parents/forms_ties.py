"""What the school knows an adult or a child by, and what the adult is to the child, put right."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.models import Authority, Guardian, Guardianship
from schools import clock
from schools.dayinput import BirthDay, day_input
from schools.models import Pupil
from schools.roster import limits
from schools.roster.findings import Findings
from schools.roster.rows import Place
from schools.roster.tidying import tidy
from schools.seenform import SeenForm

_LISTED = _("Is the name wrong in the school's own system too? Put it right there as well: the next list brings it.")


class TidyField(forms.CharField):
    """Words that the reader of lists takes as they stand."""

    def clean(self, value: Any) -> str:
        findings = Findings()
        text = tidy(super().clean(value), Place("", 1), findings)
        if findings.listed():
            raise forms.ValidationError(
                _("This cannot be kept as it stands. Type it anew, without national numbers, formulas and signs.")
            )
        return text


class NameForm(SeenForm):
    """The name of an adult."""

    first_name = TidyField(label=_("First name"), max_length=limits.NAME)
    last_name = TidyField(label=_("Last name"), max_length=limits.NAME, required=False, help_text=_LISTED)

    def __init__(self, data: Any = None, *, person: Guardian | Pupil) -> None:
        known = {name: getattr(person, name) for name in self.base_fields if name != "seen"}
        super().__init__(data, prefix="name", initial=known)
        self.watch(True)


class ChildNameForm(NameForm):
    """The name of a child, and its day of birth."""

    birth_date = BirthDay(label=_("Date of birth"))

    def __init__(self, data: Any = None, *, person: Pupil) -> None:
        super().__init__(data, person=person)
        self.fields["birth_date"].required = person.birth_date is not None


class TieForm(SeenForm):
    """What an adult is to a child, and with which authority."""

    relation = TidyField(
        label=_("What is this person to the child?"),
        max_length=limits.RELATION,
        required=False,
        help_text=_("For example mother, father, grandmother or guardian; of a home or its staff: institution."),
    )
    authority = forms.ChoiceField(
        label=_("Parental authority"),
        choices=Authority.choices,
        widget=forms.RadioSelect,
        help_text=_("No authority: this person gets, reads and answers nothing about the child any more, from now on."),
    )
    seen_on = forms.DateField(
        label=_("A colleague saw the paper on"),
        required=False,
        widget=day_input(),
        help_text=_(
            "Needed for another authority: a court's decision or a statement. Keep no copy. A list leaves it alone."
        ),
    )

    def __init__(self, data: Any = None, *, tie: Guardianship) -> None:
        now = {"relation": tie.relation, "authority": tie.authority}  # another authority stands on another paper
        super().__init__(data, prefix="tie", initial=now)
        self.fields["seen_on"].has_answer = True  # type: ignore[attr-defined]  # needed or not
        self.watch(True)

    def clean_seen_on(self) -> Any:
        day = self.cleaned_data["seen_on"]
        if day and day > clock.today():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class TieEndForm(forms.Form):
    """The last day on which an adult answers for a child."""

    last_day = forms.DateField(
        label=_("Until and including"),
        widget=day_input(),
        help_text=_(
            "A list that still names this person with the child brings it back. After a court's decision choose "
            "“no authority” instead."
        ),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="end", initial={"last_day": clock.today()})
