"""After the talks: who came, for a whole evening at once, and put right for one family."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parents import conferencelists
from parents.forms_attendance import AttendanceForm, CorrectForm
from parents.models import ConferenceHost
from parents.services.attendance import correct_attendance, write_attendance
from parents.views.conferencehours import hour_page, visible_hour
from parents.views.conferences import RECEIVERS
from schools.access import get_visible_or_404, member_of_staff, staff_required


@staff_required(*RECEIVERS)
@require_POST
def conference_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap for the whole evening."""
    host = get_visible_or_404(ConferenceHost.objects.select_related("round__school"), request.user, pk=pk)
    form = AttendanceForm(request.POST, talks=conferencelists.past_talks(host))
    if not form.is_valid():
        messages.error(request, _("Look at what is filled in about the interpreters."))
        return redirect("conference_host", pk=pk)
    written = write_attendance(host=host, evening=form.evening(), by=member_of_staff(request))
    if written.held or written.missed:
        words = _("Written down: %(held)d came, %(missed)d did not.")
        messages.success(request, words % {"held": written.held, "missed": written.missed})
    for name in written.refused:
        words = _("Nothing could be written of %(name)s: the child does not belong to one family.")
        messages.error(request, words % {"name": name})
    return redirect("conference_host", pk=pk)


@staff_required(*RECEIVERS)
@require_POST
def conference_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """One family came after all, or later, or did not."""
    hour = visible_hour(request, pk)
    slot = conferencelists.line_of(hour).slot
    if slot is None:
        return redirect("conference_hour", pk=pk)
    form = CorrectForm(request.POST, slot=slot)
    if form.is_valid():
        try:
            correct_attendance(slot=slot, by=member_of_staff(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
    if form.errors:
        return hour_page(request, hour, correct=form)
    messages.success(request, _("Saved."))
    return redirect("conference_host", pk=hour.host_id)
