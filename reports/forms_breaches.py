"""What is said about a data breach, step by step. Kinds and numbers, never names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.models import BreachLine, DataBreach, DataKind, Risk
from reports.publication import findings_in
from schools import clock
from schools.dayinput import day_input
from schools.lines import Lines
from schools.models import CLBCentre, School

Place = School | CLBCentre
Step = BreachLine.Step
MOST_PEOPLE = 1_000_000
#: Longer ago nobody reports what was noticed, and what happened: the year is a slip of the keys.
YEARS_NOTICED, YEARS_HAPPENED = 5, 20
#: Stands for no school and no centre.
PORTAL = "portal"


def _words(label: Any, *, required: bool = False, rows: int = 3, help_text: Any = "") -> forms.CharField:
    longest = DataBreach.LONGEST
    area = Lines(attrs={"rows": rows, "maxlength": longest, "dir": "auto"})
    return forms.CharField(label=label, required=required, max_length=longest, widget=area, help_text=help_text)


def _hour(label: Any, *, required: bool = True) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=required, widget=widget)


class _BreachForm(forms.Form):
    """Free texts come without families in them; two fields make a moment."""

    def __init__(self, data: Any = None, *, user: object, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self._user = user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        areas = [name for name, field in self.fields.items() if isinstance(field.widget, forms.Textarea)]
        texts = {}
        for name in areas:
            if name in cleaned:
                texts[name] = cleaned[name] = str(cleaned[name]).replace("\r\n", "\n").strip()
        for found in findings_in(texts, staff=False, seen_by=self._user):
            if found.place not in self.errors:
                words = _("Name nobody here, write “a mother of the second class”: %(why)s") % {"why": found.why}
                self.add_error(found.place, words)
        return cleaned

    def _not_long_ago(self, name: str, years: int) -> date | None:
        """The day of a field; one with a year that nobody meant is an error, unless the register says it already."""
        day: date | None = self.cleaned_data[name]
        if day and day != self.initial.get(name) and day.year < clock.today().year - years:
            raise forms.ValidationError(
                _("This day is more than %(years)d years ago. Check the year.") % {"years": years}
            )
        return day

    def _moment(self, cleaned: dict[str, Any], day: str, hour: str) -> datetime | None:
        """The moment that two fields say; one that is to come is an error."""
        if not (cleaned.get(day) and cleaned.get(hour) is not None):
            return None
        moment = datetime.combine(cleaned[day], cleaned[hour], tzinfo=clock.BRUSSELS)
        if moment > clock.now():
            self.add_error(day, _("This moment is still to come."))
            return None
        return moment


class _FactsForm(_BreachForm):
    """What happened: the part that whoever reports it and whoever keeps it both fill."""

    what = _words(
        gettext_lazy("What happened?"), required=True, rows=4,
        help_text=gettext_lazy("For example: a class list was sent to the wrong parents. Name nobody."),
    )  # fmt: skip
    known_on = forms.DateField(label=gettext_lazy("On which day was it noticed?"), widget=day_input())
    known_time = _hour(gettext_lazy("At what time?"))
    happened_on = forms.DateField(
        label=gettext_lazy("On which day did it happen?"), required=False, widget=day_input(),
        help_text=gettext_lazy("Empty if you do not know."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Which data?"), choices=DataKind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    people = forms.IntegerField(
        label=gettext_lazy("About how many people?"), required=False, min_value=0, max_value=MOST_PEOPLE,
        help_text=gettext_lazy("An estimate is good enough. Empty if you do not know."),
    )  # fmt: skip

    def clean_known_on(self) -> Any:
        return self._not_long_ago("known_on", YEARS_NOTICED)

    def clean_happened_on(self) -> Any:
        day = self._not_long_ago("happened_on", YEARS_HAPPENED)
        if day and day > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean_kinds(self) -> list[str]:
        return [kind for kind in DataKind.values if kind in self.cleaned_data["kinds"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._known_at = self._moment(cleaned, "known_on", "known_time")
        return cleaned

    def facts(self) -> dict[str, Any]:
        """The fields of the breach that this form fills."""
        names = ("what", "happened_on", "kinds", "people")
        return {name: self.cleaned_data[name] for name in names} | {"known_at": self._known_at}


class ReportForm(_FactsForm):
    """The short form for everybody. ``client_id`` keeps a form that is sent twice from being kept twice."""

    place = forms.ChoiceField(label=gettext_lazy("Whose data are they?"))
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ("place", "what", "known_on", "known_time")

    def __init__(self, data: Any = None, *, user: object, places: Sequence[Place]) -> None:
        wall = clock.now().astimezone(clock.BRUSSELS)
        known = {"known_on": wall.date(), "known_time": wall.time().replace(second=0, microsecond=0)}
        self.places = {f"{'school' if isinstance(place, School) else 'clb'}-{place.pk}": place for place in places}
        first = next(iter(self.places), PORTAL)
        super().__init__(data, user=user, initial={**known, "place": first, "client_id": uuid4()})
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        names = [(key, place.name) for key, place in self.places.items()]
        field.choices = [*names, (PORTAL, _("the portal itself, or I do not know"))]

    def content(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {**self.facts(), "place": self.places.get(given["place"]), "client_id": given["client_id"]}


class DescribeForm(_FactsForm):
    """The same, with what follows from it and what was done."""

    consequences = _words(gettext_lazy("What can follow from it for these people?"))
    measures = _words(
        gettext_lazy("What was done about it, and what is done so that it does not happen again?"),
    )

    def __init__(self, data: Any = None, *, user: object, breach: DataBreach) -> None:
        names = ("what", "happened_on", "kinds", "people", "consequences", "measures")
        wall = breach.known_at.astimezone(clock.BRUSSELS)
        known = {"known_on": wall.date(), "known_time": wall.time()}
        super().__init__(data, user=user, initial={**known, **{name: getattr(breach, name) for name in names}})
        self._breach = breach

    def facts(self) -> dict[str, Any]:
        known_at, before = self._known_at, self._breach.known_at
        if known_at is not None and known_at == before.replace(second=0, microsecond=0):
            known_at = before  # the form shows no seconds
        more = {name: self.cleaned_data[name] for name in ("consequences", "measures")}
        return {**super().facts(), **more, "known_at": known_at}


class JudgeForm(_BreachForm):
    risk = forms.ChoiceField(
        label=gettext_lazy("What risk do these people run?"), choices=Risk.choices, widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Without risk nobody has to be told; with a risk the supervisor, with a high one the people too."
        ),
    )  # fmt: skip
    risk_because = _words(gettext_lazy("Why do you think so?"), required=True)

    def __init__(self, data: Any = None, *, user: object, breach: DataBreach) -> None:
        known = {"risk": breach.risk, "risk_because": breach.risk_because}
        super().__init__(data, user=user, initial=known)

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("risk", "risk_because")}


class AuthorityForm(_BreachForm):
    told_on = forms.DateField(label=gettext_lazy("On which day was the supervisor told?"), widget=day_input())
    told_time = _hour(gettext_lazy("At what time?"))
    authority_reference = forms.CharField(
        label=gettext_lazy("Reference of the supervisor"), required=False, max_length=60
    )
    late_because = _words(gettext_lazy("If it was later than 72 hours: why?"), rows=2)

    def __init__(self, data: Any = None, *, user: object, breach: DataBreach) -> None:
        told = breach.authority_told_at
        wall = told.astimezone(clock.BRUSSELS) if told else None
        known = {
            "told_on": wall.date() if wall else None,
            "told_time": wall.time() if wall else None,
            "authority_reference": breach.authority_reference,
            "late_because": breach.late_because,
        }
        super().__init__(data, user=user, initial=known)
        self._breach = breach
        if told:
            self.fields["told_on"].help_text = _("Empty day and time if the supervisor was not told after all.")
            for name in ("told_on", "told_time"):
                self.fields[name].required = False
                self.fields[name].has_answer = True  # type: ignore[attr-defined]  # both or none

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        given = {name: cleaned.get(name) is not None for name in ("told_on", "told_time") if name not in self.errors}
        if any(given.values()):
            for name in (name for name, is_given in given.items() if not is_given):
                self.add_error(name, self.fields[name].error_messages["required"])
        self._told_at = self._moment(cleaned, "told_on", "told_time")
        known_at = self._breach.known_at.replace(second=0, microsecond=0)
        if self._told_at and self._told_at < known_at:
            self.add_error("told_on", _("That is before it was known."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Without a moment nothing was told: no reference, and nothing that was late."""
        names = ("authority_reference", "late_because")
        said = {name: self.cleaned_data[name] if self._told_at else "" for name in names}
        return said | {"authority_told_at": self._told_at}


