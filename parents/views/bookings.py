"""Parent–teacher meetings in the parents' own pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parents import bookingpages
from parents.access import guardian_required
from parents.bookings import slots_for
from parents.models import ConferenceRound, Guardian


@require_safe
@guardian_required
def portal_bookings(request: HttpRequest) -> HttpResponse:
    """Meetings to come, and those for which a time can be chosen."""
    return bookingpages.overview(request, _door(request))


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_required
def portal_booking(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A time for one child of the guardian who is signed in."""
    return bookingpages.choose(request, _door(request), pk)


@guardian_required
@require_POST
def portal_booking_cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    return bookingpages.give_back(request, _door(request), pk)


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_required
def portal_booking_together(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Times for several children of the guardian, one after another."""
    door = _door(request)
    conference = get_object_or_404(ConferenceRound.objects.filter(pk__in=door.slots.values("round_id")), pk=pk)
    return bookingpages.together(request, door, conference)


def _door(request: HttpRequest) -> bookingpages.Door:
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    return bookingpages.Door(
        guardian=guardian,
        slots=slots_for(guardian),
        overview=reverse("portal_bookings"),
        time=lambda pk: reverse("portal_booking", args=[pk]),
        file=lambda pk: reverse("portal_booking_file", args=[pk]),
        cancel=lambda pk: reverse("portal_booking_cancel", args=[pk]),
        together=lambda pk: reverse("portal_booking_together", args=[pk]),
        calendar=reverse("portal_calendar"),
        back=reverse("portal_home"),
        back_label=_("All notices and your children"),
    )
