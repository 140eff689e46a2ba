from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from messaging.models import Notice, NoticeKind, NoticeTemplate
from messaging.variables import as_people_write, stored_values, variable_field
from schools import clock
from schools.arriving import RowsField, row_number
from schools.models import Pupil, School, SchoolClass

#: Filled in by the portal itself: the sender never types them.
AUTOMATIC = frozenset({"school", "child", "class_name"})
#: Up to this many classes are shown as buttons; more go into a list by school.
CLASSES_AS_BUTTONS = 8
#: Categories that tell what has already happened: their day may lie behind us.
LOOKING_BACK = frozenset({"absence", "health"})
#: Categories that are nearly always about today.
ABOUT_TODAY = frozenset({"absence", "urgent"})
#: Templates about one child's own matter: never to a whole class.
ABOUT_SINGLE_CHILDREN = frozenset(
    {"absence-please-call", "home-visit", "illness-certificate", "parent-meeting-reminder", "school-bill-help"}
)
KIND_ICONS = {NoticeKind.ACTIE: "hand", NoticeKind.INFO: "info", NoticeKind.DRINGEND: "bell-ring"}
KIND_HELP = {
    NoticeKind.ACTIE: _("Parents have something to do or to answer."),
    NoticeKind.INFO: _("Parents only need to know it."),
    NoticeKind.DRINGEND: _("For today. Goes out at once, also to parents who want fewer notices."),
}


