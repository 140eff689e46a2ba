"""The checklist of an accessibility scan as one form, and what to do about a point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.accessibility import POINTS, THEMES, Theme
from reports.models import AccessScan, ScanAnswer
from reports.scans import Plan, answers_of
from schools import clock
from schools.dayinput import day_input
from schools.models import User


@dataclass(frozen=True, slots=True)
class Asked:
    """A point in the form: its answer, its remark, and what was answered last time."""

    answer: BoundField
    remark: BoundField
    before: str


class ScanForm(forms.Form):
    """All points at once. ``corrects`` is the measurement that is put right, ``former`` the one to compare with."""

    measured_on = forms.DateField(label=gettext_lazy("Measured on"), widget=day_input())
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, corrects: AccessScan | None = None, former: AccessScan | None = None
    ) -> None:
        day = corrects.measured_on if corrects else clock.today()
        super().__init__(data, initial={"measured_on": day, "client_id": uuid4()})
        known, self._former = answers_of(corrects), answers_of(former)
        for key, point in POINTS.items():
            row = known.get(key)
            self.fields[key] = forms.ChoiceField(
                label=point.words,
                choices=ScanAnswer.Answer.choices,
                widget=forms.RadioSelect,
                initial=row.answer if row else None,
                error_messages={"required": _("Choose an answer.")},
            )
            self.fields[_remark(key)] = forms.CharField(
                label=_("Remark"), max_length=200, required=False, initial=row.remark if row else ""
            )

    def themes(self) -> Iterator[tuple[Theme, list[Asked]]]:
        for theme in THEMES:
            yield (
                theme,
                [Asked(self[point.key], self[_remark(point.key)], self._said(point.key)) for point in theme.points],
            )

    def _said(self, key: str) -> str:
        return self._former[key].get_answer_display() if key in self._former else ""

    def answers(self) -> dict[str, tuple[str, str]]:
        return {key: (self.cleaned_data[key], self.cleaned_data[_remark(key)].strip()) for key in POINTS}


class ActionForm(forms.Form):
    """What to do about a point. Points that are not a yes come first."""

    point = forms.ChoiceField(label=gettext_lazy("About"))
    what = forms.CharField(label=gettext_lazy("What will you do?"), max_length=160)
    owner = forms.TypedChoiceField(label=gettext_lazy("Who sees to it?"), coerce=int)
    due_on = forms.DateField(label=gettext_lazy("By when?"), widget=day_input())

    def __init__(self, data: Any = None, *, people: Sequence[User], latest: AccessScan | None) -> None:
        super().__init__(data, prefix="action")
        self.people = {user.pk: user for user in people}
        said = answers_of(latest)
        open_points = [key for key in POINTS if key in said and said[key].answer in ("NO", "PARTLY")]
        rest = [key for key in POINTS if key not in open_points]
        self._choose("point", [(key, POINTS[key].words) for key in (*open_points, *rest)])
        self._choose("owner", [("", _("Choose somebody")), *((user.pk, user.full_name) for user in people)])

    def _choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    def plan(self) -> Plan:
        facts = self.cleaned_data
        return Plan(point=facts["point"], what=facts["what"], owner=self.people[facts["owner"]], due_on=facts["due_on"])


def _remark(key: str) -> str:
    return f"{key}-remark"
