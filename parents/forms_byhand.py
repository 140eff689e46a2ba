"""A child, or one more adult of a child, typed by somebody of the school."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parents.models import Authority, ReadingMode
from schools import clock, languages
from schools.dayinput import BirthDay, day_input
from schools.levels import level_name
from schools.models import Level, School, SchoolClass
from schools.roster import limits
from schools.roster.byhand import NEW_CHILD
from schools.roster.contacts import read_email, read_phone
from schools.roster.keys import year_of
from schools.roster.rows import Finding, Roster

#: Adults that the form of a new child asks.
ADULTS = 2
#: The fields of an adult by the cell of a list that they fill (``schools.roster.fields``).
_CELLS = {
    "first_name": "first_name",
    "last_name": "last_name",
    "relation": "relation",
    "authority": "authority",
    "language": "contact_language",
    "reading": "reading_mode",
    "phone": "phone",
    "email": "email",
}
_ADDRESS = ("street", "postcode", "city")
_WHO = {1: _("First adult"), 2: _("Second adult")}


class ByHandForm(forms.Form):
    """Adults, each in fields of its own number. ``home`` are the cells of the address at which a child lives."""

    adults = 1

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for slot in range(1, self.adults + 1):
            for name, field in _adult_fields(slot).items():
                field.whose = _WHO[slot] if self.adults > 1 else ""  # type: ignore[attr-defined]
                self.fields[f"adult{slot}_{name}"] = field
            self.fields[f"adult{slot}_authority"].has_answer = True  # type: ignore[attr-defined]  # who comes needs one

    def groups(self) -> Iterator[dict[str, Any]]:
        """The fields of each adult, those of another address apart."""
        for slot in range(1, self.adults + 1):
            names = [name for name in self.fields if name.startswith(f"adult{slot}_")]
            elsewhere = [name for name in names if name.rpartition("_")[2] in _ADDRESS]
            yield {
                "who": _WHO[slot],
                "fields": [self[name] for name in names if name not in elsewhere],
                "elsewhere": [self[name] for name in elsewhere],
                "opens": any(self[name].value() for name in elsewhere),
            }

    def kept(self) -> list[tuple[str, str]]:
        """What was filled in, for the page that asks whether it is right."""
        return [(name, value) for name in self.fields for value in self.data.getlist(name)]  # type: ignore[attr-defined]

    def cells(self) -> dict[str, str]:
        """The line of a list that says the same."""
        found: dict[str, str] = {}
        for slot in range(1, self.adults + 1):
            if self.cleaned_data.get(f"adult{slot}_first_name"):
                found |= {f"guardian{slot}.{name}": text for name, text in self._adult(slot).items() if text}
        return found

    def refuse(self, findings: list[Finding]) -> None:
        """Say at its field what the reader could not take as it stands."""
        of_cell = {cell: name for name, cell in self._names_of_cells().items()}
        for finding in findings:
            if name := of_cell.get(finding.place.column):
                self.add_error(
                    name,
                    _("This cannot be kept as it stands. Type it anew, without national numbers, formulas and signs."),
                )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for slot in range(1, self.adults + 1):
            self._clean_adult(slot, given)
        return given

    def home(self) -> dict[str, str]:
        return {}

    def _adult(self, slot: int) -> dict[str, str]:
        given = {name: str(self.cleaned_data.get(f"adult{slot}_{name}") or "") for name in (*_CELLS, *_ADDRESS)}
        cells = {cell: given[name] for name, cell in _CELLS.items()}
        if self.cleaned_data.get(f"adult{slot}_at_home"):
            return cells | self.home()
        return cells | {name: given[name] for name in _ADDRESS}

    def _names_of_cells(self) -> Mapping[str, str]:
        return {
            f"adult{slot}_{name}": f"guardian{slot}.{cell}"
            for slot in range(1, self.adults + 1)
            for name, cell in (*_CELLS.items(), *((part, part) for part in _ADDRESS))
        }

    def _clean_adult(self, slot: int, given: dict[str, Any]) -> None:
        prefix = f"adult{slot}_"
        if (phone := given.get(f"{prefix}phone")) and not read_phone(phone):
            self.add_error(f"{prefix}phone", _("This is no phone number that can be called."))
        if not given.get(f"{prefix}first_name") and f"{prefix}first_name" not in self.errors:
            said = [name for name in ("last_name", "phone", "email", "street") if given.get(f"{prefix}{name}")]
            if said:
                self.add_error(f"{prefix}first_name", _("Say who this is."))
        if given.get(f"{prefix}first_name") and not given.get(f"{prefix}authority"):
            self.add_error(f"{prefix}authority", _("Choose it: it says who reads about the child and decides."))
        parts = [bool(given.get(f"{prefix}{name}")) for name in _ADDRESS]
        if any(parts) and not all(parts) and not given.get(f"{prefix}at_home"):
            self.add_error(f"{prefix}street", _("An address needs a street, a postcode and a town."))


class ChildForm(ByHandForm):
    """A new child of one school with up to two adults."""

    adults = ADULTS

    first_name = forms.CharField(label=_("First name"), max_length=limits.NAME)
    last_name = forms.CharField(label=_("Last name"), max_length=limits.NAME, required=False)
    birth_date = BirthDay(label=_("Date of birth"))
    school_class = forms.ModelChoiceField(SchoolClass.objects.none(), label=_("Class"), required=False)
    new_class = forms.CharField(
        label=_("Or a new class"), max_length=limits.CLASS_NAME, required=False, help_text=_("For example 3C.")
    )
    new_level = forms.ChoiceField(label=_("Level of the new class"), required=False)
    starts_on = forms.DateField(label=_("First school day"), widget=day_input())
    street = forms.CharField(label=_("Street and number"), max_length=limits.STREET, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=limits.POSTCODE, required=False)
    city = forms.CharField(label=_("Town"), max_length=limits.CITY, required=False)
    home_language = forms.ChoiceField(
        label=_("Spoken at home"), required=False, help_text=_("Only if the family itself said so.")
    )

    def __init__(self, data: Any = None, *, school: School) -> None:
        super().__init__(data, initial={"starts_on": clock.today()})
        self.school, self.year = school, year_of(Roster(""))
        fields: Any = self.fields
        rows = SchoolClass.objects.filter(school=school, year=self.year) if self.year.pk else SchoolClass.objects.none()
        fields["school_class"].queryset = rows.order_by("level", "name")
        fields["school_class"].empty_label = "—"
        fields["school_class"].has_answer = True  # this one or a new one
        fields["new_level"].choices = level_choices()
        fields["new_level"].has_answer = True  # a new class needs one
        fields["home_language"].choices = [
            ("", gettext("Not known")),
            (languages.PREFERS_NOT_TO_SAY, gettext("Prefers not to say")),
            *languages.contact_choices(),
        ]
        fields["adult1_first_name"].required = True
        for name in self.base_fields:
            fields[name].whose = _("The child")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        first, year = given.get("starts_on"), self.year
        if first and first > year.ends_on:
            words = gettext("School year %(year)s is over by then. Add a child of the next school year from July on.")
            self.add_error("starts_on", words % {"year": year})
        elif first and first < year.starts_on:
            self.add_error("starts_on", gettext("This day is not in the school year %(year)s.") % {"year": year})
        if not given.get("school_class") and "school_class" not in self.errors:
            self._clean_new_class(given)
        elif given.get("new_class"):
            self.add_error("new_class", _("Choose a class, or name a new one: not both."))
        parts = [bool(given.get(name)) for name in _ADDRESS]
        if any(parts) and not all(parts):
            self.add_error("street", _("An address needs a street, a postcode and a town."))
        return given

    def cells(self) -> dict[str, str]:
        given = self.cleaned_data
        room: SchoolClass | None = given["school_class"]
        return super().cells() | {
            "pupil.id": NEW_CHILD,
            "pupil.first_name": given["first_name"],
            "pupil.last_name": given["last_name"],
            "pupil.birth_date": given["birth_date"].isoformat(),
            "pupil.starts_on": given["starts_on"].isoformat(),
            "class.name": room.name if room else given["new_class"],
            "class.level": room.level if room else given["new_level"],
            "home.home_language": given["home_language"],
        }

    def home(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in _ADDRESS}

    def _clean_new_class(self, given: dict[str, Any]) -> None:
        name = given.get("new_class", "")
        if not name:
            self.add_error("school_class", _("Choose the class, or name a new one."))
        elif not given.get("new_level"):
            self.add_error("new_level", _("Choose the level of the new class."))
        elif (self.fields["school_class"].queryset).filter(name__iexact=name).exists():  # type: ignore[attr-defined]
            self.add_error("new_class", _("There is a class of this name already. Choose it in the list."))

    def _names_of_cells(self) -> Mapping[str, str]:
        own = {"first_name": "pupil.first_name", "last_name": "pupil.last_name", "new_class": "class.name"}
        return {**super()._names_of_cells(), **own}


class AdultForm(ByHandForm):
    """One more adult of ``child``, who is at the school (``schools.roster.byhand.name_of``)."""

    def __init__(self, data: Any = None, *, child: str) -> None:
        super().__init__(data)
        self._child = child
        del self.fields["adult1_at_home"]
        self.fields["adult1_first_name"].required = True

    def cells(self) -> dict[str, str]:
        return super().cells() | {"pupil.id": self._child}


def level_choices() -> list[tuple[str, str]]:
    return [("", "—"), *((level.value, level_name(level.value)) for level in Level)]


def _adult_fields(slot: int) -> dict[str, forms.Field]:
    left_to_right = {"autocomplete": "off", "dir": "ltr"}
    return {
        "first_name": forms.CharField(label=_("First name"), max_length=limits.NAME, required=False),
        "last_name": forms.CharField(label=_("Last name"), max_length=limits.NAME, required=False),
        "relation": forms.CharField(
            label=_("What is this person to the child?"),
            max_length=limits.RELATION,
            required=False,
            help_text=_("For example mother, father, grandmother or guardian; of a home or its staff: institution."),
        ),
        "authority": forms.ChoiceField(
            label=_("Parental authority"),
            choices=[("", "—"), *Authority.choices],
            required=False,
            help_text=_(
                "Parents have it together as a rule; a grandmother or a new partner does not. "
                "Without a right to information somebody gets nothing about the child."
            ),
        ),
        "language": forms.ChoiceField(
            label=_("Language for contact"),
            required=False,
            choices=lambda: [("", gettext("Not known yet: Dutch until you ask")), *languages.contact_choices()],
        ),
        "reading": forms.ChoiceField(
            label=_("Reading"), choices=ReadingMode.choices, initial=ReadingMode.TEXT, required=False
        ),
        "phone": forms.CharField(
            label=_("Mobile number"), max_length=30, required=False, widget=forms.TextInput(attrs=left_to_right)
        ),
        "email": _EmailField(label=_("E-mail address"), max_length=254, required=False),
        "at_home": forms.BooleanField(label=_("Lives at the child's address"), initial=slot == 1, required=False),
        "street": forms.CharField(label=_("Street and number"), max_length=limits.STREET, required=False),
        "postcode": forms.CharField(label=_("Postcode"), max_length=limits.POSTCODE, required=False),
        "city": forms.CharField(label=_("Town"), max_length=limits.CITY, required=False),
    }


class _EmailField(forms.EmailField):
    """An address that the reader of lists takes too."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text and not read_email(text):
            raise forms.ValidationError(_("This is no e-mail address."))
        return text
