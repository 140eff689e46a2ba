"""What the joint worker writes with: figures to put into a text, and the diary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.chapters import CHAPTERS
from reports.evaluation.diary import Tags
from reports.models import DiaryNote
from reports.ownproject import day_within
from schools.dayinput import day_input
from schools.lines import Lines
from schools.models import Method, Project, School

Choices = Sequence[tuple[str, Any]]


class FigureForm(forms.Form):
    """A figure, table, chart or cell to put into the text, by the placeholder that stands for it."""

    figure = forms.ChoiceField(
        label=_("Figure, table or chart"), required=False, widget=forms.Select(attrs={"lang": "nl"})
    )

    def __init__(self, data: Any = None, *, choices: Choices) -> None:
        super().__init__(data)
        field = self.fields["figure"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "—"), *choices]


class DiaryFilterForm(forms.Form):
    """Which notes of the diary: words in them, and what they are about; the project year goes along. What makes no
    sense narrows nothing."""

    project = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Words in the note"), required=False, max_length=80)
    chapter = forms.TypedChoiceField(label=_("Chapter"), required=False, coerce=int, empty_value=None)
    method = forms.TypedChoiceField(label=_("Method"), required=False, coerce=int, empty_value=None)
    school = forms.TypedChoiceField(label=_("School"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any = None, *, project: Project) -> None:
        super().__init__(data, initial={"project": project.pk}, auto_id="filter_%s")  # beside the form of a note
        _give_choices(self, project, _("all"))

    def narrowed(self) -> dict[str, Any]:
        """What to ask ``notes_of`` for."""
        given = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return {
            "words": given.get("q") or "",
            **{name: given.get(name) for name in ("chapter", "method", "school")},
        }


class DiaryNoteForm(forms.Form):
    """A note of one day. ``client_id`` keeps a form that is sent twice from being kept twice."""

    day = forms.DateField(label=_("Day"), widget=day_input())
    text = forms.CharField(
        label=_("What did you see or hear?"),
        max_length=DiaryNote.LONGEST,
        widget=Lines(attrs={"rows": 5, "maxlength": DiaryNote.LONGEST, "spellcheck": "true", "dir": "auto"}),
        help_text=_("Name no family: write “a mother of the second class”. A quote stands between quotation marks."),
    )
    chapter = forms.TypedChoiceField(label=_("For chapter"), required=False, coerce=int, empty_value=None)
    method = forms.TypedChoiceField(label=_("Method"), required=False, coerce=int, empty_value=None)
    school = forms.TypedChoiceField(label=_("School"), required=False, coerce=int, empty_value=None)
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, project: Project, note: DiaryNote | None = None) -> None:
        known: dict[str, Any] = {"day": day_within(project), "client_id": uuid4()}
        if note is not None:
            known = {
                "day": note.day, "text": note.text, "chapter": note.chapter, "method": note.method_id,
                "school": note.school_id, "client_id": note.client_id,
            }  # fmt: skip
        super().__init__(data, initial=known)
        self._project = project
        self._methods, self._schools = _give_choices(self, project, _("none in particular"))

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    def clean_day(self) -> Any:
        day, last = self.cleaned_data["day"], day_within(self._project)
        if not self._project.starts_on <= day <= last:
            raise forms.ValidationError(_("Choose a day of this project year that is not to come."))
        return day

    def content(self) -> dict[str, Any]:
        """Day, text and what the note is about, as the services want them."""
        given = self.cleaned_data
        tags = Tags(given["chapter"], self._methods.get(given["method"]), self._schools.get(given["school"]))
        return {"day": given["day"], "text": given["text"], "tags": tags}


def _give_choices(
    form: forms.Form, project: Project, nothing: Any
) -> tuple[dict[int | None, Method], dict[int | None, School]]:
    """Fill the three selects; returns methods and schools by their number."""
    taking_part = project.participations.exclude(role="COMPARISON")
    schools = School.objects.filter(pk__in=taking_part.values("school_id")).order_by("name")
    methods = Method.objects.order_by("position")
    by_number: tuple[dict[int | None, Method], dict[int | None, School]] = (
        {row.pk: row for row in methods},
        {row.pk: row for row in schools},
    )
    _choose(form, "chapter", nothing, ((plan.number, f"{plan.number} {plan.title}") for plan in CHAPTERS))
    _choose(form, "method", nothing, ((pk, str(row)) for pk, row in by_number[0].items()))
    _choose(form, "school", nothing, ((pk, str(row)) for pk, row in by_number[1].items()))
    return by_number


def _choose(form: forms.Form, name: str, nothing: Any, choices: Iterable[tuple[Any, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared by each form
    field.choices = [("", nothing), *choices]
