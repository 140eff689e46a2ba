"""Forms by which heads, directors and administrators appoint colleagues."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools import clock
from schools.dayinput import day_input
from schools.languages import LANGUAGES, STAFF_CODES
from schools.models import Assignment, CLBCentre, Partner, Project, Role, School, SchoolClass, SchoolYear
from schools.services.staffing import Post
from schools.staffing import OF_A_CENTRE, OF_A_SCHOOL, Remit

#: Roles at a school, at a centre and in a project. Some are for all schools where none is chosen.
_AT_SCHOOL = (*OF_A_SCHOOL, Role.HEAD, Role.ADMIN)
_EVERYWHERE = (Role.TRANSLATOR, Role.ADMIN)
_AT_CENTRE = (*OF_A_CENTRE, Role.CLB_DIRECTOR)
_IN_PROJECT = (Role.JOINT_CLB, Role.COORDINATOR)
#: Whom a place lacks from which one came to appoint somebody.
_OF_A_PLACE = {"school_class": Role.TEACHER, "school": Role.HEAD, "centre": Role.CLB_DIRECTOR}


class AppointForm(forms.Form):
    """Who, as what, where and until when. What an appointing person cannot choose is not asked."""

    full_name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address at work"), max_length=254)
    language = forms.ChoiceField(
        label=_("Language of the pages"), choices=[(code, LANGUAGES[code].own_name) for code in STAFF_CODES]
    )
    role = forms.ChoiceField(label=_("Role"))
    school = forms.ModelChoiceField(School.objects.none(), label=_("School"), required=False)
    school_class = forms.ModelChoiceField(SchoolClass.objects.none(), label=_("Class, for a teacher"), required=False)
    centre = forms.ModelChoiceField(CLBCentre.objects.none(), label=_("CLB centre"), required=False)
    project = forms.ModelChoiceField(Project.objects.none(), label=_("Project"), required=False)
    partner = forms.ModelChoiceField(Partner.objects.none(), label=_("Partner"), required=False)
    starts_on = forms.DateField(label=_("From"), widget=day_input())
    ends_on = forms.DateField(label=_("Until and including"), required=False, widget=day_input())
    share = forms.IntegerField(label=_("Part of full-time, in percent"), min_value=1, max_value=100, required=False)

    def __init__(self, data: Any = None, *, remit: Remit, place: Mapping[str, int | None] | None = None) -> None:
        """``place`` is where from the page that led here: the name of its field, and its id."""
        usual: dict[str, Any] = {"starts_on": clock.today(), "ends_on": _end_of_year(), "language": "nl", "share": 100}
        super().__init__(data, initial=usual)
        self.remit = remit
        role: Any = self.fields["role"]
        role.choices = [("", "—"), *((one.value, one.label) for one in remit.roles)]
        rows: dict[str, Any] = {"school": remit.schools, "centre": remit.centres}
        running = SchoolYear.objects.running()
        coming = SchoolClass.objects.filter(school__in=remit.schools.order_by(), year__ends_on__gte=clock.today())
        rows["school_class"] = coming.select_related("school", "year").order_by("school__name", "year", "level", "name")
        if remit.is_administrator:
            rows |= {"project": Project.objects.order_by("-starts_on"), "partner": Partner.objects.order_by("name")}
        for name in ("school", "school_class", "centre", "project", "partner"):
            field: Any = self.fields[name]
            field.queryset = rows.get(name, field.queryset)
            field.empty_label = "—"
            field.has_answer = True  # the role says which of them is needed
            if not field.queryset.exists():
                del self.fields[name]
        if "school" in self.fields and remit.schools.count() == 1 and not remit.is_administrator:
            del self.fields["school"]
        for name, pk in (place or {}).items():
            if pk and name in self.fields and _OF_A_PLACE[name] in remit.roles:
                self.initial.update({"role": _OF_A_PLACE[name], name: pk})
        if classes := self.fields.get("school_class"):
            classes.label_from_instance = lambda row: _class_words(row, running, remit)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        role = given["role"]
        school, centre = self._school(given), self._centre(given)
        for name, roles, words in (
            ("project", _IN_PROJECT, _("Choose the project.")),
            ("partner", (Role.PARTNER,), _("Choose the partner.")),
        ):
            if role in roles and given.get(name) is None:
                self._ask_for(name, words)
        if given.get("ends_on") and given["ends_on"] < given["starts_on"]:
            self.add_error("ends_on", _("This day comes before the first day."))
        if not self.errors and not self.remit.may_give(role, school=school, centre=centre):
            self.add_error("role", _("You cannot give this role."))
        if not self.errors:
            given["post"] = Post(
                role=role,
                starts_on=given["starts_on"],
                ends_on=given.get("ends_on"),
                school=school,
                school_class=given["school_class"] if role == Role.TEACHER else None,
                centre=centre,
                project=given["project"] if role in _IN_PROJECT else None,
                partner=given["partner"] if role == Role.PARTNER else None,
                share=given.get("share") or 100,
            )
        return given

    def _ask_for(self, name: str, words: Any) -> None:
        """``words``, or what to do first where there is nothing to choose from."""
        if name in self.fields:
            self.add_error(name, words)
        elif name == "school_class":
            self.add_error(None, _("There is no class yet. Bring in the list of the school first, or add a class."))
        else:
            self.add_error(None, _("There is none to choose from yet. Add it under Places first."))

    def _school(self, given: dict[str, Any]) -> School | None:
        """The school of the post: the chosen one, the teacher's class's, or the only one that there is."""
        role, school, school_class = given["role"], given.get("school"), given.get("school_class")
        if role not in _AT_SCHOOL:
            return None
        if role == Role.TEACHER:
            if school_class is None:
                self._ask_for("school_class", _("Choose the class of this teacher."))
                return None
            if school and school_class.school_id != school.pk:
                self.add_error("school_class", _("This class is of another school."))
            own: School = school_class.school
            return own
        if school is None and not self.remit.is_administrator:
            school = self.remit.schools.first()
        if school is None and role not in _EVERYWHERE:
            self._ask_for("school", _("Choose the school."))
        return school

    def _centre(self, given: dict[str, Any]) -> CLBCentre | None:
        if given["role"] not in _AT_CENTRE:
            return None
        centre: CLBCentre | None = given.get("centre")
        if centre is None:
            self._ask_for("centre", _("Choose the centre."))
        return centre


class NameFilter(forms.Form):
    """Part of a name, within those who work here or who stopped."""

    zoek = forms.CharField(label=_("Name"), max_length=80, required=False)
    toon = forms.CharField(required=False, widget=forms.HiddenInput)


class LastDayForm(forms.Form):
    """Until when a post holds."""

    ends_on = forms.DateField(
        label=_("Until and including"),
        required=False,
        widget=day_input(),
        help_text=_("Leave it empty for a post without an end. A day that has passed ends it at once."),
    )

    def __init__(self, data: Any = None, *, post: Assignment) -> None:
        super().__init__(data, prefix=f"post{post.pk}", initial={"ends_on": post.ends_on})
        self.post = post


def _end_of_year() -> date | None:
    """The coming 31 August, also while the new school year has not been laid."""
    year = SchoolYear.objects.running()
    if year is None:
        return None
    last = year.last_day
    return last if last >= clock.today() else last.replace(year=last.year + 1)


def _class_words(row: SchoolClass, running: SchoolYear | None, remit: Remit) -> str:
    words = [row.name] if remit.schools.count() == 1 else [row.name, row.school.name]
    return ", ".join([*words, *([str(row.year)] if running and row.year_id != running.pk else [])])