class PeopleForm(_BreachForm):
    people_told_on = forms.DateField(
        label=gettext_lazy("On which day were the persons concerned told?"), required=False, widget=day_input(),
        help_text=gettext_lazy("Empty if they were not told."),
    )  # fmt: skip
    people_told_how = _words(gettext_lazy("How, and what were they told?"), rows=2)
    people_not_told_because = _words(gettext_lazy("If they were not told: why not?"), rows=2)

    def __init__(self, data: Any = None, *, user: object, breach: DataBreach) -> None:
        super().__init__(data, user=user, initial={name: getattr(breach, name) for name in self.base_fields})
        for name in ("people_told_how", "people_not_told_because"):
            self.fields[name].has_answer = True  # type: ignore[attr-defined]  # one of both is needed

    def clean_people_told_on(self) -> Any:
        day = self._not_long_ago("people_told_on", YEARS_NOTICED)
        if day and day > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        told = cleaned.get("people_told_on")
        if told and not cleaned.get("people_told_how"):
            self.add_error("people_told_how", _("Say how they were told."))
        if not told and not cleaned.get("people_not_told_because") and "people_told_on" not in self.errors:
            self.add_error("people_not_told_because", _("Say when they were told, or why not."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.base_fields}


#: The form of each step, by the name its button sends.
FORMS: dict[str, type[DescribeForm | JudgeForm | AuthorityForm | PeopleForm]] = {
    Step.DESCRIBED: DescribeForm,
    Step.JUDGED: JudgeForm,
    Step.AUTHORITY: AuthorityForm,
    Step.PEOPLE: PeopleForm,
}
