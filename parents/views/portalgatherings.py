"""Gatherings in the parents' own pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parents import gatheringpages
from parents.access import guardian_required
from parents.gatherings import gatherings_of
from parents.models import Guardian


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_required
def portal_gathering(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Sign up, change it, see what was said."""
    return gatheringpages.show(request, _door(request, pk), pk)


@guardian_required
@require_POST
def portal_gathering_cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    return gatheringpages.give_back(request, _door(request, pk), pk)


@require_safe
@guardian_required
def portal_gathering_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One gathering for the own calendar."""
    return gatheringpages.calendar_file(_door(request, pk), pk)


def _door(request: HttpRequest, pk: int) -> gatheringpages.Door:
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    return gatheringpages.Door(
        guardian=guardian,
        gatherings=gatherings_of(guardian),
        here=reverse("portal_gathering", args=[pk]),
        cancel=reverse("portal_gathering_cancel", args=[pk]),
        file=reverse("portal_gathering_file", args=[pk]),
        back=f"{reverse('portal_bookings')}#gatherings",
        back_label=_("Gatherings for parents"),
    )
