"""What colleagues fill in about rounds of parent–teacher meetings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.forms_factual import without_national_number
from parents.forms_freedays import AboutFreeDays
from parents.models import ConferenceHour, ConferenceSlot, Guardian, MeetingWay, SlotRule
from parents.services.booking import Choice, Wish
from parents.services.conferences import Evening, Seat, Terms
from schools import clock, languages
from schools.dayinput import ComingDay, day_input, time_input
from schools.models import Assignment, Role, School, SchoolClass

_PAUSE = re.compile(r"(\d{1,2})[.:uh](\d{2})\s*(?:-|–|tot)\s*(\d{1,2})[.:uh](\d{2})")
#: A round takes an evening or a few.
DAYS = ("day", "second_day", "third_day")
SHORTEST, LONGEST = 5, 60


def read_pauses(text: str) -> list[tuple[time, time]]:
    """``18.00–18.30, 20.15-20.30``. Raises forms.ValidationError for what is no pause."""
    found = []
    for part in (part.strip() for part in re.split(r"[,;\n]", text)):
        if not part:
            continue
        match = _PAUSE.fullmatch(part)
        try:
            if match is None:
                raise ValueError(part)
            hour, minute, end_hour, end_minute = (int(number) for number in match.groups())
            first, last = time(hour, minute), time(end_hour, end_minute)
        except ValueError as error:
            raise forms.ValidationError(_("Write a break as from and until: 18.00–18.30.")) from error
        if last <= first:
            raise forms.ValidationError(_("A break ends after it begins."))
        found.append((first, last))
    return found


class TimesForm(AboutFreeDays):
    """Times of one day: from, until, minutes for each talk, breaks."""

    day_names: ClassVar[tuple[str, ...]] = ("day",)

    day = ComingDay(label=_("Day"))
    starts = forms.TimeField(label=_("From"), widget=time_input())
    ends = forms.TimeField(label=_("Until"), widget=time_input())
    minutes = forms.IntegerField(label=_("Minutes for each talk"), min_value=SHORTEST, max_value=LONGEST, initial=10)
    breaks = forms.CharField(
        label=_("Breaks"), required=False, max_length=120, help_text=_("For example: 18.00–18.30, 20.15–20.30")
    )

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school

    def clean_breaks(self) -> list[tuple[time, time]]:
        return read_pauses(self.cleaned_data["breaks"])

    def clean_day(self) -> Any:
        if self.cleaned_data["day"] < clock.today():
            raise forms.ValidationError(_("This day is over. Choose a day that is still to come."))
        return self.cleaned_data["day"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            self.look_at_times()
        self.ask_about_free_days(self.day_names, self.school)
        return self.cleaned_data

    def look_at_times(self) -> None:
        """Whether days and hours that are right by themselves fit together."""
        if not self.evening().times():
            self.add_error("ends", _("There is no time for a talk in it. Choose a later hour."))

    def evening(self, day: Any = None) -> Evening:
        facts = self.cleaned_data
        return Evening(day or facts["day"], facts["starts"], facts["ends"], facts["minutes"], facts["breaks"])


class RoundForm(TimesForm):
    """A whole round. ``classes`` are those for which the writer may make one; ``seats`` are their fields in pairs."""

    day_names = DAYS
    field_order = ("name", "day", "second_day", "third_day", "starts", "ends", "minutes", "breaks")

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Parents read it too."))
    second_day = ComingDay(label=_("A second day"), required=False)
    third_day = ComingDay(label=_("A third day"), required=False)
    until_day = forms.DateField(label=_("Parents choose until"), widget=day_input())
    until_hour = forms.TimeField(label=_("Hour"), initial=time(12), widget=time_input())
    slot_rule = forms.ChoiceField(
        label=_("For each child"), choices=SlotRule.choices, initial=SlotRule.JOINT, widget=forms.RadioSelect,
        help_text=_("You can decide otherwise for one child, once the round is made."),
    )  # fmt: skip
    ways = forms.MultipleChoiceField(
        label=_("How can parents talk?"),
        choices=MeetingWay.choices,
        initial=[MeetingWay.SCHOOL, MeetingWay.PHONE, MeetingWay.VIDEO],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one way.")},
    )

    def __init__(self, *args: Any, school: School, classes: Sequence[SchoolClass], **kwargs: Any) -> None:
        super().__init__(*args, school=school, **kwargs)
        self.classes = {room.pk: room for room in classes}
        posts = Assignment.objects.current().filter(role=Role.TEACHER, school=school, school_class_id__in=self.classes)
        self.teachers: dict[int, dict[str, Assignment]] = {room: {} for room in self.classes}
        for post in posts.select_related("user").order_by("user__full_name"):
            assert post.school_class_id is not None  # noqa: S101 - filtered above
            self.teachers[post.school_class_id][str(post.user_id)] = post
        for room in classes:
            people = [(key, post.user.full_name) for key, post in self.teachers[room.pk].items()]
            self.fields[f"teacher_{room.pk}"] = forms.ChoiceField(
                label=_("Teacher"),
                required=False,
                choices=[("", _("does not take part")), *people],
                initial=people[0][0] if people else "",
            )
            self.fields[f"teacher_{room.pk}"].has_answer = True  # type: ignore[attr-defined]  # one of them is needed
            self.fields[f"room_{room.pk}"] = forms.CharField(label=_("Room"), required=False, max_length=60)

    @property
    def lacks_teachers(self) -> bool:
        """Whether there are classes, and none of them has a teacher who could receive."""
        return bool(self.classes) and not any(self.teachers.values())

    def seat_fields(self) -> Iterator[tuple[SchoolClass, Any, Any]]:
        """Each class with its two fields."""
        for pk, room in self.classes.items():
            yield room, self[f"teacher_{pk}"], self[f"room_{pk}"]

    def look_at_times(self) -> None:
        super().look_at_times()
        if self.errors:
            return
        if any(day < clock.today() for day in self._days()) or len(set(self._days())) != len(self._days()):
            self.add_error("second_day", _("Choose other days that are still to come."))
        until = self.terms().books_until
        if until >= min(self.evening(day).times()[0][0] for day in self._days()):
            self.add_error("until_day", _("Parents must have chosen before the first talk begins."))
        elif until <= clock.now():
            self.add_error("until_day", _("This moment is over: nobody could choose any more."))
        if not any(self.cleaned_data.get(f"teacher_{pk}") for pk in self.classes):
            self.add_error(None, _("Choose at least one teacher."))

    def _days(self) -> list[Any]:
        return [self.cleaned_data[name] for name in DAYS if self.cleaned_data.get(name)]

    def evenings(self) -> list[Evening]:
        return [self.evening(day) for day in self._days()]

    def terms(self) -> Terms:
        facts = self.cleaned_data
        until = datetime.combine(facts["until_day"], facts["until_hour"], tzinfo=clock.BRUSSELS)
        return Terms(until, facts["slot_rule"], facts["ways"])

    def seats(self) -> list[Seat]:
        facts = self.cleaned_data
        return [
            Seat(room, self.teachers[pk][facts[f"teacher_{pk}"]].user, facts[f"room_{pk}"].strip())
            for pk, room in self.classes.items()
            if facts.get(f"teacher_{pk}")
        ]


class PlaceForm(forms.Form):
    """Where a teacher receives."""

    room = forms.CharField(label=_("Room"), required=False, max_length=60)
    video_url = forms.URLField(
        label=_("Video link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Parents who choose a video talk get this link."),
    )


class HourForm(forms.Form):
    """Another begin and end of one time, on its own day."""

    starts = forms.TimeField(label=_("From"), widget=time_input())
    ends = forms.TimeField(label=_("Until"), widget=time_input())

    def __init__(self, data: Any = None, *, hour: ConferenceHour) -> None:
        here = [moment.astimezone(clock.BRUSSELS) for moment in (hour.starts_at, hour.ends_at)]
        super().__init__(data, initial={"starts": here[0].time(), "ends": here[1].time()})
        self.day = here[0].date()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            start, end = self.moments()
            if end - start < timedelta(minutes=SHORTEST):
                self.add_error("ends", _("A talk takes at least %(number)d minutes.") % {"number": SHORTEST})
            if start <= clock.now():
                self.add_error("starts", _("This moment is over. Choose a later one."))
        return cleaned

    def moments(self) -> tuple[datetime, datetime]:
        facts = self.cleaned_data
        return tuple(datetime.combine(self.day, facts[name], tzinfo=clock.BRUSSELS) for name in ("starts", "ends"))  # type: ignore[return-value]


class PersonForm(forms.Form):
    """A child of the class and its parent. ``slots`` have no time yet; ``parents`` are the guardians by pupil."""

    slot = forms.ChoiceField(
        label=_("For whom?"),
        error_messages={
            "required": _("Choose a child."),
            "invalid_choice": _("This child has a time by now, or left the class. Choose another one."),
        },
    )

    def __init__(
        self, *args: Any, slots: Sequence[ConferenceSlot], parents: dict[int, list[Guardian]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.slots = slots
        self.people: dict[str, tuple[ConferenceSlot, Guardian | None]] = {}
        choices = []
        for slot in slots:
            for guardian in [slot.guardian] if slot.guardian else [*parents.get(slot.pupil_id, []), None]:
                key = f"{slot.pk}-{guardian.pk if guardian else 0}"
                self.people[key] = (slot, guardian)
                who = guardian.full_name if guardian else _("a parent")
                choices.append((key, f"{slot.pupil.full_name} – {who}"))
        field = self.fields["slot"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("Choose a child.")), *choices]

    def person(self) -> tuple[ConferenceSlot, Guardian | None]:
        return self.people[self.cleaned_data["slot"]]


class StripForm(PersonForm):
    """A booking that came on paper or by phone."""

    way = forms.ChoiceField(label=_("How"), choices=MeetingWay.choices, initial=MeetingWay.SCHOOL)
    interpreter = forms.ChoiceField(
        label=_("Interpreter"),
        required=False,
        choices=lambda: [("", _("no interpreter")), *languages.foreign_choices()],
    )

    def choice(self, hour: ConferenceHour) -> tuple[Choice, Guardian | None, Wish]:
        facts = self.cleaned_data
        slot, guardian = self.person()
        return Choice(slot, hour), guardian, Wish(facts["way"], facts["interpreter"])


class ReasonForm(forms.Form):
    """Why a colleague cancels: parents read it."""

    because = forms.CharField(
        label=_("Why?"),
        max_length=200,
        help_text=_("The parents read this, in Dutch: keep it short."),
        error_messages={"required": _("Say why: the parents read it.")},
    )

    def clean_because(self) -> str:
        return without_national_number(self.cleaned_data["because"])
