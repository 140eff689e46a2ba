"""What a parent fills in to choose a time of a parent–teacher meeting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.bookings import Booking, Proposal, by_day, is_called, is_visited
from parents.models import ConferenceHour, ConferenceSlot, Guardian, MeetingWay
from parents.services.booking import Wish
from schools import languages
from schools.lines import Lines

WAYS = {
    MeetingWay.SCHOOL: _("I come to school"),
    MeetingWay.PHONE: _("By phone: the teacher calls me"),
    MeetingWay.VIDEO: _("By video"),
    MeetingWay.HOME: _("At home: the teacher comes to us"),
}
WAY_ICONS = {
    MeetingWay.SCHOOL: "building-2",
    MeetingWay.PHONE: "phone",
    MeetingWay.VIDEO: "video",
    MeetingWay.HOME: "house",
}
#: What a parent says beside the hour; it stays where the hour was taken by another.
WISHES = ("way", "interpreter", "note")
_NO_TIME = _("Choose a time.")
_TAKEN = {"required": _NO_TIME, "invalid_choice": _("This time is no longer free. Choose another one.")}


def elsewhere(slot: ConferenceSlot) -> str:
    """Of a talk at home that is not with this parent, or perhaps not: nobody is named."""
    if slot.booked_by_id is None:
        return str(_("The talk is at home with one of the parents."))
    return str(_("The talk is at home with another parent."))


def way_of(slot: ConferenceSlot, guardian: Guardian) -> str:
    """How the talk is held, to this parent: nobody waits for a call or a visit that the other gets. "" while none is
    chosen."""
    if slot.way == MeetingWay.PHONE and not is_called(slot, guardian):
        return str(_("The talk is by phone."))
    if slot.way == MeetingWay.HOME and not is_visited(slot, guardian):
        return elsewhere(slot)
    return str(WAYS[MeetingWay(slot.way)]) if slot.way else ""


class WishForm(forms.Form):
    """How the talk is held. ``ways`` are those that the school offers and the parent can take."""

    way = forms.ChoiceField(label=_("How do you want to talk?"), widget=forms.RadioSelect)
    interpreter = forms.ChoiceField(
        label=_("Do you want an interpreter?"),
        required=False,
        help_text=_("The interpreter costs you nothing and tells nobody what was said."),
        choices=lambda: [("", _("No, I do not need one")), *languages.foreign_choices()],
    )
    note = forms.CharField(
        label=_("What do you want to talk about?"),
        required=False,
        max_length=300,
        help_text=_("Write in your own language."),
        widget=Lines(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, ways: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [way for way in MeetingWay if way in ways] or [MeetingWay.SCHOOL]
        field = self.fields["way"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(way.value, WAYS[way]) for way in offered]
        field.initial = offered[0]
        field.choice_icons = WAY_ICONS  # type: ignore[attr-defined]
        self.fields["interpreter"].has_answer = True  # type: ignore[attr-defined]

    def wish(self) -> Wish:
        facts = self.cleaned_data
        return Wish(way=facts["way"], interpreter=facts["interpreter"], note=facts["note"].strip())


class BookingForm(WishForm):
    """One of the free times for one child, and how. ``days`` are the times by day; the one that the child has now is
    among them."""

    hour = forms.ChoiceField(label=_("Hour"), widget=forms.RadioSelect, error_messages=_TAKEN)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, booking: Booking, free: Sequence[ConferenceHour], ways: Sequence[str]
    ) -> None:
        slot = booking.slot
        initial: dict[str, Any] = {
            "hour": slot.hour.key if slot.hour else None,
            "seen": slot.sequence,
            "interpreter": booking.interpreter,
            "note": booking.note,
        }
        if slot.way in ways:
            initial["way"] = slot.way
        super().__init__(data, ways=ways, initial=initial)
        own = [slot.hour] if slot.hour else []
        self.hours = {hour.key: hour for hour in sorted([*own, *free], key=lambda hour: hour.starts_at)}
        self.days = by_day(list(self.hours.values()))
        self.several = len({hour.host_id for hour in self.hours.values()}) > 1
        field = self.fields["hour"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(key, key) for key in self.hours]

    @property
    def chosen(self) -> str:
        return str(self["hour"].value() or "")

    def clean_hour(self) -> ConferenceHour:
        return self.hours[self.cleaned_data["hour"]]


class TogetherForm(WishForm):
    """Times for several children, one after another, and how."""

    times = forms.ChoiceField(label=_("Which times?"), widget=forms.RadioSelect, error_messages=_TAKEN)

    def __init__(self, *args: Any, proposals: Sequence[Proposal], ways: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, ways=ways, **kwargs)
        self.proposals = {one.key: one for one in proposals}
        field = self.fields["times"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(key, key) for key in self.proposals]

    @property
    def chosen(self) -> str:
        return str(self["times"].value() or "")

    def clean_times(self) -> Proposal:
        return self.proposals[self.cleaned_data["times"]]
