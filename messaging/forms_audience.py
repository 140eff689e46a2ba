"""To whom a notice goes, as its sender chooses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from messaging.addressees import AddressBook
from messaging.models.notices import AudienceKind
from messaging.selections import Selection
from parents.models import Gathering
from schools.arriving import RowsField
from schools.languages import LANGUAGES
from schools.models import Enrolment, Pupil, School, SchoolClass

#: Up to this many classes are shown as buttons; more go into a list by school.
CLASSES_AS_BUTTONS = 8
_ICONS = {"class": "users", "school": "school", "round": "calendar-check"}


class GroupField(forms.ChoiceField):
    """A group in words; any that the writer may address is right, also one that the list does not offer."""

    book: AddressBook

    def valid_value(self, value: object) -> bool:
        return self.book.read(str(value)) is not None


class PupilsField(RowsField):
    """Children, with their class where they come from several (``room`` on the row)."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.room} · {obj.full_name}" if getattr(obj, "room", "") else obj.full_name


class AudienceForm(forms.Form):
    """The group, and what narrows it. ``audience`` holds a class or school, ``group`` any other group, which then
    counts instead. Whoever inherits sets ``book`` before the fields are made, and calls ``offer`` after."""

    book: AddressBook
    #: The gathering that the notice announces, whomever it goes to.
    announces: Gathering | None = None

    audience = forms.ChoiceField(
        label=_("To whom?"),
        required=False,
        error_messages={"invalid_choice": _("Choose a class or school in which you work.")},
    )
    pupils = PupilsField(
        Pupil.objects.none(),
        label=_("Which children?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the children this is about.")},
    )
    group = GroupField(
        label=_("Another group"),
        required=False,
        help_text=_("What you choose here counts instead of the class or school above."),
        error_messages={"invalid_choice": _("Choose a group with which you work.")},
    )
    languages = forms.MultipleChoiceField(
        label=_("Only families whom the school contacts in"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Both parents of such a family get the notice, each in the own language."),
    )

    def offer(self, languages: Sequence[str]) -> None:
        """Fill the choices in; what there is nothing to choose of goes."""
        self._offer_audience()
        self._offer_pupils()
        self._offer_languages(languages)

    @property
    def is_about_single_children(self) -> bool:
        return self.book.is_about_single_children

    def _given_group(self) -> str:
        source = self.data if self.is_bound else self.initial
        return str(source.get("group") or source.get("audience") or "")

    def selection(self) -> Selection | None:
        """To whom it goes; None while that is not known."""
        given = self._given()
        place = self.book.read(str(given.get("group") or given.get("audience") or ""))
        if place is None:
            return None
        picked = tuple(given.get("pupils") or ())
        if picked or (self.is_about_single_children and place.kind != AudienceKind.FAMILY):
            place = replace(place, kind=AudienceKind.PUPILS, pupils=picked)
        about = self.announces if place.kind != AudienceKind.GATHERING else place.gathering
        if about is not None and about.school_id != place.school.pk:
            about = None  # families of another school cannot sign up
        return replace(place, gathering=about, contact_languages=tuple(given.get("languages") or ()))

    def place(self) -> tuple[School | None, SchoolClass | None]:
        """The school and, where it is one, the class; both None while unknown."""
        selection = self.selection()
        return (selection.school, selection.school_class) if selection else (None, None)

    @property
    def opens_groups(self) -> bool:
        """Whether the part with other groups stands open: something in it was chosen, or is wrong."""
        names = {"group", "languages"}
        return bool(names & set(self.errors)) or any(self[name].value() for name in names & set(self.fields))

    def _given(self) -> dict[str, Any]:
        """What was sent and is right so far; before that, what the form begins with."""
        if not self.is_bound:
            return dict(self.initial)
        if not hasattr(self, "cleaned_data"):
            self.is_valid()
        return self.cleaned_data

    def _offer_audience(self) -> None:
        field, group = self.fields["audience"], self.fields["group"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        assert isinstance(group, GroupField)  # noqa: S101 - declared above
        first = [choice for _name, choices in self._by_school() for choice in choices]
        if len(first) <= CLASSES_AS_BUTTONS:
            field.widget = forms.RadioSelect()
            field.choices = first
        else:
            field.choices = [("", _("Choose…")), *self._by_school()]
        field.choice_icons = {group: _ICONS[group.partition(":")[0]] for group, _words in first}  # type: ignore[attr-defined]
        offered = self.book.offered_groups()
        chosen = str((self.data if self.is_bound else self.initial).get("group") or "")
        known = {value for _title, choices in offered for value, _words in choices}
        if chosen not in known and self.book.read(chosen):
            offered = [(str(_("Chosen")), [(chosen, self.book.words_for(chosen))]), *offered]
        group.book = self.book
        group.choices = [("", _("No other group")), *offered]
        if not offered and not chosen:
            del self.fields["group"]

    def _offer_pupils(self) -> None:
        """The children of the class, year group or school chosen so far; no such choice, no children."""
        group = self._given_group()
        place = self.book.read(group) if group.partition(":")[0] in ("class", "level", "school") else None
        if place is None:
            del self.fields["pupils"]
            return
        rooms = Enrolment.objects.current().visible_to(self.book.user).filter(school=place.school)
        if place.school_class:
            rooms = rooms.filter(school_class=place.school_class)
        elif place.level:
            rooms = rooms.filter(school_class__level=place.level)
        field = self.fields["pupils"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - declared above
        field.queryset = _with_room(Pupil.objects.filter(pk__in=rooms.values("pupil_id")), rooms, place.school_class)
        field.required = self.is_about_single_children

    def _offer_languages(self, codes: Sequence[str]) -> None:
        field = self.fields["languages"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        known = [code for code in codes if code in LANGUAGES]
        field.choices = [(code, LANGUAGES[code].own_name) for code in known]
        if len(known) < 2:
            del self.fields["languages"]

    def _by_school(self) -> list[tuple[str, list[tuple[str, Any]]]]:
        """Choices grouped under the school's name, the whole school first."""
        groups: dict[int, tuple[str, list[tuple[str, Any]]]] = {}
        for school, choice in self.book.first_choices():
            groups.setdefault(school.pk, (school.name, []))[1].append(choice)
        return list(groups.values())


def _with_room(pupils: QuerySet[Pupil], rooms: QuerySet[Enrolment], only: SchoolClass | None) -> QuerySet[Pupil]:
    if only:
        return pupils.order_by("first_name", "last_name")
    name = rooms.filter(pupil_id=OuterRef("pk")).values("school_class__name")[:1]
    return pupils.annotate(room=Subquery(name)).order_by("room", "first_name", "last_name")
