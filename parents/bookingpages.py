"""The pages on which a parent chooses a time: the same behind the link of a notice and in the parents' own pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from parents.bookings import Booking, RoundPage, as_bookings, free_hours, proposals, rounds_for, ways_for
from parents.forms_booking import WISHES, BookingForm, TogetherForm, way_of
from parents.gatherings import invitations_for
from parents.models import ConferenceRound, ConferenceSlot, Guardian, MeetingWay
from parents.services.booking import Choice, Wish, book_slot, book_together, cancel_booking


@dataclass(frozen=True, slots=True)
class Door:
    """Where the pages stand: addresses behind the same door. ``conference`` is the one round it leads to, None for all
    of the guardian's; ``calendar`` where the guardian's own calendar link is made, "" where that cannot be."""

    guardian: Guardian
    slots: QuerySet[ConferenceSlot]
    overview: str
    time: Callable[[int], str]
    file: Callable[[int], str]
    cancel: Callable[[int], str]
    together: Callable[[int], str]
    back: str
    back_label: str
    conference: ConferenceRound | None = None
    calendar: str = ""


def overview(request: HttpRequest, door: Door) -> HttpResponse:
    """Each child's meeting: chosen or to be chosen."""
    pages = rounds_for(door.guardian, door.conference)
    context = {"rounds": [_shown(page, door) for page in pages], "door": door}
    if door.conference is None:
        context["gatherings"] = invitations_for(door.guardian)
    if door.conference:
        context["school"] = door.conference.school
    return render(request, "parents/portal/bookings.html", context)


def _shown(page: RoundPage, door: Door) -> dict[str, object]:
    return {
        "page": page,
        "school": page.conference.school,
        "lines": [
            {
                "booking": one,
                "way": way_of(one.slot, door.guardian),
                "time_url": door.time(one.slot.pk),
                "file_url": door.file(one.slot.pk),
                "cancel_url": door.cancel(one.slot.pk),
            }
            for one in page.bookings
        ],
        "together_url": door.together(page.conference.pk) if page.may_go_together else "",
    }


def choose(request: HttpRequest, door: Door, pk: int) -> HttpResponseBase:
    """A time for one child. What somebody else took meanwhile is no longer there, and the rest still is."""
    booking = _booking(door, pk)
    if not booking.is_open:
        messages.error(request, _("It is too late to change this here. Call the school."))
        return redirect(door.overview)
    ways = ways_for(booking.slot.round, door.guardian)
    form = BookingForm(request.POST or None, booking=booking, free=free_hours([booking.slot])[pk], ways=ways)
    if request.method == "POST" and form.is_valid():
        choice = Choice(booking.slot, form.cleaned_data["hour"], form.cleaned_data["seen"])
        try:
            book_slot(choice=choice, wish=form.wish(), guardian=door.guardian)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return _choose_again(request, door, pk, form)
        messages.success(request, _thanks(form.wish()))
        return redirect(door.overview)
    return _times(request, door, booking, form)


def _choose_again(request: HttpRequest, door: Door, pk: int, form: BookingForm) -> HttpResponseBase:
    """The times as they are now, with what the parent wrote before the other one was earlier."""
    slot = door.slots.filter(pk=pk).first()
    booking = as_bookings([slot], door.guardian)[0] if slot else None
    if slot is None or booking is None or not booking.is_open:
        return redirect(door.overview)
    again = BookingForm(booking=booking, free=free_hours([slot])[pk], ways=ways_for(slot.round, door.guardian))
    again.initial.update({name: form.cleaned_data[name] for name in WISHES})
    return _times(request, door, booking, again)


def _times(request: HttpRequest, door: Door, booking: Booking, form: BookingForm) -> HttpResponse:
    context = {"form": form, "booking": booking, "door": door, "school": booking.slot.round.school}
    return render(request, "parents/portal/booking_choose.html", context)


def give_back(request: HttpRequest, door: Door, pk: int) -> HttpResponseBase:
    """The parent does not come at that time after all."""
    booking = _booking(door, pk)
    try:
        if cancel_booking(slot=booking.slot, by=door.guardian):
            messages.success(request, _("Your meeting is cancelled. You can choose another time."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(door.overview)


def together(request: HttpRequest, door: Door, conference: ConferenceRound) -> HttpResponseBase:
    """Times for all children who have none yet, one after another."""
    page = next(iter(rounds_for(door.guardian, conference)), None)
    waiting = [one for one in page.bookings if one.waits] if page else []
    slots = [one.slot for one in waiting]
    if len(slots) < 2:
        return redirect(door.overview)
    form = TogetherForm(
        request.POST or None,
        initial=_said(waiting),
        proposals=proposals(slots),
        ways=ways_for(conference, door.guardian),
    )
    if request.method == "POST" and form.is_valid():
        choices = [Choice(slot, hour, slot.sequence) for slot, hour in form.cleaned_data["times"].hours]
        try:
            book_together(choices=choices, wish=form.wish(), guardian=door.guardian)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(door.together(conference.pk))
        messages.success(request, _thanks(form.wish()))
        return redirect(door.overview)
    context = {
        "form": form,
        "children": [slot.pupil.first_name for slot in slots],
        "door": door,
        "school": conference.school,
    }
    return render(request, "parents/portal/booking_together.html", context)


def _said(bookings: Sequence[Booking]) -> dict[str, str]:
    """What the parent wished before the school cancelled these talks."""
    asked = [one.interpreter for one in bookings if one.interpreter]
    notes = dict.fromkeys(one.note for one in bookings if one.note)
    return {"interpreter": asked[0] if asked else "", "note": "\n".join(notes)}


def _thanks(wish: Wish) -> str:
    """Who is called, or seen on a screen or at home, does not come."""
    if wish.way == MeetingWay.SCHOOL:
        return _("Thank you. The school knows when you come.")
    return _("Thank you. The school knows.")


def _booking(door: Door, pk: int) -> Booking:
    return as_bookings([get_object_or_404(door.slots, pk=pk)], door.guardian)[0]
