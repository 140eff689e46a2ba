"""A teacher's talks in a round: whose the times are, what is free, who has none; more times, another room, who came."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from parents import conferencelists
from parents.forms_attendance import AttendanceForm, UnplannedForm
from parents.forms_conferences import PlaceForm, ReasonForm, TimesForm
from parents.models import ConferenceHost, ConferenceSlot
from parents.services import conferences
from parents.services.attendance import take_back_unplanned, write_unplanned
from parents.services.booking import cancel_host
from parents.views.conferences import RECEIVERS
from schools import audit, clock
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.arriving import row_number
from schools.models import User


@staff_required(*RECEIVERS)
@require_http_methods(["GET", "HEAD", "POST"])
def conference_host(request: HttpRequest, pk: int) -> HttpResponse:
    """All that a teacher does with the own times stands on one page; the form that was sent says which."""
    rows = ConferenceHost.objects.select_related("round__school", "school_class", "teacher")
    host = get_visible_or_404(rows, request.user, pk=pk)
    slots = conferencelists.without_time(host.round, host.school_class_id)
    page = Forms(request.POST, host, slots)
    if request.method == "POST" and page.act(member_of_staff(request)):
        if page.said:
            messages.success(request, page.said)
        return redirect("conference_host", pk=pk)
    lines = conferencelists.lines_of(host)
    lacks_link = conferencelists.lacks_link(host, lines)
    unplanned = conferencelists.unplanned(host)
    shown = [*(line.slot for line in lines if line.slot), *slots, *unplanned]
    audit.record_reading(
        actor=request.user,
        verb="listed",
        target=host,
        school_id=host.round.school_id,
        pupils={slot.pupil_id for slot in shown},
    )
    context = {
        "host": host,
        "lines": lines,
        "lacks_link": lacks_link,
        "attendance": AttendanceForm(talks=talks) if (talks := conferencelists.past_talks(host)) else None,
        "waiting": conferencelists.waiting(host.round, slots),
        "lacking": conferencelists.lacking(host.round, slots),
        "unplanned": unplanned,
        "changes": conferencelists.changes_of(host),
        "times": page.times,
        "place": page.place,
        "place_is_open": bool(page.place.errors) or lacks_link,
        "stop": page.stop,
        "came": page.came,
    }
    return render(request, "parents/conference_host.html", context, status=422 if page.is_wrong else 200)


class Forms:
    """The forms of the page: the one that was sent holds what was filled in. ``said`` is what became of it."""

    def __init__(self, sent: QueryDict, host: ConferenceHost, slots: Sequence[ConferenceSlot]) -> None:
        self.sent, self.host, self.slots, self.said = sent, host, slots, ""

    def act(self, by: User) -> bool:
        """Do what the form asks for; False when it cannot be, and its errors say why."""
        actions = {
            "times": (self.times, self._add_times),
            "place": (self.place, self._settle),
            "stop": (self.stop, self._stop),
            "came": (self.came, self._write_down),
        }
        if self.sent.get("form") == "back":
            self._take_back(by)
            return True
        form, action = actions.get(self.sent.get("form", ""), (None, None))
        if form is None or action is None or not form.is_valid():
            return False
        try:
            action(by)
        except ValidationError as error:
            form.add_error(None, error)
            return False
        return True

    @property
    def is_wrong(self) -> bool:
        return any(form is not None and form.errors for form in (self.times, self.place, self.stop, self.came))

    @cached_property
    def times(self) -> TimesForm:
        first = {"day": self.host.round.held_on, "minutes": self.host.round.slot_minutes}
        return TimesForm(self._data("times"), initial=first, school=self.host.round.school)

    @cached_property
    def place(self) -> PlaceForm:
        return PlaceForm(self._data("place"), initial={"room": self.host.room, "video_url": self.host.video_url})

    @cached_property
    def stop(self) -> ReasonForm:
        return ReasonForm(self._data("stop"))

    @cached_property
    def came(self) -> UnplannedForm | None:
        """From the first day on, while a child has no time."""
        if not self.slots or self.host.round.held_on > clock.today():
            return None
        parents = conferencelists.parents_of(slot.pupil_id for slot in self.slots)
        return UnplannedForm(self._data("came"), conference=self.host.round, slots=self.slots, parents=parents)

    def _data(self, name: str) -> QueryDict | None:
        return self.sent if self.sent.get("form") == name else None

    def _add_times(self, by: User) -> None:
        conferences.add_hours(host=self.host, evening=self.times.evening(), by=by)

    def _settle(self, by: User) -> None:
        conferences.settle_host(host=self.host, by=by, **self.place.cleaned_data)

    def _stop(self, by: User) -> None:
        number = cancel_host(host=self.host, because=self.stop.cleaned_data["because"], by=by)
        words = ngettext(
            "%(number)d talk is cancelled. The parents are told; below stands whom you must call.",
            "%(number)d talks are cancelled. The parents are told; below stands whom you must call.",
            number,
        )
        self.said = words % {"number": number}

    def _write_down(self, by: User) -> None:
        assert self.came is not None  # noqa: S101 - it was just found valid
        slot, guardian = self.came.person()
        write_unplanned(host=self.host, slot=slot, guardian=guardian, held_on=self.came.cleaned_data["held_on"], by=by)
        self.said = _("Written down: %(name)s.") % {"name": slot.pupil.full_name}

    def _take_back(self, by: User) -> None:
        pk = row_number(self.sent.get("slot", ""))
        slot = next((row for row in conferencelists.unplanned(self.host) if row.pk == pk), None)
        if slot is not None and take_back_unplanned(slot=slot, by=by):
            self.said = _("It is taken back, and counts no more.")
