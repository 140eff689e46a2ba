"""The notice about privacy, in plain words, for whoever comes to a page of parents."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parents.access import guardian_of, guardian_required
from parents.consenting import places_known_to
from parents.models import Guardian
from parents.services import note_privacy_shown
from schools import clock


@require_safe
def privacy_notice(request: HttpRequest) -> HttpResponse:
    """What is kept, why, how long, who sees it, whom to ask. Who is signed in finds the own school and CLB."""
    guardian = guardian_of(request)
    context = {
        "places": places_known_to(guardian) if guardian else [],
        "is_new": guardian is not None and guardian.privacy_shown_on is None,
        "notes_until": date(clock.today().year, *settings.NOTES_UNTIL),
        "months_after_leaving": round(settings.LEFT_CONTACT_DAYS / 30.4),
        "months_of_names": round(settings.LEFT_NAME_DAYS / 30.4),
        "years_of_log": settings.ACCESS_LOG_DAYS // 365,
        "days_of_addresses": settings.DELIVERY_ADDRESS_DAYS,
        "supervisor": settings.PRIVACY_SUPERVISOR,
    }
    return render(request, "parents/portal/privacy.html", context)


@guardian_required
@require_POST
def privacy_read(request: HttpRequest) -> HttpResponse:
    """It was shown, and is not put before the guardian again."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    note_privacy_shown(guardian=guardian)
    return redirect("portal_home")
