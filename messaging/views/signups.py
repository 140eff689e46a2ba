"""The sign-up for a gathering by the link of the notice that announces it: that gathering only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging.models import Delivery
from messaging.views.booking import noticed
from messaging.views.opened import announced, by_token
from parents import gatheringpages
from parents.gatherings import gatherings_of


@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def token_gathering(request: HttpRequest, delivery: Delivery, token: str) -> HttpResponseBase:
    """Sign up, change it, see what was said."""
    door, pk = _door(delivery, token)
    return noticed(request, delivery, gatheringpages.show(request, door, pk))


@require_POST
@by_token
def token_gathering_cancel(request: HttpRequest, delivery: Delivery, token: str) -> HttpResponseBase:
    door, pk = _door(delivery, token)
    return noticed(request, delivery, gatheringpages.give_back(request, door, pk))


@require_safe
@by_token
def token_gathering_file(request: HttpRequest, delivery: Delivery, token: str) -> HttpResponse:
    """The gathering for the own calendar."""
    return gatheringpages.calendar_file(*_door(delivery, token))


def _door(delivery: Delivery, token: str) -> tuple[gatheringpages.Door, int]:
    gathering = announced(delivery.notice)
    if gathering is None:
        raise Http404
    door = gatheringpages.Door(
        guardian=delivery.guardian,
        gatherings=gatherings_of(delivery.guardian),
        here=reverse("token_gathering", args=[token]),
        cancel=reverse("token_gathering_cancel", args=[token]),
        file=reverse("token_gathering_file", args=[token]),
        back=reverse("token_notice", args=[token]),
        back_label=_("The notice"),
    )
    return door, gathering.pk
