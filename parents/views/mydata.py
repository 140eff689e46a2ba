"""What parents may know and decide about their own data."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parents.access import guardian_required
from parents.models import Guardian
from parents.whoread import shown, visits_to

VISITS_ON_A_PAGE = 30


@require_safe
@guardian_required
def portal_visits(request: HttpRequest) -> HttpResponse:
    """Who looked at my data."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    page = Paginator(visits_to(guardian), VISITS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "parents/portal/visits.html", {"page": page, "visits": shown(page.object_list, guardian)})
