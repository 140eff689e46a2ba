"""What colleagues fill in about gatherings, and a partner about those with its organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from parents.forms_factual import without_national_number
from parents.forms_signup import SignUpForm
from parents.models import GATHERING_KINDS, ContactKind, Gathering, Guardian
from parents.models.kinds import KIND_ICONS
from parents.services.gatheringattendance import AS_IT_IS, AtGathering
from parents.services.gatherings import Facts, shown_facts
from schools import clock, languages
from schools.dayinput import ComingDay, time_input
from schools.models import Method, Partner
from schools.seenform import SeenForm

_ICONS = KIND_ICONS | {
    ContactKind.INFO_EVENING: "presentation",
    ContactKind.WORKSHOP: "users-round",
    ContactKind.PARTICIPATION: "message-circle",
}
#: A title and a place go into notices, where they are a value of a template.
LONGEST = 80
#: More than any hall holds.
MOST_PEOPLE = 2_000


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=time_input())


class GatheringForm(SeenForm):
    """What it is, where, when and for how many."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=lambda: [(kind.value, capfirst(kind.label)) for kind in GATHERING_KINDS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what kind of gathering it is.")},
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=LONGEST,
        help_text=_("In short, simple Dutch: parents read it beside the kind in their own language."),
        error_messages={"required": _("Give the gathering a title.")},
        widget=forms.TextInput(attrs={"lang": "nl"}),
    )
    place = forms.CharField(
        label=_("Where"),
        max_length=LONGEST,
        help_text=_("A name parents know, such as: classroom 3B, or the gym."),
        error_messages={"required": _("Say where it is.")},
        widget=forms.TextInput(attrs={"lang": "nl"}),
    )
    day = ComingDay(label=_("Day"))
    starts = _time(_("From"))
    ends = _time(_("Until"))
    places = forms.IntegerField(
        label=_("Number of places"),
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text=_("Adults and children together. Empty: as many as come."),
    )
    partner: forms.ModelChoiceField[Partner] = forms.ModelChoiceField(
        Partner.objects.none(),
        label=_("With a partner"),
        required=False,
        empty_label=_("no partner"),
        help_text=_("The partner sees how many come, first names, and languages for which an interpreter is wanted."),
    )
    method: forms.ModelChoiceField[Method] = forms.ModelChoiceField(
        Method.objects.none(), label=_("Method card"), required=False, empty_label=_("no method card")
    )

    def __init__(self, data: Any = None, *, gathering: Gathering | None = None) -> None:
        super().__init__(data, initial=shown_facts(gathering) if gathering else {})
        self.fields["kind"].choice_icons = _ICONS  # type: ignore[attr-defined]
        for name, rows in (("partner", Partner.objects.all()), ("method", Method.objects.all())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
            field.queryset = rows
        self.watch(gathering is not None)

    def clean_title(self) -> str:
        return without_national_number(self.cleaned_data["title"])

    def clean_place(self) -> str:
        return without_national_number(self.cleaned_data["place"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("A gathering ends after it begins. Choose a later hour."))
        if cleaned.get("day") and starts and self._at(starts) <= clock.now():
            self.add_error("day", _("This moment is over. Choose a later one."))
        return cleaned

    def facts(self) -> Facts:
        known = self.cleaned_data
        return Facts(
            kind=known["kind"],
            title=known["title"],
            place=known["place"],
            starts_at=self._at(known["starts"]),
            ends_at=self._at(known["ends"]),
            places=known["places"],
            partner=known["partner"],
            method=known["method"],
        )

    def _at(self, hour: Any) -> datetime:
        day: date = self.cleaned_data["day"]
        return datetime.combine(day, hour, tzinfo=clock.BRUSSELS)


class CountForm(forms.Form):
    """Only how many came."""

    counted = forms.IntegerField(
        label=_("How many people came in all?"),
        required=False,
        min_value=0,
        max_value=MOST_PEOPLE,
        help_text=_("Adults and children together, with or without a name."),
    )

    #: What stood there when the page was made: who leaves it says nothing about it.
    counted_then = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, gathering: Gathering) -> None:
        now = gathering.counted_only
        super().__init__(data, initial={"counted": now, "counted_then": "" if now is None else now})
        self.fields["counted"].has_answer = True  # type: ignore[attr-defined]

    def number(self) -> int | None:
        """How many came, None for nobody counted; or that it stays as it is."""
        found: int | None = self.cleaned_data["counted"]
        return AS_IT_IS if ("" if found is None else str(found)) == self.cleaned_data["counted_then"] else found


class WhoCameForm(CountForm):
    """The families of the page, and who of them came. ``shown`` are those that stood on it when it was opened."""

    def __init__(self, data: Any = None, *, gathering: Gathering, families: Mapping[int, AtGathering]) -> None:
        super().__init__(data, gathering=gathering)
        self.families, self._is_attended = families, gathering.attended_at is not None
        for pk, line in families.items():
            self.fields[f"came_{pk}"] = forms.BooleanField(required=False, initial=line.came)

    @property
    def somebody_signed_up(self) -> bool:
        return any(line.guardians for line in self.families.values())

    @property
    def is_written(self) -> bool:
        """Of these families it was written down who came."""
        stands = all(line.came == line.is_written for line in self.families.values())
        return self._is_attended and stands

    def lines(self) -> list[tuple[AtGathering, Any]]:
        return [(line, self[f"came_{pk}"]) for pk, line in self.families.items()]

    def shown(self) -> dict[int, AtGathering]:
        """As they stood on the page."""
        stood, written = (self.data.getlist(name) for name in ("shown", "written"))  # type: ignore[attr-defined]
        lines = {pk: line for pk, line in self.families.items() if str(pk) in stood}
        return {pk: replace(line, is_written=str(pk) in written) for pk, line in lines.items()}

    def came(self) -> set[int]:
        return {pk for pk in self.families if self.cleaned_data[f"came_{pk}"]}


class EnterForm(SignUpForm):
    """A parent who says it on paper, by phone or at the gate. ``guardians`` are those of the child."""

    field_order = ("guardian", "adults", "children", "interpreter")

    guardian = forms.ChoiceField(label=_("Who comes?"), error_messages={"required": _("Choose a parent.")})

    def __init__(self, data: Any = None, *, guardians: Sequence[Guardian]) -> None:
        super().__init__(data)
        self.guardians = {str(guardian.pk): guardian for guardian in guardians}
        field = self.fields["guardian"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(key, guardian.full_name) for key, guardian in self.guardians.items()]
        asked = self.fields["interpreter"]
        assert isinstance(asked, forms.ChoiceField)  # noqa: S101 - declared above
        asked.label, asked.help_text = _("Interpreter"), ""
        asked.choices = [("", _("no interpreter")), *languages.foreign_choices()]

    def person(self) -> Guardian:
        return self.guardians[self.cleaned_data["guardian"]]
