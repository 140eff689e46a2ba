"""Parent–teacher meetings by the link of the notice that invites to them: that round only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging import services
from messaging.models import Delivery
from messaging.views.opened import by_token
from parents import bookingpages, calendarpages
from parents.bookings import slots_for


@require_safe
@by_token
def token_booking(request: HttpRequest, delivery: Delivery, token: str) -> HttpResponse:
    """Each child's meeting in the round."""
    return bookingpages.overview(request, _door(delivery, token))


@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def token_booking_time(request: HttpRequest, delivery: Delivery, token: str, pk: int) -> HttpResponseBase:
    """A time for one child."""
    return noticed(request, delivery, bookingpages.choose(request, _door(delivery, token), pk))


@require_safe
@by_token
def token_booking_file(request: HttpRequest, delivery: Delivery, token: str, pk: int) -> HttpResponse:
    """One talk of the round, for the own calendar."""
    return calendarpages.booking_file(_door(delivery, token).slots, pk, delivery.guardian)


@require_POST
@by_token
def token_booking_cancel(request: HttpRequest, delivery: Delivery, token: str, pk: int) -> HttpResponseBase:
    return noticed(request, delivery, bookingpages.give_back(request, _door(delivery, token), pk))


@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def token_booking_together(request: HttpRequest, delivery: Delivery, token: str) -> HttpResponseBase:
    """Times for several children, one after another."""
    door = _door(delivery, token)
    assert door.conference is not None  # noqa: S101 - the door leads to it
    return noticed(request, delivery, bookingpages.together(request, door, door.conference))


def noticed(request: HttpRequest, delivery: Delivery, answer: HttpResponseBase) -> HttpResponseBase:
    """Who sends a form has opened the notice."""
    if request.method == "POST":
        services.mark_opened(delivery)
    return answer


def _door(delivery: Delivery, token: str) -> bookingpages.Door:
    conference = delivery.notice.conference_round
    if conference is None or conference.books_until is None:
        raise Http404
    return bookingpages.Door(
        guardian=delivery.guardian,
        slots=slots_for(delivery.guardian).filter(round=conference),
        overview=reverse("token_booking", args=[token]),
        time=lambda pk: reverse("token_booking_time", args=[token, pk]),
        file=lambda pk: reverse("token_booking_file", args=[token, pk]),
        cancel=lambda pk: reverse("token_booking_cancel", args=[token, pk]),
        together=lambda _pk: reverse("token_booking_together", args=[token]),
        back=reverse("token_notice", args=[token]),
        back_label=_("The notice"),
        conference=conference,
    )