class NoticeForm(forms.Form):
    """What the sender fills in: to whom, then the template's variables, then what kind of notice it is.

    The choices of ``audience`` are ``class:<id>`` and ``school:<id>``, of places that the sender may write to.
    """

    audience = forms.ChoiceField(
        label=_("To whom?"),
        error_messages={
            "required": _("Choose a class or the school."),
            "invalid_choice": _("Choose a class or school in which you work."),
        },
    )
    pupils = RowsField(
        Pupil.objects.none(),
        label=_("Which children?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the children this is about.")},
    )

    def __init__(
        self,
        *args: Any,
        template: NoticeTemplate,
        classes: QuerySet[SchoolClass],
        schools: QuerySet[School],
        pupils: QuerySet[Pupil],
        author_name: str,
        notice: Notice | None = None,
        **kwargs: Any,
    ) -> None:
        self.template = template
        self.classes = {row.pk: row for row in classes}
        self.schools = {row.pk: row for row in schools}
        kwargs["initial"] = self._usual(author_name) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.asked = [name for name in template.variables if name not in AUTOMATIC]
        for name in self.asked:
            self.fields[name] = variable_field(name)
        self.fields["kind"] = self._kind_field()
        if "deadline" not in self.asked:
            self.fields["answer_by"] = forms.DateField(label=_("Answer by"), required=False)
        if notice:  # a draft keeps its audience: another class is another draft
            del self.fields["audience"], self.fields["pupils"]
        else:
            self._offer_audience()
            self._offer_pupils(pupils)
        self.notice = notice

    def _usual(self, author_name: str) -> dict[str, Any]:
        places = [*self.schools.values(), *(row.school for row in self.classes.values())]
        return {
            "audience": f"class:{next(iter(self.classes))}" if len(self.classes) == 1 else "",
            "teacher": author_name,
            "phone": as_people_write(places[0].phone) if len({place.pk for place in places}) == 1 else "",
            "kind": self.template.kind,
            "date": clock.today() if self.template.category in ABOUT_TODAY else None,
        }

    @staticmethod
    def _kind_field() -> forms.ChoiceField:
        field = forms.ChoiceField(label=_("Kind of notice"), choices=NoticeKind.choices, widget=forms.RadioSelect)
        field.choice_icons = KIND_ICONS  # type: ignore[attr-defined]
        field.choice_help = KIND_HELP  # type: ignore[attr-defined]
        return field

    def _offer_audience(self) -> None:
        field = self.fields["audience"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        if len(self.classes) + len(self.schools) <= CLASSES_AS_BUTTONS:
            field.widget = forms.RadioSelect()
            field.choices = [choice for _name, choices in self._by_school() for choice in choices]
        else:
            field.choices = [("", _("Choose…")), *self._by_school()]
        icons = {f"class:{pk}": "users" for pk in self.classes} | {f"school:{pk}": "school" for pk in self.schools}
        field.choice_icons = icons  # type: ignore[attr-defined]

    @property
    def is_about_single_children(self) -> bool:
        return self.template.slug in ABOUT_SINGLE_CHILDREN

    def _offer_pupils(self, pupils: QuerySet[Pupil]) -> None:
        """The children of the class chosen so far; no class, no choice."""
        chosen = str(self.data.get("audience", "") if self.is_bound else self.initial["audience"])
        kind, _mark, number = chosen.partition(":")
        if kind != "class" or row_number(number) not in self.classes:
            del self.fields["pupils"]
            return
        field = self.fields["pupils"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - declared above
        enrolled = pupils.enrolled_in(self.classes[int(number)])  # type: ignore[attr-defined]
        field.queryset = enrolled.order_by("first_name", "last_name")
        field.required = self.is_about_single_children

    def _by_school(self) -> list[tuple[str, list[tuple[str, Any]]]]:
        """Choices grouped under the school's name, the whole school first."""
        groups: dict[int, tuple[str, list[tuple[str, Any]]]] = {}
        for school in self.schools.values():
            words = _("All families of %(school)s") % {"school": school.name}
            groups[school.pk] = (school.name, [(f"school:{school.pk}", words)])
        for row in self.classes.values():
            group = groups.setdefault(row.school_id, (row.school.name, []))
            group[1].append((f"class:{row.pk}", _("Class %(name)s") % {"name": row.name}))
        return list(groups.values())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, last = cleaned.get("date"), cleaned.get("deadline") or cleaned.get("answer_by")
        if self.template.category not in LOOKING_BACK:
            self._refuse_past("date", day)
            if day and last and last > day:
                self.add_error(
                    "deadline" if "deadline" in self.asked else "answer_by",
                    _("This is after the day itself. Choose an earlier day."),
                )
        self._refuse_past("deadline" if "deadline" in self.asked else "answer_by", last)
        return cleaned

    def _refuse_past(self, name: str, day: date | None) -> None:
        if day and day < clock.today():
            self.add_error(name, _("This day has passed. Choose today or a later day."))

    def place(self) -> tuple[School | None, SchoolClass | None]:
        """To whom it goes: the school, and the class unless it goes to the whole school; both None while unknown."""
        if self.notice:
            return self.notice.school, self.notice.school_class
        kind, _mark, number = str(self._given().get("audience", "")).partition(":")
        if kind == "school":
            return self.schools[int(number)], None
        school_class = self.classes[int(number)] if kind == "class" else None
        return (school_class.school, school_class) if school_class else (None, None)

    def without_complaints(self) -> NoticeForm:
        """For a form that is still being filled in: its children field without the error of an empty choice."""
        self.is_valid()
        self.errors.pop("pupils", None)
        return self

    def audience_facts(self) -> dict[str, Any]:
        """To whom, as services.create_notice takes it."""
        school, school_class = self.place()
        chosen = self.cleaned_data.get("pupils")
        return {"school": school, "school_class": school_class, "pupils": list(chosen) if chosen else None}

    def facts(self) -> dict[str, Any]:
        """The rest, as services.create_notice and update_notice take it."""
        return {
            "values": self.values(),
            "answer_by": self.cleaned_data.get("deadline") or self.cleaned_data.get("answer_by"),
            "kind": self.cleaned_data["kind"],
        }

    def values(self) -> dict[str, str]:
        """The variables filled in and right so far, as a notice stores them."""
        if self.is_bound:
            self.is_valid()
        school, school_class = self.place()
        return stored_values(self.asked, self._given(), school=school, school_class=school_class)

    def _given(self) -> dict[str, Any]:
        """What was sent and is right so far; before that, what the form begins with."""
        return self.cleaned_data if self.is_bound else dict(self.initial)


class LetterGivenForm(forms.Form):
    """On which day the letters went home with the children."""

    on = forms.DateField(label=_("Given to the children on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": clock.today()})
        super().__init__(*args, **kwargs)

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come. Choose today or an earlier day."))
        return day
