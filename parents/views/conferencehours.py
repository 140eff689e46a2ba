"""One time of a teacher: a booking from paper or the phone, another hour, cancelled with a reason, taken away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parents import conferencelists
from parents.bookings import with_times_left
from parents.forms_attendance import CorrectForm
from parents.forms_conferences import HourForm, ReasonForm, StripForm
from parents.models import ConferenceHour, ContactMoment, MeetingWay, SlotStatus
from parents.services import conferences
from parents.services.attendance import OVER
from parents.services.booking import book_slot, cancel_booking
from parents.views.conferences import RECEIVERS
from schools import audit, clock
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.pagelanguage import page_lives_at


@staff_required(*RECEIVERS)
@require_http_methods(["GET", "HEAD", "POST"])
def conference_hour(request: HttpRequest, pk: int) -> HttpResponse:
    """A free time: for whom it is, as the paper or the phone says. A taken one: whose it is, and what can be done."""
    hour = visible_hour(request, pk)
    line = conferencelists.line_of(hour)
    if request.method == "POST" and line.slot:
        if not request.POST.get("slot", "").startswith(f"{line.slot.pk}-"):  # not a double click
            messages.error(request, _("Somebody else has just taken this time. Choose another one."))
        return redirect("conference_host", pk=hour.host_id)
    strip = _strip(hour, line, request.POST or None)
    if request.method == "POST" and strip.is_valid():
        choice, guardian, wish = strip.choice(hour)
        try:
            book_slot(choice=choice, wish=wish, guardian=guardian, entered_by=member_of_staff(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("conference_hour", pk=pk)
        messages.success(request, _("The booking is written down."))
        return redirect("conference_host", pk=hour.host_id)
    return hour_page(request, hour, strip=strip)


def hour_page(request: HttpRequest, hour: ConferenceHour, **refused: forms.Form) -> HttpResponse:
    """The page of one time. Of ``strip``, ``change``, ``reason`` and ``correct`` the form that was sent and refused
    stands on it with what was typed."""
    line = conferencelists.line_of(hour)
    context: dict[str, Any] = {
        "hour": hour,
        "host": hour.host,
        "line": line,
        "phones": conferencelists.phones_of(line.slot) if line.slot and line.slot.way == MeetingWay.PHONE else [],
        "strip": refused.get("strip") or _strip(hour, line),
        "talk": _talk_of(request, line),
        "change": HourForm(hour=hour),
        "reason": ReasonForm(),
        "correct": CorrectForm(slot=line.slot) if line.slot and line.slot.status in OVER else None,
    } | refused
    pupils = {slot.pupil_id for slot in ([line.slot] if line.slot else context["strip"].slots)}
    audit.record_reading(
        actor=request.user, verb="read", target=hour, school_id=hour.host.round.school_id, pupils=pupils
    )
    page_lives_at(request, "conference_hour", hour.pk)
    wrong = any(form.errors for form in refused.values())
    return render(request, "parents/conference_hour.html", context, status=422 if wrong else 200)


def _talk_of(request: HttpRequest, line: conferencelists.TimeLine) -> ContactMoment | None:
    """What was logged when the family came, for whoever may read it."""
    logged = line.slot.contact_moment_id if line.slot else None
    return ContactMoment.objects.visible_to(request.user).filter(pk=logged).first() if logged else None


def _strip(hour: ConferenceHour, line: conferencelists.TimeLine, data: QueryDict | None = None) -> StripForm:
    slots = [] if line.slot else conferencelists.without_time(hour.host.round, hour.host.school_class_id)
    parents = conferencelists.parents_of(slot.pupil_id for slot in slots)
    return StripForm(data, slots=slots, parents=parents)


@staff_required(*RECEIVERS)
@require_POST
def conference_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """The school cannot at that time; the parents read why and choose another one."""
    hour = visible_hour(request, pk)
    form = ReasonForm(request.POST)
    slot = conferencelists.line_of(hour).slot
    if slot is not None and str(slot.pk) != request.POST.get("slot"):  # another child's by now
        messages.error(request, _("The meeting was changed in the meantime. Look at it again."))
        return redirect("conference_hour", pk=pk)
    if slot is None or slot.status != SlotStatus.BOOKED:
        messages.error(request, _("This meeting can no longer be changed."))
        return redirect("conference_hour", pk=pk)
    if not form.is_valid():
        return hour_page(request, hour, reason=form)
    if not cancel_booking(slot=slot, by=member_of_staff(request), because=form.cleaned_data["because"]):
        messages.error(request, _("This meeting can no longer be changed."))
    elif slot.round.takes_bookings(clock.now()) and with_times_left([slot]):
        messages.success(request, _("The meeting is cancelled. The parents can choose another time."))
    else:
        messages.warning(request, _("The meeting is cancelled. Parents can no longer choose: call them."))
    return redirect("conference_host", pk=hour.host_id)


@staff_required(*RECEIVERS)
@require_POST
def conference_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another begin and end of a time that nobody chose yet."""
    hour = visible_hour(request, pk)
    form = HourForm(request.POST, hour=hour)
    if form.is_valid():
        starts_at, ends_at = form.moments()
        try:
            conferences.move_hour(hour=hour, starts_at=starts_at, ends_at=ends_at, by=member_of_staff(request))
        except ValidationError as error:
            form.add_error(None, error)
    if form.errors and not ConferenceHour.objects.filter(pk=hour.pk, slot__isnull=True).exists():  # meanwhile
        messages.error(request, _("A family has chosen this time. Cancel that first."))
        return redirect("conference_hour", pk=pk)
    if form.errors:
        return hour_page(request, hour, change=form)
    return redirect("conference_host", pk=hour.host_id)


@staff_required(*RECEIVERS)
@require_POST
def conference_hour_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a free time away."""
    hour = visible_hour(request, pk)
    try:
        conferences.remove_hour(hour=hour, by=member_of_staff(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("conference_host", pk=hour.host_id)


def visible_hour(request: HttpRequest, pk: int) -> ConferenceHour:
    """A time that the reader may see, with all that its page shows of the round."""
    rows = ConferenceHour.objects.select_related("host__round__school", "host__school_class", "host__teacher")
    row: ConferenceHour = get_visible_or_404(rows, request.user, pk=pk)
    return row
