"""Forms by which an administrator keeps schools, centres, partners and projects."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from schools.arriving import RowsField
from schools.dayinput import day_input
from schools.models import CLBCentre, ParticipationRole, Partner, Project, School
from schools.roster.contacts import read_phone, written_phone
from schools.seenform import SeenForm
from schools.services.places import has_ended

#: By how much a project may begin before its school year, and end or be reported after it.
_AROUND = timedelta(days=366)
_ONE_NAME = {"name": {"unique": _("There is one of this name already. Choose another name.")}}


class _PlaceForm(SeenForm, forms.ModelForm):
    """What is not chosen yet is one dash, as in every other form. What was put back unseen would, by a project, end the
    part of a school."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.watch(self.instance.pk is not None)
        choosers: list[Any] = [one for one in self.fields.values() if isinstance(one, forms.ChoiceField)]
        for field in choosers:
            if isinstance(field, forms.ModelChoiceField):
                field.empty_label = field.empty_label and "—"
            else:
                field.choices = [row if row[0] else ("", "—") for row in field.choices]


class _CalledForm(_PlaceForm):
    """A place whose number parents call: it stands in letters and on their pages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.phone:
            self.initial["phone"] = written_phone(self.instance.phone)

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        number = read_phone(typed)
        if typed and not number:
            raise forms.ValidationError(_("This is no phone number that can be called."))
        return number


class SchoolForm(_CalledForm):
    class Meta:
        model = School
        fields = ["name", "institution_number", "network", "clb", "street", "postcode", "city", "phone", "email"]
        labels = {"clb": _("CLB centre that accompanies it")}

    def clean_institution_number(self) -> str:
        """In figures, however it was grouped: it stands in the address of the school's welcome page and in lists."""
        number = re.sub(r"[\s.]", "", self.cleaned_data["institution_number"])
        if not re.fullmatch(r"[0-9]+", number):
            raise forms.ValidationError(_("Enter a whole number."))
        if School.objects.filter(institution_number=number).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another school has this number already."))
        return number


class CentreForm(_CalledForm):
    """The name of its key follows from the centre's first name and stays: notes were sealed with it."""

    class Meta:
        model = CLBCentre
        fields = ["name", "network", "phone", "email"]
        error_messages = _ONE_NAME

    def save(self, commit: bool = True) -> CLBCentre:
        if not self.instance.key_name:
            stem = slugify(self.cleaned_data["name"])[:40] or "centrum"
            taken = set(CLBCentre.objects.filter(key_name__startswith=stem).values_list("key_name", flat=True))
            names = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
            self.instance.key_name = next(name for name in names if name not in taken)
        centre: CLBCentre = super().save(commit)
        return centre


class PartnerForm(_PlaceForm):
    class Meta:
        model = Partner
        fields = ["name", "kind"]
        error_messages = _ONE_NAME


class ProjectForm(_PlaceForm):
    """A project year with its schools, its partners, and what each centre carries of the joint worker."""

    class Meta:
        model = Project
        fields = ["name", "year", "starts_on", "ends_on", "report_due_on", "funder", "grant_number", "partners"]
        labels = {"year": _("School year")}
        widgets = {
            "starts_on": day_input(),
            "ends_on": day_input(),
            "report_due_on": day_input(),
            "partners": forms.CheckboxSelectMultiple,
        }
        field_classes = {"partners": RowsField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        project = self.instance
        known = {row.school_id: row for row in project.participations.all()} if project.pk else {}
        shares = {row.centre_id: row.share for row in project.shares.all()} if project.pk else {}
        self.schools, self.centres = list(School.objects.order_by("name")), list(CLBCentre.objects.order_by("name"))
        self.participations = known
        if not Partner.objects.exists():
            del self.fields["partners"]
        for centre in self.centres:
            self.fields[f"share{centre.pk}"] = forms.IntegerField(
                label=_("Share of %(centre)s in the joint worker, in percent") % {"centre": centre.name},
                min_value=0,
                max_value=100,
                required=False,
                initial=shares.get(centre.pk),
            )
        roles = [("", _("does not take part")), *ParticipationRole.choices]
        for school in self.schools:
            row = known.get(school.pk)
            field = forms.ChoiceField(
                label=_("%(school)s in this project") % {"school": school.name},
                choices=roles,
                required=False,
                initial=row.role if row and not has_ended(row) else "",
            )
            field.has_answer = True  # type: ignore[attr-defined]
            self.fields[f"school{school.pk}"] = field

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        shares = [given.get(f"share{centre.pk}") or 0 for centre in self.centres]
        if any(shares) and sum(shares) != 100 and not self.errors:
            self.add_error(None, _("The shares of the centres make %(sum)s %%, not 100 %%.") % {"sum": sum(shares)})
        self._refuse_slips(given)
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("This day comes before the first day."))
        return given

    def _refuse_slips(self, given: dict[str, Any]) -> None:
        """The year 26, or a day for ever: figures count from the first month of a project to its last."""
        year = given.get("year")
        for name in ("starts_on", "ends_on", "report_due_on"):
            day = given.get(name)
            if year and day and not year.starts_on - _AROUND <= day <= year.last_day + _AROUND:
                self.add_error(name, _("This day is not in the school year %(year)s.") % {"year": year})

    def shares(self) -> dict[int, int]:
        """By centre, without those that carry nothing."""
        found = {centre.pk: self.cleaned_data.get(f"share{centre.pk}") or 0 for centre in self.centres}
        return {pk: share for pk, share in found.items() if share}

    def roles(self) -> dict[int, str]:
        """By school; empty for a school that does not take part."""
        return {school.pk: self.cleaned_data.get(f"school{school.pk}", "") for school in self.schools}
